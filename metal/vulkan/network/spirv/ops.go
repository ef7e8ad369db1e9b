package spirv

import "fmt"

// Numbers of GLSL.std.450 that [Module.Call] takes.
const (
	Round       = 1
	RoundEven   = 2
	Trunc       = 3
	FAbs        = 4
	SAbs        = 5
	FSign       = 6
	Floor       = 8
	Ceil        = 9
	Sin         = 13
	Cos         = 14
	Tan         = 15
	Atan        = 18
	Tanh        = 21
	Pow         = 26
	Exp         = 27
	Log         = 28
	Exp2        = 29
	Sqrt        = 31
	InverseSqrt = 32
	FMin        = 37
	SMin        = 39
	FMax        = 40
	SMax        = 42
	fma         = 50
	packHalf    = 58
	unpackHalf  = 62
)

// match makes both operands of one type: a scalar beside a vector is repeated.
func (m *Module) match(a, b ID) (ID, ID, class) {
	ca, na := m.shape(a)
	cb, nb := m.shape(b)
	if ca != cb || na != nb && na != 1 && nb != 1 {
		panic(fmt.Sprintf("BUG: spirv: operands of class %d x %d and %d x %d", ca, na, cb, nb))
	}
	if na < nb {
		a = m.Splat(a, nb)
	}
	if nb < na {
		b = m.Splat(b, na)
	}
	return a, b, ca
}

// binary picks the instruction by the operands' class; 0 is none.
func (m *Module) binary(a, b ID, onInt, onFloat uint32) ID {
	a, b, c := m.match(a, b)
	op := onInt
	if c == classFloat {
		op = onFloat
	}
	if op == 0 || c == classBool {
		panic(fmt.Sprintf("BUG: spirv: no instruction for operands of class %d", c))
	}
	return m.value(m.typeOf[a], op, uint32(a), uint32(b))
}

// Add is a + b.
func (m *Module) Add(a, b ID) ID { return m.binary(a, b, 128, 129) }

// Sub is a - b.
func (m *Module) Sub(a, b ID) ID { return m.binary(a, b, 130, 131) }

// Mul is a * b, by component.
func (m *Module) Mul(a, b ID) ID { return m.binary(a, b, 132, 133) }

// Div is a / b; of integers, towards zero.
func (m *Module) Div(a, b ID) ID { return m.binary(a, b, 135, 136) }

// And is a & b of integers.
func (m *Module) And(a, b ID) ID { return m.binary(a, b, 199, 0) }

// Or is a | b of integers.
func (m *Module) Or(a, b ID) ID { return m.binary(a, b, 197, 0) }

// Xor is a ^ b of integers.
func (m *Module) Xor(a, b ID) ID { return m.binary(a, b, 198, 0) }

// ShiftRight is a >> b of integers, keeping the sign.
func (m *Module) ShiftRight(a, b ID) ID { return m.binary(a, b, 195, 0) }

// Min is the smaller of a and b.
func (m *Module) Min(a, b ID) ID { return m.callBy(a, b, SMin, FMin) }

// Max is the larger of a and b.
func (m *Module) Max(a, b ID) ID { return m.callBy(a, b, SMax, FMax) }

func (m *Module) callBy(a, b ID, onInt, onFloat uint32) ID {
	a, b, c := m.match(a, b)
	if c == classFloat {
		return m.Call(onFloat, a, b)
	}
	return m.Call(onInt, a, b)
}

// Clamp is the nearest to v of the integers from low to high.
func (m *Module) Clamp(v, low, high ID) ID { return m.Max(m.Min(v, high), low) }

// Call is an instruction of GLSL.std.450 whose result has its operands' type.
func (m *Module) Call(number uint32, operands ...ID) ID {
	words := []uint32{uint32(m.extended), number}
	for _, o := range operands {
		words = append(words, uint32(o))
	}
	return m.value(m.typeOf[operands[0]], opExtInst, words...)
}

// FMA is a*b + c of floats, rounded once where the device can.
func (m *Module) FMA(a, b, c ID) ID { return m.Call(fma, a, b, c) }

// Less is a < b.
func (m *Module) Less(a, b ID) ID { return m.compare(a, b, 177, 184) }

// GreaterEqual is a >= b.
func (m *Module) GreaterEqual(a, b ID) ID { return m.compare(a, b, 175, 190) }

