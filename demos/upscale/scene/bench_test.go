package scene

import "testing"

func BenchmarkTown(b *testing.B) {
	for b.Loop() {
		if _, err := newTown(1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTextures(b *testing.B) {
	for b.Loop() {
		draw(1)
	}
}
