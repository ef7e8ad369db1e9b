package onnx

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"weft/coreml"
	"weft/coreml/mil"
)

// fields returns the contents of all length-delimited fields of a number.
func fields(t *testing.T, m []byte, number protowire.Number) (found [][]byte) {
	t.Helper()
	for len(m) > 0 {
		n, wire, size := protowire.ConsumeTag(m)
		require.Positive(t, size)
		m = m[size:]
		size = protowire.ConsumeFieldValue(n, wire, m)
		require.Positive(t, size)
		if n == number {
			v, _ := protowire.ConsumeBytes(m)
			found = append(found, v)
		}
		m = m[size:]
	}
	return found
}

func build(t *testing.T, make func(b *mil.Builder)) *coreml.Program {
	t.Helper()
	b := mil.NewBuilder("CoreML7")
	make(b)
	pkg, err := b.Package()
	require.NoError(t, err)
	p, err := pkg.Specialize(nil)
	require.NoError(t, err)
	return p
}

// The nodes of a model, in order, each with what it reads; a weight that two
// nodes read is written once.
func TestEncode(t *testing.T) {
	data, err := Encode(build(t, func(b *mil.Builder) {
		x := b.Input("x", coreml.Float32, 1, 4, 6, 5)
		w := b.Const("w", mil.Floats(coreml.Float16, []int{4, 4, 1, 1}, make([]float32, 16)))
		y := b.Op("conv", "a", mil.Args{"x": x, "weight": w})
		y = b.Op("conv", "b", mil.Args{"x": y, "weight": w})
		y = b.Op("slice_by_index", "c", mil.Args{"x": y, "begin": []int{0, 0, 1, 0}, "end": []int{1, 4, 6, 5}, "stride": []int{1, 1, 2, 1}})
		b.Output(b.Op("pixel_shuffle", "d", mil.Args{"x": y, "upscale_factor": 2}))
	}))
	require.NoError(t, err)
	graph := fields(t, data, 7)
	require.Len(t, graph, 1)
	var nodes []string
	for _, node := range fields(t, graph[0], 1) {
		line := string(fields(t, node, 4)[0]) + ":"
		for _, in := range fields(t, node, 1) {
			line += " " + string(in)
		}
		nodes = append(nodes, line+" -> "+string(fields(t, node, 2)[0]))
	}
	assert.Equal(t, []string{
		"Conv: x weft_1 -> a", "Conv: a weft_1 -> b", "Slice: b weft_2 weft_3 weft_4 weft_5 -> c", "DepthToSpace: c -> d",
	}, nodes)
	constants := fields(t, graph[0], 5)
	require.Len(t, constants, 5)
	assert.Len(t, fields(t, constants[0], 9)[0], 64)
	// The ends: one past the last element read, 1 + 2*2 of rows.
	assert.Equal(t, []byte{1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0}, fields(t, constants[2], 9)[0])
}

func TestRefused(t *testing.T) {
	_, err := Encode(build(t, func(b *mil.Builder) {
		b.Output(b.Op("erf", "y", mil.Args{"x": b.Input("x", coreml.Float32, 1, 4)}))
	}))
	require.ErrorContains(t, err, "the operation erf is not translated")
}
