package spirv

import (
	"fmt"
	"math"

	"weft/metal"
)

// Decorations and storage classes.
const (
	decorationBlock         = 2
	decorationBufferBlock   = 3
	decorationArrayStride   = 6
	decorationMatrixStride  = 7
	decorationBuiltIn       = 11
	decorationNonWritable   = 24
	decorationNonReadable   = 25
	decorationLocation      = 30
	decorationBinding       = 33
	decorationDescriptorSet = 34
	decorationOffset        = 35

	builtInWorkgroupSize = 25
	modeLocalSize        = 17
	modeLocalSizeID      = 38

	classUniformConstant = 0
	classInput           = 1
	classUniform         = 2
	classOutput          = 3
	classPushConstant    = 9
	classStorageBuffer   = 12
)

// typ is a type; size is that of a value in a buffer, runtime arrays left out.
type typ struct {
	op      uint32
	elem    uint32 // element, pointee or image
	class   uint32 // of a pointer
	count   int
	size    int
	image   Image
	sampled uint32 // of an image: 1 with a sampler, 2 without
	members []uint32
}

type variable struct{ id, pointer, class uint32 }

// member names a member of a struct; all is the struct or variable itself.
type member struct {
	id uint32
	n  int
}

const all = -1

type decoration struct {
	of   member
	kind uint32
}

// reader holds what is declared before the functions.
type reader struct {
	list        []instruction
	names       map[uint32]string
	decorations map[decoration]uint32
	types       map[uint32]typ
	constants   map[uint32]uint32
	composites  map[uint32][]uint32
	variables   []variable
	roots       map[uint32]int // id -> index in Module.Resources, for usage
}

func newReader(list []instruction) *reader {
	return &reader{
		list: list, names: map[uint32]string{}, decorations: map[decoration]uint32{},
		types: map[uint32]typ{}, constants: map[uint32]uint32{},
		composites: map[uint32][]uint32{}, roots: map[uint32]int{},
	}
}

func (r *reader) decorated(id uint32, n int, kind uint32) (uint32, bool) {
	v, ok := r.decorations[decoration{member{id, n}, kind}]
	return v, ok
}

func (r *reader) declarations() error {
	for _, in := range r.list {
		a := in.args
		switch in.op {
		case opName:
			r.names[a[0]] = text(a[1:])
		case opDecorate:
			r.decorations[decoration{member{a[0], all}, a[1]}] = first(a[2:])
		case opMemberDecorate:
			r.decorations[decoration{member{a[0], int(a[1])}, a[2]}] = first(a[3:])
		case opConstant, opSpecConstant:
			r.constants[a[1]] = a[2]
		case opConstantComposite, opSpecConstantComp:
			r.composites[a[1]] = a[2:]
		case opVariable:
			r.variables = append(r.variables, variable{a[1], a[0], a[2]})
		case opFunction:
			return nil
		default:
			if err := r.typeOf(in); err != nil {
				return err
			}
		}
	}
	return nil
}

func first(words []uint32) uint32 {
	if len(words) == 0 {
		return 0
	}
	return words[0]
}

