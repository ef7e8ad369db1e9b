package graph

import "math/bits"

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, n/64+1) }

func (b bitset) set(i int)   { b[i/64] |= 1 << (i % 64) }
func (b bitset) clear(i int) { b[i/64] &^= 1 << (i % 64) }

// last is the largest number of the set below end, or -1.
func (b bitset) last(end int) int {
	word := b[end/64] & (1<<(end%64) - 1)
	for i := end / 64; ; i-- {
		if word != 0 {
			return i*64 + 63 - bits.LeadingZeros64(word)
		}
		if i == 0 {
			return -1
		}
		word = b[i-1]
	}
}
