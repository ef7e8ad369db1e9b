package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
	"weft/metal/rules"
)

// rule is a rule with something that keeps it and things that break it, each in
// one way: the words are in the error.
type rule struct {
	name  string
	right []error
	wrong map[string]error
}

// name is a pipeline, to a rule.
type name string

func (n name) String() string { return string(n) }

// things are what rules are asked about.
type things struct {
	t     *testing.T
	d     *record.Device
	queue metal.CommandQueue
}

func made[T any](t *testing.T) func(T, error) T {
	return func(x T, err error) T {
		t.Helper()
		require.NoError(t, err)
		return x
	}
}

func (h *things) buffer(length int) metal.Buffer {
	return made[metal.Buffer](h.t)(h.d.NewBuffer(metal.BufferDescriptor{Label: "b", Length: length}))
}

func (h *things) texture(change func(d *metal.TextureDescriptor)) metal.Texture {
	d := metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Mips: 2, Usage: metal.TextureUsageRenderTarget}
	if change != nil {
		change(&d)
	}
	return made[metal.Texture](h.t)(h.d.NewTexture(d))
}

// Each rule accepts what is right and refuses what is wrong, and no rule is
// without a test.
func TestRules(t *testing.T) {
	d := record.New(record.Options{})
	h := &things{t, d, made[metal.CommandQueue](t)(d.NewCommandQueue("main"))}
	tested := map[string]bool{}
	for _, list := range [][]rule{descriptorRules(), h.commandRules(), h.drawRules(), h.placeRules(), h.tableRules(), h.fenceRules()} {
		for _, r := range list {
			tested[r.name] = true
			require.NotEmpty(t, r.right, r.name)
			require.NotEmpty(t, r.wrong, r.name)
			for i, err := range r.right {
				assert.NoError(t, err, "%s %d", r.name, i)
			}
			for words, err := range r.wrong {
				assert.ErrorContains(t, err, words, r.name)
			}
		}
	}
	for _, name := range exported(t) {
		assert.True(t, tested[name], "%s has no test", name)
	}
}

// exported are the functions of the package that return an error.
func exported(t *testing.T) (names []string) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, x := range f.Decls {
			f, ok := x.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Type.Results == nil {
				continue
			}
			last := f.Type.Results.List[len(f.Type.Results.List)-1]
			if id, ok := last.Type.(*ast.Ident); ok && id.Name == "error" {
				names = append(names, f.Name.Name)
			}
		}
	}
	require.Greater(t, len(names), 30)
	return names
}

type refusals = map[string]error

var limits = metal.Limits{MaxTextureSize: 64, MaxBufferLength: 1024, MaxThreads: 1024}

