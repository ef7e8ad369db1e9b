package graph

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// waits runs f on a GPU that is held, and sees it wait until the GPU goes on.
func waits(t *testing.T, d *record.Device, f func()) {
	done := make(chan struct{})
	go func() { f(); close(done) }()
	synctest.Wait()
	select {
	case <-done:
		t.Error("it did not wait")
	default:
	}
	d.Resume()
	<-done
}

// A frame's allocator and uploads are used again only when its GPU work is done.
func TestFramesInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := device(t, record.Options{})
		queue, screen := queueOf(t, d), screenOf(t, d)
		f := newTestFrame()
		plan, err := f.g.Compile(d, FramesInFlight(2))
		require.NoError(t, err)
		t.Cleanup(plan.Release)
		run := func() {
			require.NoError(t, plan.BindTexture(f.screen, screen))
			require.NoError(t, plan.Run(queue))
		}
		d.Hold()
		run()
		run()
		waits(t, d, run)
	})
}

// Barriers order the work of one queue: a frame on another queue waits for those
// before.
func TestQueueChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := device(t, record.Options{})
		one, two, screen := queueOf(t, d), queueOf(t, d), screenOf(t, d)
		f := newTestFrame()
		plan, err := f.g.Compile(d)
		require.NoError(t, err)
		t.Cleanup(plan.Release)
		run := func(queue metal.CommandQueue) {
			require.NoError(t, plan.BindTexture(f.screen, screen))
			require.NoError(t, plan.Run(queue))
		}
		d.Hold()
		run(one)
		waits(t, d, func() { run(two) })
		assert.ErrorContains(t, plan.Run(nil), "the queue is nil")
	})
}

// clearing clears an imported texture, each frame.
func clearing(lifetime Lifetime) (*Graph, Texture) {
	g := New()
	x := g.Texture("x", rgba(64, 64), lifetime)
	addPass(g, "clear", Render, func(d *Declaration) { d.Color(0, Attachment{Texture: x}) })
	return g, x
}

// What is fresh is bound before each frame; what is imported stays bound.
func TestFreshIsBoundEachFrame(t *testing.T) {
	d := device(t, record.Options{})
	queue, screen := queueOf(t, d), screenOf(t, d)
	for _, lifetime := range []Lifetime{Fresh, Imported} {
		g, x := clearing(lifetime)
		plan, err := g.Compile(d)
		require.NoError(t, err)
		t.Cleanup(plan.Release)
		require.NoError(t, plan.BindTexture(x, screen))
		require.NoError(t, plan.Run(queue))
		if lifetime == Imported {
			assert.NoError(t, plan.Run(queue))
		} else {
			assert.ErrorContains(t, plan.Run(queue), `resource "x": nothing is bound for frame 1`)
		}
	}
}

// A texture that is bound no more is resident no more once the frames that used
// it are done.
func TestOldImportsLeaveResidency(t *testing.T) {
	d := device(t, record.Options{})
	queue := queueOf(t, d)
	g, x := clearing(Imported)
	plan, err := g.Compile(d, FramesInFlight(2))
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	bound := []metal.Texture{screenOf(t, d), screenOf(t, d)}
	for _, b := range bound {
		require.NoError(t, plan.BindTexture(x, b))
		for range 2 {
			require.NoError(t, plan.Run(queue))
		}
	}
	for _, s := range plan.machine.slots {
		assert.False(t, s.set.Contains(bound[0]))
		assert.True(t, s.set.Contains(bound[1]))
	}
}

// Uploads of one frame in flight use its memory again, frame by frame.
func TestUploadsDoNotGrow(t *testing.T) {
	d := device(t, record.Options{})
	queue := queueOf(t, d)
	g := New()
	b := g.Buffer("b", metal.BufferDescriptor{Length: arenaBlock}, Persistent)
	var full [arenaBlock]byte
	g.Add(&testPass{
		declare: func(d *Declaration) {
			d.Name("upload")
			d.Kind(Blit)
			d.Write(b, 0)
		},
		encode: func(f *Frame) error {
			from, offset := f.Upload(full[:])
			f.Compute().CopyBuffer(from, offset, f.Buffer(b), 0, arenaBlock)
			if from, offset := f.Upload(nil); offset >= from.Length() {
				return fmt.Errorf("an upload at %d of %d bytes", offset, from.Length())
			}
			return nil
		},
	})
	plan, err := g.Compile(d, FramesInFlight(2))
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	for range 9 {
		require.NoError(t, plan.Run(queue))
	}
	for _, s := range plan.machine.slots {
		assert.Len(t, s.uploads.blocks, 2, "one full, one behind it")
	}
}

