package barriers

import "math/bits"

// eventSet is a set of events of an unrolled frame.
type eventSet [4]uint64

const maxEvents = 256

func (s *eventSet) add(i int)      { s[i>>6] |= 1 << (i & 63) }
func (s *eventSet) has(i int) bool { return s[i>>6]>>(i&63)&1 != 0 }
func (s *eventSet) or(x *eventSet) {
	for w := range s {
		s[w] |= x[w]
	}
}

func (s *eventSet) and(x *eventSet) (both eventSet) {
	for w := range s {
		both[w] = s[w] & x[w]
	}
	return both
}

func (s *eventSet) less(x *eventSet) (rest eventSet) {
	for w := range s {
		rest[w] = s[w] &^ x[w]
	}
	return rest
}

// in says whether x holds all of s.
func (s *eventSet) in(x *eventSet) bool {
	for w := range s {
		if s[w]&^x[w] != 0 {
			return false
		}
	}
	return true
}

func (s *eventSet) empty() bool { return *s == eventSet{} }

func (s *eventSet) all(yield func(int) bool) {
	for w, rest := range s {
		for ; rest != 0; rest &= rest - 1 {
			if !yield(w<<6 + bits.TrailingZeros64(rest)) {
				return
			}
		}
	}
}

// closure follows links, which all lead forward, to whatever is behind them.
func closure(next []eventSet) []eventSet {
	reach := make([]eventSet, len(next))
	for u := len(next) - 1; u >= 0; u-- {
		reach[u] = next[u]
		for v := range next[u].all {
			reach[u].or(&reach[v])
		}
	}
	return reach
}

// ancestors is closure backward.
func ancestors(wait []eventSet) []eventSet {
	all := make([]eventSet, len(wait))
	for v := range wait {
		all[v] = wait[v]
		for u := range wait[v].all {
			all[v].or(&all[u])
		}
	}
	return all
}