func descriptorRules() []rule {
	texture := func(w int) metal.TextureDescriptor {
		return metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatR8Unorm, Width: w, Height: 1}
	}
	tensor := func(n int, s metal.StorageMode) metal.TensorDescriptor {
		return metal.TensorDescriptor{Label: "n", Type: metal.TensorDataTypeFloat32, Dimensions: []int{n}, Storage: s}
	}
	pipeline := func(change func(d *metal.RenderPipelineDescriptor)) error {
		d := metal.RenderPipelineDescriptor{Label: "p", Topology: metal.PrimitiveTypeTriangle, Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}}
		change(&d)
		return rules.RenderPipeline(&d)
	}
	blend := metal.PipelineColor{Format: metal.PixelFormatRGBA8Unorm, Blend: &metal.Blend{}}
	return []rule{
		{"Buffer", []error{rules.Buffer(metal.BufferDescriptor{Length: 1024}, limits)}, refusals{
			"0 bytes":    rules.Buffer(metal.BufferDescriptor{Label: "b"}, limits),
			"1025 bytes": rules.Buffer(metal.BufferDescriptor{Length: 1025}, limits),
			"storage":    rules.Buffer(metal.BufferDescriptor{Length: 1, Storage: metal.StorageModeMemoryless}, limits),
		}},
		{"Heap", []error{rules.Heap(metal.HeapDescriptor{Size: 1})}, refusals{
			"0 bytes": rules.Heap(metal.HeapDescriptor{}), "storage": rules.Heap(metal.HeapDescriptor{Size: 1, Storage: metal.StorageModeMemoryless}),
		}},
		{"Texture", []error{rules.Texture(texture(64), limits)}, refusals{"at most 64": rules.Texture(texture(65), limits), "\"t\"": rules.Texture(texture(0), limits)}},
		{"Tensor", []error{rules.Tensor(tensor(256, metal.StorageModeShared), limits)}, refusals{
			"at most 1024": rules.Tensor(tensor(257, metal.StorageModeShared), limits), "\"n\"": rules.Tensor(tensor(0, 0), limits),
			"storage": rules.Tensor(tensor(4, metal.StorageModeMemoryless), limits),
		}},
		{"CounterHeap", []error{rules.CounterHeap("h", metal.MaxCounters)}, refusals{"for 0": rules.CounterHeap("h", 0), "65537": rules.CounterHeap("h", metal.MaxCounters+1)}},
		{"ArgumentTable", []error{rules.ArgumentTable(metal.ArgumentTableDescriptor{Buffers: 31, Textures: 128, Samplers: 16})}, refusals{
			"32 buffers":   rules.ArgumentTable(metal.ArgumentTableDescriptor{Buffers: 32}),
			"129 textures": rules.ArgumentTable(metal.ArgumentTableDescriptor{Textures: 129}),
			"-1 samplers":  rules.ArgumentTable(metal.ArgumentTableDescriptor{Samplers: -1}),
		}},
		{"Sampler", []error{rules.Sampler(metal.SamplerDescriptor{MaxAnisotropy: 16, LodMin: 1, LodMax: 2})}, refusals{
			"filters":           rules.Sampler(metal.SamplerDescriptor{MinFilter: 9}),
			"address mode":      rules.Sampler(metal.SamplerDescriptor{AddressV: 99}),
			"anisotropy 17":     rules.Sampler(metal.SamplerDescriptor{MaxAnisotropy: 17}),
			"levels of detail":  rules.Sampler(metal.SamplerDescriptor{LodMin: 2, LodMax: 1}),
			"from NaN":          rules.Sampler(metal.SamplerDescriptor{LodMin: float32(math.NaN())}),
			"compare function ": rules.Sampler(metal.SamplerDescriptor{Compare: 99}),
		}},
		{"DepthStencil", []error{rules.DepthStencil(metal.DepthStencilDescriptor{DepthCompare: metal.CompareFunctionAlways})}, refusals{
			"compare function 8": rules.DepthStencil(metal.DepthStencilDescriptor{DepthCompare: 8}),
			"stencil":            rules.DepthStencil(metal.DepthStencilDescriptor{Back: metal.StencilDescriptor{Pass: 99}}),
		}},
		{"RenderPipeline", []error{
			pipeline(func(*metal.RenderPipelineDescriptor) {}),
			pipeline(func(d *metal.RenderPipelineDescriptor) { d.Colors, d.Samples = []metal.PipelineColor{blend, {}}, 4 }),
		}, refusals{
			"9 color attachments": pipeline(func(d *metal.RenderPipelineDescriptor) { d.Colors = make([]metal.PipelineColor, 9) }),
			"must be a color":     pipeline(func(d *metal.RenderPipelineDescriptor) { d.Colors[0].Format = metal.PixelFormatDepth32Float }),
			"do not blend": pipeline(func(d *metal.RenderPipelineDescriptor) {
				d.Colors[0] = metal.PipelineColor{Format: metal.PixelFormatR32Uint, Blend: &metal.Blend{}}
			}),
			"blend operation":      pipeline(func(d *metal.RenderPipelineDescriptor) { d.Colors[0].Blend = &metal.Blend{Operation: 99} }),
			"blend factor":         pipeline(func(d *metal.RenderPipelineDescriptor) { d.Colors[0].Blend = &metal.Blend{SourceColor: 99} }),
			"depth-stencil format": pipeline(func(d *metal.RenderPipelineDescriptor) { d.DepthStencilFormat = metal.PixelFormatR8Unorm }),
			"3 samples":            pipeline(func(d *metal.RenderPipelineDescriptor) { d.Samples = 3 }),
			"topology":             pipeline(func(d *metal.RenderPipelineDescriptor) { d.Topology = 99 }),
		}},
	}
}

