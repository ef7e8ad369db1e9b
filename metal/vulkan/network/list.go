package network

import (
	"slices"

	"weft/coreml"
)

// A list is a value whose elements lie in row-major order, or in another order
// that is written as steps. What arranges elements anew by whole dimensions
// (transposes, slices, splits, most reshapes) makes a list that lies in the
// memory of its source, and needs no kernel.

// view says where the elements of a list lie in its memory: element (i, j, ...)
// at first + i*step[0] + j*step[1] + ...
type view struct {
	first int
	step  []int
}

// natural is the steps of row-major order.
func natural(dims []int) []int {
	step := make([]int, len(dims))
	next := 1
	for d := len(dims) - 1; d >= 0; d-- {
		step[d] = next
		next *= dims[d]
	}
	return step
}

// elementsOf is the number of elements of a shape.
func elementsOf(dims []int) int { return coreml.Type{Shape: dims}.Elements() }

// newList is a list with memory of its own.
func newList(name string, kind coreml.DataType, dims []int) *value {
	return &value{
		name: name, kind: kind, dims: dims, shape: picture(dims), input: -1, output: -1,
		view: &view{step: natural(dims)},
	}
}

// seen is a list in the memory of v.
func (v *value) seen(dims []int, as view) *value {
	return &value{
		name: v.name, kind: v.kind, dims: dims, shape: picture(dims), input: -1, output: -1,
		within: v, view: &as,
	}
}

// isList reports whether v is a list, not a picture, a bound tensor or a
// constant that no list stands for yet.
func (v *value) isList() bool { return v.view != nil }

// whole reports whether the elements are integers or truth values, which
// kernels compute as 32-bit integers.
func (v *value) whole() bool { return !v.kind.IsFloat() }

// packed reports whether the elements lie in row-major order without gaps.
func (v *value) packed() bool {
	for d, s := range natural(v.dims) {
		if v.dims[d] > 1 && v.view.step[d] != s {
			return false
		}
	}
	return true
}

// transposed has dimension order[d] of v as dimension d.
func (v *value) transposed(order []int) *value {
	dims, as := make([]int, len(order)), view{first: v.view.first, step: make([]int, len(order))}
	for d, o := range order {
		dims[d], as.step[d] = v.dims[o], v.view.step[o]
	}
	return v.seen(dims, as)
}

// swapped has the last two dimensions changed round.
func (v *value) swapped() *value {
	order := make([]int, len(v.dims))
	for d := range order {
		order[d] = d
	}
	n := len(order)
	order[n-1], order[n-2] = n-2, n-1
	return v.transposed(order)
}

// sliced takes size elements of each dimension, from begin on by stride.
func (v *value) sliced(begin, stride, size []int) *value {
	as := view{first: v.view.first, step: slices.Clone(v.view.step)}
	for d := range as.step {
		as.first += begin[d] * as.step[d]
		as.step[d] *= stride[d]
	}
	return v.seen(slices.Clone(size), as)
}

// broadcastSteps is the steps that read a list as if it had the extents.
func broadcastSteps(v *value, dims []int) []int {
	step := make([]int, len(dims))
	for d, e := range v.dims {
		if e > 1 {
			step[len(dims)-len(v.dims)+d] = v.view.step[d]
		}
	}
	return step
}

// reshaped has other extents, in the same memory; nil where the order of the
// elements does not allow that.
func (v *value) reshaped(dims []int) *value {
	// Runs of dimensions that lie as one.
	var extents, steps []int
	for d, e := range v.dims {
		s := v.view.step[d]
		if e == 1 {
			continue
		}
		if n := len(extents) - 1; n >= 0 && steps[n] == s*e {
			extents[n], steps[n] = extents[n]*e, s
		} else {
			extents, steps = append(extents, e), append(steps, s)
		}
	}
	as := view{first: v.view.first, step: make([]int, len(dims))}
	next, left := len(extents), 1 // the run that is being divided, and what is left of it
	step := 1
	for d := len(dims) - 1; d >= 0; d-- {
		if dims[d] == 1 {
			continue
		}
		if left == 1 {
			next--
			left, step = extents[next], steps[next]
		}
		if left%dims[d] != 0 {
			return nil
		}
		as.step[d] = step
		left, step = left/dims[d], step*dims[d]
	}
	return v.seen(slices.Clone(dims), as)
}

// makeList gives a list its memory, which node i writes first or reads.
func (n *network) makeList(v *value, i int) {
	if v.image == nil {
		v.image = listImage(v)
		v.image.first = i
		v.image.halves = v.kind == coreml.Float16 && !v.wide
	}
	v.image.last = i
}

// inFours reports whether a list is written four elements at a time that are
// one element of its memory, as halves have to be.
func (v *value) inFours() bool {
	last := len(v.dims) - 1
	if last < 0 || v.dims[last]%4 != 0 || v.view.step[last] != 1 || v.view.first%4 != 0 {
		return false
	}
	for d, s := range v.view.step[:last] {
		if v.dims[d] > 1 && s%4 != 0 {
			return false
		}
	}
	return true
}

// access is how a kernel reads or writes a list: the step in its memory for
// each dimension of the kernel's result.
type access struct {
	v     *value
	first int
	step  []int
}

// reading is the access that broadcasts v to the extents.
func reading(v *value, dims []int) access {
	return access{v, v.view.first, broadcastSteps(v, dims)}
}

// collapse joins neighboring dimensions that every access walks through as
// one, and drops those of one element, so that a kernel has fewer indices to
// compute. keep says which dimensions stay by themselves; nil is none. It
// returns the extents that are left, the accesses with a step for each of them,
// and, for each dimension, which one it has become; -1 where it was dropped.
func collapse(dims []int, accesses []access, keep []bool) (extents []int, out []access, became []int) {
	out = slices.Clone(accesses)
	for i := range out {
		out[i].step = nil
	}
	open := false // whether the last extent may be joined with the next
	joins := func(d int) bool {
		for i, a := range accesses {
			if out[i].step[len(extents)-1] != a.step[d]*dims[d] {
				return false
			}
		}
		return true
	}
	for d, e := range dims {
		stays := keep != nil && keep[d]
		switch {
		case e == 1 && !stays:
			became = append(became, -1)
			continue
		case open && !stays && joins(d):
			extents[len(extents)-1] *= e
			for i, a := range accesses {
				out[i].step[len(extents)-1] = a.step[d]
			}
		default:
			extents = append(extents, e)
			for i, a := range accesses {
				out[i].step = append(out[i].step, a.step[d])
			}
		}
		open = !stays
		became = append(became, len(extents)-1)
	}
	if len(extents) == 0 {
		extents = []int{1}
		for i := range out {
			out[i].step = []int{0}
		}
	}
	return extents, out, became
}
