package rules_test

import (
	"math"

	"weft/metal"
	"weft/metal/rules"
	"weft/metal/spirv"
	"weft/shaders"
)

func (h *things) drawRules() []rule {
	b := h.buffer(1024)
	color, small := h.texture(nil), h.texture(func(d *metal.TextureDescriptor) { d.Width = 8 })
	depth := h.texture(func(d *metal.TextureDescriptor) { d.Format, d.Mips = metal.PixelFormatDepth32Float, 1 })
	begin := func(change func(d *metal.RenderPassDescriptor)) error {
		d := &metal.RenderPassDescriptor{}
		d.Colors[0].Attachment = metal.Attachment{Texture: color, Load: metal.LoadActionClear, Store: metal.StoreActionStore}
		change(d)
		return new(rules.Pass).Begin(d)
	}
	p := &rules.Pass{Width: 16, Height: 16, Samples: 1}
	p.Colors[0] = metal.PixelFormatRGBA8Unorm
	tested := &rules.Pass{Depth: true, KeepsDepth: true, Stencil: true, KeepsStencil: true}
	fits := func(f, ds metal.PixelFormat, samples int) error {
		return p.Fits(name("p"), &metal.RenderPipelineDescriptor{Colors: []metal.PipelineColor{{Format: f}}, DepthStencilFormat: ds, Samples: samples})
	}
	always := metal.DepthStencilDescriptor{DepthCompare: metal.CompareFunctionAlways}
	writes := metal.DepthStencilDescriptor{DepthCompare: metal.CompareFunctionAlways, DepthWrite: true}
	triangles := &metal.RenderPipelineDescriptor{Topology: metal.PrimitiveTypeTriangle}
	whole := metal.Viewport{Width: 16, Height: 16, Far: 1}
	view := func(change func(v *metal.Viewport)) error { v := whole; change(&v); return rules.Viewport(v) }
	return []rule{
		{"Begin", []error{begin(func(*metal.RenderPassDescriptor) {})}, refusals{
			"no attachments": begin(func(d *metal.RenderPassDescriptor) { d.Colors[0].Texture = nil }),
			"level 2":        begin(func(d *metal.RenderPassDescriptor) { d.Colors[0].Level = 2 }),
			"slice 1":        begin(func(d *metal.RenderPassDescriptor) { d.Colors[0].Slice = 1 }),
			"load action":    begin(func(d *metal.RenderPassDescriptor) { d.Colors[0].Load = 99 }),
			"same part":      begin(func(d *metal.RenderPassDescriptor) { d.Colors[1] = d.Colors[0] }),
			"one size":       begin(func(d *metal.RenderPassDescriptor) { d.Colors[1].Texture = small }),
			"a color format": begin(func(d *metal.RenderPassDescriptor) { d.Colors[0].Texture = depth }),
			"a depth format": begin(func(d *metal.RenderPassDescriptor) { d.Depth.Texture = color }),
			"resolve":        begin(func(d *metal.RenderPassDescriptor) { d.Colors[0].Resolve = small }),
			"clear depth 2": begin(func(d *metal.RenderPassDescriptor) {
				d.Depth.Texture, d.Depth.Load, d.Depth.ClearDepth = depth, metal.LoadActionClear, 2
			}),
		}},
		{"Fits", []error{fits(metal.PixelFormatRGBA8Unorm, 0, 0)}, refusals{
			"color 0": fits(metal.PixelFormatR8Unorm, 0, 1), "depth-stencil": fits(metal.PixelFormatRGBA8Unorm, metal.PixelFormatDepth32Float, 1), "4 samples": fits(metal.PixelFormatRGBA8Unorm, 0, 4),
		}},
		{"Tests", []error{p.Tests(&always), tested.Tests(&metal.DepthStencilDescriptor{})}, refusals{
			"no depth attachment": p.Tests(&writes), "read-only depth": tested.Tests(&writes),
			"no stencil attachment": p.Tests(&metal.DepthStencilDescriptor{DepthCompare: metal.CompareFunctionAlways, Stencil: true}),
		}},
		{"Primitives", []error{rules.Primitives(name("p"), triangles, metal.PrimitiveTypeTriangleStrip)}, refusals{"made for triangles": rules.Primitives(name("p"), triangles, metal.PrimitiveTypeLine)}},
		{"Counts", []error{rules.Counts(0, math.MaxUint32, 1, 0)}, refusals{"count -1": rules.Counts(0, -1, 1, 0), "start 4294967296": rules.Counts(1<<32, 1, 1, 0)}},
		{"Indices", []error{rules.Indices(b, 0, 256, metal.IndexTypeUInt32), rules.Indices(b, 2, 511, metal.IndexTypeUInt16)}, refusals{
			"index type": rules.Indices(b, 0, 1, 9), "[0, 1028)": rules.Indices(b, 0, 257, metal.IndexTypeUInt32), "offset 2": rules.Indices(b, 2, 1, metal.IndexTypeUInt32), "2000 of": rules.Indices(b, 0, 2000, 0),
		}},
		{"BaseVertex", []error{rules.BaseVertex(math.MinInt32)}, refusals{"2147483648": rules.BaseVertex(1 << 31)}},
		{"Viewport", []error{rules.Viewport(whole)}, refusals{
			"finite": view(func(v *metal.Viewport) { v.X = math.NaN() }), "more than 0": view(func(v *metal.Viewport) { v.Width = 0 }), "[0, 1]": view(func(v *metal.Viewport) { v.Far = 1.5 }),
		}},
		{"Scissor", []error{p.Scissor(8, 8, 8, 8)}, refusals{"9x8 at (8, 8)": p.Scissor(8, 8, 9, 8), "at (-1, 0)": p.Scissor(-1, 0, 1, 1)}},
	}
}