// Equal is a == b.
func (m *Module) Equal(a, b ID) ID { return m.compare(a, b, 170, 180) }

// NotEqual is a != b; true where one is no number.
func (m *Module) NotEqual(a, b ID) ID { return m.compare(a, b, 171, 183) }

func (m *Module) compare(a, b ID, onInt, onFloat uint32) ID {
	a, b, c := m.match(a, b)
	typ := m.Bool()
	if _, n := m.shape(a); n > 1 {
		typ = m.Vector(typ, n)
	}
	op := onInt
	if c == classFloat {
		op = onFloat
	}
	return m.value(typ, op, uint32(a), uint32(b))
}

// Both is a && b.
func (m *Module) Both(a, b ID) ID { return m.value(m.Bool(), 167, uint32(a), uint32(b)) }

// Select is a where the condition holds, else b. A single condition chooses
// whole vectors.
func (m *Module) Select(condition, a, b ID) ID {
	a, b, _ = m.match(a, b)
	_, n := m.shape(a)
	if _, nc := m.shape(condition); nc < n {
		condition = m.Splat(condition, n)
	}
	return m.value(m.typeOf[a], 169, uint32(condition), uint32(a), uint32(b))
}

// Splat is a vector of n times v; v itself when n is 1.
func (m *Module) Splat(v ID, n int) ID {
	if n == 1 {
		return v
	}
	parts := make([]ID, n)
	for i := range parts {
		parts[i] = v
	}
	return m.Compose(parts...)
}

// Compose is the vector of two to four scalars.
func (m *Module) Compose(parts ...ID) ID {
	words := make([]uint32, len(parts))
	for i, p := range parts {
		words[i] = uint32(p)
	}
	return m.value(m.Vector(m.typeOf[parts[0]], len(parts)), 80, words...)
}

// Component is component i of a vector.
func (m *Module) Component(v ID, i int) ID {
	return m.value(m.types[m.typeOf[v]].of, 81, uint32(v), uint32(i))
}

// ComponentAt is a component of a vector by an index known only when running.
func (m *Module) ComponentAt(v, index ID) ID {
	return m.value(m.types[m.typeOf[v]].of, 77, uint32(v), uint32(index))
}

// Repeat is a vector of four times component i of v.
func (m *Module) Repeat(v ID, i int) ID {
	c := uint32(i)
	return m.value(m.typeOf[v], 79, uint32(v), uint32(v), c, c, c, c)
}

// ToFloat converts integers.
func (m *Module) ToFloat(v ID) ID { return m.convert(v, 111, m.Float()) }

// ToInt converts floats, towards zero.
func (m *Module) ToInt(v ID) ID { return m.convert(v, 110, m.Int()) }

func (m *Module) convert(v ID, op uint32, scalar ID) ID {
	if _, n := m.shape(v); n > 1 {
		scalar = m.Vector(scalar, n)
	}
	return m.value(scalar, op, uint32(v))
}

// IsInt reports whether v is signed integers.
func (m *Module) IsInt(v ID) bool {
	class, _ := m.shape(v)
	return class == classInt
}

// AsInt is the same 32 bits as a signed integer.
func (m *Module) AsInt(v ID) ID { return m.convert(v, 124, m.Int()) }

// PackHalf is two floats as halves in one unsigned word, a in the low bits.
func (m *Module) PackHalf(a, b ID) ID {
	pair := m.Compose(a, b)
	return m.value(m.Uint(), opExtInst, uint32(m.extended), packHalf, uint32(pair))
}

// UnpackHalf is the two halves of an unsigned word as two floats.
func (m *Module) UnpackHalf(word ID) ID {
	return m.value(m.Vector(m.Float(), 2), opExtInst, uint32(m.extended), unpackHalf, uint32(word))
}

// Shuffle is v as lane number lane of the subgroup has it.
func (m *Module) Shuffle(v ID, lane uint32) ID {
	m.capabilities[capabilityGroupNonUniform] = true
	m.capabilities[capabilityGroupNonUniformShuffle] = true
	const scopeSubgroup = 3
	return m.value(m.typeOf[v], 345, uint32(m.UintConstant(scopeSubgroup)), uint32(v), uint32(m.UintConstant(lane)))
}