// typeOf keeps a type. Types come before their uses, pointers excepted.
func (r *reader) typeOf(in instruction) error {
	a := in.args
	t := typ{op: in.op, count: 1}
	switch in.op {
	case opTypeInt, opTypeFloat:
		t.size = int(a[1] / 8)
	case opTypeVector:
		t.elem = a[1]
		t.size = times(r.types[a[1]].size, a[2])
	case opTypeMatrix:
		// The stride stands on the struct member; a column is at least this.
		t.elem, t.count = a[1], int(a[2])
		t.size = times(r.types[a[1]].size, a[2])
	case opTypeImage:
		t.image = Image{Dim: Dim(a[2]), Arrayed: a[4] == 1, Multisample: a[5] == 1, Integer: r.types[a[1]].op == opTypeInt}
		t.sampled = a[6]
	case opTypeSampler, opTypeAccelerationStrc:
	case opTypeSampledImage:
		t.elem = a[1]
	case opTypeArray:
		length, ok := r.constants[a[2]]
		if !ok || length == 0 {
			return fmt.Errorf("spirv: array type %d has no constant length", a[0])
		}
		t.elem, t.count = a[1], int(length)
		stride, ok := r.decorated(a[0], all, decorationArrayStride)
		if !ok {
			stride = uint32(min(r.types[a[1]].size, math.MaxInt32))
		}
		t.size = times(int(stride), length)
	case opTypeRuntimeArray:
		t.elem, t.count = a[1], 0
	case opTypeStruct:
		t.members = a[1:]
		for i, m := range t.members {
			offset, _ := r.decorated(a[0], i, decorationOffset)
			size := r.types[m].size
			if stride, ok := r.decorated(a[0], i, decorationMatrixStride); ok && r.types[m].op == opTypeMatrix {
				columns := r.types[m]
				size = times(int(stride), uint32(columns.count-1)) + r.types[columns.elem].size
			}
			t.size = max(t.size, min(int(offset)+size, math.MaxInt32))
		}
	case opTypePointer:
		t.class, t.elem = a[1], a[2]
	default:
		return nil
	}
	r.types[a[0]] = t
	return nil
}

// times multiplies sizes; what is too large for a buffer stays too large.
func times(size int, n uint32) int {
	if n != 0 && size > math.MaxInt32/int(n) {
		return math.MaxInt32
	}
	return size * int(n)
}

// threads is the threadgroup's size, from the built-in constant or else the
// entry point's execution mode.
func (r *reader) threads(entry uint32) (metal.Size, error) {
	size := func(v []uint32) (metal.Size, error) {
		if len(v) != 3 || v[0] == 0 || v[1] == 0 || v[2] == 0 {
			return metal.Size{}, fmt.Errorf("spirv: threadgroup size %v: must be three numbers from 1", v)
		}
		return metal.Size{Width: int(v[0]), Height: int(v[1]), Depth: int(v[2])}, nil
	}
	for id, parts := range r.composites {
		if v, ok := r.decorated(id, all, decorationBuiltIn); ok && v == builtInWorkgroupSize {
			return size(r.values(parts))
		}
	}
	for _, in := range r.list {
		switch {
		case in.op == opExecutionMode && in.args[0] == entry && in.args[1] == modeLocalSize:
			return size(in.args[2:])
		case in.op == opExecutionModeID && in.args[0] == entry && in.args[1] == modeLocalSizeID:
			return size(r.values(in.args[2:]))
		}
	}
	return metal.Size{}, fmt.Errorf("spirv: no threadgroup size: a compute shader needs local_size_x")
}

func (r *reader) values(ids []uint32) []uint32 {
	out := make([]uint32, len(ids))
	for i, id := range ids {
		out[i] = r.constants[id]
	}
	return out
}

// interfaces turns variables into resources and locations.
func (r *reader) interfaces(m *Module) error {
	for _, v := range r.variables {
		t, ok := r.types[r.types[v.pointer].elem]
		switch v.class {
		case classInput:
			m.Inputs = r.locations(m.Inputs, v)
		case classOutput:
			m.Outputs = r.locations(m.Outputs, v)
		case classPushConstant:
			m.PushConstants = max(m.PushConstants, t.size)
		case classUniformConstant, classUniform, classStorageBuffer:
			if !ok {
				return fmt.Errorf("spirv: variable %d has no type", v.id)
			}
			if err := r.resource(m, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) locations(into []int, v variable) []int {
	if at, ok := r.decorated(v.id, all, decorationLocation); ok {
		return append(into, int(at))
	}
	block := r.types[v.pointer].elem
	for i := range r.types[block].members {
		if at, ok := r.decorated(block, i, decorationLocation); ok {
			into = append(into, int(at))
		}
	}
	return into
}
