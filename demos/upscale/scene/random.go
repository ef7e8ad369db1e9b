package scene

import "math/rand/v2"

// chance draws what a seed decides. Streams by different names do not disturb
// each other: a change to the trees leaves the houses alone.
type chance struct{ *rand.Rand }

func newChance(seed int64, stream string) chance {
	hash := uint64(14695981039346656037) // FNV-1a
	for _, c := range []byte(stream) {
		hash = (hash ^ uint64(c)) * 1099511628211
	}
	return chance{rand.New(rand.NewPCG(mix(uint64(seed)^hash), mix(hash+uint64(seed))))}
}

// mix spreads neighboring numbers (the finalizer of SplitMix64, Steele et al.
// 2014): PCG's first draws from close seeds are alike.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// between is a number in [low, high).
func (c chance) between(low, high float64) float64 { return low + (high-low)*c.Float64() }

// yes is true with probability p.
func (c chance) yes(p float64) bool { return c.Float64() < p }

// sign is -1 or 1.
func (c chance) sign() float64 { return float64(2*c.IntN(2) - 1) }

// pick is one of several.
func pick[T any](c chance, from ...T) T { return from[c.IntN(len(from))] }
