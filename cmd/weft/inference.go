package main

import (
	"fmt"
	"slices"

	"weft/coreml"
	"weft/graph"
	"weft/metal"
	"weft/passes"
)

// inference is a network with a tensor for each input and output, in memory
// that the CPU sees.
type inference struct {
	device  metal.Device
	queue   metal.CommandQueue
	plan    *graph.Plan
	tensors map[string]metal.Tensor
}

const networkPass = "network"

// newInference compiles a network for the extents of a specialized program.
func newInference(d metal.Device, n metal.Network, p *coreml.Program) (r *inference, err error) {
	r = &inference{device: d, tensors: map[string]metal.Tensor{}}
	defer func() {
		if err != nil {
			r.release()
		}
	}()
	g := graph.New()
	node := passes.MachineLearning{Name: networkPass, Network: n, Inputs: passes.Bind{}, Outputs: passes.Bind{}}
	handles := map[string]graph.Tensor{}
	bind := func(to passes.Bind, name string, t coreml.Type) error {
		desc, err := tensorOf(name, t)
		if err != nil {
			return err
		}
		if r.tensors[name], err = d.NewTensor(desc); err != nil {
			return err
		}
		handles[name] = g.Tensor(name, desc, graph.Imported)
		to[name] = handles[name]
		return nil
	}
	for _, v := range p.Inputs {
		if err := bind(node.Inputs, v.Name, v.Type); err != nil {
			return r, fmt.Errorf("the input %w", err)
		}
	}
	types := p.Variables()
	for _, name := range p.Outputs {
		if err := bind(node.Outputs, name, types[name]); err != nil {
			return r, fmt.Errorf("the output %w", err)
		}
	}
	g.Add(node)
	if r.plan, err = g.Compile(d, graph.Timestamps()); err != nil {
		return r, err
	}
	for name, h := range handles {
		if err := r.plan.BindTensor(h, r.tensors[name]); err != nil {
			return r, err
		}
	}
	r.queue, err = d.NewCommandQueue("weft run")
	return r, err
}

// tensorOf describes the tensor of a value.
func tensorOf(name string, t coreml.Type) (metal.TensorDescriptor, error) {
	kind, ok := elementTypes[t.DataType]
	if !ok {
		return metal.TensorDescriptor{}, fmt.Errorf("%q is %s, of which no tensor can be", name, t)
	}
	dimensions := slices.Clone(t.Shape)
	slices.Reverse(dimensions)
	if len(dimensions) == 0 {
		dimensions = []int{1}
	}
	return metal.TensorDescriptor{Label: name, Type: kind, Dimensions: dimensions, Storage: metal.StorageModeShared}, nil
}

// set fills an input.
func (r *inference) set(name string, a *array) {
	t := r.tensors[name]
	a.pack(t.Descriptor(), t.Buffer().Contents()[t.Offset():])
}

// get reads an output.
func (r *inference) get(name string, t coreml.Type) *array {
	a := &array{kind: t.DataType, shape: t.Shape, values: make([]float64, t.Elements())}
	from := r.tensors[name]
	a.unpack(from.Descriptor(), from.Buffer().Contents()[from.Offset():])
	return a
}

// run runs the network once to warm up, then some times, and returns how many
// milliseconds each of those took on the GPU.
func (r *inference) run(times int) ([]float64, error) {
	var took []float64
	for i := range times + 1 {
		if err := r.plan.Run(r.queue); err != nil {
			return nil, err
		}
		if err := r.plan.Wait(); err != nil {
			return nil, err
		}
		for _, t := range r.plan.Times() {
			if t.Pass == networkPass && i > 0 {
				took = append(took, t.Milliseconds)
			}
		}
	}
	return took, nil
}

func (r *inference) release() {
	if r.plan != nil {
		r.plan.Release()
	}
	if r.queue != nil {
		r.queue.Release()
	}
	for _, t := range r.tensors {
		if t != nil {
			t.Release()
		}
	}
}
