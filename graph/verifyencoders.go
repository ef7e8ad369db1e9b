package graph

import (
	"cmp"
	"slices"

	"weft/metal"
)

// readEncoders finds the plan's order and judges what shares an encoder.
func (v *verifier) readEncoders() {
	g := v.g
	v.passes = make(map[string]int32, len(g.passes))
	v.position = make([]int32, len(g.passes))
	for i := range g.passes {
		v.passes[g.passes[i].name] = int32(i)
		v.position[i] = -1
	}
	for n := range v.d.Encoders {
		e := &v.d.Encoders[n]
		first := len(v.order)
		for _, name := range e.Passes {
			v.place(n, e.Kind, name)
		}
		if len(e.Passes) == 0 {
			v.find(FaultEncoder, "encoder %d holds no pass", n)
		}
		if len(v.order) == first {
			continue
		}
		for range v.order[first:] {
			v.encoderAt = append(v.encoderAt, int32(len(v.encoderOf)))
		}
		v.encoderOf = append(v.encoderOf, int32(n))
		v.judgeSharing(n, e.Kind, v.order[first:])
	}
}

// place puts a pass at the next position.
func (v *verifier) place(n int, kind Kind, name string) {
	i, ok := v.passes[name]
	switch {
	case !ok:
		v.find(FaultEncoder, "encoder %d: the graph has no pass %q", n, name)
		return
	case v.position[i] >= 0:
		v.find(FaultEncoder, "encoder %d: pass %q comes twice", n, name)
		return
	}
	if has := v.g.passes[i].kind; has != kind && (has != Blit || kind != Compute) {
		v.find(FaultEncoder, "encoder %d: pass %q is a %v pass: a %v encoder cannot encode it", n, name, has, kind)
		v.misfit = true
	}
	v.position[i] = int32(len(v.order))
	v.order = append(v.order, i)
}

// judgeSharing: compute encoders hold any number of passes, render encoders
// those that go on with the same attachments, others one.
func (v *verifier) judgeSharing(n int, kind Kind, passes []int32) {
	if kind == Compute || len(passes) == 1 {
		return
	}
	g := v.g
	name := func(i int32) string { return g.passes[i].name }
	if kind != Render {
		v.find(FaultEncoder, "encoder %d: %q follows %q: a %v encoder holds one pass", n, name(passes[1]), name(passes[0]), kind)
		return
	}
	last := g.targetsOf(passes[len(passes)-1])
	for k, i := range passes {
		targets := g.targetsOf(i)
		if !slices.EqualFunc(targets, last, attached.sameTarget) {
			v.find(FaultEncoder, "encoder %d: %q has other attachments than %q: render passes that share an encoder have the same",
				n, name(i), name(passes[len(passes)-1]))
			continue
		}
		for j, t := range targets {
			texture := g.resources[t.texture].name
			if k > 0 && t.load.Action != metal.LoadActionLoad && !t.readOnly {
				v.find(FaultEncoder, "encoder %d: %q follows %q and does not load its attachment %q: in an encoder only the first pass may do that",
					n, name(i), name(passes[0]), texture)
			}
			if t.resolve >= 0 && t.resolve != last[j].resolve {
				v.find(FaultEncoder, "encoder %d: %q resolves its attachment %q, and %q does not: attachments are resolved when the encoder ends",
					n, name(i), texture, name(passes[len(passes)-1]))
			}
		}
	}
}

func (a attached) sameTarget(b attached) bool { return a.texture == b.texture && a.part == b.part }

// targetsOf lists the attachments of a pass: colors in their order, then depth
// and stencil, whose order means nothing.
func (g *Graph) targetsOf(pass int32) []attached {
	depth := func(a *attached) int {
		format := g.textures[g.resources[a.texture].desc].Format
		return bit(format.HasDepth() || format.HasStencil())
	}
	list := slices.Clone(g.attachments[g.passes[pass].attaches:g.passes[pass].attachesEnd])
	slices.SortStableFunc(list, func(x, y attached) int {
		if isDepth := depth(&y); isDepth == 0 || depth(&x) == 0 {
			return depth(&x) - isDepth
		}
		return cmp.Or(cmp.Compare(x.texture, y.texture), cmp.Compare(x.part.a0, y.part.a0), cmp.Compare(x.part.b0, y.part.b0))
	})
	return list
}
