package metaltest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/metaltest/shaders"
)

var tensors = area{name: "tensors", tests: []test{
	{"strides and sizes", func(k *kit) {
		for _, c := range []struct {
			kind       metal.TensorDataType
			dimensions []int
			strides    []int
			size       int
		}{
			{metal.TensorDataTypeFloat32, []int{5}, []int{1}, 64},
			{metal.TensorDataTypeFloat32, []int{5, 3}, []int{1, 16}, 192},
			{metal.TensorDataTypeFloat16, []int{33, 2, 3}, []int{1, 64, 128}, 768},
			{metal.TensorDataTypeUInt8, []int{64, 2}, []int{1, 64}, 128},
		} {
			d := metal.TensorDescriptor{Label: "t", Type: c.kind, Dimensions: c.dimensions}
			t := keep[metal.Tensor](k)(k.device.NewTensor(d))
			got := t.Descriptor()
			assert.Equal(k, c.strides, got.Strides, "%v %v", c.kind, c.dimensions)
			assert.Equal(k, c.dimensions, got.Dimensions)
			assert.NotZero(k, got.Usage&metal.TensorUsageMachineLearning)
			assert.Equal(k, c.size, got.Size())
			s, err := k.device.TensorSizeAndAlign(d)
			require.NoError(k, err)
			assert.GreaterOrEqual(k, s.Size, c.size)
			assert.GreaterOrEqual(k, t.Buffer().Length(), c.size)
			assert.Zero(k, t.Offset())
			assert.GreaterOrEqual(k, len(t.Buffer().Contents()), c.size)
		}
	}},
	{"in a buffer", func(k *kit) {
		b := k.shared("b", floats(counting(256)...))
		d := metal.TensorDescriptor{Label: "t", Type: metal.TensorDataTypeFloat32, Dimensions: []int{16, 4}, Usage: metal.TensorUsageCompute}
		t := made[metal.Tensor](k)(b.NewTensor(d, 512))
		assert.Equal(k, 512, t.Offset())
		assert.Equal(k, b.Label(), t.Buffer().Label())
		p, table, dst := k.computePipeline(shaders.ScaleComp), k.table("t"), k.space("dst", 256)
		table.SetTensor(t, 0)
		table.SetBuffer(dst, 0, 1)
		table.SetBuffer(k.shared("parameters", scaleParameters(1, 0.5, 64)), 0, 2)
		k.compute(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(table)
			e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
		})
		executed(k, scaled(counting(256)[128:192], 1, 0.5), readFloats(dst.Contents()))
	}},
	{"in a heap, through a buffer", func(k *kit) {
		d := metal.TensorDescriptor{Label: "t", Type: metal.TensorDataTypeFloat32, Dimensions: []int{10, 6}}
		s, err := k.device.TensorSizeAndAlign(d)
		require.NoError(k, err)
		bd := metal.BufferDescriptor{Label: "b", Length: s.Size, Storage: metal.StorageModePrivate}
		sb, err := k.device.BufferSizeAndAlign(bd)
		require.NoError(k, err)
		h := k.heap(metal.HeapDescriptor{Label: "heap", Size: 2 * sb.Align * up(sb.Size, sb.Align), Storage: metal.StorageModePrivate, Class: sb.Class})
		b := made[metal.Buffer](k)(h.NewBuffer(bd, sb.Align))
		t := made[metal.Tensor](k)(b.NewTensor(d, 0))
		size := t.Descriptor().Size()
		in, out := k.shared("in", pattern(size, 1)), k.space("out", size)
		k.compute(func(e metal.ComputeEncoder) {
			e.CopyBuffer(in, 0, t.Buffer(), t.Offset(), size)
			blits(e)
			e.CopyBuffer(b, 0, out, 0, size)
		})
		assert.Equal(k, pattern(size, 1), out.Contents())
	}},
}}