func (h *things) commandRules() []rule {
	const dispatch, blit, vertex, fragment, flush = metal.StageDispatch, metal.StageBlit, metal.StageVertex, metal.StageFragment, metal.VisibilityDevice
	b, other := h.buffer(1024), h.buffer(1024)
	counters := made[metal.CounterHeap](h.t)(h.d.NewCounterHeap("h", 4))
	t, u := h.texture(nil), h.texture(nil)
	red := h.texture(func(d *metal.TextureDescriptor) { d.Format = metal.PixelFormatR8Unorm })
	one := h.texture(func(d *metal.TextureDescriptor) { d.Mips = 1 })
	ints := h.texture(func(d *metal.TextureDescriptor) { d.Format = metal.PixelFormatR32Uint })
	deep := h.texture(func(d *metal.TextureDescriptor) { d.Format, d.Mips = metal.PixelFormatDepth32FloatStencil8, 1 })
	many := h.texture(func(d *metal.TextureDescriptor) { d.Samples, d.Mips, d.Type = 4, 1, metal.TextureType2DMultisample })
	kept := h.texture(func(d *metal.TextureDescriptor) { d.Storage, d.Mips = metal.StorageModeMemoryless, 1 })
	at := func(t metal.Texture, x, level, slice int) *metal.TextureRegion {
		return &metal.TextureRegion{Texture: t, Level: level, Slice: slice, Origin: metal.Origin{X: x}}
	}
	s := func(w int) metal.Size { return metal.Size{Width: w, Height: 8, Depth: 1} }
	texels := func(t metal.Texture, offset, row, image int) error {
		return rules.CopyTexels("source", b, offset, row, image, s(8), "destination", at(t, 0, 0, 0))
	}
	f := &rules.Function{Name: "f", Threads: s(8)}
	return []rule{
		{"OwnStages", []error{rules.OwnStages("after", dispatch|blit, metal.ComputeStages)}, refusals{
			"empty": rules.OwnStages("after", 0, metal.ComputeStages), "no stages": rules.OwnStages("after", 1<<40, metal.ComputeStages),
			"vertex": rules.OwnStages("after", dispatch|vertex, metal.ComputeStages), "does not own": rules.OwnStages("after", metal.StageAll, metal.ComputeStages),
		}},
		{"QueueBarrier", []error{rules.QueueBarrier(metal.StageAll, vertex, 0)}, refusals{
			"visibility option 0x8": rules.QueueBarrier(vertex, vertex, 8), "after is empty": rules.QueueBarrier(0, vertex, flush), "before is empty": rules.QueueBarrier(vertex, 0, flush),
		}},
		{"EncoderBarrier", []error{rules.EncoderBarrier(vertex, fragment, metal.RenderStages, flush)}, refusals{
			"visibility": rules.EncoderBarrier(vertex, vertex, metal.RenderStages, 8), "after holds dispatch": rules.EncoderBarrier(dispatch, vertex, metal.RenderStages, flush),
			"before holds blit": rules.EncoderBarrier(vertex, blit, metal.RenderStages, flush), "tile-based": rules.EncoderBarrier(fragment, vertex, metal.RenderStages, flush),
		}},
		{"Inside", []error{rules.Inside("x", b, 1020, 4, 4), rules.Inside("x", b, 1024, 0, 4)}, refusals{
			"multiple of 4": rules.Inside("x", b, 2, 4, 4), "[1020, 1028)": rules.Inside("x", b, 1020, 8, 4), "[-4, 0)": rules.Inside("x", b, -4, 4, 4),
		}},
		{"Groups", []error{rules.Groups(s(9), 9)}, refusals{"from 0 to 8": rules.Groups(s(9), 8), "-1x8x1": rules.Groups(s(-1), 8)}},
		{"Threads", []error{rules.Threads(f, s(8))}, refusals{"\"f\"": rules.Threads(f, s(7))}},
		{"Timestamp", []error{rules.Timestamp(counters, 3)}, refusals{"entry 4": rules.Timestamp(counters, 4), "entry -1": rules.Timestamp(counters, -1)}},
		{"Resolve", []error{rules.Resolve(counters, 1, 3)}, refusals{"[1, 5)": rules.Resolve(counters, 1, 4), "[-1, 0)": rules.Resolve(counters, -1, 1)}},
		{"CopyBuffer", []error{rules.CopyBuffer(b, 0, other, 0, 1024), rules.CopyBuffer(b, 0, b, 64, 64)}, refusals{
			"source": rules.CopyBuffer(b, 1, other, 0, 1024), "destination": rules.CopyBuffer(b, 0, other, 1, 1024), "overlap": rules.CopyBuffer(b, 0, b, 63, 64),
		}},
		{"Fill", []error{rules.Fill(b, 4, 1020)}, refusals{"size is 3": rules.Fill(b, 0, 3), "offset 2": rules.Fill(b, 2, 4), "[1024, 1028)": rules.Fill(b, 1024, 4)}},
		{"CopyTexture", []error{rules.CopyTexture(at(t, 8, 0, 0), at(u, 0, 1, 0), s(8)), rules.CopyTexture(at(t, 0, 0, 0), at(t, 8, 0, 0), s(8))}, refusals{
			"source: level 2": rules.CopyTexture(at(t, 0, 2, 0), at(u, 0, 0, 0), s(8)), "destination: slice 1": rules.CopyTexture(at(t, 0, 0, 0), at(u, 0, 0, 1), s(8)),
			"9x8x1 texels": rules.CopyTexture(at(t, 8, 0, 0), at(u, 0, 0, 0), s(9)), "formats": rules.CopyTexture(at(t, 0, 0, 0), at(red, 0, 0, 0), s(8)),
			"samples": rules.CopyTexture(at(t, 0, 0, 0), at(many, 0, 0, 0), s(8)), "overlap": rules.CopyTexture(at(t, 0, 0, 0), at(t, 7, 0, 0), s(8)),
			"memoryless": rules.CopyTexture(at(t, 0, 0, 0), at(kept, 0, 0, 0), s(8)),
		}},
		{"CopyTexels", []error{texels(t, 0, 32, 0), texels(t, 768, 32, 0)}, refusals{
			"resolve it first": texels(many, 0, 32, 0), "combined": texels(deep, 0, 64, 0), "bytesPerRow is 33": texels(t, 0, 33, 0), "bytesPerImage is 3": texels(t, 0, 32, 3),
			"a row of 8": texels(t, 0, 28, 0), "bytesPerRow 2048": texels(t, 0, 2048, 0), "[772, 1028)": texels(t, 772, 32, 0), "offset 2": texels(t, 2, 32, 0),
		}},
		{"Mipmaps", []error{rules.Mipmaps(t)}, refusals{"one mip": rules.Mipmaps(one), "filtered": rules.Mipmaps(ints)}},
	}
}

