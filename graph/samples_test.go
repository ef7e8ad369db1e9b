package graph

import (
	"fmt"

	"weft/metal"
)

// A sample is a frame that can be declared again and again without allocating.
type (
	sample struct {
		resources []sampleResource
		handles   []Resource
		passes    []samplePass
	}
	sampleResource struct {
		name     string
		kind     resourceKind
		texture  metal.TextureDescriptor
		tensor   metal.TensorDescriptor
		length   int
		lifetime Lifetime
	}
	samplePass struct {
		sample     *sample
		name       string
		kind       Kind
		sideEffect bool
		scratch    int
		color      []int // resources
		depth      int   // the same, or -1
		accesses   []sampleAccess
		costs      []cost
	}
	sampleAccess struct {
		resource, previous int
		write              bool
		stages             metal.Stages
		parts              []Part
	}
)

func (s *sample) declare(g *Graph) {
	for i := range s.resources {
		r := &s.resources[i]
		switch r.kind {
		case kindTexture:
			at := g.Texture(r.name, r.texture, r.lifetime)
			if h, same := s.handles[i].(Texture); !same || h != at {
				s.handles[i] = at
			}
		case kindBuffer:
			at := g.Buffer(r.name, metal.BufferDescriptor{Length: r.length}, r.lifetime)
			if h, same := s.handles[i].(Buffer); !same || h != at {
				s.handles[i] = at
			}
		default:
			at := g.Tensor(r.name, r.tensor, r.lifetime)
			if h, same := s.handles[i].(Tensor); !same || h != at {
				s.handles[i] = at
			}
		}
	}
	for i := range s.passes {
		g.Add(&s.passes[i])
	}
}

func (p *samplePass) Declare(d *Declaration) {
	d.Name(p.name)
	d.Kind(p.kind)
	for i, r := range p.color {
		d.Color(i, Attachment{Texture: p.sample.handles[r].(Texture), Load: Clear(0, 0, 0, 1)})
	}
	if p.depth >= 0 {
		d.Depth(Attachment{Texture: p.sample.handles[p.depth].(Texture), Load: ClearDepth(1)})
	}
	for i := range p.accesses {
		a := &p.accesses[i]
		h := p.sample.handles[a.resource]
		switch {
		case a.write:
			d.Write(h, a.stages, a.parts...)
		case a.previous > 0:
			d.ReadPrevious(h, a.previous, a.stages, a.parts...)
		default:
			d.Read(h, a.stages, a.parts...)
		}
	}
	for _, c := range p.costs {
		d.Cost(c.stages, c.ms)
	}
	if p.scratch > 0 {
		d.Scratch(p.scratch)
	}
	if p.sideEffect {
		d.SideEffect()
	}
}

func (*samplePass) Encode(*Frame) error { return nil }

func (s *sample) resource(r sampleResource) int {
	s.resources = append(s.resources, r)
	s.handles = append(s.handles, nil)
	return len(s.resources) - 1
}

func (s *sample) image(name string, f metal.PixelFormat, width, height int, lifetime Lifetime) int {
	return s.resource(sampleResource{name: name, texture: metal.TextureDescriptor{Format: f, Width: width, Height: height}, lifetime: lifetime})
}

// add adds a pass that reads and writes resources in its main stage.
func (s *sample) add(name string, k Kind, reads, writes []int) *samplePass {
	p := samplePass{sample: s, name: name, kind: k, depth: -1}
	for _, r := range reads {
		p.accesses = append(p.accesses, sampleAccess{resource: r})
	}
	for _, r := range writes {
		p.accesses = append(p.accesses, sampleAccess{resource: r, write: true})
	}
	s.passes = append(s.passes, p)
	return &s.passes[len(s.passes)-1]
}

// layers has layers of passes, each reading some of the layer before; the last
// layer has side effects.
func layers(depth, width, reads int) *sample {
	s := &sample{}
	var before []int
	for l := range depth {
		var layer []int
		for w := range width {
			t := s.image(fmt.Sprintf("t%d.%d", l, w), metal.PixelFormatRGBA16Float, 1920, 1080, transient)
			layer = append(layer, t)
			var from []int
			for r := range min(reads, len(before)) {
				from = append(from, before[(w+r)%width])
			}
			s.add(fmt.Sprintf("p%d.%d", l, w), Compute, from, layer[w:]).sideEffect = l == depth-1
		}
		before = layer
	}
	return s
}

