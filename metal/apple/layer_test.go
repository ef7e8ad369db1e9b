package apple_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/apple"
)

// The order of a frame on a layer: nextDrawable, waitForDrawable, commit,
// signalDrawable, present.
func TestLayer(t *testing.T) {
	n := newNoop()
	n.logs = true
	r := newRig(t, n)
	n.log = nil
	layer := uintptr(n.new("CAMetalLayer"))
	l, err := r.NewLayer(r.queue, layer, metal.PixelFormatBGRA8Unorm)
	require.NoError(t, err)
	target, err := l.Next()
	require.NoError(t, err)
	assert.Equal(t, 64, target.Descriptor().Width)
	assert.Equal(t, metal.PixelFormatBGRA8Unorm, target.Descriptor().Format)
	pass := r.pass("on the screen")
	pass.Colors[0].Texture = target
	r.frame(func(b metal.CommandBuffer) {
		e, err := b.RenderEncoder(pass)
		require.NoError(t, err)
		e.EndEncoding()
	})
	target.Release() // does nothing
	require.NoError(t, l.Present())
	l.Release()
	l.Release()
	var order []string
	for _, line := range n.log {
		for _, word := range []string{"CAMetalLayer ", "Drawable", "present", "commit:", "ResidencySet:", "texture", "residencySet"} {
			if strings.Contains(line, word) && !strings.Contains(line, "RenderPass") {
				order = append(order, line)
				break
			}
		}
	}
	golden(t, "layer.txt", order)
}

func TestLayerRefusals(t *testing.T) {
	n := newNoop()
	r := newRig(t, n)
	_, err := r.NewLayer(r.queue, 0, metal.PixelFormatBGRA8Unorm)
	assert.EqualError(t, err, "apple: a layer: the address of the CAMetalLayer is 0")
	_, err = r.NewLayer(nil, 1, metal.PixelFormatBGRA8Unorm)
	assert.ErrorContains(t, err, "the queue is not one of this driver")
	_, err = r.NewLayer(r.queue, 1, metal.PixelFormatR8Unorm)
	assert.ErrorContains(t, err, "r8Unorm: use bgra8Unorm")
	l, err := r.NewLayer(r.queue, 0x9990, metal.PixelFormatBGRA8Unorm)
	require.NoError(t, err)
	assert.ErrorContains(t, l.Present(), "call Next first")
	n.deny = "nextDrawable"
	_, err = l.Next()
	assert.ErrorIs(t, err, apple.ErrNoDrawable)
	n.deny = ""
	target, err := l.Next()
	require.NoError(t, err)
	_, err = l.Next()
	assert.ErrorContains(t, err, "Present it first")
	require.NoError(t, l.Present())
	err = r.fault(func(b metal.CommandBuffer) {
		pass := r.pass("late")
		pass.Colors[0].Texture = target
		_, err := b.RenderEncoder(pass)
		assert.Error(t, err)
	})
	assert.ErrorContains(t, err, `texture "drawable" is used after its Release`)
	l.Release()
	_, err = l.Next()
	assert.ErrorContains(t, err, "after its Release")
}