func (h *things) placeRules() []rule {
	t, b := h.texture(nil), h.buffer(1024)
	heap := metal.HeapDescriptor{Storage: metal.StorageModePrivate}
	placed := func(s metal.StorageMode, class, offset int) error {
		return rules.Placed(heap, 1024, "buffer", "b", metal.SizeAndAlign{Size: 512, Align: 256, Class: class}, s, offset)
	}
	in := func(offset int, u metal.TensorUsage) error {
		return rules.TensorIn(b, metal.TensorDescriptor{Label: "n", Type: metal.TensorDataTypeFloat32, Dimensions: []int{16, 8}, Usage: u}, offset)
	}
	view := func(v metal.TextureViewDescriptor) error { _, _, err := rules.View(t, v); return err }
	const private = metal.StorageModePrivate
	return []rule{
		{"Placed", []error{placed(private, 0, 512)}, refusals{
			"memoryless": placed(metal.StorageModeMemoryless, 0, 0), "storage modes": placed(metal.StorageModeShared, 0, 0), "class 1": placed(private, 1, 0), "multiple of 256": placed(private, 0, 100), "[768, 1280)": placed(private, 0, 768),
		}},
		{"TensorIn", []error{in(512, metal.TensorUsageCompute), in(0, metal.TensorUsageMachineLearning)}, refusals{
			"begins at offset 0": in(64, metal.TensorUsageMachineLearning), "multiple of 4": in(2, metal.TensorUsageCompute), "[516, 1028)": in(516, metal.TensorUsageCompute),
		}},
		{"View", []error{view(metal.TextureViewDescriptor{MipStart: 1})}, refusals{
			"mips [2, 2)": view(metal.TextureViewDescriptor{MipStart: 2}), "slices [0, 2)": view(metal.TextureViewDescriptor{SliceEnd: 2}),
			"pixelFormatView": view(metal.TextureViewDescriptor{Format: metal.PixelFormatR32Float}), "shapes": view(metal.TextureViewDescriptor{Type: metal.TextureTypeCube}),
		}},
	}
}

