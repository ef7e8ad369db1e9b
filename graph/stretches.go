package graph

// stretch is what is done if the work from first to last is.
func (w *clocks) stretch(first, last int32) done {
	w.stretches = append(w.stretches, stretch{first: first, last: last})
	return done{-1, int32(len(w.stretches) - 1)}
}

// covers reports whether work at a position is done.
func (w *clocks) covers(d done, position int32) bool {
	if position <= d.upTo {
		return true
	}
	for i := d.stretches; i != 0; i = w.stretches[i].next {
		if s := &w.stretches[i]; s.first <= position && position <= s.last {
			return true
		}
	}
	return false
}

// either is what is done if x or y is.
func (w *clocks) either(x, y done) done {
	switch {
	case y.upTo <= x.upTo && (y.stretches == 0 || y.stretches == x.stretches):
		return x
	case x.upTo <= y.upTo && (x.stretches == 0 || x.stretches == y.stretches):
		return y
	}
	d := done{upTo: max(x.upTo, y.upTo)}
	var list [maxStretches]stretch
	n := 0
	for i, j := x.stretches, y.stretches; (i != 0 || j != 0) && n < len(list); n++ {
		a, b := w.stretches[i], w.stretches[j]
		switch {
		case j == 0 || i != 0 && a.first > b.first:
			list[n], i = a, a.next
		case i == 0 || b.first > a.first:
			list[n], j = b, b.next
		default:
			list[n], i, j = stretch{first: a.first, last: max(a.last, b.last)}, a.next, b.next
		}
	}
	return w.keep(d, list[:n])
}

// both is what is done if x and y are.
func (w *clocks) both(x, y done) done {
	if x == y {
		return x
	}
	d := done{upTo: min(x.upTo, y.upTo)}
	if x.stretches|y.stretches == 0 {
		return d
	}
	var list [maxStretches]stretch
	n := 0
	for i, j := x.stretches, y.stretches; (i != 0 || j != 0) && n < len(list); n++ {
		a, b := w.stretches[i], w.stretches[j]
		switch {
		case j == 0 || i != 0 && a.first > b.first:
			list[n], i = stretch{first: a.first, last: min(a.last, y.upTo)}, a.next
		case i == 0 || b.first > a.first:
			list[n], j = stretch{first: b.first, last: min(b.last, x.upTo)}, b.next
		default:
			last := min(max(a.last, x.upTo), max(b.last, y.upTo))
			list[n], i, j = stretch{first: a.first, last: last}, a.next, b.next
		}
	}
	return w.keep(d, list[:n])
}

// keep adds stretches to d, given from the latest to the earliest: those that
// lead on from what is done already by moving that.
func (w *clocks) keep(d done, list []stretch) done {
	for i := len(list) - 1; i >= 0; i-- {
		s := list[i]
		switch {
		case s.last <= d.upTo || s.last < s.first:
		case s.first <= d.upTo+1:
			d.upTo = s.last
		default:
			w.stretches = append(w.stretches, stretch{s.first, s.last, d.stretches})
			d.stretches = int32(len(w.stretches) - 1)
		}
	}
	return d
}
