package metal

import (
	"fmt"
)

// TensorDataType is the type of a tensor's elements (MTLTensorDataType).
type TensorDataType int64

// The element types, with MTLTensorDataType's values.
const (
	TensorDataTypeNone     TensorDataType = 0
	TensorDataTypeFloat32  TensorDataType = 3
	TensorDataTypeFloat16  TensorDataType = 16
	TensorDataTypeBFloat16 TensorDataType = 121
	TensorDataTypeInt8     TensorDataType = 45
	TensorDataTypeUInt8    TensorDataType = 49
	TensorDataTypeInt16    TensorDataType = 37
	TensorDataTypeUInt16   TensorDataType = 41
	TensorDataTypeInt32    TensorDataType = 29
	TensorDataTypeUInt32   TensorDataType = 33
)

var tensorTypes = map[TensorDataType]struct {
	name  string
	bytes int
}{
	TensorDataTypeFloat32: {"float32", 4}, TensorDataTypeFloat16: {"float16", 2},
	TensorDataTypeBFloat16: {"bfloat16", 2},
	TensorDataTypeInt8:     {"int8", 1}, TensorDataTypeUInt8: {"uint8", 1},
	TensorDataTypeInt16: {"int16", 2}, TensorDataTypeUInt16: {"uint16", 2},
	TensorDataTypeInt32: {"int32", 4}, TensorDataTypeUInt32: {"uint32", 4},
}

// String is Metal's name without its prefix, first letters lowered: "float16".
func (t TensorDataType) String() string {
	if facts, ok := tensorTypes[t]; ok {
		return facts.name
	}
	return fmt.Sprintf("tensorDataType(%d)", int64(t))
}

// Bytes is the size of one element; 0 for an unknown type.
func (t TensorDataType) Bytes() int { return tensorTypes[t].bytes }

// ParseTensorDataType returns the type that String gives that name.
func ParseTensorDataType(name string) (TensorDataType, error) {
	for t, facts := range tensorTypes {
		if facts.name == name {
			return t, nil
		}
	}
	return 0, fmt.Errorf("metal: no tensor type is called %q: use float32, float16, bfloat16, int8, uint8, int16, uint16, int32 or uint32", name)
}

// TensorUsage says what a tensor is for (MTLTensorUsage).
type TensorUsage uint64

// The tensor usages, with MTLTensorUsage's values.
const (
	TensorUsageCompute         TensorUsage = 1
	TensorUsageRender          TensorUsage = 2
	TensorUsageMachineLearning TensorUsage = 4
)

// MaxTensorRank is the largest number of dimensions of a tensor.
const MaxTensorRank = 16

// TensorDescriptor describes a tensor. Dimensions are in elements, innermost
// first: an image batch is {width, height, channels, images}. Strides are in
// elements; nil means the strides that PackedStrides gives. A zero Usage means
// all of compute, render and machine learning.
type TensorDescriptor struct {
	Label      string
	Type       TensorDataType
	Dimensions []int
	Strides    []int
	Usage      TensorUsage
	Storage    StorageMode
}

// rowAlignment is what stride[1] of a machine-learning tensor is a multiple of,
// in bytes.
const rowAlignment = 64

// maxSpan is the most elements from a tensor's first to its last: no product
// of an extent and a stride overflows, nor does its size in bytes.
const maxSpan = 1 << 40

// PackedStrides is the tightest layout that a network may read: stride[0] is 1,
// rows are rounded up to 64 bytes, the rest is packed.
func PackedStrides(t TensorDataType, dimensions []int) []int {
	return AppendPackedStrides(make([]int, 0, len(dimensions)), t, dimensions)
}

// AppendPackedStrides appends what PackedStrides returns.
func AppendPackedStrides(strides []int, t TensorDataType, dimensions []int) []int {
	next := 1
	for i, n := range dimensions {
		strides = append(strides, next)
		next *= n
		if i == 0 && t.Bytes() > 0 {
			per := rowAlignment / t.Bytes()
			next = (n + per - 1) / per * per
		}
	}
	return strides
}