func (h *things) tableRules() []rule {
	b, t := h.buffer(1024), h.texture(nil)
	kept := h.texture(func(d *metal.TextureDescriptor) { d.Storage, d.Mips = metal.StorageModeMemoryless, 1 })
	table := rules.NewTable(metal.ArgumentTableDescriptor{Label: "a", Buffers: 1, Textures: 1, Samplers: 1})
	wrong := table
	wrong.Refuse("SetBuffer", metalError("broken"))
	f := &rules.Function{Name: "f", Arguments: []spirv.Resource{{Name: "x", Set: rules.SetBuffers, Size: 16}}}
	empty, full := rules.NewTable(metal.ArgumentTableDescriptor{Buffers: 1}), rules.NewTable(metal.ArgumentTableDescriptor{Buffers: 1})
	setting := full.SetBuffer(b, 0, 0)
	short := rules.NewTable(metal.ArgumentTableDescriptor{Buffers: 1})
	_ = short.SetBuffer(b, 1020, 0)
	d := metal.TensorDescriptor{Label: "n", Type: metal.TensorDataTypeFloat32, Dimensions: []int{16}, Usage: metal.TensorUsageMachineLearning}
	tensor := made[metal.Tensor](h.t)(h.d.NewTensor(d))
	d.Usage = metal.TensorUsageCompute
	plain := made[metal.Tensor](h.t)(h.d.NewTensor(d))
	network := func(x metal.Tensor, kind metal.TensorDataType, n int) error {
		t := rules.NewTable(metal.ArgumentTableDescriptor{Buffers: 1})
		if x != nil {
			_ = t.SetTensor(x, 0)
		}
		return rules.Network(name("net"), []metal.TensorBinding{{Name: "x", Type: kind, Dimensions: []int{n}}}, &t)
	}
	function := func(f metal.Function, stage metal.Stages) error { _, err := rules.NewFunction(f, stage); return err }
	torn, other := shaders.PackComp, shaders.PackComp
	torn.SPIRV, other.Threads = torn.SPIRV[:8], metal.Size{Width: 1, Height: 1, Depth: 1}
	both := func(v, f metal.Function) error {
		_, _, err := rules.RenderFunctions(&metal.RenderPipelineDescriptor{Label: "p", Vertex: v, Fragment: f})
		return err
	}
	const float = metal.TensorDataTypeFloat32
	return []rule{
		{"SetBuffer", []error{setting, full.SetBuffer(b, 0, 0)}, refusals{"index 1": table.SetBuffer(b, 0, 1), "offset 1024": table.SetBuffer(b, 1024, 0), "multiple of 4": table.SetBuffer(b, 2, 0)}},
		{"SetTensor", []error{table.SetTensor(tensor, 0)}, refusals{"index -1": table.SetTensor(tensor, -1)}},
		{"SetTexture", []error{table.SetTexture(t, 0), table.SetTexture(nil, 0)}, refusals{"index 1": table.SetTexture(t, 1), "memoryless": table.SetTexture(kept, 0)}},
		{"SetSampler", []error{table.SetSampler(nil, 0)}, refusals{"index 2": table.SetSampler(nil, 2)}},
		{"Wrong", []error{full.Wrong()}, refusals{"argument table \"a\": SetBuffer: broken": wrong.Wrong()}},
		{"Snapshot", []error{rules.Snapshot(name("p"), f, &full), rules.Snapshot(name("p"), &rules.Function{}, nil)}, refusals{
			"no argument table is set": rules.Snapshot(name("p"), f, nil), "has not set": rules.Snapshot(name("p"), f, &empty), "at least 16": rules.Snapshot(name("p"), f, &short),
		}},
		{"Network", []error{network(tensor, float, 16), network(tensor, float, -1)}, refusals{
			"has not set": network(nil, float, 16), "elements of type": network(tensor, metal.TensorDataTypeFloat16, 16), "dimensions": network(tensor, float, 8), "lacks the usage": network(plain, float, 16),
		}},
		{"NewFunction", []error{function(shaders.PackComp, metal.StageDispatch)}, refusals{
			"Stage is dispatch": function(shaders.PackComp, metal.StageVertex), "function": function(torn, metal.StageDispatch), "Threads is 1x1x1": function(other, metal.StageDispatch),
		}},
		{"RenderFunctions", []error{both(shaders.FullscreenVert, shaders.PresentFrag)}, refusals{"Stage is fragment": both(shaders.PresentFrag, shaders.PresentFrag), "Stage is vertex": both(shaders.FullscreenVert, shaders.FullscreenVert)}},
	}
}

type metalError string

func (e metalError) Error() string { return string(e) }