func (h *things) fenceRules() []rule {
	const dispatch, owned = metal.StageDispatch, metal.ComputeStages
	other := made[metal.CommandQueue](h.t)(h.d.NewCommandQueue("other"))
	recording := func(do func(l *rules.Fences)) *rules.Fences {
		l := &rules.Fences{}
		l.Begin()
		l.Encoder()
		do(l)
		return l
	}
	update := func(f *rules.Fence) *rules.Fences {
		return recording(func(l *rules.Fences) { _ = l.Update(f, dispatch, owned) })
	}
	wait := func(f *rules.Fence) *rules.Fences {
		return recording(func(l *rules.Fences) { _ = l.Wait(f, dispatch, owned) })
	}
	f, late, back, l := &rules.Fence{Label: "f"}, &rules.Fence{Label: "late"}, &rules.Fence{Label: "back"}, &rules.Fences{}
	withdrawn := update(back)
	first := withdrawn.Commit(other)
	withdrawn.Withdraw()
	return []rule{
		{"Update", []error{l.Update(f, dispatch, owned)}, refusals{"vertex": l.Update(f, metal.StageVertex, owned), "fence \"f\": after is empty": l.Update(f, 0, owned)}},
		{"Wait", []error{l.Wait(late, dispatch, owned)}, refusals{"wait before the update": l.Wait(f, dispatch, owned), "before is empty": l.Wait(late, 0, owned)}},
		{"Commit", []error{update(f).Commit(h.queue), wait(f).Commit(h.queue), first, update(back).Commit(h.queue)}, refusals{
			"no encoder before it": wait(late).Commit(h.queue), "shared event": wait(f).Commit(other), "queue \"main\"": update(f).Commit(other),
		}},
	}
}
