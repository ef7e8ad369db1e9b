package main

import (
	"errors"
	"fmt"

	"weft/metal"
	"weft/metal/spirv"
)

// binding is one index of an argument table.
type binding struct {
	kind  string // "buffer", "texture" or "sampler", as MSL writes it
	index int
}

func (b binding) String() string { return fmt.Sprintf("%s(%d)", b.kind, b.index) }

// sets is what each descriptor set holds, and how many of it an argument table
// has.
var sets = []struct {
	kind string
	room int
}{{"buffer", metal.MaxBuffers}, {"texture", metal.MaxTextures}, {"sampler", metal.MaxSamplers}}

// reflect reads a module and holds it against the convention that package
// shaders documents.
func reflect(code []byte) (*spirv.Module, map[binding]bool, error) {
	m, err := spirv.Reflect(code)
	if err != nil {
		return nil, nil, err
	}
	if m.PushConstants > 0 {
		return nil, nil, errors.New("push constants: put them into a uniform block of set 0")
	}
	bound := map[binding]bool{}
	for _, r := range m.Resources {
		b := binding{index: r.Binding}
		switch r.Kind {
		case spirv.StorageBuffer, spirv.UniformBuffer:
			b.kind = "buffer"
		case spirv.SampledImage, spirv.StorageImage:
			b.kind = "texture"
		case spirv.Sampler:
			b.kind = "sampler"
		case spirv.CombinedImageSampler:
			return nil, nil, fmt.Errorf("%s is a combined sampler: declare a texture of set 1 and a sampler of set 2", r.Name)
		default:
			return nil, nil, fmt.Errorf("%s: %v: use buffers, textures and samplers", r.Name, r.Kind)
		}
		switch {
		case r.Count != 1:
			return nil, nil, fmt.Errorf("%s is an array of resources: give each its own binding", r.Name)
		case r.Set >= len(sets):
			return nil, nil, fmt.Errorf("%s is in descriptor set %d: use set 0 for buffers, 1 for textures, 2 for samplers", r.Name, r.Set)
		case sets[r.Set].kind != b.kind:
			return nil, nil, fmt.Errorf("%s, %v, is in descriptor set %d, which holds %ss", r.Name, b, r.Set, sets[r.Set].kind)
		case b.index >= sets[r.Set].room:
			return nil, nil, fmt.Errorf("%s: %v: the highest index of a %s is %d", r.Name, b, b.kind, sets[r.Set].room-1)
		case bound[b]:
			return nil, nil, fmt.Errorf("%v is declared twice", b)
		}
		bound[b] = true
	}
	return m, bound, nil
}
