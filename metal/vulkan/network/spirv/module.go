package spirv

import (
	"fmt"
	"math"
)

// ID names the result of an instruction. 0 is no result.
type ID uint32

// Module is a compute shader in the making.
type Module struct {
	next         ID
	capabilities map[uint32]bool
	decorations  []uint32
	globals      []uint32 // types, constants, interface variables
	variables    []uint32 // of the function, which must come first in it
	prologue     []uint32 // of the function: inputs, read once
	body         []uint32
	declared     map[key]ID  // types and constants by their words
	types        map[ID]kind // what a type is
	typeOf       map[ID]ID   // the type of a value
	builtins     map[uint32]ID
	inputs       []ID // of the entry point
	extended     ID   // GLSL.std.450
	main, entry  ID
	local        [3]uint32
	push         pushConstants
}

// kind is what the module remembers of a type.
type kind struct {
	class class
	of    ID  // component, element or pointee
	count int // components
}

type class uint8

const (
	classVoid class = iota
	classBool
	classInt
	classUint
	classFloat
	classVector
	classPointer
	classOther
)

// The instructions and enumerants in use.
const (
	opExtInstImport = 11
	opExtInst       = 12
	opMemoryModel   = 14
	opEntryPoint    = 15
	opExecutionMode = 16
	opCapability    = 17
	opFunction      = 54
	opFunctionEnd   = 56
	opVariable      = 59
	opLoad          = 61
	opStore         = 62
	opDecorate      = 71
	opMemberDeco    = 72
	opLabel         = 248
	opReturn        = 253

	capabilityShader                 = 1
	capabilitySampledBuffer          = 46
	capabilityGroupNonUniform        = 61
	capabilityGroupNonUniformShuffle = 65

	storageInput         = 1
	storageUniformConst  = 0
	storageFunction      = 7
	storagePushConstant  = 9
	storageStorageBuffer = 12

	decorationBlock         = 2
	decorationArrayStride   = 6
	decorationBuiltIn       = 11
	decorationNonWritable   = 24
	decorationNonReadable   = 25
	decorationBinding       = 33
	decorationDescriptorSet = 34
	decorationOffset        = 35
)

// New starts a shader whose threadgroups have x*y*z threads.
func New(x, y, z uint32) *Module {
	m := &Module{
		next:         1,
		capabilities: map[uint32]bool{capabilityShader: true},
		declared:     map[key]ID{},
		types:        map[ID]kind{},
		typeOf:       map[ID]ID{},
		builtins:     map[uint32]ID{},
		local:        [3]uint32{x, y, z},
	}
	m.extended = m.id()
	m.main = m.id()
	m.entry = m.id()
	return m
}

// Words ends the function and returns the module. The module can go on: the
// words are a copy.
func (m *Module) Words() []uint32 {
	void := m.declare(kind{class: classVoid}, 19)
	signature := m.declare(kind{class: classOther}, 33, uint32(void))

	// Version 1.3: the oldest with subgroup operations.
	words := []uint32{0x07230203, 0x00010300, 0, 0, 0}
	for _, c := range []uint32{capabilityShader, capabilitySampledBuffer, capabilityGroupNonUniform, capabilityGroupNonUniformShuffle} {
		if m.capabilities[c] {
			words = instruction(words, opCapability, c)
		}
	}
	words = instruction(words, opExtInstImport, append([]uint32{uint32(m.extended)}, text("GLSL.std.450")...)...)
	words = instruction(words, opMemoryModel, 0, 1) // logical, GLSL450
	point := append([]uint32{5, uint32(m.main)}, text("main")...)
	for _, in := range m.inputs {
		point = append(point, uint32(in))
	}
	words = instruction(words, opEntryPoint, point...)
	words = instruction(words, opExecutionMode, uint32(m.main), 17, m.local[0], m.local[1], m.local[2])
	words = append(words, m.decorations...)
	words = append(words, m.pushDecorations()...)
	words = append(words, m.globals...)
	words = append(words, m.pushGlobals()...)
	words = instruction(words, opFunction, uint32(void), uint32(m.main), 0, uint32(signature))
	words = instruction(words, opLabel, uint32(m.entry))
	words = append(words, m.variables...)
	words = append(words, m.prologue...)
	words = append(words, m.body...)
	words = instruction(words, opReturn)
	words = instruction(words, opFunctionEnd)
	words[3] = uint32(m.next)
	return words
}

