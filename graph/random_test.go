package graph

import (
	"fmt"

	"pgregory.net/rapid"

	"weft/metal"
)

// A random graph, as a value that tests can change and build again.
type (
	randomGraph struct {
		resources []randomResource
		passes    []randomPass
	}
	randomResource struct {
		name     string
		kind     resourceKind
		lifetime Lifetime
		size     int // bytes, or mips of a texture with layers
		wide     int // more texels of a texture
	}
	randomPass struct {
		name       string
		kind       Kind
		sideEffect bool
		scratch    int
		cost       int // ms in its main stage, if not 0
		accesses   []randomAccess
	}
	randomAccess struct {
		resource int
		write    bool
		attach   bool
		keep     bool
		stage    metal.Stages
		previous int
		part     Part
	}
)

var formatOfRandom = metal.PixelFormatRGBA16Float

func drawGraph(t *rapid.T, maxPasses int) randomGraph {
	var g randomGraph
	for i := range rapid.IntRange(1, 7).Draw(t, "resources") {
		r := randomResource{
			name: fmt.Sprintf("r%d", i),
			kind: rapid.SampledFrom([]resourceKind{kindTexture, kindTexture, kindBuffer, kindTensor}).Draw(t, "kind"),
			lifetime: rapid.SampledFrom([]Lifetime{
				transient, transient, transient, transient, Persistent, Imported, Fresh, History(1), History(2),
			}).Draw(t, "lifetime"),
			size: rapid.IntRange(1, 4).Draw(t, "size"),
		}
		g.resources = append(g.resources, r)
	}
	written := make([][]Part, len(g.resources))
	for i := range rapid.IntRange(1, maxPasses).Draw(t, "passes") {
		g.passes = append(g.passes, g.drawPass(t, i, written))
	}
	return g
}

// drawPipeline draws a frame with much to share: each pass makes a transient of
// its own from one or two that were made shortly before.
func drawPipeline(t *rapid.T, maxPasses int) randomGraph {
	var g randomGraph
	for i := range rapid.IntRange(3, maxPasses).Draw(t, "passes") {
		p := randomPass{
			name: fmt.Sprintf("p%d", i), sideEffect: true,
			kind: rapid.SampledFrom([]Kind{Render, Compute, Compute, Blit, MachineLearning}).Draw(t, "pass"),
		}
		r := randomResource{
			name: fmt.Sprintf("r%d", i), size: rapid.IntRange(1, 4).Draw(t, "size"),
			kind: rapid.SampledFrom([]resourceKind{kindTexture, kindBuffer, kindTensor}).Draw(t, "kind"),
		}
		if p.kind == MachineLearning {
			p.scratch = 1000 * rapid.IntRange(0, 3).Draw(t, "scratch")
		}
		for range min(i, rapid.IntRange(0, 2).Draw(t, "reads")) {
			from := rapid.IntRange(max(i-3, 0), i-1).Draw(t, "from")
			p.accesses = append(p.accesses, randomAccess{resource: from, stage: p.kind.mainStage()})
		}
		p.accesses = append(p.accesses, randomAccess{
			resource: i, write: true, stage: p.kind.mainStage(), attach: p.kind == Render && r.kind == kindTexture,
		})
		g.resources, g.passes = append(g.resources, r), append(g.passes, p)
	}
	return g
}

// drawFrame draws one or the other.
func drawFrame(t *rapid.T, maxPasses int) randomGraph {
	if rapid.Bool().Draw(t, "pipeline") {
		return drawPipeline(t, maxPasses)
	}
	return drawGraph(t, maxPasses)
}