// Times are those of the latest frame that is finished.
func TestTimesOfTheLatestFrame(t *testing.T) {
	d := device(t, record.Options{})
	queue := queueOf(t, d)
	extra, err := d.NewCounterHeap("extra", 1)
	require.NoError(t, err)
	t.Cleanup(extra.Release)
	g := New()
	g.Add(&testPass{
		declare: func(d *Declaration) {
			d.Name("longer each frame")
			d.Kind(Compute)
			d.SideEffect()
		},
		encode: func(f *Frame) error {
			for range f.Number() { // the clock goes on with each timestamp
				f.Compute().WriteTimestamp(extra, 0)
			}
			return nil
		},
	})
	plan, err := g.Compile(d, Timestamps())
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	latest := func() int {
		return int(plan.Times()[0].Milliseconds*1e6/record.Tick+0.5) - 1
	}
	for i := range 8 {
		require.NoError(t, plan.Run(queue))
		assert.Equal(t, i, latest())
	}
	d.Hold()
	t.Cleanup(d.Resume)
	require.NoError(t, plan.Run(queue))
	assert.Equal(t, 7, latest(), "frame 8 is not finished")
	d.Resume()
	assert.Equal(t, 8, latest())
}

// An engine that recovers from a panic of a pass can go on with the plan.
func TestPanicLeavesThePlanUsable(t *testing.T) {
	d := device(t, record.Options{})
	queue, screen := queueOf(t, d), screenOf(t, d)
	f := newTestFrame()
	bug := 0
	for i, kind := range []Kind{Compute, Compute, Render} { // compute passes share an encoder
		target := f.g.Texture(fmt.Sprint("target ", len(f.g.passes)), rgba(8, 8), Persistent)
		f.g.Add(&testPass{
			declare: func(d *Declaration) {
				d.Name("late " + f.g.NameOf(target))
				d.Kind(kind)
				d.SideEffect()
				if kind == Render {
					d.Color(0, Attachment{Texture: target})
				}
			},
			encode: func(*Frame) error {
				if bug == i {
					panic("a bug of the engine")
				}
				return nil
			},
		})
	}
	plan, err := f.g.Compile(d, Timestamps())
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	require.NoError(t, plan.BindTexture(f.screen, screen))
	for ; bug < 3; bug++ {
		assert.PanicsWithValue(t, "a bug of the engine", func() { _ = plan.Run(queue) })
	}
	for range 3 {
		require.NoError(t, plan.BindTexture(f.screen, screen))
		require.NoError(t, plan.Run(queue))
	}
	require.NoError(t, plan.Wait())
	assert.Equal(t, byte(2), plan.Buffer(f.back).Contents()[0], "frames that panicked did not happen")
}

// holder is a pass that holds objects and makes them while it encodes.
type holder struct {
	testPass
	released int
}

func (h *holder) Release() { h.released++ }

// Every kept pass that holds objects is released, once, with the plan; also one
// that prepares nothing.
func TestEveryReleaserIsReleased(t *testing.T) {
	d := device(t, record.Options{})
	g := New()
	kept, culled := new(holder), new(holder)
	kept.declare = func(d *Declaration) { d.Name("kept"); d.Kind(Compute); d.SideEffect() }
	culled.declare = func(d *Declaration) { d.Name("culled"); d.Kind(Compute) }
	g.Add(kept)
	g.Add(culled)
	plan, err := g.Compile(d)
	require.NoError(t, err)
	plan.Release()
	plan.Release()
	assert.Equal(t, 1, kept.released)
	assert.Zero(t, culled.released)
}
