package passes

import (
	"fmt"
	"slices"

	"weft/graph"
	"weft/metal"
)

// network is the pass that runs a network on tensors.
type network struct {
	name            string
	network         metal.Network
	inputs, outputs []bound
	pipeline        metal.MachineLearningPipeline
	table           metal.ArgumentTable
	arguments       []argument
}

// bound is a tensor by the name that the network has for it.
type bound struct {
	name   string
	tensor graph.Tensor
}

// argument is a tensor by its index in the argument table.
type argument struct {
	tensor graph.Tensor
	index  int
}

func (p *network) Declare(d *graph.Declaration) {
	d.Name(p.name)
	d.Kind(graph.MachineLearning)
	for _, b := range p.inputs {
		d.Read(b.tensor, 0)
	}
	for _, b := range p.outputs {
		d.Write(b.tensor, 0)
	}
}

func (p *network) Prepare(x *graph.Preparation) (err error) {
	d := metal.MachineLearningPipelineDescriptor{Label: p.name, Network: p.network, InputDimensions: map[string][]int{}}
	for _, b := range p.inputs {
		d.InputDimensions[b.name] = x.Graph().TensorDescriptor(b.tensor).Dimensions
	}
	if p.pipeline, err = x.Device().NewMachineLearningPipeline(d); err != nil {
		return err
	}
	if err := p.match(x.Graph()); err != nil {
		return fmt.Errorf("network %q: %w", p.network.Name, err)
	}
	size := 0
	for _, a := range p.arguments {
		size = max(size, a.index+1)
	}
	if p.table, err = x.Device().NewArgumentTable(metal.ArgumentTableDescriptor{Label: p.name, Buffers: size}); err != nil {
		return err
	}
	x.Scratch(p.pipeline.IntermediatesHeapSize())
	return nil
}

// match finds the tensor for each argument of the pipeline.
func (p *network) match(g *graph.Graph) error {
	p.arguments = p.arguments[:0]
	left := append(slices.Clone(p.inputs), p.outputs...)
	for _, b := range p.pipeline.Bindings() {
		i := slices.IndexFunc(left, func(x bound) bool { return x.name == b.Name })
		if i < 0 {
			return fmt.Errorf("argument %q is not bound", b.Name)
		}
		d := g.TensorDescriptor(left[i].tensor)
		if d.Type != b.Type || !fits(d.Dimensions, b.Dimensions) {
			return fmt.Errorf("argument %q is %v %v, innermost first: tensor %q is %v %v", b.Name, b.Type, b.Dimensions, g.NameOf(left[i].tensor), d.Type, d.Dimensions)
		}
		p.arguments = append(p.arguments, argument{left[i].tensor, b.Index})
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		return fmt.Errorf("has no argument %q", left[0].name)
	}
	return nil
}

// fits reports whether extents are those of a binding, where -1 is any.
func fits(have, want []int) bool {
	return slices.EqualFunc(have, want, func(h, w int) bool { return h == w || w == -1 })
}

func (p *network) Encode(f *graph.Frame) error {
	for _, a := range p.arguments {
		p.table.SetTensor(f.Tensor(a.tensor), a.index)
	}
	e := f.MachineLearning()
	e.SetMachineLearningPipeline(p.pipeline)
	e.SetArgumentTable(p.table)
	e.DispatchNetwork(f.Scratch())
	return nil
}

func (p *network) Release() {
	if p.table != nil {
		p.table.Release()
	}
	if p.pipeline != nil {
		p.pipeline.Release()
	}
	p.table, p.pipeline, p.arguments = nil, nil, nil
}
