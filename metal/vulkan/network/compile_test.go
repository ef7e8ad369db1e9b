package network_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/metal/vulkan/network"
)

// TestRefusals compiles what does not run, and looks for the names in the
// error.
func TestRefusals(t *testing.T) {
	fp16 := coreml.Float16
	for _, test := range []struct {
		build func(b *mil.Builder)
		want  []string
	}{
		{func(b *mil.Builder) {
			x, w := b.Input("x", fp16, 1, 3, 8, 8, 8), b.Input("w", fp16, 4, 3, 3, 3, 3)
			b.Output(b.Op("conv", "deep", mil.Args{"x": x, "weight": w}))
		}, []string{"conv", `"deep"`, "[1, 3, 8, 8, 8]", "no constant"}},
		{func(b *mil.Builder) {
			x := b.Input("x", fp16, 1, 3, 8, 8, 8)
			b.Output(b.Op("conv_transpose", "deep", mil.Args{"x": x, "weight": weights(fp16, 1, 3, 4, 2, 2, 2)}))
		}, []string{"conv_transpose", `"deep"`, "[1, 3, 8, 8, 8]", "[N, C, H, W]"}},
		{func(b *mil.Builder) {
			x, w := b.Input("x", fp16, 1, 5000, 1, 1), b.Input("w", fp16, 5000, 5000, 1, 1)
			b.Output(b.Op("conv", "huge", mil.Args{"x": x, "weight": w}))
		}, []string{"conv", `"huge"`, "weight", "25000000 elements", "at most 16777216"}},
		{func(b *mil.Builder) {
			b.Output(b.Op("relu", "deep", mil.Args{"x": b.Input("x", fp16, 1, 2, 1, 1, 3, 8, 8)}))
		}, []string{`"x"`, "[1, 2, 1, 1, 3, 8, 8]", "up to 6 dimensions"}},
		{func(b *mil.Builder) {
			x := b.Input("x", coreml.Int32, 4, 4)
			b.Output(b.Op("matmul", "whole", mil.Args{"x": x, "y": b.Input("y", coreml.Int32, 4, 4)}))
		}, []string{"matmul", `"whole"`, "int32", "cast"}},
		{func(b *mil.Builder) {
			x := b.Input("x", coreml.Int32, 4, 4)
			b.Output(b.Op("reduce_l2_norm", "length", mil.Args{"x": x}))
		}, []string{"reduce_l2_norm", `"length"`, "int32", "cast"}},
		{func(b *mil.Builder) {
			b.Output(b.Op("cast", "y", mil.Args{"x": b.Input("doubles", coreml.Float64, 4), "dtype": "fp32"}))
		}, []string{`input "doubles"`, "fp64 [4]", "fp16, bf16, fp32 or integers of 8, 16 or 32 bits"}},
		{func(b *mil.Builder) {
			x := b.Input("x", coreml.Float32, 4)
			b.Output(b.Op("greater", "truths", mil.Args{"x": x, "y": 0.5}))
		}, []string{`output "truths"`, "bool [4]", "fp16, bf16, fp32 or integers of 8, 16 or 32 bits"}},
		{func(b *mil.Builder) {
			x := b.Input("x", coreml.UInt32, 4, 4)
			b.Output(b.Op("maximum", "more", mil.Args{"x": x, "y": b.Input("y", coreml.UInt32, 4, 4)}))
		}, []string{"maximum", `"more"`, "uint32", "cast"}},
		{func(b *mil.Builder) {
			x := b.Input("x", fp16, 4, 4)
			b.Output(b.Op("less", "truth", mil.Args{"x": x, "y": 0.5}))
		}, []string{"output", `"truth"`, "bool [4, 4]", "inputs and outputs may be"}},
		{func(b *mil.Builder) {
			x := b.Input("x", fp16, 1, 2, 5, 5)
			b.Output(b.Op("max_pool", "wide", mil.Args{"x": x, "kernel_sizes": []int{2, 2}, "pad_type": "custom", "pad": []int{2, 2, 0, 0}}))
		}, []string{"max_pool", `"wide"`, "pads 2 beside windows of 2"}},
	} {
		p := program(t, test.build)
		_, err := network.Compile(p, generous)
		require.Error(t, err)
		for _, want := range test.want {
			require.ErrorContains(t, err, want)
		}
	}
}

