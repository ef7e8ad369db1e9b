package graph

import (
	"cmp"
	"slices"
)

// fittable is how many blocks judgePeak fits: the work grows with the square.
const fittable = 4096

// judgePeak: with a preference for memory a plan comes within a tenth of what
// first fit comes to, in the better of two orders. Within a tenth of the bound
// it does so in any case.
func (v *verifier) judgePeak(peak, bound int) {
	if peak <= bound+bound/10 {
		return
	}
	var blocks []int32
	scratch := 0
	for i, size := range v.size {
		if i >= len(v.g.resources) {
			scratch = max(scratch, size)
		} else if size > 0 {
			blocks = append(blocks, int32(i))
		}
	}
	if len(blocks) > fittable {
		v.verdict.Unjudged = append(v.verdict.Unjudged, "whether another placement needs less memory: there are too many resources to try")
		return
	}
	slices.SortStableFunc(blocks, func(x, y int32) int { return cmp.Compare(v.lives[x].first, v.lives[y].first) })
	best := v.firstFit(blocks)
	slices.SortStableFunc(blocks, func(x, y int32) int { return cmp.Compare(v.size[y], v.size[x]) })
	best = min(best, v.firstFit(blocks)) + scratch
	if peak > best+best/10 {
		v.find(FaultMemory, "peak is %d: first fit places the same in %d bytes", peak, best)
	}
}

// firstFit places blocks one after the other at the lowest offset where they
// fit and returns the size of the heap.
func (v *verifier) firstFit(blocks []int32) int {
	offset := make(map[int32]int, len(blocks))
	var placed []int32 // by offset
	top := 0
	for _, i := range blocks {
		at := 0
		for _, o := range placed {
			apart := v.lives[o].last < v.lives[i].first || v.lives[i].last < v.lives[o].first
			if apart || offset[o]+v.size[o] <= at {
				continue
			}
			if offset[o] >= at+v.size[i] {
				break
			}
			at = offset[o] + v.size[o]
		}
		offset[i] = at
		top = max(top, at+v.size[i])
		k, _ := slices.BinarySearchFunc(placed, at, func(o int32, at int) int { return cmp.Compare(offset[o], at) })
		placed = slices.Insert(placed, k, i)
	}
	return top
}
