package rules

import (
	"fmt"
	"slices"
	"strings"

	"weft/metal"
	"weft/metal/spirv"
)

// Function is a shader function and the arguments that it uses.
type Function struct {
	Name            string
	Stage           metal.Stages
	Threads         metal.Size
	Arguments       []spirv.Resource // in the order of metal.Function's sets and indices
	Inputs, Outputs []int            // locations
}

// The descriptor sets of metal.Function's convention.
const (
	SetBuffers = iota
	SetTextures
	SetSamplers
)

// sets says what each set may hold: its name, Metal's word for the index, the
// number of places, and the kinds of resource.
var sets = [...]struct {
	what   string
	places int
	kinds  []spirv.Kind
}{
	SetBuffers:  {"buffer", metal.MaxBuffers, []spirv.Kind{spirv.StorageBuffer, spirv.UniformBuffer}},
	SetTextures: {"texture", metal.MaxTextures, []spirv.Kind{spirv.SampledImage, spirv.StorageImage}},
	SetSamplers: {"sampler", metal.MaxSamplers, []spirv.Kind{spirv.Sampler}},
}

// NewFunction reads a function and checks that it keeps to the convention.
func NewFunction(f metal.Function, stage metal.Stages) (*Function, error) {
	bad := func(format string, args ...any) (*Function, error) {
		return nil, fmt.Errorf("function %q: %s", f.Name, fmt.Sprintf(format, args...))
	}
	if f.Stage != stage {
		return bad("Stage is %v: must be %v here", f.Stage, stage)
	}
	m, err := spirv.Reflect(f.SPIRV)
	if err != nil {
		return bad("%v", err)
	}
	if m.Stage != stage {
		return bad("its SPIR-V is for the stage %v: must be %v", m.Stage, stage)
	}
	if stage == metal.StageDispatch && f.Threads != m.Threads {
		return bad("Threads is %s: its SPIR-V is written for threadgroups of %s", size(f.Threads), size(m.Threads))
	}
	if m.PushConstants > 0 {
		return bad("uses push constants: Metal 4 has none; bind a buffer")
	}
	if stage == metal.StageVertex && len(m.Inputs) > 0 {
		return bad("has vertex inputs at %v: there is no vertex descriptor; read vertices from a buffer", m.Inputs)
	}
	out := &Function{Name: f.Name, Stage: stage, Threads: m.Threads, Inputs: m.Inputs, Outputs: m.Outputs}
	for _, r := range m.Resources {
		if why := misplaced(r); why != "" {
			return bad("%v %q at set %d, binding %d: %s", r.Kind, r.Name, r.Set, r.Binding, why)
		}
		if r.Used {
			out.Arguments = append(out.Arguments, r)
		}
	}
	return out, nil
}

// RenderFunctions reads the functions of a render pipeline, of which the fragment
// function may be nil, and checks that one reads what the other writes.
func RenderFunctions(d *metal.RenderPipelineDescriptor) (vertex, fragment *Function, err error) {
	if vertex, err = NewFunction(d.Vertex, metal.StageVertex); err != nil {
		return nil, nil, bad("render pipeline", d.Label, "%w", err)
	}
	if f := &d.Fragment; f.SPIRV == nil && f.MSL == "" && f.Name == "" && f.Stage == 0 {
		return vertex, nil, nil
	}
	if fragment, err = NewFunction(d.Fragment, metal.StageFragment); err != nil {
		return nil, nil, bad("render pipeline", d.Label, "%w", err)
	}
	for _, at := range fragment.Inputs {
		if !slices.Contains(vertex.Outputs, at) {
			return nil, nil, bad("render pipeline", d.Label, "function %q reads location %d, which %q does not write", fragment.Name, at, vertex.Name)
		}
	}
	return vertex, fragment, nil
}

func misplaced(r spirv.Resource) string {
	if r.Set >= len(sets) {
		return "sets are 0 for buffers, 1 for textures, 2 for samplers"
	}
	set := sets[r.Set]
	if r.Kind == spirv.CombinedImageSampler {
		return "bind a texture (set 1) and a sampler (set 2), combined in the shader"
	}
	fits := false
	var kinds []string
	for _, k := range set.kinds {
		fits = fits || k == r.Kind
		kinds = append(kinds, k.String())
	}
	switch {
	case !fits:
		return fmt.Sprintf("set %d holds a %s", r.Set, strings.Join(kinds, " or a "))
	case r.Count != 1:
		return "arrays of resources have no place in an argument table; bind them one by one"
	case r.Binding >= set.places:
		return fmt.Sprintf("at most %d, the last %s of an argument table", set.places-1, set.what)
	}
	return ""
}

func size(s metal.Size) string { return fmt.Sprintf("%dx%dx%d", s.Width, s.Height, s.Depth) }

// textureMisfit says why a texture cannot be bound for an argument, or "". It
// allocates only when there is something to say.
func textureMisfit(n *metal.TextureDescriptor, r *spirv.Resource) string {
	dim, arrayed := spirv.Dim2D, false
	switch n.Type {
	case metal.TextureType2DArray, metal.TextureType2DMultisampleArray:
		arrayed = true
	case metal.TextureTypeCube:
		dim = spirv.DimCube
	case metal.TextureTypeCubeArray:
		dim, arrayed = spirv.DimCube, true
	case metal.TextureType3D:
		dim = spirv.Dim3D
	}
	switch {
	case r.Image.Dim != dim || r.Image.Arrayed != arrayed || r.Image.Multisample != (n.Samples > 1):
		return fmt.Sprintf("is a %v texture: the function takes a %s", n.Type, shape(r.Image))
	case r.Image.Integer != n.Format.IsInteger():
		return fmt.Sprintf("has the format %v: the function takes integers: %t", n.Format, r.Image.Integer)
	case n.Usage&^metal.TextureUsagePixelFormatView == metal.TextureUsageUnknown:
		return "" // everything
	case r.Reads && n.Usage&metal.TextureUsageShaderRead == 0:
		return "is read: its usage must hold shaderRead"
	case r.Writes && n.Usage&metal.TextureUsageShaderWrite == 0:
		return "is written: its usage must hold shaderWrite"
	}
	return ""
}

func shape(i spirv.Image) string {
	text := map[spirv.Dim]string{spirv.Dim1D: "1D", spirv.Dim2D: "2D", spirv.Dim3D: "3D", spirv.DimCube: "cube"}[i.Dim]
	if i.Multisample {
		text += " multisample"
	}
	if i.Arrayed {
		text += " array"
	}
	return text + " texture"
}
