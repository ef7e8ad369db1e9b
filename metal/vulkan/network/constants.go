package network

import (
	"encoding/binary"
	"math"

	"weft/metal/vulkan/network/spirv"
)

// constantData collects constants, each content once.
type constantData struct {
	bytes []byte
	known map[string]int64
}

// add returns the range that holds the numbers.
func (c *constantData) add(data []float32) (offset, size int64) {
	numbers := make([]byte, 0, 4*len(data))
	for _, f := range data {
		numbers = binary.LittleEndian.AppendUint32(numbers, math.Float32bits(f))
	}
	size = int64(len(numbers))
	if offset, ok := c.known[string(numbers)]; ok {
		return offset, size
	}
	if c.known == nil {
		c.known = map[string]int64{}
	}
	c.bytes = append(c.bytes, make([]byte, roundUp(len(c.bytes), alignment)-len(c.bytes))...)
	offset = int64(len(c.bytes))
	c.bytes = append(c.bytes, numbers...)
	c.known[string(numbers)] = offset
	return offset, size
}

// weights adds constants of the program.
func (n *network) weights(data []float32) (offset, size int64) { return n.constants[0].add(data) }

// table declares constants that a shader reads by index, four at a time.
func (e *emitter) table(data []float32) spirv.ID {
	offset, size := e.n.weights(data)
	return e.Texels(e.bind(Binding{
		Kind: UniformTexelBuffer, Format: RGBA32Float, Source: FromWeights, Offset: offset, Size: size,
	}))
}

// extentTable declares a table that follows from the extents.
func (e *emitter) extentTable(data []float32) spirv.ID {
	offset, size := e.n.constants[1].add(data)
	return e.Texels(e.bind(Binding{
		Kind: UniformTexelBuffer, Format: RGBA32Float, Source: FromTables, Offset: offset, Size: size,
	}))
}
