package metaltest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/metal"
)

// shaped is the network y = conv(x) whose input takes the extents that limit
// lists, in Core ML's order.
func (k *kit) shaped(name string, limit func(x *coreml.Feature)) metal.Network {
	k.Helper()
	b := mil.NewBuilder("CoreML7")
	b.Output(neighbors(b, "y", b.Input("x", coreml.Float32, 1, 1, 3, coreml.Dynamic)))
	p, err := b.Package()
	require.NoError(k, err)
	limit(&p.Inputs[0])
	return k.packaged(name, p)
}

// listed is shaped for widths of 4 and 19.
func (k *kit) listed() metal.Network {
	k.Helper()
	return k.shaped("listed", func(x *coreml.Feature) {
		x.Shape, x.Range, x.Enumerated = []int{1, 1, 3, 4}, nil, [][]int{{1, 1, 3, 4}, {1, 1, 3, 19}}
	})
}

// ranged is shaped for widths from 2 to 9.
func (k *kit) ranged() metal.Network {
	k.Helper()
	return k.shaped("ranged", func(x *coreml.Feature) { x.Range[3] = coreml.Bounds{Min: 2, Max: 9} })
}

// wide is a pipeline of one of them, for a width.
func wide(label string, n metal.Network, width int) metal.MachineLearningPipelineDescriptor {
	return metal.MachineLearningPipelineDescriptor{Label: label, Network: n, InputDimensions: map[string][]int{"x": {width, 3, 1, 1}}}
}

// listedExtents makes a pipeline for each of some extents, and runs all in one
// frame.
func listedExtents(k *kit) {
	var all []network
	var inputs [][]float32
	listed := k.listed()
	for _, d := range []metal.MachineLearningPipelineDescriptor{wide("4", listed, 4), wide("19", listed, 19), wide("9", k.ranged(), 9)} {
		n := k.network(d)
		width := d.InputDimensions["x"][0]
		assert.Equal(k, []int{width, 3, 1, 1}, n.y.Descriptor().Dimensions)
		all, inputs = append(all, n), append(inputs, scaled(counting(3*width), 1, -20))
		n.fill(inputs[len(inputs)-1])
	}
	k.frame(func(b metal.CommandBuffer) {
		for _, n := range all {
			k.infer(b, n)
		}
	})
	for i, n := range all {
		executed(k, dynamicWant(inputs[i], n.y.Descriptor().Dimensions[0]), rows(n.y))
	}
}

// bindings looks at the reflection of a network of several types.
func bindings(k *kit) {
	b := mil.NewBuilder("CoreML9")
	halves, whole, bytes := b.Input("halves", coreml.Float16, 1, 2, 3, coreml.Dynamic), b.Input("whole", coreml.Int32, 7), b.Input("bytes", coreml.Int8, 2, 5)
	b.Output(b.Op("relu", "positive", mil.Args{"x": halves}))
	b.Output(b.Op("cast", "floats", mil.Args{"x": whole, "dtype": "fp32"}))
	b.Output(b.Op("cast", "more", mil.Args{"x": bytes, "dtype": "int32"}))
	p := made[metal.MachineLearningPipeline](k)(k.device.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{
		Label: "types", Network: k.written("types", b), InputDimensions: map[string][]int{"halves": {6, 3, 2, 1}},
	}))
	const read, written = metal.BindingAccessReadOnly, metal.BindingAccessWriteOnly
	var have []metal.TensorBinding
	indices := map[int]bool{}
	for _, b := range p.Bindings() {
		indices[b.Index] = true
		b.Index = 0
		if b.Access == metal.BindingAccessReadWrite {
			b.Access = written
		}
		have = append(have, b)
	}
	assert.Len(k, indices, 6, "each has an index of its own")
	assert.ElementsMatch(k, []metal.TensorBinding{
		{Name: "halves", Access: read, Type: metal.TensorDataTypeFloat16, Dimensions: []int{6, 3, 2, 1}},
		{Name: "whole", Access: read, Type: metal.TensorDataTypeInt32, Dimensions: []int{7}},
		{Name: "bytes", Access: read, Type: metal.TensorDataTypeInt8, Dimensions: []int{5, 2}},
		{Name: "positive", Access: written, Type: metal.TensorDataTypeFloat16, Dimensions: []int{6, 3, 2, 1}},
		{Name: "floats", Access: written, Type: metal.TensorDataTypeFloat32, Dimensions: []int{7}},
		{Name: "more", Access: written, Type: metal.TensorDataTypeInt32, Dimensions: []int{5, 2}},
	}, have)
}
