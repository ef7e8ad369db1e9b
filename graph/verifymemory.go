package graph

import (
	"cmp"
	"slices"

	"weft/barriers"
)

// judgeMemory judges where transients and scratches lie. What lies well is
// entered into the frame, so that its barriers are judged with it.
func (v *verifier) judgeMemory() {
	placed := make([]bool, len(v.frame.Resources))
	used := 0 // bytes of all heaps
	for n := range v.d.Memory.Heaps {
		h := &v.d.Memory.Heaps[n]
		used += h.Size
		if h.Size%256 != 0 {
			v.find(FaultMemory, "heap %d: size %d is no multiple of 256", n, h.Size)
		}
		var inside []int32
		for _, p := range h.Placements {
			i, ok := v.resources[p.Resource]
			switch {
			case !ok:
				v.find(FaultMemory, "heap %d: the frame has no resource %q and no scratch of that name", n, p.Resource)
			case v.size[i] == 0:
				v.find(FaultMemory, "heap %d: %q is placed: %s", n, p.Resource, v.unplaceable(i))
			case placed[i]:
				v.find(FaultMemory, "heap %d: %q is placed twice", n, p.Resource)
			default:
				placed[i] = true
				v.judgePlacement(n, &p, i)
				inside = append(inside, i)
			}
		}
		if h.Kind != ScratchHeap {
			v.judgeOverlaps(n, inside)
		}
	}
	for i, size := range v.size {
		if size > 0 && !placed[i] {
			v.find(FaultMemory, "%q has no place in any heap: it needs %d bytes", v.frame.Resources[i].Name, size)
		}
	}
	v.judgeSums(used)
}

// unplaceable says why a resource is not to be placed.
func (v *verifier) unplaceable(resource int32) string {
	if v.frame.Resources[resource].Lifetime != barriers.Transient {
		return "it is not transient, and only transients and scratches are placed"
	}
	return "no pass of the plan uses it"
}

func (v *verifier) judgePlacement(n int, p *Placement, resource int32) {
	h, size := &v.d.Memory.Heaps[n], v.size[resource]
	switch scratch := int(resource) >= len(v.g.resources); {
	case scratch && h.Kind != ScratchHeap:
		v.find(FaultMemory, "heap %d: %q lies in a heap of kind %q: scratch lies in heaps of kind scratch", n, p.Resource, h.Kind)
	case !scratch && h.Kind == ScratchHeap:
		v.find(FaultMemory, "heap %d: %q lies in a heap of kind scratch, which holds nothing but scratch", n, p.Resource)
	case scratch && p.Offset != 0:
		v.find(FaultMemory, "heap %d: %q lies at offset %d: a pass gets its whole scratch heap, so it starts at 0", n, p.Resource, p.Offset)
	}
	if p.Size != size {
		v.find(FaultMemory, "heap %d: %q has %d bytes: it needs %d", n, p.Resource, p.Size, size)
	}
	if p.Offset%256 != 0 {
		v.find(FaultMemory, "heap %d: %q lies at offset %d, which is no multiple of 256", n, p.Resource, p.Offset)
	}
	if p.Offset < 0 || p.Offset > h.Size-size {
		v.find(FaultMemory, "heap %d: %q at offset %d with %d bytes does not lie inside the heap's %d", n, p.Resource, p.Offset, size, h.Size)
	}
	if p.Offset >= 0 && p.Offset <= maxMemory {
		v.frame.Resources[resource].Memory = barriers.Placement{Heap: n, Offset: int64(p.Offset), Size: int64(size)}
	}
}

// judgeOverlaps finds blocks of one heap that share memory and are live at one
// pass. It goes through the passes and keeps what is live by offset: as long as
// live blocks do not overlap, a new one need only be held against the last that
// starts before its end.
func (v *verifier) judgeOverlaps(n int, blocks []int32) {
	place := func(i int32) *barriers.Placement { return &v.frame.Resources[i].Memory }
	byOffset := slices.Clone(blocks)
	slices.SortFunc(byOffset, func(x, y int32) int { return cmp.Compare(place(x).Offset, place(y).Offset) })
	rank := make(map[int32]int, len(blocks))
	for k, i := range byOffset {
		rank[i] = k
	}
	byFirst, byLast := slices.Clone(blocks), slices.Clone(blocks)
	slices.SortStableFunc(byFirst, func(x, y int32) int { return cmp.Compare(v.lives[x].first, v.lives[y].first) })
	slices.SortStableFunc(byLast, func(x, y int32) int { return cmp.Compare(v.lives[x].last, v.lives[y].last) })
	live := newBitset(len(blocks))
	for _, i := range byFirst {
		for len(byLast) > 0 && v.lives[byLast[0]].last < v.lives[i].first {
			live.clear(rank[byLast[0]])
			byLast = byLast[1:]
		}
		end := place(i).Offset + place(i).Size
		above, _ := slices.BinarySearchFunc(byOffset, end, func(x int32, end int64) int { return cmp.Compare(place(x).Offset, end) })
		if k := live.last(above); k >= 0 {
			if o := byOffset[k]; place(o).Offset+place(o).Size > place(i).Offset {
				v.find(FaultMemory, "heap %d: %q and %q overlap and are both live at pass %q", n,
					v.frame.Resources[o].Name, v.frame.Resources[i].Name, v.name(int(v.lives[i].first)))
				continue
			}
		}
		live.set(rank[i])
	}
}

// judgeSums compares the three figures of the plan with what they must be.
func (v *verifier) judgeSums(used int) {
	change := make([]int, len(v.order)+1)
	total, largest := 0, 0
	for i, size := range v.size {
		if size == 0 {
			continue
		}
		if total += size; total > maxMemory {
			v.find(FaultMemory, "the transients and scratches need more than 2^50 bytes")
			return
		}
		if i >= len(v.g.resources) {
			largest = max(largest, size)
			continue
		}
		change[v.lives[i].first] += size
		change[v.lives[i].last+1] -= size
	}
	bound, live := 0, 0
	for _, d := range change {
		live += d
		bound = max(bound, live)
	}
	bound += largest
	m := &v.d.Memory
	if m.Peak != used {
		v.find(FaultMemory, "peak is %d: the heaps have %d bytes together", m.Peak, used)
	}
	if m.LiveLowerBound != bound {
		v.find(FaultMemory, "live_lower_bound is %d: in this order at most %d bytes are live at one pass, the largest scratch included", m.LiveLowerBound, bound)
	}
	if m.WithoutAliasing != total {
		v.find(FaultMemory, "without_aliasing is %d: all transients and scratches have %d bytes together", m.WithoutAliasing, total)
	}
	if v.prefer == MemoryPreference {
		v.judgePeak(used, bound)
	}
}
