package coreml

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of a protobuf message as it lies on the wire.
type field struct {
	number protowire.Number
	wire   protowire.Type
	// scalar holds the value of a varint or fixed-size field.
	scalar uint64
	// bytes holds the content of a length-delimited field: part of the
	// message, not a copy.
	bytes []byte
}

// fields calls visit for every field of a message, in order.
func fields(message []byte, visit func(field) error) error {
	for len(message) > 0 {
		number, wire, n := protowire.ConsumeTag(message)
		if n < 0 {
			return wireError(n)
		}
		message = message[n:]
		f := field{number: number, wire: wire}
		switch wire {
		case protowire.VarintType:
			f.scalar, n = protowire.ConsumeVarint(message)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(message)
			f.scalar = uint64(v)
		case protowire.Fixed64Type:
			f.scalar, n = protowire.ConsumeFixed64(message)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(message)
		default:
			// Groups are not part of proto3; protowire bounds their depth.
			n = protowire.ConsumeFieldValue(number, wire, message)
		}
		if n < 0 {
			return wireError(n)
		}
		message = message[n:]
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// wireError turns protowire's code into a sentence.
func wireError(code int) error {
	return fmt.Errorf("broken or truncated protobuf: %w", protowire.ParseError(code))
}

// message returns the content of a field that must be length-delimited: a
// nested message, a string or bytes.
func (f field) message() ([]byte, error) {
	if f.wire != protowire.BytesType {
		return nil, fmt.Errorf("broken protobuf: field %d has wire type %d, not a length-delimited one", f.number, f.wire)
	}
	return f.bytes, nil
}

// text returns the content of a string field.
func (f field) text() (string, error) {
	b, err := f.message()
	return string(b), err
}

// integer returns the content of a varint field.
func (f field) integer() (int64, error) {
	if f.wire != protowire.VarintType {
		return 0, fmt.Errorf("broken protobuf: field %d has wire type %d, not a varint", f.number, f.wire)
	}
	return int64(f.scalar), nil
}

// scalars appends the numbers of a repeated scalar field to values. Such a
// field is packed into one length-delimited run or written one by one; a
// reader has to take both.
func (f field) scalars(wire protowire.Type, values []uint64) ([]uint64, error) {
	if f.wire == wire {
		return append(values, f.scalar), nil
	}
	b, err := f.message()
	if err != nil {
		return nil, err
	}
	for len(b) > 0 {
		var v uint64
		var n int
		switch wire {
		case protowire.Fixed32Type:
			var v32 uint32
			v32, n = protowire.ConsumeFixed32(b)
			v = uint64(v32)
		case protowire.Fixed64Type:
			v, n = protowire.ConsumeFixed64(b)
		default:
			v, n = protowire.ConsumeVarint(b)
		}
		if n < 0 {
			return nil, wireError(n)
		}
		values, b = append(values, v), b[n:]
	}
	return values, nil
}

// entry reads a map entry: its key, and its value as an unread message.
func (f field) entry() (key string, value []byte, err error) {
	b, err := f.message()
	if err != nil {
		return "", nil, err
	}
	err = fields(b, func(f field) (err error) {
		switch f.number {
		case 1:
			key, err = f.text()
		case 2:
			value, err = f.message()
		}
		return err
	})
	return key, value, err
}

// maxExtent is the greatest extent of a dimension: what Metal's and Vulkan's
// 32-bit sizes can hold.
const maxExtent = math.MaxInt32

// maxElements bounds the size of one value, so that no product of extents can
// overflow: 2^40 elements.
const maxElements = 1 << 40

// checkExtents says what is wrong with a shape, if anything: a negative
// extent that is not [Dynamic], or more elements than can be.
func checkExtents(shape []int) error {
	if len(shape) > maxRank {
		return fmt.Errorf("a shape of %d dimensions; at most %d are possible", len(shape), maxRank)
	}
	n := 1
	for _, e := range shape {
		switch {
		case e == Dynamic:
		case e < 0 || e > maxExtent:
			return fmt.Errorf("the extent %d in the shape %s is not in 0..%d", e, FormatShape(shape), maxExtent)
		case e > 0 && n > maxElements/e:
			return fmt.Errorf("the shape %s has more than 2^40 elements", FormatShape(shape))
		case e > 0:
			n *= e
		}
	}
	return nil
}

// maxRank is the greatest rank accepted: that of Metal's tensors.
const maxRank = 16
