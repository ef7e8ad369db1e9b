package standin

import (
	"fmt"
	"slices"

	"weft/coreml"
	"weft/metal"
)

// networkPipeline is an MTL4MachineLearningPipelineState.
type networkPipeline struct {
	object   *object
	metal    metal.MachineLearningPipeline // nil where extents are still open
	bindings []metal.TensorBinding
	reflects bool
}

// inputDimensions is the state of an MTL4MachineLearningPipelineDescriptor.
type inputDimensions struct{ byIndex map[int][]int }

func (m *machine) setInputDimensions(c *call) {
	d := c.self()
	x, ok := d.state.(*inputDimensions)
	if !ok {
		x = &inputDimensions{byIndex: map[int][]int{}}
		d.state = x
	}
	x.byIndex[c.integer(1)] = extentsOf(c.object(0))
}

func (m *machine) newNetworkPipeline(c *call) {
	d := c.object(0)
	p, err := m.networkPipeline(d)
	if err != nil {
		c.refuse(1, libraryDomain, libraryCompileFailure, err.Error())
		return
	}
	p.object = c.create("MTL4MachineLearningPipelineState", p)
}

func (m *machine) networkPipeline(d *object) (*networkPipeline, error) {
	f := d.child("machineLearningFunctionDescriptor")
	if f == nil || f.child("library") == nil {
		return nil, fmt.Errorf("no machineLearningFunctionDescriptor, or one without a library")
	}
	lib := f.child("library").state.(*library)
	if lib.network == nil || f.text("name") != networkEntry {
		return nil, fmt.Errorf("no network is called %q in %s: metal-package-builder calls it %q", f.text("name"), lib.object, networkEntry)
	}
	p := &networkPipeline{}
	const bindingInfo = 1 // MTL4ShaderReflectionBindingInfo
	if o := d.child("options"); o != nil {
		p.reflects = o.integer("shaderReflection")&bindingInfo != 0
	}
	inputs, err := networkInputs(lib.network)
	if err != nil {
		return nil, err
	}
	given := map[string][]int{}
	if x, ok := d.state.(*inputDimensions); ok {
		for index, dimensions := range x.byIndex {
			if index < 0 || index >= len(inputs) {
				return nil, fmt.Errorf("dimensions of input %d: the network has inputs 0 to %d", index, len(inputs)-1)
			}
			given[inputs[index].Name] = dimensions
		}
	}
	for _, in := range inputs {
		if slices.Contains(in.Dimensions, -1) && given[in.Name] == nil {
			// Metal shows what is open; nothing can be run.
			p.bindings = inputs
			return p, nil
		}
	}
	if p.metal, err = m.device.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{
		Label: d.label(), Network: *lib.network, InputDimensions: given,
	}); err != nil {
		return nil, err
	}
	p.bindings = p.metal.Bindings()
	return p, nil
}

// networkInputs are the inputs as the package declares them, -1 where an extent
// is open, in the order of their indices: the program's.
func networkInputs(n *metal.Network) ([]metal.TensorBinding, error) {
	if n.Package == nil {
		return nil, fmt.Errorf("network %q: the stand-in was given no package to run it by", n.Name)
	}
	pkg, err := coreml.Open(n.Package)
	if err != nil {
		return nil, err
	}
	var inputs []metal.TensorBinding
	for i, in := range pkg.Program.Inputs {
		kind, err := metal.ParseTensorDataType(elementNames[in.Type.DataType])
		if err != nil {
			return nil, err
		}
		shape := slices.Clone(in.Type.Shape)
		slices.Reverse(shape)
		for j, n := range shape {
			if n < 0 {
				shape[j] = -1
			}
		}
		inputs = append(inputs, metal.TensorBinding{Name: in.Name, Index: i, Access: metal.BindingAccessReadOnly, Type: kind, Dimensions: shape})
	}
	return inputs, nil
}

var elementNames = map[coreml.DataType]string{
	coreml.Float16: "float16", coreml.Float32: "float32", coreml.BFloat16: "bfloat16",
	coreml.Int8: "int8", coreml.UInt8: "uint8", coreml.Int16: "int16", coreml.UInt16: "uint16",
	coreml.Int32: "int32", coreml.UInt32: "uint32",
}

func (m *machine) intermediatesSize(c *call) {
	if p, ok := c.self().state.(*networkPipeline); ok && p.metal != nil {
		c.answer(uint64(p.metal.IntermediatesHeapSize()))
	}
}

// reflection is the state of an MTL4MachineLearningPipelineReflection.
type reflection struct{ bindings []metal.TensorBinding }

// reflection is nil unless the pipeline's options asked for it.
func (m *machine) reflection(c *call) {
	if p, ok := c.self().state.(*networkPipeline); ok && p.reflects {
		c.give(c.loose("MTL4MachineLearningPipelineReflection", &reflection{p.bindings}))
	}
}

// reflectedBindings gives them last first: Metal promises no order.
func (m *machine) reflectedBindings(c *call) {
	r, ok := c.self().state.(*reflection)
	if !ok {
		return
	}
	var list []*object
	for i := range r.bindings {
		list = append(list, c.loose("MTLTensorBinding", &r.bindings[len(r.bindings)-1-i]))
	}
	c.give(c.array(list...))
}

func (m *machine) binding(c *call) {
	b, ok := c.self().state.(*metal.TensorBinding)
	if !ok {
		return
	}
	const tensorKind = 37 // MTLBindingTypeTensor
	switch c.selector() {
	case "name":
		c.give(c.text(b.Name))
	case "index":
		c.answer(uint64(b.Index))
	case "type":
		c.answer(tensorKind)
	case "access":
		c.answer(uint64(b.Access))
	case "tensorDataType":
		c.answer(uint64(b.Type))
	case "dimensions":
		c.give(c.loose("MTLTensorExtents", &extents{values: slices.Clone(b.Dimensions)}))
	}
}
