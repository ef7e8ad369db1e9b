package apple

import (
	"fmt"
	"slices"

	"weft/metal"
	"weft/metal/apple/objc"
)

// networkPipeline is an MTL4MachineLearningPipelineState.
type networkPipeline struct {
	object
	bindings      []metal.TensorBinding
	intermediates int
}

var _ metal.MachineLearningPipeline = (*networkPipeline)(nil)

// leastIntermediates is the size of the heap of a network that asks for none:
// the encoder takes a heap in any case, and programs in the field give this one.
const leastIntermediates = 4096

// networkFunction is what metal-package-builder calls the function of a network.
const networkFunction = "main"

// Bindings lists the inputs and outputs.
func (p *networkPipeline) Bindings() []metal.TensorBinding { return slices.Clone(p.bindings) }

// IntermediatesHeapSize is never 0 here.
func (p *networkPipeline) IntermediatesHeapSize() int { return p.intermediates }

// NewMachineLearningPipeline loads Network.Compiled and compiles it for the
// extents that are given.
func (d *Device) NewMachineLearningPipeline(desc metal.MachineLearningPipelineDescriptor) (metal.MachineLearningPipeline, error) {
	p := &networkPipeline{object: object{device: d, kind: "machine-learning pipeline", label: desc.Label}}
	c := d.borrow()
	defer d.giveBack(c)
	if err := p.load(c, &desc); err != nil {
		p.Release()
		return nil, p.fail("network %q: %w", desc.Network.Name, err)
	}
	return p, nil
}

func (p *networkPipeline) load(c *caller, desc *metal.MachineLearningPipelineDescriptor) error {
	if err := compiled(&desc.Network); err != nil {
		return err
	}
	f, err := readFeatures(desc)
	if err != nil {
		return err
	}
	url := c.device.foundation.FileURL(c.Calls, desc.Network.Compiled)
	library := c.object(c.device.id, selNewLibraryWithURLError, uintptr(url), c.ErrorOut())
	if library == 0 {
		return c.said("loading " + desc.Network.Compiled)
	}
	defer c.release(library)
	// Inputs are set by index, and only the finished pipeline tells the names. So
	// the package's order is tried first, and what it led to is looked at.
	indices := map[string]int{}
	for name := range desc.InputDimensions {
		if indices[name] = slices.Index(f.names, name); indices[name] < 0 {
			if len(desc.InputDimensions) > 1 {
				return fmt.Errorf("several InputDimensions, and no Package that has %q: its order is needed", name)
			}
			indices[name] = 0
		}
	}
	if err := p.build(c, desc, library, indices, &f); err != nil {
		return err
	}
	if p.matches(desc, indices) {
		return nil
	}
	for _, b := range p.bindings {
		if _, ok := indices[b.Name]; ok {
			indices[b.Name] = b.Index
		}
	}
	p.object.Release()
	if err := p.build(c, desc, library, indices, &f); err != nil {
		return err
	}
	if !p.matches(desc, indices) {
		return fmt.Errorf("InputDimensions are %v, the system made inputs and outputs %v of them", desc.InputDimensions, p.bindings)
	}
	return nil
}

// matches reports whether the inputs have the extents that were given.
func (p *networkPipeline) matches(desc *metal.MachineLearningPipelineDescriptor, indices map[string]int) bool {
	for name, want := range desc.InputDimensions {
		ok := slices.ContainsFunc(p.bindings, func(b metal.TensorBinding) bool {
			return b.Name == name && b.Index == indices[name] && slices.Equal(b.Dimensions, want)
		})
		if !ok {
			return false
		}
	}
	return true
}

// build compiles the network with each input's extents at its index, and reads
// what came of it. A pool is open.
func (p *networkPipeline) build(c *caller, desc *metal.MachineLearningPipelineDescriptor, library objc.ID, indices map[string]int, f *features) error {
	m := c.make(classMTL4MachineLearningPipelineDescriptor)
	defer c.release(m)
	c.label(m, desc.Label)
	function := c.functionOf(library, networkFunction)
	c.send(m, selSetMachineLearningFunctionDescriptor, uintptr(function))
	c.release(function)
	for name, dimensions := range desc.InputDimensions {
		e := c.extents(dimensions)
		c.send(m, selSetInputDimensionsAtBufferIndex, uintptr(e), uintptr(indices[name]))
		c.release(e)
	}
	o := c.make(classMTL4PipelineOptions)
	c.send(o, selSetShaderReflection, mtl4ShaderReflectionBindingInfo)
	c.send(m, selSetOptions, uintptr(o))
	c.release(o)
	p.id = c.object(c.device.compiler, selNewMachineLearningPipelineStateWithDescriptorError, uintptr(m), c.ErrorOut())
	if p.id == 0 {
		return c.said(fmt.Sprintf("compiling it for %v", desc.InputDimensions))
	}
	p.intermediates = max(int(c.send(p.id, selIntermediatesHeapSize)), leastIntermediates)
	return p.reflect(c, f)
}

// reflect reads the bindings, in whatever order they come. Some packages name
// none: they are named by the index.
func (p *networkPipeline) reflect(c *caller, f *features) error {
	list := c.object(c.object(p.id, selReflection), selBindings)
	n := c.device.foundation.Count(c.Calls, list)
	if n == 0 {
		return fmt.Errorf("the system reflects no inputs and outputs")
	}
	p.bindings = p.bindings[:0]
	for i := range n {
		b := c.device.foundation.At(c.Calls, list, i)
		name := c.device.foundation.Text(c.Calls, c.object(b, selName))
		if kind := c.send(b, selType); kind != mtlBindingTypeTensor {
			return fmt.Errorf("binding %q is of type %d: must be a tensor (%d)", name, kind, mtlBindingTypeTensor)
		}
		t := metal.TensorBinding{
			Name: name, Index: int(c.send(b, selIndex)), Access: metal.BindingAccess(c.send(b, selAccess)),
			Type: metal.TensorDataType(c.send(b, selTensorDataType)), Dimensions: c.readExtents(c.object(b, selDimensions)),
		}
		if t.Name == "" {
			t.Name = f.at(t.Index)
		}
		if t.Index >= metal.MaxBuffers {
			return fmt.Errorf("binding %q at index %d: an argument table has buffers 0 to %d", t.Name, t.Index, metal.MaxBuffers-1)
		}
		if slices.Contains(t.Dimensions, -1) {
			return fmt.Errorf("the extents of %q are not fixed: %v; give them in InputDimensions", t.Name, t.Dimensions)
		}
		p.bindings = append(p.bindings, t)
	}
	slices.SortFunc(p.bindings, func(a, b metal.TensorBinding) int { return a.Index - b.Index })
	return nil
}

// readExtents reads MTLTensorExtents.
func (c *caller) readExtents(e objc.ID) []int {
	if e == 0 {
		return nil
	}
	out := make([]int, min(c.send(e, selRank), metal.MaxTensorRank))
	for i := range out {
		out[i] = int(c.send(e, selExtentAtDimensionIndex, uintptr(i)))
	}
	return out
}