// generous are the limits of a device that refuses nothing here.
var generous = network.Device{
	MaxStorageBufferRange: 1 << 27, MaxTexelBufferElements: 1 << 27,
	MaxComputeWorkGroupCount: [3]uint32{65535, 65535, 65535}, SubgroupShuffle: true,
}

// TestLimits compiles for devices that are too small, and for ones that need
// the work in parts.
func TestLimits(t *testing.T) {
	build := func(b *mil.Builder) {
		x := b.Input("picture", coreml.Float32, 2, 5, 20, 30)
		y := b.Op("conv", "wide", mil.Args{"x": x, "weight": weights(coreml.Float32, 1, 24, 5, 3, 3), "pad_type": "same"})
		y = b.Op("conv", "shuffled", mil.Args{"x": y, "weight": weights(coreml.Float32, 1, 20, 24, 1, 1)})
		y = b.Op("pixel_shuffle", "big", mil.Args{"x": y, "upscale_factor": 2})
		b.Output(b.Op("conv", "narrow", mil.Args{"x": y, "weight": weights(coreml.Float32, 1, 2, 5, 3, 3), "pad_type": "same"}))
	}
	p := program(t, build)
	small := generous
	small.MaxTexelBufferElements = 1000
	_, err := network.Compile(p, small)
	require.ErrorContains(t, err, "maxTexelBufferElements")
	small = generous
	small.MaxStorageBufferRange = 24000
	_, err = network.Compile(p, small)
	require.ErrorContains(t, err, "maxStorageBufferRange")
	small.MaxStorageBufferRange, small.MaxComputeWorkGroupCount[2] = 1<<27, 1
	_, err = network.Compile(p, small)
	require.ErrorContains(t, err, "threadgroups")

	g := device(t)
	own := g.limits
	defer func() { g.limits = own }()
	whole, err := network.Compile(p, own)
	require.NoError(t, err)
	g.limits.MaxStorageBufferRange = 60000
	plan := compare(t, p, randomInputs(p), 1e-5)
	require.Greater(t, len(plan.Dispatches), len(whole.Dispatches), "the work is not in parts")
	for _, d := range plan.Dispatches {
		for _, b := range d.Bindings {
			if b.Kind == network.StorageBuffer {
				require.LessOrEqual(t, b.Size, g.limits.MaxStorageBufferRange, d.Label)
			}
		}
	}
}

// TestWithoutShuffle runs the kernels for devices without subgroup shuffles.
func TestWithoutShuffle(t *testing.T) {
	g := device(t)
	own := g.limits
	defer func() { g.limits = own }()
	g.limits.SubgroupShuffle = false
	p := program(t, func(b *mil.Builder) {
		x := b.Input("x", coreml.Float32, 1, 5, 9, 7)
		y := b.Op("conv", "", mil.Args{"x": x, "weight": weights(coreml.Float32, 1, 4, 5, 3, 3), "pad_type": "same"})
		b.Output(b.Op("conv", "y", mil.Args{"x": y, "weight": weights(coreml.Float32, 2, 4, 1, 2, 2), "groups": 4}))
	})
	compare(t, p, randomInputs(p), 1e-5)
}

// TestFold computes what depends on constants alone when it compiles.
func TestFold(t *testing.T) {
	p := program(t, func(b *mil.Builder) {
		x := b.Input("x", coreml.Float32, 1, 4, 5, 6)
		table := mil.Floats(coreml.Float32, []int{4}, []float32{-0.5, 0.25, 1, 2})
		indices := make([]int, 36)
		for i := range indices {
			indices[i] = i * 7 % 256
		}
		w := b.Op("constexpr_lut_to_dense", "w", mil.Args{
			"indices": mil.Ints(coreml.UInt8, []int{36}, indices), "lut": table,
			"shape": mil.Ints(coreml.UInt32, []int{4}, []int{4, 4, 3, 3}),
		})
		half := b.Op("mul", "half", mil.Args{"x": w, "y": b.Const("c", mil.Floats(coreml.Float32, nil, []float32{0.5}))})
		b.Output(b.Op("conv", "y", mil.Args{"x": x, "weight": half, "pad_type": "same"}))
		b.Output(half)
	})
	plan := compare(t, p, randomInputs(p), 1e-5)
	require.LessOrEqual(t, len(plan.Dispatches), 3)
}