// mixed has views of twelve passes, each drawn into the one screen.
func mixed(n int) *sample {
	s := &sample{}
	screen := s.image("screen", metal.PixelFormatBGRA8Unorm, 1920, 1080, Imported)
	lights := s.resource(sampleResource{name: "lights", kind: kindBuffer, length: 1 << 20, lifetime: Persistent})
	for view := 0; len(s.passes) < n; view++ {
		s.view(view, screen, lights)
	}
	s.passes = s.passes[:n]
	s.passes[n-1].sideEffect = true
	return s
}

func (s *sample) view(view, screen, lights int) {
	id := func(name string) string { return fmt.Sprintf("%s %d", name, view) }
	image := func(name string, f metal.PixelFormat, w, h int) int { return s.image(id(name), f, w, h, transient) }
	shadows, zbuf := image("shadows", metal.PixelFormatDepth32Float, 2048, 2048), image("zbuf", metal.PixelFormatDepth32Float, 960, 540)
	albedo, normals := image("albedo", metal.PixelFormatRGBA8Unorm, 960, 540), image("normals", metal.PixelFormatRGBA16Float, 960, 540)
	occlusion, lit := image("occlusion", metal.PixelFormatR16Float, 960, 540), image("lit", metal.PixelFormatRGBA16Float, 960, 540)
	accum := s.image(id("accum"), metal.PixelFormatRGBA16Float, 1920, 1080, History(1))
	bloom := s.resource(sampleResource{name: id("bloom"), texture: metal.TextureDescriptor{Format: metal.PixelFormatRGBA16Float, Width: 960, Height: 540, Mips: 4}})
	in := s.resource(sampleResource{name: id("in"), kind: kindTensor, tensor: metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{960, 540, 8}}})
	out := s.resource(sampleResource{name: id("out"), kind: kindTensor, tensor: metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{1920, 1080, 4}}})
	exposure := s.resource(sampleResource{name: id("exposure"), kind: kindBuffer, length: 256, lifetime: Persistent})

	s.add(id("cull lights"), Compute, nil, []int{lights})
	s.add(id("shadow"), Render, nil, nil).depth = shadows
	p := s.add(id("gbuffer"), Render, nil, nil)
	p.color, p.depth, p.costs = []int{albedo, normals}, zbuf, []cost{{metal.StageVertex, 0.2}, {metal.StageFragment, 1.4}}
	p.accesses = append(p.accesses, sampleAccess{resource: lights, stages: metal.StageVertex})
	s.add(id("occlude"), Compute, []int{zbuf, normals}, []int{occlusion})
	s.add(id("light"), Compute, []int{albedo, normals, zbuf, shadows, occlusion, lights}, []int{lit})
	s.add(id("pack"), Compute, []int{lit, zbuf}, []int{in})
	s.add(id("upscale"), MachineLearning, []int{in}, []int{out}).scratch = 1 << 20
	p = s.add(id("resolve"), Compute, []int{out}, []int{accum})
	p.accesses = append(p.accesses, sampleAccess{resource: accum, previous: 1})
	for level := range 2 {
		p := s.add(fmt.Sprintf("bloom %d.%d", view, level), Compute, nil, nil)
		from := sampleAccess{resource: lit}
		if level > 0 {
			from = sampleAccess{resource: bloom, parts: []Part{Mip(level - 1)}}
		}
		p.accesses = []sampleAccess{from, {resource: bloom, write: true, parts: []Part{Mip(level)}}}
	}
	p = s.add(id("expose"), Blit, nil, []int{exposure})
	p.accesses = append(p.accesses, sampleAccess{resource: bloom, parts: []Part{Mip(1)}})
	p = s.add(id("draw"), Render, []int{accum, exposure}, nil)
	p.color, p.costs = []int{screen}, []cost{{metal.StageFragment, 0.6}}
}
