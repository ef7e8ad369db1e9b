package record_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/metal"
	"weft/metal/record"
)

func TestOptions(t *testing.T) {
	d := record.New(record.Options{})
	assert.Equal(t, "record", d.Name())
	assert.Equal(t, 16384, d.Limits().MaxTextureSize)
	d = record.New(record.Options{Name: "small", Limits: metal.Limits{MaxTextureSize: 64, MaxBufferLength: 1000}, TextureClass: 1})
	assert.Equal(t, "small", d.Name())
	assert.Equal(t, 1024, d.Limits().MaxThreads, "the default stays")
	_, err := d.NewTexture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatR8Unorm, Width: 65, Height: 1})
	assert.ErrorContains(t, err, `texture "t" of 65x1: at most 64 a side`)
	_, err = d.NewBuffer(metal.BufferDescriptor{Label: "b", Length: 1001})
	assert.ErrorContains(t, err, `buffer "b" of 1001 bytes: must be from 1 to 1000`)

	h, err := d.NewHeap(metal.HeapDescriptor{Label: "h", Size: 4096, Storage: metal.StorageModePrivate})
	require.NoError(t, err)
	_, err = h.NewTexture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatR8Unorm, Width: 4, Height: 4}, 0)
	assert.ErrorContains(t, err, `texture "t" is of class 1, the heap of class 0`)
	_, err = d.NewHeap(metal.HeapDescriptor{Label: "h", Size: 4096, Storage: metal.StorageModePrivate, Class: 2})
	assert.ErrorContains(t, err, "class 2")
}

// Sizes are those of the plan format for frames without a device.
func TestSizes(t *testing.T) {
	d := record.New(record.Options{})
	texture := func(x metal.TextureDescriptor) int {
		s, err := d.TextureSizeAndAlign(x)
		require.NoError(t, err)
		assert.Equal(t, 256, s.Align)
		return s.Size
	}
	assert.Equal(t, 960*540*8, texture(metal.TextureDescriptor{Format: metal.PixelFormatRGBA16Float, Width: 960, Height: 540}))
	assert.Equal(t, 256, texture(metal.TextureDescriptor{Format: metal.PixelFormatR8Unorm, Width: 3, Height: 3}))
	assert.Equal(t, 4096, texture(metal.TextureDescriptor{Format: metal.PixelFormatR32Float, Width: 16, Height: 16, Mips: 3, Layers: 3}), "3 * 4 * (256 + 64 + 16), rounded up")
	assert.Equal(t, 16*16*4*4, texture(metal.TextureDescriptor{Format: metal.PixelFormatR32Float, Width: 16, Height: 16, Samples: 4}))
	s, err := d.TensorSizeAndAlign(metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{33, 5, 2}})
	require.NoError(t, err)
	assert.Equal(t, 128*5*2, s.Size)
	s, err = d.BufferSizeAndAlign(metal.BufferDescriptor{Length: 257})
	require.NoError(t, err)
	assert.Equal(t, metal.SizeAndAlign{Size: 512, Align: 256}, s)
}

// Held back, the GPU does nothing; let go, it does all of it in order.
func TestHold(t *testing.T) {
	h := newHarness(t, record.Options{})
	h.Hold()
	for i := range 3 {
		a := one[metal.CommandAllocator](h)(h.NewCommandAllocator(fmt.Sprint(i)))
		require.NoError(t, h.commands.Begin(a))
		e := one[metal.ComputeEncoder](h)(h.commands.ComputeEncoder("work"))
		e.FillBuffer(h.buffer, 0, 12-4*i, byte(i+1))
		e.EndEncoding()
		require.NoError(t, h.commands.End())
		require.NoError(t, h.commit())
		require.NoError(t, h.queue.SignalEvent(h.event, uint64(i+1)))
	}
	assert.Equal(t, make([]byte, 12), h.buffer.Contents()[:12])
	assert.Zero(t, h.event.SignaledValue())
	assert.False(t, h.event.Wait(1, time.Millisecond))
	done := make(chan bool)
	go func() { done <- h.event.Wait(3, 10*time.Second) }()
	h.Resume()
	assert.True(t, <-done)
	assert.Equal(t, []byte{3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1}, h.buffer.Contents()[:12])
	assert.NoError(t, h.allocator.Reset())
	assert.Empty(t, h.Faults())
}

// A queue may wait for a signal that another one gives later.
func TestQueuesWaitForEachOther(t *testing.T) {
	h := newHarness(t, record.Options{})
	other := one[metal.CommandQueue](h)(h.NewCommandQueue("other"))
	require.NoError(t, h.queue.WaitForEvent(h.event, 2))
	require.NoError(t, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(h.buffer, 0, 4, 9) }))
	require.NoError(t, h.commit())
	require.NoError(t, other.SignalEvent(h.event, 1))
	assert.Equal(t, byte(0), h.buffer.Contents()[0])
	assert.Error(t, h.allocator.Reset(), "in flight")
	require.NoError(t, other.SignalEvent(h.event, 2))
	assert.Equal(t, byte(9), h.buffer.Contents()[0])
	assert.NoError(t, h.allocator.Reset())

	h.Hold() // the same with the signal waiting behind the wait
	require.NoError(t, h.queue.WaitForEvent(h.event, 3))
	require.NoError(t, h.queue.SignalEvent(h.event, 4))
	require.NoError(t, other.SignalEvent(h.event, 3))
	h.Resume()
	assert.EqualValues(t, 4, h.event.SignaledValue())
	require.Len(t, h.Faults(), 1, "the Reset")

	h.Hold()
	require.NoError(t, h.queue.SignalEvent(h.event, 6))
	require.NoError(t, h.queue.SignalEvent(h.event, 6))
	h.Resume()
	assert.ErrorContains(t, h.Faults()[1], `shared event "done": SignalEvent: signaled to 6, which is not above`)
}

