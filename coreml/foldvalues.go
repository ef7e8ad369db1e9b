package coreml

import (
	"encoding/binary"
	"math"

	"github.com/x448/float16"
)

// elements are those of a known value, row-major.
type elements struct {
	shape  []int
	values []float64
}

func (f *folding) in(param string) elements {
	if all := f.all(param); len(all) == 1 {
		return all[0]
	}
	f.unknown = true
	return elements{}
}

func (f *folding) all(param string) []elements {
	var all []elements
	for _, a := range f.op.Inputs[param] {
		t := a.Value
		if t == nil || t.Type.Elements() > maxFolded {
			f.unknown = true
			return nil
		}
		n := elements{shape: t.Type.Shape}
		if ints, err := t.Ints(); err == nil {
			for _, v := range ints {
				n.values = append(n.values, float64(v))
				f.unknown = f.unknown || v != int(float64(v))
			}
		} else if floats, err := t.Float32s(); err == nil {
			for _, v := range floats {
				n.values = append(n.values, float64(v))
			}
		} else {
			f.unknown = true
			return nil
		}
		all = append(all, n)
	}
	return all
}

// at is the element that broadcasting puts at place i of the larger shape.
func (e elements) at(i int, larger []int) float64 {
	index, step := 0, 1
	for d := len(larger) - 1; d >= 0; d-- {
		own := d - (len(larger) - len(e.shape))
		if own < 0 {
			break
		}
		if e.shape[own] != 1 {
			index += i % larger[d] * step
		}
		step *= e.shape[own]
		i /= larger[d]
	}
	return e.values[index]
}

func floatsOf(ints []int) []float64 {
	out := make([]float64, len(ints))
	for i, v := range ints {
		out[i] = float64(v)
	}
	return out
}

// tensorOf stores values as a cast would: floating-point numbers rounded,
// integers toward zero and into range. It returns nil for a type that no shape
// is computed in.
func tensorOf(t Type, values []float64) *Tensor {
	out := &Tensor{Type: t, Data: []byte{}}
	le := binary.LittleEndian
	clamp := func(v, least, most float64) int64 {
		if v != v {
			return 0
		}
		return int64(min(max(math.Trunc(v), least), most))
	}
	for _, v := range values {
		switch t.DataType {
		case Float32:
			out.Data = le.AppendUint32(out.Data, math.Float32bits(float32(v)))
		case Float16:
			out.Data = le.AppendUint16(out.Data, float16.Fromfloat32(float32(v)).Bits())
		case Bool:
			out.Data = append(out.Data, byte(truth(func(x, _ float64) bool { return x != 0 })(v, 0)))
		case Int32:
			out.Data = le.AppendUint32(out.Data, uint32(clamp(v, math.MinInt32, math.MaxInt32)))
		case UInt32:
			out.Data = le.AppendUint32(out.Data, uint32(clamp(v, 0, math.MaxUint32)))
		case Int16:
			out.Data = le.AppendUint16(out.Data, uint16(clamp(v, math.MinInt16, math.MaxInt16)))
		case UInt16:
			out.Data = le.AppendUint16(out.Data, uint16(clamp(v, 0, math.MaxUint16)))
		case Int8:
			out.Data = append(out.Data, byte(clamp(v, math.MinInt8, math.MaxInt8)))
		case UInt8:
			out.Data = append(out.Data, byte(clamp(v, 0, math.MaxUint8)))
		default:
			return nil
		}
	}
	if len(out.Data) != t.Bytes() {
		return nil
	}
	return out
}
