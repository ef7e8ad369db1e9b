package objc

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func macOS(t *testing.T) (Runtime, *Foundation, *Calls) {
	r, err := System()
	require.NoError(t, err)
	return r, NewFoundation(r), NewCalls(r)
}

func TestSystemIsOne(t *testing.T) {
	a, _, _ := macOS(t)
	b, _, _ := macOS(t)
	assert.Same(t, a, b)
}

func TestFoundationOfTheSystem(t *testing.T) {
	r, f, c := macOS(t)
	defer c.Push().Pop()
	s := f.NewString(c, "größer 🙂")
	defer f.Release(c, s)
	assert.Equal(t, "größer 🙂", f.Text(c, s))
	assert.Equal(t, "/tmp", f.Text(c, c.SendID(f.FileURL(c, "/tmp"), r.Selector("path"))))

	array := c.SendID(r.Class("NSArray"), r.Selector("arrayWithObject:"), uintptr(s))
	require.Equal(t, 1, f.Count(c, array))
	assert.Equal(t, s, f.At(c, array, 0))

	err := f.Error(c, c.SendID(r.Class("NSError"), r.Selector("errorWithDomain:code:userInfo:"), uintptr(s), 7, 0), "it")
	assert.ErrorContains(t, err, "(größer 🙂 7)")

	data := c.SendID(s, r.Selector("dataUsingEncoding:"), 4) // NSUTF8StringEncoding
	assert.Equal(t, []byte("größer 🙂"), f.Data(c, data))
}

// A block that takes one object is called with it.
func TestBlocksAreCalled(t *testing.T) {
	r, f, c := macOS(t)
	defer c.Push().Pop()
	s := f.NewString(c, "element")
	defer f.Release(c, s)
	array := c.SendID(r.Class("NSArray"), r.Selector("arrayWithObject:"), uintptr(s))
	var got []ID
	block := r.NewBlock(func(argument ID) { got = append(got, argument) })
	c.Send(array, r.Selector("enumerateObjectsUsingBlock:"), uintptr(block))
	r.ReleaseBlock(block)
	assert.Equal(t, []ID{s}, got)
}

// What is set by float registers is read by key, in memory.
func TestFloatsReachTheSystem(t *testing.T) {
	r, f, c := macOS(t)
	defer c.Push().Pop()
	read := func(object ID, key string, bytes uintptr) [4]uint64 {
		k := f.NewString(c, key)
		defer f.Release(c, k)
		boxed := c.SendID(object, r.Selector("valueForKey:"), uintptr(k))
		value := c.Struct(0, 0, 0, 0)
		c.Send(boxed, r.Selector("getValue:size:"), value, bytes)
		return *(*[4]uint64)(foreign(value, 0))
	}
	bits := math.Float64bits
	layer := c.SendID(r.Class("CAMetalLayer"), r.Selector("new"))
	defer f.Release(c, layer)
	r.SendDoubles(layer, r.Selector("setDrawableSize:"), []float64{640, 480})
	assert.Equal(t, [4]uint64{bits(640), bits(480)}, read(layer, "drawableSize", 16))
	r.SendFloats(layer, r.Selector("setOpacity:"), []float32{0.5})
	assert.Equal(t, uint64(math.Float32bits(0.5)), read(layer, "opacity", 4)[0])

	color := c.SendID(r.Class("MTLRenderPassColorAttachmentDescriptor"), r.Selector("new"))
	defer f.Release(c, color)
	r.SendDoubles(color, r.Selector("setClearColor:"), []float64{0.25, 0.5, 0.75, 1})
	assert.Equal(t, [4]uint64{bits(0.25), bits(0.5), bits(0.75), bits(1)}, read(color, "clearColor", 32))
}