// Everything that is made and released leaves no fault behind.
func TestReleases(t *testing.T) {
	h := newHarness(t, record.Options{})
	for _, o := range []metal.Object{h.buffer, h.target, h.event, h.set, h.commands, h.allocator, h.queue} {
		o.Release()
	}
	h.Device.Release()
	assert.Empty(t, h.Faults())
}

// Buffers may be recorded on several threads with the same resources (run with
// -race).
func TestRecordingOnSeveralThreads(t *testing.T) {
	h := newHarness(t, record.Options{})
	var all sync.WaitGroup
	list := make([]metal.CommandBuffer, 4)
	for i := range list {
		list[i] = one[metal.CommandBuffer](h)(h.NewCommandBuffer(fmt.Sprint(i)))
		a := one[metal.CommandAllocator](h)(h.NewCommandAllocator(fmt.Sprint(i)))
		all.Go(func() {
			assert.NoError(t, list[i].Begin(a))
			e, err := list[i].ComputeEncoder("work")
			assert.NoError(t, err)
			for range 100 {
				e.FillBuffer(h.buffer, 4*i, 4, byte(i))
			}
			e.EndEncoding()
			assert.NoError(t, list[i].End())
		})
	}
	all.Wait()
	require.NoError(t, h.queue.Commit(list))
	assert.Equal(t, []byte{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3}, h.buffer.Contents()[:16])
}

// texel names one texel of a texture, the obvious way.
type texel struct{ slice, level, x, y, z int }

// Copies between buffers and textures, and among textures, are compared with a
// map of texels.
func TestCopiesAreRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := record.New(record.Options{})
		must := func(err error) { require.NoError(t, err) }
		n := metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatR16Uint}
		n.Width, n.Height = rapid.IntRange(1, 9).Draw(t, "width"), rapid.IntRange(1, 9).Draw(t, "height")
		if rapid.Bool().Draw(t, "3D") {
			n.Depth, n.Type = rapid.IntRange(1, 4).Draw(t, "depth"), metal.TextureType3D
		} else {
			n.Layers = rapid.IntRange(1, 4).Draw(t, "layers")
		}
		n.Mips = rapid.IntRange(1, n.MaxMips()).Draw(t, "mips")
		texture, err := d.NewTexture(n)
		must(err)
		const length = 4096
		buffer, err := d.NewBuffer(metal.BufferDescriptor{Label: "b", Length: length})
		must(err)
		bytes := make([]byte, length)
		for i := range bytes {
			bytes[i] = byte(i * 7)
		}
		copy(buffer.Contents(), bytes)
		set, err := d.NewResidencySet("all")
		must(err)
		set.Add(texture)
		set.Add(buffer)
		set.Commit()
		queue, err := d.NewCommandQueue("q")
		must(err)
		queue.AddResidencySet(set)
		allocator, err := d.NewCommandAllocator("a")
		must(err)
		commands, err := d.NewCommandBuffer("c")
		must(err)
		must(commands.Begin(allocator))
		e, err := commands.ComputeEncoder("copies")
		must(err)
		texels := map[texel][2]byte{}
		for range rapid.IntRange(1, 8).Draw(t, "copies") {
			slice, level := rapid.IntRange(0, n.Slices()-1).Draw(t, "slice"), rapid.IntRange(0, n.Mips-1).Draw(t, "level")
			m := n.MipSize(level)
			size := metal.Size{Width: rapid.IntRange(1, m.Width).Draw(t, "w"), Height: rapid.IntRange(1, m.Height).Draw(t, "h"), Depth: rapid.IntRange(1, m.Depth).Draw(t, "d")}
			o := metal.Origin{X: rapid.IntRange(0, m.Width-size.Width).Draw(t, "x"), Y: rapid.IntRange(0, m.Height-size.Height).Draw(t, "y"), Z: rapid.IntRange(0, m.Depth-size.Depth).Draw(t, "z")}
			row := 2 * rapid.IntRange(size.Width, size.Width+3).Draw(t, "row")
			image := row * (size.Height + rapid.IntRange(0, 2).Draw(t, "gap"))
			offset := 2 * rapid.IntRange(0, 100).Draw(t, "offset")
			region := metal.TextureRegion{Texture: texture, Slice: slice, Level: level, Origin: o}
			upload := rapid.Bool().Draw(t, "upload")
			if upload {
				e.CopyBufferToTexture(buffer, offset, row, image, size, region)
			} else {
				e.CopyTextureToBuffer(region, size, buffer, offset, row, image)
			}
			for z := range size.Depth {
				for y := range size.Height {
					for x := range size.Width {
						at, place := texel{slice, level, o.X + x, o.Y + y, o.Z + z}, offset+z*image+y*row+2*x
						if upload {
							texels[at] = [2]byte(bytes[place:])
						} else {
							v := texels[at]
							copy(bytes[place:], v[:])
						}
					}
				}
			}
		}
		e.EndEncoding()
		must(commands.End())
		must(queue.Commit([]metal.CommandBuffer{commands}))
		assert.Equal(t, bytes, buffer.Contents())
	})
}
