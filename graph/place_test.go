package graph

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal"
)

// next is the line after the one where it is called, as the runtime knows it.
func next() string {
	_, file, line, _ := runtime.Caller(1)
	return fmt.Sprintf("%s:%d", filepath.Base(file), line+1)
}

// noPass declares nothing.
type noPass struct{}

func (noPass) Declare(*Declaration) {}
func (noPass) Encode(*Frame) error  { return nil }

// twoPasses adds passes in lines of its own.
type twoPasses struct{}

func (twoPasses) Expand(g *Graph) error {
	g.Add(noPass{})
	g.Add(noPass{})
	return nil
}

// inlined is small enough to be inlined where it is called.
func inlined(g *Graph) string {
	at := next()
	g.Texture("inlined", rgba(8, 8))
	return at
}

// Places are the lines that the runtime itself names, through inlined calls,
// closures and composites.
func TestPlaces(t *testing.T) {
	g := New()
	want := []string{next()}
	g.Texture("texture", rgba(8, 8))
	want = append(want, next())
	g.Buffer("buffer", metal.BufferDescriptor{Length: 4})
	want = append(want, next())
	g.Tensor("tensor", metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{4}})
	func() {
		want = append(want, next())
		g.Buffer("closure", metal.BufferDescriptor{Length: 4})
	}()
	want = append(want, inlined(g), next())
	g.Add(noPass{})
	want = append(want, next(), next())
	g.Add(twoPasses{})
	want[len(want)-2] = want[len(want)-1]
	var got []string
	for i := range g.resources {
		got = append(got, g.resources[i].place.String())
	}
	for i := range g.passes {
		got = append(got, g.passes[i].place.String())
	}
	assert.Equal(t, want, got)

	declare, at := g.Buffer, next()
	declare("through a wrapper of the compiler's", metal.BufferDescriptor{Length: 4})
	assert.Contains(t, []string{"", at}, g.resources[len(g.resources)-1].place.String())
}
