package spirv

// ShiftLeft is a << b of integers.
func (m *Module) ShiftLeft(a, b ID) ID { return m.binary(a, b, 196, 0) }

// ShiftRightLogical is a >> b of integers, filled with zeros.
func (m *Module) ShiftRightLogical(a, b ID) ID { return m.binary(a, b, 194, 0) }

// Field is count bits of an integer from bit offset on, as a signed or an
// unsigned number.
func (m *Module) Field(v, offset, count ID, signed bool) ID {
	op := uint32(203)
	if signed {
		op = 202
	}
	return m.value(m.typeOf[v], op, uint32(v), uint32(offset), uint32(count))
}

// AsUint is the same 32 bits as an unsigned integer.
func (m *Module) AsUint(v ID) ID { return m.convert(v, 124, m.Uint()) }

// AsFloat is the same 32 bits as a float.
func (m *Module) AsFloat(v ID) ID { return m.convert(v, 124, m.Float()) }

// UnsignedToFloat converts integers, taken as unsigned.
func (m *Module) UnsignedToFloat(v ID) ID { return m.convert(v, 112, m.Float()) }

// ToUint converts floats to unsigned integers, towards zero.
func (m *Module) ToUint(v ID) ID { return m.convert(v, 109, m.Uint()) }
