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

// severalExtents makes pipelines of a network that sets two inputs of any width
// side by side, each width given by itself.
func severalExtents(k *kit) {
	b := mil.NewBuilder("CoreML7")
	x := neighbors(b, "sum", b.Input("x", coreml.Float32, 1, 1, 3, coreml.Dynamic))
	z := b.Input("z", coreml.Float32, 1, 1, 3, coreml.Dynamic)
	b.Output(b.Op("concat", "y", mil.Args{"values": []mil.Value{x, z}, "axis": 3, "interleave": false}))
	n := k.written("several", b)
	var all []network
	var want [][]float32
	for _, w := range [][2]int{{4, 7}, {7, 4}, {20, 1}} {
		one := k.network(metal.MachineLearningPipelineDescriptor{
			Label: "several", Network: n,
			InputDimensions: map[string][]int{"x": {w[0], 3, 1, 1}, "z": {w[1], 3, 1, 1}},
		})
		require.Equal(k, []int{w[0] + w[1], 3, 1, 1}, one.y.Descriptor().Dimensions)
		left, right := scaled(counting(3*w[0]), 1, -20), scaled(counting(3*w[1]), 2, 5)
		one.fill(left)
		fillRows(one.z, right)
		left = dynamicWant(left, w[0])
		var rows []float32
		for y := range 3 {
			rows = append(append(rows, left[y*w[0]:][:w[0]]...), right[y*w[1]:][:w[1]]...)
		}
		all, want = append(all, one), append(want, rows)
	}
	k.frame(func(b metal.CommandBuffer) {
		for _, n := range all {
			k.infer(b, n)
		}
	})
	for i, n := range all {
		executed(k, want[i], rows(n.y))
	}
}

// bindings looks at the reflection of a network of several types.
func bindings(k *kit) {
	b := mil.NewBuilder("CoreML9")
	halves, whole, bytes := b.Input("halves", coreml.Float16, 1, 2, 3, coreml.Dynamic), b.Input("whole", coreml.Int32, 7), b.Input("bytes", coreml.Int8, 2, 5)
	b.Output(b.Op("relu", "positive", mil.Args{"x": halves}))
	b.Output(b.Op("cast", "floats", mil.Args{"x": whole, "dtype": "fp32"}))
	b.Output(b.Op("cast", "more", mil.Args{"x": bytes, "dtype": "int32"}))
	b.Output(b.Op("reduce_sum", "one", mil.Args{"x": b.Input("list", coreml.Float32, 3), "keep_dims": false}))
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
	assert.Len(k, indices, 8, "each has an index of its own")
	assert.ElementsMatch(k, []metal.TensorBinding{
		{Name: "halves", Access: read, Type: metal.TensorDataTypeFloat16, Dimensions: []int{6, 3, 2, 1}},
		{Name: "whole", Access: read, Type: metal.TensorDataTypeInt32, Dimensions: []int{7}},
		{Name: "bytes", Access: read, Type: metal.TensorDataTypeInt8, Dimensions: []int{5, 2}},
		{Name: "positive", Access: written, Type: metal.TensorDataTypeFloat16, Dimensions: []int{6, 3, 2, 1}},
		{Name: "floats", Access: written, Type: metal.TensorDataTypeFloat32, Dimensions: []int{7}},
		{Name: "more", Access: written, Type: metal.TensorDataTypeInt32, Dimensions: []int{5, 2}},
		{Name: "list", Access: read, Type: metal.TensorDataTypeFloat32, Dimensions: []int{3}},
		{Name: "one", Access: written, Type: metal.TensorDataTypeFloat32, Dimensions: []int{1}},
	}, have)
}

// longRows moves elements between tensors whose rows have more padding than
// they need, each a different one.
func longRows(k *kit) {
	b := mil.NewBuilder("CoreML9")
	for _, t := range []coreml.DataType{coreml.Float16, coreml.Float32, coreml.Int8, coreml.Int32} {
		x := b.Input("x "+t.String(), t, 2, 3, 5)
		b.Output(b.Op("identity", "y "+t.String(), mil.Args{"x": x}))
	}
	p := made[metal.MachineLearningPipeline](k)(k.device.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{
		Label: "types", Network: k.written("types", b),
	}))
	n := network{pipeline: p, table: k.table("network")}
	tensors := map[string]metal.Tensor{}
	for i, b := range p.Bindings() {
		row := (1 + i%3) * 64 / b.Type.Bytes()
		t := keep[metal.Tensor](k)(k.device.NewTensor(metal.TensorDescriptor{
			Label: b.Name, Type: b.Type, Dimensions: b.Dimensions, Strides: []int{1, row, 3 * row}, Usage: metal.TensorUsageMachineLearning,
		}))
		n.table.SetTensor(t, b.Index)
		tensors[b.Name] = t
		for i := range t.Buffer().Contents() {
			t.Buffer().Contents()[i] = byte(i*7 + 1)
		}
	}
	if size := p.IntermediatesHeapSize(); size > 0 {
		n.heap = k.heap(metal.HeapDescriptor{Label: "intermediates", Size: size, Storage: metal.StorageModePrivate})
	}
	k.frame(func(b metal.CommandBuffer) { k.infer(b, n) })
	// rows are the bytes of the elements alone.
	rows := func(t metal.Tensor) []byte {
		d, all := t.Descriptor(), t.Buffer().Contents()[t.Offset():]
		var out []byte
		for row := range 6 {
			out = append(out, all[row*d.Strides[1]*d.Type.Bytes():][:5*d.Type.Bytes()]...)
		}
		return out
	}
	for _, t := range []string{"fp16", "fp32", "int8", "int32"} {
		x, y := tensors["x "+t], tensors["y "+t]
		require.NotNil(k, x)
		require.NotNil(k, y)
		executed(k, rows(x), rows(y))
	}
}
