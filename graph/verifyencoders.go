package graph

import (
	"cmp"
	"slices"
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
	if kind == Compute {
		return
	}
	g := v.g
	first, before := g.targetsOf(passes[0]), passes[0]
	for _, i := range passes[1:] {
		a, b := g.passes[passes[0]].name, g.passes[i].name
		if kind != Render {
			v.find(FaultEncoder, "encoder %d: %q follows %q: a %v encoder holds one pass", n, b, a, kind)
			continue
		}
		if !slices.Equal(first, g.targetsOf(i)) {
			v.find(FaultEncoder, "encoder %d: %q has other attachments than %q: render passes that share an encoder have the same", n, b, a)
		}
		for _, t := range g.attachments[g.passes[before].attaches:g.passes[before].attachesEnd] {
			if t.resolve >= 0 || t.discard {
				v.find(FaultEncoder, "encoder %d: %q follows %q, which resolves or discards its attachment %q: in an encoder only the last pass may do that",
					n, b, g.passes[before].name, g.resources[t.texture].name)
			}
		}
		before = i
		for _, t := range g.attachments[g.passes[i].attaches:g.passes[i].attachesEnd] {
			if t.load != Keep() && !t.readOnly {
				v.find(FaultEncoder, "encoder %d: %q follows %q and does not load its attachment %q: in an encoder only the first pass may do that",
					n, b, a, g.resources[t.texture].name)
			}
		}
	}
}

// target is what decides whether two render passes have an attachment in
// common.
type target struct {
	texture int32
	part    box
}

// targetsOf lists the attachments of a pass: colors in their order, then depth
// and stencil, whose order means nothing.
func (g *Graph) targetsOf(pass int32) []target {
	var colors, others []target
	for _, a := range g.attachments[g.passes[pass].attaches:g.passes[pass].attachesEnd] {
		format := g.textures[g.resources[a.texture].desc].Format
		t := target{a.texture, a.part}
		if format.HasDepth() || format.HasStencil() {
			others = append(others, t)
		} else {
			colors = append(colors, t)
		}
	}
	slices.SortFunc(others, func(x, y target) int {
		return cmp.Or(cmp.Compare(x.texture, y.texture), cmp.Compare(x.part.a0, y.part.a0), cmp.Compare(x.part.b0, y.part.b0))
	})
	return append(colors, others...)
}