// Normalized returns the descriptor with strides and usage filled in.
func (d TensorDescriptor) Normalized() TensorDescriptor {
	if d.Strides == nil {
		d.Strides = PackedStrides(d.Type, d.Dimensions)
	}
	if d.Usage == 0 {
		d.Usage = TensorUsageCompute | TensorUsageRender | TensorUsageMachineLearning
	}
	return d
}

// Size is the number of bytes from the first element to the end of the last
// row, rows padded as the strides say.
func (d TensorDescriptor) Size() int {
	n := d.Normalized()
	if len(n.Dimensions) == 0 {
		return n.Type.Bytes()
	}
	last := len(n.Dimensions) - 1
	elements := n.Dimensions[last] * n.Strides[last]
	if last == 0 {
		per := rowAlignment / max(n.Type.Bytes(), 1)
		elements = (elements + per - 1) / per * per
	}
	return elements * n.Type.Bytes()
}

// Validate says what is wrong with the descriptor, or nil.
func (d TensorDescriptor) Validate() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("metal: tensor %q: %s", d.Label, fmt.Sprintf(format, args...))
	}
	if d.Type.Bytes() == 0 {
		return bad("unknown element type %v", d.Type)
	}
	if len(d.Dimensions) == 0 || len(d.Dimensions) > MaxTensorRank {
		return bad("%d dimensions: must be from 1 to %d", len(d.Dimensions), MaxTensorRank)
	}
	total := 1
	for i, n := range d.Dimensions {
		if n < 1 || n > 1<<30/total {
			return bad("dimensions %v: number %d must be at least 1 and all together at most 2^30 elements", d.Dimensions, i)
		}
		total *= n
	}
	if d.Strides == nil {
		return nil
	}
	want := d.Strides
	if len(want) != len(d.Dimensions) {
		return bad("%d strides for %d dimensions", len(want), len(d.Dimensions))
	}
	if want[0] != 1 {
		return bad("stride 0 is %d: the innermost stride must be 1", want[0])
	}
	for i, n := range d.Dimensions {
		if want[i] < 1 || want[i] > maxSpan/n {
			return bad("stride %d is %d: must be at least 1, and dimension %d times it at most 2^40 elements", i, want[i], n)
		}
	}
	for i := 1; i < len(want); i++ {
		if want[i] < d.Dimensions[i-1]*want[i-1] {
			return bad("stride %d is %d: must be at least %d, dimension %d times its stride", i, want[i], d.Dimensions[i-1]*want[i-1], i-1)
		}
	}
	if d.Normalized().Usage&TensorUsageMachineLearning == 0 {
		return nil
	}
	if len(want) > 1 && want[1]*d.Type.Bytes()%rowAlignment != 0 {
		return bad("stride 1 is %d bytes: a network reads rows at multiples of %d bytes", want[1]*d.Type.Bytes(), rowAlignment)
	}
	for i := 2; i < len(want); i++ {
		if want[i] != d.Dimensions[i-1]*want[i-1] {
			return bad("stride %d is %d: a network reads tensors packed from stride 2 on, so it must be %d", i, want[i], d.Dimensions[i-1]*want[i-1])
		}
	}
	return nil
}

// TensorBinding is one argument of a machine-learning pipeline, by reflection.
type TensorBinding struct {
	Name       string
	Index      int // in the argument table's buffers
	Access     BindingAccess
	Type       TensorDataType
	Dimensions []int // innermost first, -1 where the extent is not fixed
}

// BindingAccess is what a pipeline does with an argument (MTLBindingAccess).
type BindingAccess uint64

// The accesses, with MTLBindingAccess' values.
const (
	BindingAccessReadOnly  BindingAccess = 0
	BindingAccessReadWrite BindingAccess = 1
	BindingAccessWriteOnly BindingAccess = 2
)
