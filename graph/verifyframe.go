package graph

import (
	"weft/barriers"
	"weft/metal"
)

// lower writes down the frame that the plan encodes: its passes by position,
// the graph's resources and then the scratches.
func (v *verifier) lower() {
	g, f := v.g, &v.frame
	v.resources = make(map[string]int32, len(g.resources))
	v.lives = make([]span, len(g.resources))
	v.size = make([]int, len(g.resources))
	for i := range g.resources {
		r := &g.resources[i]
		v.resources[r.name] = int32(i)
		v.lives[i].first = -1
		life := map[Lifetime]barriers.Lifetime{transient: barriers.Transient, Imported: barriers.Imported, Fresh: barriers.Fresh}
		out := barriers.Resource{Name: r.name, Lifetime: barriers.Persistent, History: r.lifetime.history()}
		if l, ok := life[r.lifetime]; ok {
			out.Lifetime = l
		}
		f.Resources = append(f.Resources, out)
	}
	for _, n := range v.encoderOf {
		kind := map[Kind]barriers.EncoderKind{Render: barriers.RenderEncoder, MachineLearning: barriers.MachineLearningEncoder}
		e, ok := kind[v.d.Encoders[n].Kind]
		if !ok {
			e = barriers.ComputeEncoder
		}
		f.Encoders = append(f.Encoders, barriers.Encoder{Kind: e})
	}
	for position := range v.order {
		v.lowerPass(position)
	}
}

func (v *verifier) lowerPass(position int) {
	g, f := v.g, &v.frame
	p := &g.passes[v.order[position]]
	out := barriers.Pass{Name: p.name, Encoder: int(v.encoderAt[position])}
	add := func(a barriers.Access) {
		out.Runs |= a.Stages
		f.Accesses = append(f.Accesses, a)
		if l := &v.lives[a.Resource]; l.first < 0 {
			*l = span{int32(position), int32(position)}
		} else {
			l.last = int32(position)
		}
	}
	for _, a := range g.accessesOf(p) {
		add(barriers.Access{
			Pass: position, Resource: int(a.resource), Stages: a.stages, Write: a.write,
			Part: g.resources[a.resource].spanned(g.boxOf(&a)), Frame: int(a.frame), Attachment: a.attachment,
		})
		if v.size[a.resource] == 0 && g.resources[a.resource].lifetime == transient {
			v.size[a.resource] = g.bytesOf(int(a.resource))
		}
	}
	if p.scratch > 0 {
		name := p.name + scratchSuffix
		v.resources[name] = int32(len(f.Resources))
		v.lives, v.size = append(v.lives, span{first: -1}), append(v.size, upTo(p.scratch, 256))
		f.Resources = append(f.Resources, barriers.Resource{Name: name})
		add(barriers.Access{Pass: position, Resource: len(f.Resources) - 1, Stages: metal.StageMachineLearning, Write: true})
	}
	switch {
	case p.kind == Render && out.Runs&(metal.StageObject|metal.StageMesh) == 0:
		out.Runs |= metal.StageVertex | metal.StageFragment
	case p.kind == Render:
		out.Runs |= metal.StageFragment
	case out.Runs == 0:
		out.Runs = map[Kind]metal.Stages{Compute: metal.StageDispatch, Blit: metal.StageBlit, MachineLearning: metal.StageMachineLearning}[p.kind]
	}
	for _, c := range g.costs[p.costs:p.costsEnd] {
		for rest := c.stages; rest != 0; rest &= rest - 1 {
			out.Cost = append(out.Cost, barriers.StageCost{Stage: rest & -rest, Time: c.ms})
		}
	}
	f.Passes = append(f.Passes, out)
}

// spanned writes a part as bounds, also where it is everything.
func (r *resource) spanned(x box) barriers.Part {
	first := barriers.Range{First: int64(x.a0), End: int64(x.a1)}
	if r.kind != kindTexture {
		return barriers.Part{Bytes: first}
	}
	return barriers.Part{Mips: first, Layers: barriers.Range{First: int64(x.b0), End: int64(x.b1)}}
}

// bytesOf is what a resource takes without a device's word on it: the texels of
// all mips, layers and samples, or rows of whole 64 bytes, in whole 256 bytes.
func (g *Graph) bytesOf(i int) int {
	r := &g.resources[i]
	bytes := r.length
	switch r.kind {
	case kindTexture:
		d := &g.textures[r.desc]
		bytes = 0
		for mip := range d.Mips {
			bytes += max(d.Width>>mip, 1) * max(d.Height>>mip, 1) * max(d.Depth>>mip, 1) * d.Format.BytesPerPixel()
		}
		bytes *= d.Slices() * d.Samples
	case kindTensor:
		bytes = g.tensors[r.desc].Size()
	}
	return upTo(bytes, 256)
}

// upTo rounds up to a multiple.
func upTo(n, of int) int { return (n + of - 1) / of * of }
