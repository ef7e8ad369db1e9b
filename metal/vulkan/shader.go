package vulkan

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"unsafe"

	"weft/metal"
	"weft/metal/spirv"
	"weft/metal/vulkan/vk"
)

// argumentKind is where in an argument table an argument is.
type argumentKind uint32

// The kinds, which are also the descriptor sets of the shader convention.
const (
	argumentBuffer  argumentKind = 0
	argumentTexture argumentKind = 1
	argumentSampler argumentKind = 2
)

// A stage's arguments share one descriptor set: buffers, textures and samplers
// begin at these bindings.
var firstBinding = [...]uint32{argumentBuffer: 0, argumentTexture: 32, argumentSampler: 160}

var argumentRoom = [...]int{argumentBuffer: metal.MaxBuffers, argumentTexture: metal.MaxTextures, argumentSampler: metal.MaxSamplers}

// binding is one argument of a shader.
type binding struct {
	argument argumentKind
	index    int // in the argument table
	binding  uint32
	kind     vk.DescriptorType
	size     int // least bytes of a buffer
	view     vk.ImageViewType
	samples  bool // of a multisampled texture
	integer  bool // of texels
}

// shader is a function made ready for Vulkan.
type shader struct {
	name     string
	words    []uint32 // with the driver's sets and bindings
	bindings []binding
	threads  metal.Size
}

// setOf is the descriptor set of a stage: a pipeline has one for each.
func setOf(stage metal.Stages) int {
	if stage == metal.StageFragment {
		return 1
	}
	return 0
}

// parseShader reflects a function and moves its arguments to the set and
// bindings of its stage.
func parseShader(f metal.Function, stage metal.Stages) (*shader, error) {
	s, err := reflectShader(f, stage)
	if err != nil {
		return nil, fmt.Errorf("function %q: %w", f.Name, err)
	}
	return s, nil
}

func reflectShader(f metal.Function, stage metal.Stages) (*shader, error) {
	if f.Stage != stage {
		return nil, fmt.Errorf("it is for the stage %v, %v is needed", f.Stage, stage)
	}
	if len(f.SPIRV) == 0 {
		return nil, fmt.Errorf("it has no SPIR-V, which Vulkan needs")
	}
	m, err := spirv.Reflect(f.SPIRV)
	if err != nil {
		return nil, err
	}
	switch {
	case m.Stage != stage:
		return nil, fmt.Errorf("its SPIR-V is for the stage %v, not %v", m.Stage, stage)
	case m.PushConstants > 0:
		return nil, fmt.Errorf("it has push constants: put them into a buffer")
	}
	s := &shader{name: f.Name, threads: m.Threads}
	for _, r := range m.Resources {
		b, err := argumentOf(r)
		if err != nil {
			return nil, fmt.Errorf("%q at set %d, binding %d: %w", r.Name, r.Set, r.Binding, err)
		}
		if r.Used {
			s.bindings = append(s.bindings, b)
		}
	}
	if s.bindings, err = merge(s.bindings); err != nil {
		return nil, err
	}
	set := setOf(stage)
	code, err := spirv.Rebind(f.SPIRV, func(r spirv.Resource) (int, int) {
		b, _ := argumentOf(r) // looked at above
		return set, int(b.binding)
	})
	if err != nil {
		return nil, err
	}
	s.words = make([]uint32, len(code)/4)
	for i := range s.words {
		s.words[i] = binary.LittleEndian.Uint32(code[4*i:])
	}
	return s, nil
}

// merge sorts bindings and joins those that two variables share.
func merge(list []binding) ([]binding, error) {
	slices.SortFunc(list, func(a, b binding) int { return cmp.Compare(a.binding, b.binding) })
	var out []binding
	for _, b := range list {
		if n := len(out); n > 0 && out[n-1].binding == b.binding {
			if out[n-1].kind != b.kind {
				return nil, fmt.Errorf("two arguments of different kinds at set %d, binding %d", b.argument, b.index)
			}
			out[n-1].size = max(out[n-1].size, b.size)
			continue
		}
		out = append(out, b)
	}
	return out, nil
}

// argumentOf finds the place in an argument table that a resource names.
func argumentOf(r spirv.Resource) (binding, error) {
	var b binding
	switch r.Kind {
	case spirv.StorageBuffer:
		b = binding{argument: argumentBuffer, kind: vk.DescriptorTypeStorageBuffer, size: r.Size}
	case spirv.UniformBuffer:
		b = binding{argument: argumentBuffer, kind: vk.DescriptorTypeUniformBuffer, size: r.Size}
	case spirv.SampledImage:
		b = binding{argument: argumentTexture, kind: vk.DescriptorTypeSampledImage}
	case spirv.StorageImage:
		b = binding{argument: argumentTexture, kind: vk.DescriptorTypeStorageImage}
	case spirv.Sampler:
		b = binding{argument: argumentSampler, kind: vk.DescriptorTypeSampler}
	case spirv.CombinedImageSampler:
		return b, fmt.Errorf("a texture joined with a sampler: declare a texture2D in set 1 and a sampler in set 2")
	default:
		return b, fmt.Errorf("argument tables have no %v: use buffers, textures and samplers", r.Kind)
	}
	switch {
	case r.Count != 1:
		return b, fmt.Errorf("an array of arguments: give each an index of its own")
	case r.Set != int(b.argument):
		return b, fmt.Errorf("buffers are in set 0, textures in set 1, samplers in set 2: a %v belongs in set %d", r.Kind, b.argument)
	case r.Binding < 0 || r.Binding >= argumentRoom[b.argument]:
		return b, fmt.Errorf("the last index is %d", argumentRoom[b.argument]-1)
	}
	if b.argument == argumentTexture {
		var err error
		if b.view, err = viewOf(r.Image); err != nil {
			return b, err
		}
		b.samples, b.integer = r.Image.Multisample, r.Image.Integer
	}
	b.index = r.Binding
	b.binding = firstBinding[b.argument] + uint32(r.Binding)
	return b, nil
}

// viewOf is the kind of view that an image variable wants.
func viewOf(i spirv.Image) (vk.ImageViewType, error) {
	switch i.Dim {
	case spirv.Dim2D:
		if i.Arrayed {
			return vk.ImageViewType2DArray, nil
		}
		return vk.ImageViewType2D, nil
	case spirv.DimCube:
		if i.Arrayed {
			return vk.ImageViewTypeCubeArray, nil
		}
		return vk.ImageViewTypeCube, nil
	case spirv.Dim3D:
		return vk.ImageViewType3D, nil
	}
	return 0, fmt.Errorf("a texture of SPIR-V dimension %d: use 2D, 3D or cube, and 2D of height 1 for 1D", i.Dim)
}

// shaderModule makes a VkShaderModule of SPIR-V words. It may be destroyed once
// its pipeline is made.
func (d *Device) shaderModule(words []uint32) (vk.ShaderModule, error) {
	var m vk.ShaderModule
	info := &vk.ShaderModuleCreateInfo{
		SType: vk.StructureTypeShaderModuleCreateInfo, CodeSize: uintptr(4 * len(words)), PCode: unsafe.SliceData(words),
	}
	if r := d.vk.CreateShaderModule(d.handle, info, nil, &m); r != vk.Success {
		return 0, fmt.Errorf("a shader module: %w", r)
	}
	return m, nil
}