// instruction appends one instruction: word count and opcode, then operands.
func instruction(to []uint32, op uint32, operands ...uint32) []uint32 {
	to = append(to, uint32(len(operands)+1)<<16|op)
	return append(to, operands...)
}

// text is a string as SPIR-V has it: bytes, a zero, filled up to words.
func text(s string) []uint32 {
	words := make([]uint32, len(s)/4+1)
	for i := range len(s) {
		words[i/4] |= uint32(s[i]) << (8 * (i % 4))
	}
	return words
}

func (m *Module) id() ID {
	m.next++
	return m.next - 1
}

// emit appends an instruction without a result to the function.
func (m *Module) emit(op uint32, operands ...uint32) {
	m.body = instruction(m.body, op, operands...)
}

// value appends an instruction with a result to the function.
func (m *Module) value(typ ID, op uint32, operands ...uint32) ID {
	id := m.id()
	m.body = append(m.body, uint32(len(operands)+3)<<16|op, uint32(typ), uint32(id))
	m.body = append(m.body, operands...)
	m.typeOf[id] = typ
	return id
}

// first appends an instruction to the beginning of the function, so that its
// result is known in every branch.
func (m *Module) first(typ ID, op uint32, operands ...uint32) ID {
	id := m.id()
	m.prologue = instruction(m.prologue, op, append([]uint32{uint32(typ), uint32(id)}, operands...)...)
	m.typeOf[id] = typ
	return id
}

// key is a declaration: of a constant, its type; the opcode and the operands.
type key struct {
	typ      ID
	op       uint32
	operands [8]uint32
	count    int
}

func keyOf(typ ID, op uint32, operands []uint32) key {
	k := key{typ: typ, op: op, count: len(operands)}
	if copy(k.operands[:], operands) < len(operands) {
		panic(fmt.Sprintf("BUG: spirv: a declaration of %d operands", len(operands)))
	}
	return k
}

// declare returns the type with that instruction, once.
func (m *Module) declare(k kind, op uint32, operands ...uint32) ID {
	at := keyOf(0, op, operands)
	if id, ok := m.declared[at]; ok {
		return id
	}
	id := m.id()
	m.globals = instruction(m.globals, op, append([]uint32{uint32(id)}, operands...)...)
	m.declared[at], m.types[id] = id, k
	return id
}

// constant returns the constant of a type with that instruction, once.
func (m *Module) constant(typ ID, op uint32, operands ...uint32) ID {
	at := keyOf(typ, op, operands)
	if id, ok := m.declared[at]; ok {
		return id
	}
	id := m.id()
	m.globals = instruction(m.globals, op, append([]uint32{uint32(typ), uint32(id)}, operands...)...)
	m.declared[at], m.typeOf[id] = id, typ
	return id
}

// Bool is the type of truth values.
func (m *Module) Bool() ID { return m.declare(kind{class: classBool}, 20) }

// Int is the type of signed 32-bit integers.
func (m *Module) Int() ID { return m.declare(kind{class: classInt}, 21, 32, 1) }

// Uint is the type of unsigned 32-bit integers.
func (m *Module) Uint() ID { return m.declare(kind{class: classUint}, 21, 32, 0) }

// Float is the type of 32-bit floats.
func (m *Module) Float() ID { return m.declare(kind{class: classFloat}, 22, 32) }

// Vector is the type of n components, n from 2 to 4.
func (m *Module) Vector(component ID, n int) ID {
	return m.declare(kind{class: classVector, of: component, count: n}, 23, uint32(component), uint32(n))
}

func (m *Module) pointer(storage uint32, to ID) ID {
	return m.declare(kind{class: classPointer, of: to}, 32, storage, uint32(to))
}

// IntConstant is a signed constant.
func (m *Module) IntConstant(v int) ID { return m.constant(m.Int(), 43, uint32(int32(v))) }

// UintConstant is an unsigned constant.
func (m *Module) UintConstant(v uint32) ID { return m.constant(m.Uint(), 43, v) }

// FloatConstant is a float constant.
func (m *Module) FloatConstant(v float32) ID {
	return m.constant(m.Float(), 43, math.Float32bits(v))
}

// Zero is the zero of any scalar or vector type.
func (m *Module) Zero(typ ID) ID { return m.constant(typ, 46) }

// shape returns the class of a value's components and their number.
func (m *Module) shape(v ID) (class, int) {
	k, ok := m.types[m.typeOf[v]]
	if !ok {
		panic(fmt.Sprintf("BUG: spirv: value %d has no type", v))
	}
	if k.class == classVector {
		return m.types[k.of].class, k.count
	}
	return k.class, 1
}
