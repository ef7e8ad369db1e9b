package graph

import "weft/metal"

// Render passes in a row share an encoder if they have the same attachments,
// each after the first loads them all, and none before the last resolves or
// discards any: then the encoder loads what the first loads and stores what the
// last stores. Metal orders the attachment accesses of one encoder. Nothing else
// of an earlier fragment can be ordered there on a tile-based GPU, so no other
// access of a pass may meet one of fragment or tile of the passes before.

// apart says why a render pass cannot join the one before it.
type apart uint8

const (
	together apart = iota
	otherTargets
	notLoaded  // it clears an attachment, or leaves it undefined
	notStored  // the pass before discards an attachment
	isResolved // the pass before resolves an attachment
	inTile     // it meets an access of fragment or tile
	beginsLife // it writes what would live from the encoder's first pass on
)

// fitsTargets says whether the render pass at a position can join the encoder of
// the one before, whose passes' accesses are in c.tiles, and if not, which resource
// is in the way (-1: none).
func (c *compilation) fitsTargets(i int) (apart, int32) {
	g := c.g
	before, p := c.pass(i-1), c.pass(i)
	a, b := g.attachedTo(before), g.attachedTo(p)
	if len(a) != len(b) || len(b) == 0 {
		return otherTargets, -1
	}
	for j := range b {
		x, y := &a[j], &b[j]
		switch {
		case x.texture != y.texture || x.part != y.part || x.socket != y.socket:
			return otherTargets, y.texture
		case y.load.Action != metal.LoadActionLoad:
			return notLoaded, y.texture
		case x.discard:
			return notStored, x.texture
		case x.resolve >= 0:
			return isResolved, x.resolve
		case y.resolve >= 0 && c.options.preferMemory && !g.resources[y.resolve].lifetime.carries():
			return beginsLife, y.resolve
		}
	}
	for _, a := range g.accessesOf(p) {
		if c.tiles.meets(&a) {
			return inTile, a.resource
		}
		if r := &g.resources[a.resource]; !a.write || a.attachment || r.lifetime.carries() {
			continue
		} else if r.kind == kindTexture || c.options.preferMemory {
			return beginsLife, a.resource
		}
	}
	return together, -1
}

func (g *Graph) attachedTo(p *pass) []attached { return g.attachments[p.attaches:p.attachesEnd] }

// tiles is what the passes of one render encoder access in fragment and tile, by
// resource; parts are not told apart.
type tiles struct {
	touched []touched
	encoder int32
}

type touched struct {
	encoder int32 // which one that was
	how     [2][2]bool
}

// reset forgets what was added.
func (t *tiles) reset(resources int) {
	if len(t.touched) != resources {
		t.touched = resize(t.touched, resources)
		clear(t.touched)
		t.encoder = 0
	}
	t.encoder++
}

func (t *tiles) add(list []access) {
	for i := range list {
		a := &list[i]
		if a.frame != 0 || a.stages&(metal.StageFragment|metal.StageTile) == 0 {
			continue
		}
		x := &t.touched[a.resource]
		if x.encoder != t.encoder {
			*x = touched{encoder: t.encoder}
		}
		x.how[bit(a.write)][bit(a.attachment)] = true
	}
}

// meets reports whether a conflicts with something added, two accesses to
// attachments aside.
func (t *tiles) meets(a *access) bool {
	x := &t.touched[a.resource]
	if x.encoder != t.encoder || a.frame != 0 {
		return false
	}
	reads, writes := x.how[0], x.how[1]
	if a.attachment {
		reads[1], writes[1] = false, false
	}
	return writes[0] || writes[1] || a.write && (reads[0] || reads[1])
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// joinTargets are the attachments of render passes in one encoder: loaded as by
// the first, stored and resolved as by the last, read-only if all only read.
func (c *compilation) joinTargets(e encoder, out []attached) []attached {
	g := c.g
	out = append(out, g.attachedTo(c.pass(int(e.end-1)))...)
	for i, a := range g.attachedTo(c.pass(int(e.first))) {
		out[i].load = a.load
	}
	for i := e.first; i < e.end; i++ {
		for j, a := range g.attachedTo(c.pass(int(i))) {
			out[j].readOnly = out[j].readOnly && a.readOnly
		}
	}
	return out
}
