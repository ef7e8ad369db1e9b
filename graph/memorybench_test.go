package graph

import "testing"

// BenchmarkMemory is the phases that place memory, without those before: what
// lives from where to where, what the barriers order, where it all lies.
func BenchmarkMemory(b *testing.B) {
	eachSample(b, func(b *testing.B, s *sample) {
		g := New()
		s.declare(g)
		c := compileOnly(b, g)
		for b.Loop() {
			if lifetimes(c) != nil || memory(c) != nil {
				b.Fatal("no memory")
			}
		}
	})
}
