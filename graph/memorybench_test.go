package graph

import (
	"fmt"
	"testing"
)

// BenchmarkMemory is the phases that place memory, without those before: what
// lives from where to where, what the barriers order, where it all lies.
func BenchmarkMemory(b *testing.B) {
	for _, shape := range []struct {
		name  string
		build func(int) *Graph
	}{{"chain", chain}, {"layered", layered}} {
		for _, n := range []int{100, 1000, 10000} {
			b.Run(fmt.Sprintf("%s/%d", shape.name, n), func(b *testing.B) {
				c := compileOnly(b, shape.build(n))
				b.ReportAllocs()
				for b.Loop() {
					if lifetimes(c) != nil || memory(c) != nil {
						b.Fatal("no memory")
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(c.blocks)), "ns/block")
			})
		}
	}
}
