package spirv

import (
	"fmt"
	"strings"

	"weft/metal"
)

// Entry is the name of the entry point that modules must have.
const Entry = "main"

// Module is what a driver must know of a shader.
type Module struct {
	// Stage is the entry point's.
	Stage metal.Stages
	// Threads is the size of a threadgroup; 0 for vertex and fragment.
	Threads metal.Size
	// Resources are the resource variables, in the module's order, those that
	// the entry point does not use included.
	Resources []Resource
	// Inputs and Outputs are the locations of interface variables.
	Inputs, Outputs []int
	// PushConstants is the size of the push constant block in bytes.
	PushConstants int
}

// Resource is one resource variable.
type Resource struct {
	Name         string // the variable's, or else its block's
	Set, Binding int
	Kind         Kind
	Count        int // array elements; 1 for no array, 0 for one without bounds
	// Size is the least number of bytes of a buffer that holds the block, its
	// runtime array left out.
	Size int
	// Image says what a texture must be, for the image kinds.
	Image Image
	// Used says that code which the entry point reaches names the variable;
	// Reads and Writes what it does with it. A resource that is handed to a
	// function counts as read and written, as far as its declaration permits.
	Used, Reads, Writes bool
}

// Image is the shape of an image variable.
type Image struct {
	Dim         Dim
	Arrayed     bool
	Multisample bool
	// Integer says that its texels are integers and not (normalized) floats.
	Integer bool
}

// Dim is an image's dimensionality, with the specification's values.
type Dim uint32

// The dimensionalities.
const (
	Dim1D     Dim = 0
	Dim2D     Dim = 1
	Dim3D     Dim = 2
	DimCube   Dim = 3
	DimBuffer Dim = 5
)

// Kind is the kind of a resource, in Vulkan's words.
type Kind uint8

// The kinds of resource.
const (
	Unknown Kind = iota
	StorageBuffer
	UniformBuffer
	SampledImage
	StorageImage
	Sampler
	CombinedImageSampler
	UniformTexelBuffer
	StorageTexelBuffer
	InputAttachment
	AccelerationStructure
)

// String is the kind's name.
func (k Kind) String() string {
	names := [...]string{
		"unknown resource", "storage buffer", "uniform buffer", "sampled image",
		"storage image", "sampler", "combined image sampler", "uniform texel buffer",
		"storage texel buffer", "input attachment", "acceleration structure",
	}
	if int(k) >= len(names) {
		return fmt.Sprintf("kind(%d)", uint8(k))
	}
	return names[k]
}

var models = map[uint32]metal.Stages{
	0: metal.StageVertex, 4: metal.StageFragment, 5: metal.StageDispatch,
	5364: metal.StageObject, 5365: metal.StageMesh,
}

// Reflect reads a module, which must have one entry point called Entry.
func Reflect(code []byte) (*Module, error) {
	_, list, err := parse(code)
	if err != nil {
		return nil, err
	}
	var entry *instruction
	var others []string
	for i, in := range list {
		if in.op != opEntryPoint {
			continue
		}
		if name := text(in.args[2:]); name != Entry {
			others = append(others, name)
		} else if entry != nil {
			return nil, fmt.Errorf("spirv: two entry points are called %q: a module holds one stage", Entry)
		} else {
			entry = &list[i]
		}
	}
	if entry == nil {
		return nil, fmt.Errorf("spirv: no entry point is called %q, only [%s]", Entry, strings.Join(others, " "))
	}
	m := &Module{Stage: models[entry.args[0]]}
	if m.Stage == 0 {
		return nil, fmt.Errorf("spirv: execution model %d: must be vertex, fragment, compute, task or mesh", entry.args[0])
	}
	r := newReader(list)
	if err := r.declarations(); err != nil {
		return nil, err
	}
	if m.Stage&(metal.StageDispatch|metal.StageObject|metal.StageMesh) != 0 {
		if m.Threads, err = r.threads(entry.args[1]); err != nil {
			return nil, err
		}
	}
	if err := r.interfaces(m); err != nil {
		return nil, err
	}
	r.usage(entry.args[1], m)
	return m, nil
}