func (g *randomGraph) drawPass(t *rapid.T, i int, written [][]Part) randomPass {
	p := randomPass{
		name:       fmt.Sprintf("p%d", i),
		kind:       rapid.SampledFrom([]Kind{Render, Compute, Compute, Blit, MachineLearning}).Draw(t, "pass"),
		sideEffect: rapid.IntRange(0, 5).Draw(t, "effect") == 0,
	}
	if p.kind == MachineLearning {
		p.scratch = 1000 * rapid.IntRange(0, 3).Draw(t, "scratch")
	}
	var wrote []randomAccess
	for range rapid.IntRange(0, 4).Draw(t, "accesses") {
		a := randomAccess{resource: rapid.IntRange(0, len(g.resources)-1).Draw(t, "resource"), write: rapid.Bool().Draw(t, "write")}
		r := g.resources[a.resource]
		stages := map[Kind][]metal.Stages{
			Render:          {metal.StageVertex, metal.StageFragment, metal.StageTile},
			Compute:         {metal.StageDispatch, metal.StageBlit},
			Blit:            {metal.StageBlit},
			MachineLearning: {metal.StageMachineLearning},
		}[p.kind]
		a.stage = rapid.SampledFrom(stages).Draw(t, "stage")
		if p.kind == Render && r.kind == kindTexture && a.write {
			a.attach, a.stage = true, metal.StageFragment
			a.keep = rapid.Bool().Draw(t, "keep") && (readable(written[a.resource], Mip(0)) || r.lifetime.carries())
		}
		if h := r.lifetime.history(); h > 0 && !a.write {
			a.previous = rapid.IntRange(0, h).Draw(t, "previous")
		}
		if !a.attach && rapid.IntRange(0, 2).Draw(t, "part") == 0 {
			a.part = g.drawPart(t, a.resource)
		}
		if !a.write && !readable(written[a.resource], a.part) && !r.lifetime.carries() {
			continue // nobody has written it
		}
		if a.write {
			wrote = append(wrote, a)
		}
		p.accesses = append(p.accesses, a)
	}
	for _, a := range wrote {
		part := a.part
		if a.attach {
			part = MipOfLayer(0, 0)
		}
		written[a.resource] = append(written[a.resource], part)
	}
	return p
}

// readable reports whether one of the written parts surely overlaps a part.
func readable(written []Part, p Part) bool {
	for _, w := range written {
		if w == p || w == (Part{}) || p == (Part{}) {
			return true
		}
	}
	return false
}

func (g *randomGraph) drawPart(t *rapid.T, i int) Part {
	r := g.resources[i]
	start := rapid.IntRange(0, 1).Draw(t, "start")
	if r.kind == kindTexture {
		if r.size < 2 {
			return Part{}
		}
		return rapid.SampledFrom([]Part{Mip(start), Layer(start), MipOfLayer(start, start)}).Draw(t, "mip")
	}
	return Bytes(start*64, 64+start*64)
}

// build declares the graph, with names changed by rename and in one piece with
// extra passes.
func (g *randomGraph) build(rename func(string) string) *Graph {
	out := New()
	g.declare(out, rename)
	return out
}

func (g *randomGraph) declare(out *Graph, rename func(string) string) {
	handles := make([]Resource, len(g.resources))
	for i, r := range g.resources {
		name := rename(r.name)
		switch r.kind {
		case kindTexture:
			handles[i] = out.Texture(name, metal.TextureDescriptor{Format: formatOfRandom, Width: 64*r.size + r.wide, Height: 64, Mips: r.size, Layers: r.size}, r.lifetime)
		case kindBuffer:
			handles[i] = out.Buffer(name, metal.BufferDescriptor{Length: 1000 * r.size}, r.lifetime)
		default:
			handles[i] = out.Tensor(name, metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{64, 3 * r.size}}, r.lifetime)
		}
	}
	for i := range g.passes {
		out.Add(&declared{rename: rename, pass: &g.passes[i], handles: handles})
	}
}

func asIs(s string) string { return s }

// declared is a random pass as a Pass.
type declared struct {
	rename  func(string) string
	pass    *randomPass
	handles []Resource
}

func (d *declared) Declare(to *Declaration) {
	p := d.pass
	to.Name(d.rename(p.name))
	to.Kind(p.kind)
	if p.sideEffect {
		to.SideEffect()
	}
	to.Scratch(p.scratch)
	if p.cost > 0 {
		to.Cost(p.kind.mainStage(), float64(p.cost))
	}
	attached := 0
	for _, a := range p.accesses {
		h := d.handles[a.resource]
		switch {
		case a.attach && attached < metal.MaxColorAttachments:
			load := Clear(0, 0, 0, 0)
			if a.keep {
				load = Keep()
			}
			to.Color(attached, Attachment{Texture: h.(Texture), Load: load})
			attached++
		case a.write:
			to.Write(h, a.stage, a.part)
		case a.previous > 0:
			to.ReadPrevious(h, a.previous, a.stage, a.part)
		default:
			to.Read(h, a.stage, a.part)
		}
	}
}

func (d *declared) Encode(*Frame) error { return nil }
