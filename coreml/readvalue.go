package coreml

import (
	"encoding/binary"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// readValueType reads the message ValueType. A type that is not a tensor's
// gives the zero Type; list reports that it is a list.
func readValueType(message []byte) (t Type, list bool, err error) {
	err = fields(message, func(f field) error {
		switch f.number {
		case 1:
			m, err := f.message()
			if err != nil {
				return err
			}
			t, err = readTensorType(m)
			return err
		case 2:
			list = true
		}
		return nil
	})
	return t, list, err
}

// readTensorType reads the message TensorType.
func readTensorType(message []byte) (Type, error) {
	var t Type
	var rank int64
	err := fields(message, func(f field) error {
		switch f.number {
		case 1:
			v, err := f.integer()
			if err != nil {
				return err
			}
			if v < 0 || v > math.MaxUint8 || !DataType(v).Known() {
				return fmt.Errorf("unknown data type %d", v)
			}
			t.DataType = DataType(v)
		case 2:
			var err error
			rank, err = f.integer()
			return err
		case 3:
			m, err := f.message()
			if err != nil {
				return err
			}
			e, err := readDimension(m)
			t.Shape = append(t.Shape, e)
			return err
		}
		return nil
	})
	switch {
	case err != nil:
		return t, err
	case !t.DataType.Known():
		return t, fmt.Errorf("a tensor without a data type")
	case rank < 0:
		return t, fmt.Errorf("a tensor of unknown rank is not supported; convert the network with a fixed rank")
	case int(rank) != len(t.Shape):
		return t, fmt.Errorf("a tensor of rank %d with %d dimensions", rank, len(t.Shape))
	}
	return t, checkExtents(t.Shape)
}

// readDimension reads the message Dimension.
func readDimension(message []byte) (int, error) {
	extent := Dynamic
	err := fields(message, func(f field) error {
		if f.number != 1 {
			return nil
		}
		m, err := f.message()
		if err != nil {
			return err
		}
		size, err := numbers(m, 1, 1)
		if size[0] < 0 || size[0] > maxExtent {
			return fmt.Errorf("an extent of %d; at most %d is possible", uint64(size[0]), maxExtent)
		}
		extent = int(size[0])
		return err
	})
	return extent, err
}

// readValue reads the message Value: a tensor, or a list of scalars, which
// becomes a tensor of rank 1. Tuples and dictionaries give nil.
func (r *reader) readValue(message []byte) (*Tensor, error) {
	var t Tensor
	var list, stored, immediate bool
	var content []byte // of the ImmediateValue
	err := fields(message, func(f field) error {
		m, err := f.message()
		if err != nil {
			return err
		}
		switch f.number {
		case 2:
			t.Type, list, err = readValueType(m)
		case 3:
			content, immediate = m, true
		case 5:
			stored = true
			err = fields(m, func(f field) (err error) {
				switch f.number {
				case 1:
					t.File, err = f.text()
				case 2:
					var v int64
					v, err = f.integer()
					t.Offset = uint64(v)
				}
				return err
			})
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case immediate && list:
		return r.readList(content)
	case t.Type.DataType == 0:
		return nil, nil
	case !t.Type.Static():
		return nil, fmt.Errorf("a constant of the dynamic type %s", t.Type)
	case stored && t.File == "":
		return nil, fmt.Errorf("a constant in a file without a name")
	case stored && r.weights != nil:
		t.Data, err = r.weights.blob(t.File, t.Offset, t.Type)
	case stored:
	case immediate:
		err = t.readImmediate(content)
	default:
		err = fmt.Errorf("a constant without a value")
	}
	return &t, err
}

// readList reads an ImmediateValue that holds a list of scalars of one type.
func (r *reader) readList(content []byte) (*Tensor, error) {
	list := &Tensor{Type: Type{DataType: String}}
	n := 0
	err := fields(content, func(f field) error {
		if f.number != 3 {
			return nil
		}
		return eachMessage(f, 1, func(m []byte) error {
			// An element that is a list itself ends the recursion here.
			e, err := r.readScalar(m)
			if err != nil {
				return fmt.Errorf("list element %d: %w", n, err)
			}
			if n > 0 && e.Type.DataType != list.Type.DataType {
				return fmt.Errorf("a list of both %s and %s", list.Type.DataType, e.Type.DataType)
			}
			list.Type.DataType = e.Type.DataType
			list.Data = append(list.Data, e.Data...)
			list.Strings = append(list.Strings, e.Strings...)
			n++
			return nil
		})
	})
	list.Type.Shape = []int{n}
	return list, err
}

func (r *reader) readScalar(message []byte) (*Tensor, error) {
	nested := false
	err := fields(message, func(f field) error {
		if f.number != 2 {
			return nil
		}
		m, err := f.message()
		if err != nil {
			return err
		}
		_, nested, err = readValueType(m)
		return err
	})
	if err != nil {
		return nil, err
	}
	if nested {
		return nil, fmt.Errorf("a list of lists is not supported")
	}
	e, err := r.readValue(message)
	if err == nil && (e == nil || e.Type.Rank() != 0) {
		err = fmt.Errorf("only lists of scalars are supported")
	}
	return e, err
}

// readImmediate reads an ImmediateValue that holds a tensor, into t.Data.
func (t *Tensor) readImmediate(content []byte) error {
	return fields(content, func(f field) error {
		if f.number != 1 {
			return nil
		}
		m, err := f.message()
		if err != nil {
			return err
		}
		return t.readTensorValue(m)
	})
}

// The fields of the message TensorValue.
const (
	valueFloats = 1 + iota
	valueInts
	valueBools
	valueStrings
	valueLongInts
	valueDoubles
	valueBytes
)

// readTensorValue reads the message TensorValue, one of seven ways to write
// numbers, and keeps them as the bytes of t's type.
func (t *Tensor) readTensorValue(message []byte) error {
	if t.Type.DataType != String {
		t.Data = []byte{}
	}
	err := fields(message, func(f field) error {
		m, err := f.message()
		if err != nil {
			return err
		}
		return fields(m, func(v field) error {
			if v.number != 1 {
				return nil
			}
			return t.appendValues(f.number, v)
		})
	})
	if err != nil {
		return err
	}
	if t.Type.DataType == String {
		if n := len(t.Strings); n != t.Type.Elements() {
			return fmt.Errorf("%s with %d strings", t.Type, n)
		}
		return nil
	}
	if n := len(t.Data); n != t.Type.Bytes() {
		return fmt.Errorf("%s takes %d bytes, the value has %d", t.Type, t.Type.Bytes(), n)
	}
	return nil
}

// appendValues appends what one field "values" holds.
func (t *Tensor) appendValues(kind protowire.Number, v field) error {
	d := t.Type.DataType
	allowed := false
	wire := protowire.VarintType
	switch kind {
	case valueFloats:
		allowed, wire = d == Float32, protowire.Fixed32Type
	case valueInts:
		// Integers of 16 bits are written as 32; so are those of 8 by some.
		allowed = d.IsInt() && d.Bits() >= 8 && d.Bits() <= 32
	case valueBools:
		allowed = d == Bool
	case valueLongInts:
		allowed = d == Int64 || d == UInt64
	case valueDoubles:
		allowed, wire = d == Float64, protowire.Fixed64Type
	case valueStrings:
		if d != String {
			return fmt.Errorf("%s written as strings", t.Type)
		}
		s, err := v.text()
		t.Strings = append(t.Strings, s)
		return err
	case valueBytes:
		if d == String || d == Bool {
			return fmt.Errorf("%s written as bytes", t.Type)
		}
		m, err := v.message()
		t.Data = append(t.Data, m...)
		return err
	}
	if !allowed {
		return fmt.Errorf("%s written in TensorValue field %d, which is for another type", t.Type, kind)
	}
	numbers, err := v.scalars(wire, nil)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], n)
		if d == Bool && n > 1 {
			b[0] = 1
		}
		t.Data = append(t.Data, b[:d.Bits()/8]...)
	}
	return nil
}
