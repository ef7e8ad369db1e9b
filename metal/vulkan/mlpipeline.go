package vulkan

import (
	"fmt"
	"slices"
	"unsafe"

	"weft/coreml"
	"weft/metal"
	"weft/metal/vulkan/network"
	"weft/metal/vulkan/vk"
)

// networkPipeline is a network's plan with its kernels compiled and its weights
// on the GPU.
type networkPipeline struct {
	object
	plan     *network.Plan
	kernels  []*share[kernel]
	weights  *constants                 // nil when the network has none
	tables   *constants                 // nil when the network has none
	strides  [][]network.StrideConstant // by dispatch
	bindings []metal.TensorBinding
	user     string
}

var _ metal.MachineLearningPipeline = (*networkPipeline)(nil)

// NewMachineLearningPipeline compiles a Core ML package for fixed extents. An
// operation that cannot run is refused here, by name.
func (d *Device) NewMachineLearningPipeline(desc metal.MachineLearningPipelineDescriptor) (metal.MachineLearningPipeline, error) {
	label := desc.Label
	if label == "" {
		label = desc.Network.Name
	}
	plan, err := d.plan(desc)
	if err != nil {
		return nil, fail("machine-learning pipeline", label, "%w", err)
	}
	p := &networkPipeline{object: object{d, label}, plan: plan, user: fmt.Sprintf("machine-learning pipeline %q", label)}
	for i, t := range plan.Inputs {
		p.bindings = append(p.bindings, tensorBinding(t, i, metal.BindingAccessReadOnly))
	}
	for i, t := range plan.Outputs {
		p.bindings = append(p.bindings, tensorBinding(t, len(plan.Inputs)+i, metal.BindingAccessWriteOnly))
	}
	p.strides = make([][]network.StrideConstant, len(plan.Dispatches))
	for _, s := range plan.Strides {
		p.strides[s.Dispatch] = append(p.strides[s.Dispatch], s)
	}
	if err := p.prepare(); err != nil {
		p.Release()
		return nil, fail("machine-learning pipeline", label, "%w", err)
	}
	return p, nil
}

func tensorBinding(t network.Tensor, index int, access metal.BindingAccess) metal.TensorBinding {
	return metal.TensorBinding{Name: t.Name, Index: index, Access: access, Type: t.Type, Dimensions: slices.Clone(t.Dimensions)}
}

// plan reads the package and turns it into kernels.
func (d *Device) plan(desc metal.MachineLearningPipelineDescriptor) (*network.Plan, error) {
	if desc.Network.Package == nil {
		return nil, fmt.Errorf("the network has no Package: this driver runs Core ML packages")
	}
	pkg, err := coreml.Open(desc.Network.Package)
	if err != nil {
		return nil, err
	}
	shapes := map[string][]int{}
	for name, dimensions := range desc.InputDimensions { // innermost first in Metal, last in Core ML
		shape := slices.Clone(dimensions)
		slices.Reverse(shape)
		shapes[name] = shape
	}
	program, err := pkg.Specialize(shapes)
	if err != nil {
		return nil, err
	}
	return network.Compile(program, d.networkLimits())
}

// floatHeapSize is how many bytes of intermediates a network may take to be
// computed more exactly than in halves.
const floatHeapSize = 64 << 20

// networkLimits are the limits that kernels are made for.
func (d *Device) networkLimits() network.Device {
	v11 := &vk.PhysicalDeviceVulkan11Properties{SType: vk.StructureTypePhysicalDeviceVulkan11Properties}
	d.instance.vk.GetPhysicalDeviceProperties2(d.physical, &vk.PhysicalDeviceProperties2{
		SType: vk.StructureTypePhysicalDeviceProperties2, PNext: unsafe.Pointer(v11),
	})
	const shuffle = vk.SubgroupFeatureBasicBit | vk.SubgroupFeatureShuffleBit
	return network.Device{
		MaxStorageBufferRange:    int64(d.limits.MaxStorageBufferRange),
		MaxTexelBufferElements:   int64(d.limits.MaxTexelBufferElements),
		MaxComputeWorkGroupCount: d.limits.MaxComputeWorkGroupCount,
		FloatHeapSize:            floatHeapSize,
		SubgroupShuffle: v11.SubgroupSupportedStages&vk.ShaderStageComputeBit != 0 &&
			v11.SubgroupSupportedOperations&shuffle == shuffle && v11.SubgroupSize >= 8,
	}
}

// prepare uploads the weights and compiles the kernels.
func (p *networkPipeline) prepare() error {
	var err error
	if p.weights, err = p.device.constants(p.label+" weights", p.plan.Weights); err != nil {
		return fmt.Errorf("weights: %w", err)
	}
	if p.tables, err = p.device.constants(p.label+" tables", p.plan.Tables); err != nil {
		return fmt.Errorf("tables: %w", err)
	}
	p.kernels = make([]*share[kernel], len(p.plan.Kernels))
	for i := range p.kernels {
		if p.kernels[i], err = p.device.kernel(&p.plan.Kernels[i]); err != nil {
			return fmt.Errorf("kernel %q: %w", p.plan.Kernels[i].Label, err)
		}
	}
	return nil
}

var elementFormats = [...]vk.Format{
	network.RGBA16Float: vk.FormatR16G16B16A16Sfloat,
	network.RGBA32Float: vk.FormatR32G32B32A32Sfloat,
}

func (p *networkPipeline) Bindings() []metal.TensorBinding { return p.bindings }

func (p *networkPipeline) IntermediatesHeapSize() int { return int(p.plan.IntermediatesHeapSize) }

func (p *networkPipeline) Release() {
	d := p.device
	for _, k := range p.kernels {
		d.shared.kernels.give(k, d.destroyKernel)
	}
	for _, c := range []*constants{p.weights, p.tables} {
		d.shared.constants.give(c, (*buffer).Release)
	}
}