// TestFoldShapes computes the extents of a reshape from those of a value, as
// converters write it: no kernel is left of that.
func TestFoldShapes(t *testing.T) {
	p := program(t, func(b *mil.Builder) {
		x := b.Op("tanh", "", mil.Args{"x": b.Input("x", coreml.Float32, 2, 3, 4, 5)})
		shape := b.Op("shape", "", mil.Args{"x": x})
		first := b.Op("gather", "", mil.Args{"x": shape, "indices": []int{0, 1}, "axis": 0})
		area := b.Op("reduce_prod", "", mil.Args{"x": b.Op("slice_by_index", "", mil.Args{"x": shape, "begin": []int{2}, "end": []int{4}}), "axes": []int{0}, "keep_dims": true})
		wanted := b.Op("concat", "", mil.Args{"values": []mil.Value{first, area}, "axis": 0})
		b.Output(b.Op("reshape", "y", mil.Args{"x": x, "shape": wanted}))
	})
	plan := compare(t, p, randomInputs(p), 1e-5)
	require.LessOrEqual(t, len(plan.Dispatches), 3)
}

// TestFusion counts the dispatches of a network whose elementwise work fits
// into its convolutions.
func TestFusion(t *testing.T) {
	p := program(t, func(b *mil.Builder) {
		kind := coreml.Float16
		x := b.Input("x", coreml.Float32, 1, 3, 12, 10)
		h := b.Op("cast", "", mil.Args{"x": x, "dtype": "fp16"})
		h = b.Op("mul", "", mil.Args{"x": h, "y": 0.5})
		first := b.Op("conv", "", mil.Args{"x": h, "weight": weights(kind, 1, 8, 3, 3, 3), "pad_type": "same"})
		y := b.Op("relu", "", mil.Args{"x": first})
		y = b.Op("conv", "", mil.Args{"x": y, "weight": weights(kind, 2, 8, 8, 3, 3), "pad_type": "same"})
		y = b.Op("add", "", mil.Args{"x": first, "y": y})
		y = b.Op("conv", "", mil.Args{"x": y, "weight": weights(kind, 3, 12, 8, 3, 3), "pad_type": "same"})
		y = b.Op("pixel_shuffle", "", mil.Args{"x": y, "upscale_factor": 2})
		near := b.Op("upsample_nearest_neighbor", "", mil.Args{"x": h, "scale_factor_height": 2, "scale_factor_width": 2})
		y = b.Op("add", "", mil.Args{"x": near, "y": y})
		y = b.Op("clip", "", mil.Args{"x": y, "alpha": 0.0, "beta": 1.0})
		b.Output(b.Op("cast", "y", mil.Args{"x": y, "dtype": "fp32"}))
	})
	plan := compare(t, p, randomInputs(p), tolerance(coreml.Float16))
	// The entry, the relu of a value with two readers, the upsampling, and
	// three convolutions.
	require.Len(t, plan.Dispatches, 6)
}

// TestFloatHeap keeps fp16 values as floats while the heap is small.
func TestFloatHeap(t *testing.T) {
	p := program(t, func(b *mil.Builder) {
		x := b.Input("x", coreml.Float16, 1, 8, 64, 64)
		y := b.Op("conv", "", mil.Args{"x": x, "weight": weights(coreml.Float16, 1, 8, 8, 1, 1)})
		b.Output(b.Op("conv", "y", mil.Args{"x": y, "weight": weights(coreml.Float16, 2, 8, 8, 1, 1)}))
	})
	limits := generous
	size := func(floats int64) int64 {
		limits.FloatHeapSize = floats
		plan, err := network.Compile(p, limits)
		require.NoError(t, err)
		return plan.IntermediatesHeapSize
	}
	halves := size(0)
	require.EqualValues(t, 2*halves, size(2*halves))
	require.Equal(t, halves, size(2*halves-1))
}
