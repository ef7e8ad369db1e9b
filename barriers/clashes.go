package barriers

import (
	"cmp"
	"slices"

	"weft/metal"
)

// clashes finds all conflicting pairs of accesses, near or far.
type clashes struct {
	frame      *Frame
	reach      int         // how many frames apart conflicts are looked for
	accesses   [][]*Access // of each resource
	neighbours [][]int     // of each resource: others that overlap its memory
}

// clash is the second half of a conflict: an access that comes after another.
type clash struct {
	to       int
	stage    metal.Stages // one
	writes   bool
	resource int
	source   int // what the first access touches
}

func newClashes(f *Frame) *clashes {
	c := &clashes{
		frame: f, reach: 1,
		accesses:   make([][]*Access, len(f.Resources)),
		neighbours: make([][]int, len(f.Resources)),
	}
	for i := range f.Accesses {
		r := f.Accesses[i].Resource
		c.accesses[r] = append(c.accesses[r], &f.Accesses[i])
	}
	for i := range f.Resources {
		c.reach = max(c.reach, 1+f.Resources[i].History)
	}
	c.findNeighbours()
	return c
}

// findNeighbours sweeps over the placements by heap and offset.
func (c *clashes) findNeighbours() {
	var placed []int
	for i := range c.frame.Resources {
		if c.frame.Resources[i].Memory.Size > 0 {
			placed = append(placed, i)
		}
	}
	memory := func(r int) Placement { return c.frame.Resources[r].Memory }
	slices.SortFunc(placed, func(x, y int) int {
		return cmp.Or(cmp.Compare(memory(x).Heap, memory(y).Heap), cmp.Compare(memory(x).Offset, memory(y).Offset))
	})
	for i, x := range placed {
		for _, y := range placed[i+1:] {
			if memory(y).Heap != memory(x).Heap || memory(y).Offset >= memory(x).Offset+memory(x).Size {
				break
			}
			c.neighbours[x] = append(c.neighbours[x], y)
			c.neighbours[y] = append(c.neighbours[y], x)
		}
	}
}

// after returns what clashes, some frames later, with the accesses that a pass
// makes in one stage to write, or to read. It is sorted by pass.
func (c *clashes) after(accesses []*Access, s metal.Stages, writes bool, frames int) []clash {
	var list []clash
	for _, a := range accesses {
		if a.Write != writes || withTile(a.Stages)&s == 0 {
			continue
		}
		for _, b := range c.accesses[a.Resource] {
			if c.conflict(a, b, frames) {
				list = appendClash(list, a, b)
			}
		}
		if frames > 1 {
			continue // one copy only, and one frame later it was met already
		}
		for _, r := range c.neighbours[a.Resource] {
			for _, b := range c.accesses[r] {
				if (a.Write || b.Write) && (frames > 0 || a.Pass < b.Pass) {
					list = appendClash(list, a, b)
				}
			}
		}
	}
	order := func(x, y clash) int {
		return cmp.Or(cmp.Compare(x.to, y.to), cmp.Compare(x.stage, y.stage), cmp.Compare(x.resource, y.resource),
			cmp.Compare(x.source, y.source), cmp.Compare(bit(x.writes), bit(y.writes)))
	}
	slices.SortFunc(list, order)
	return slices.Compact(list)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func appendClash(list []clash, a, b *Access) []clash {
	for _, t := range eachStage(withTile(b.Stages)) {
		list = append(list, clash{b.Pass, t, b.Write, b.Resource, a.Resource})
	}
	return list
}

// conflict says whether b, some frames after a, conflicts with it. Both access
// one resource.
func (c *clashes) conflict(a, b *Access, frames int) bool {
	r := &c.frame.Resources[a.Resource]
	switch {
	case !a.Write && !b.Write:
		return false
	case frames == 0 && a.Pass >= b.Pass:
		return false
	case frames > 0 && r.Lifetime == Fresh:
		return false
	case frames > 1+r.History:
		return false
	case (frames+b.Frame-a.Frame)%(1+r.History) != 0:
		return false // another copy
	case frames == 0 && a.Attachment && b.Attachment && c.frame.Passes[a.Pass].Encoder == c.frame.Passes[b.Pass].Encoder:
		return false // merged render passes: Metal orders these
	}
	return meet(a.Part.Mips, b.Part.Mips) && meet(a.Part.Layers, b.Part.Layers) && meet(a.Part.Bytes, b.Part.Bytes)
}

func meet(x, y Range) bool {
	if x == (Range{}) || y == (Range{}) {
		return true
	}
	return x.First < y.End && y.First < x.End
}

func (c clash) hazard(from int, s metal.Stages, writes bool, frames int) Hazard {
	h := Hazard{
		Kind: WriteAfterWrite, From: from, To: c.to, Frames: frames, FromStages: s, ToStages: c.stage,
		Resource: c.resource, FromResource: c.source, Aliasing: c.resource != c.source,
	}
	if !c.writes {
		h.Kind = ReadAfterWrite
	} else if !writes {
		h.Kind = WriteAfterRead
	}
	return h
}
