package main

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// binding is one index of an argument table.
type binding struct {
	kind  string // "buffer", "texture" or "sampler", as MSL writes it
	index uint32
}

func (b binding) String() string { return fmt.Sprintf("%s(%d)", b.kind, b.index) }

// limits are Metal 4's sizes of an argument table, and kinds what each
// descriptor set holds.
var (
	limits = map[string]uint32{"buffer": 31, "texture": 128, "sampler": 16}
	kinds  = []string{"buffer", "texture", "sampler"}
)

// module is what package shaders needs to know of a SPIR-V module.
type module struct {
	threads  [3]uint32
	bindings map[binding]bool
}

// Opcodes, storage classes and decorations that are looked at; SPIR-V
// specification 1.6, section 3.
const (
	magic = 0x07230203

	opExecutionMode    = 16
	opTypeImage        = 25
	opTypeSampler      = 26
	opTypeSampledImage = 27
	opTypeStruct       = 30
	opTypePointer      = 32
	opVariable         = 59
	opDecorate         = 71

	executionModeLocalSize = 17

	decorationBinding       = 33
	decorationDescriptorSet = 34

	storageUniformConstant = 0
	storageUniform         = 2
	storagePushConstant    = 9
	storageStorageBuffer   = 12
)

// parseSPIRV reads a module and holds it against the convention of doc.go.
func parseSPIRV(code []byte) (module, error) {
	m := module{bindings: map[binding]bool{}}
	if len(code) < 20 || len(code)%4 != 0 || binary.LittleEndian.Uint32(code) != magic {
		return m, errors.New("not a SPIR-V module")
	}
	words := make([]uint32, len(code)/4)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(code[4*i:])
	}
	type variable struct{ id, pointer, storage uint32 }
	var variables []variable
	types, pointee := map[uint32]uint32{}, map[uint32]uint32{}
	set, index := map[uint32]uint32{}, map[uint32]uint32{}
	for at := 5; at < len(words); {
		op, n := words[at]&0xffff, int(words[at]>>16)
		if n == 0 || at+n > len(words) {
			return m, fmt.Errorf("SPIR-V: instruction at word %d runs past the end", at)
		}
		a := words[at+1 : at+n]
		at += n
		switch {
		case op == opExecutionMode && len(a) == 5 && a[1] == executionModeLocalSize:
			m.threads = [3]uint32{a[2], a[3], a[4]}
		case (op == opTypeImage || op == opTypeSampler || op == opTypeSampledImage || op == opTypeStruct) && len(a) > 0:
			types[a[0]] = op
		case op == opTypePointer && len(a) == 3:
			pointee[a[0]] = a[2]
		case op == opVariable && len(a) >= 3:
			variables = append(variables, variable{id: a[1], pointer: a[0], storage: a[2]})
		case op == opDecorate && len(a) == 3 && a[1] == decorationDescriptorSet:
			set[a[0]] = a[2]
		case op == opDecorate && len(a) == 3 && a[1] == decorationBinding:
			index[a[0]] = a[2]
		}
	}
	for _, v := range variables {
		var kind string
		switch v.storage {
		case storagePushConstant:
			return m, errors.New("push constants: put them into a uniform block of set 0")
		case storageUniform, storageStorageBuffer:
			kind = "buffer"
		case storageUniformConstant:
			switch types[pointee[v.pointer]] {
			case opTypeImage:
				kind = "texture"
			case opTypeSampler:
				kind = "sampler"
			case opTypeSampledImage:
				return m, errors.New("a combined sampler: declare a texture of set 1 and a sampler of set 2")
			default:
				return m, errors.New("an array of resources: give each its own binding")
			}
		default:
			continue
		}
		b := binding{kind, index[v.id]}
		s, ok := set[v.id]
		switch {
		case !ok || s >= uint32(len(kinds)):
			return m, fmt.Errorf("%v is in descriptor set %d: use set 0 for buffers, 1 for textures, 2 for samplers", b, s)
		case kinds[s] != kind:
			return m, fmt.Errorf("%v is in descriptor set %d, which holds %ss", b, s, kinds[s])
		case b.index >= limits[kind]:
			return m, fmt.Errorf("%v: the highest index of a %s is %d", b, kind, limits[kind]-1)
		case m.bindings[b]:
			return m, fmt.Errorf("%v is declared twice", b)
		}
		m.bindings[b] = true
	}
	return m, nil
}
