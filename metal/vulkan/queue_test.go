package vulkan

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// A texture that its caller has used nowhere may be released at any time, though
// the driver itself has it on the way to its first layout.
func TestReleaseOfAnUnusedTexture(t *testing.T) {
	r := newRig(t)
	big := r.buffer("big", 16<<20)
	for range 3 {
		unused, err := r.NewTexture(target64)
		require.NoError(t, err)
		require.NoError(t, r.cb.Begin(r.alloc))
		r.compute(r.cb, "long", func(e metal.ComputeEncoder) {
			e.BarrierAfterQueueStages(metal.StageBlit, metal.StageBlit, metal.VisibilityDevice)
			e.FillBuffer(big, 0, 16<<20, 1)
		})
		require.NoError(t, r.cb.End())
		require.NoError(t, r.queue.Commit([]metal.CommandBuffer{r.cb}))
		unused.Release()
		require.Empty(t, r.ValidationMessages())
		r.wait()
	}
}

// Several goroutines, with a queue each, make textures: the first commit on any
// queue prepares those of all.
func TestNewTexturesOnManyQueues(t *testing.T) {
	r := newRig(t)
	var all sync.WaitGroup
	for range 4 {
		q, err := r.NewCommandQueue("queue")
		require.NoError(t, err)
		a, err := r.NewCommandAllocator("allocator")
		require.NoError(t, err)
		cb, err := r.NewCommandBuffer("commands")
		require.NoError(t, err)
		done, err := r.NewSharedEvent("done")
		require.NoError(t, err)
		out := r.buffer("out", 64*64*4)
		r.Cleanup(func() {
			done.Release()
			cb.Release()
			a.Release()
			q.Release()
		})
		frame := func(value uint64) error {
			x, err := r.NewTexture(target64)
			if err != nil {
				return err
			}
			defer x.Release()
			if value%3 == 0 {
				return nil
			}
			if err := cb.Begin(a); err != nil {
				return err
			}
			e, err := cb.ComputeEncoder("copy")
			if err != nil {
				return err
			}
			e.CopyTextureToBuffer(metal.TextureRegion{Texture: x}, metal.Size{Width: 64, Height: 64, Depth: 1}, out, 0, 256, 256*64)
			e.EndEncoding()
			if err := cb.End(); err != nil {
				return err
			}
			if err := q.Commit([]metal.CommandBuffer{cb}); err != nil {
				return err
			}
			if err := q.SignalEvent(done, value); err != nil {
				return err
			}
			done.Wait(value, 10*time.Second)
			return a.Reset()
		}
		all.Go(func() {
			for i := range uint64(40) {
				if err := frame(i + 1); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// Queues go to those who need one, as often as they come and go.
func TestTheLeastUsedQueueIsTaken(t *testing.T) {
	s := queueSet{list: []*vulkanQueue{{}, {}}}
	first := s.take()
	for range 5 {
		q := s.take()
		require.NotSame(t, first, q)
		require.False(t, s.shared(first))
		s.giveBack(q)
	}
	s.take()
	third := s.take()
	require.True(t, s.shared(third))
	s.giveBack(third)
	require.False(t, s.shared(third))
	require.True(t, (&queueSet{list: []*vulkanQueue{{users: 1}}}).shared(&vulkanQueue{users: 1}), "the next command queue has to share it")
}

func TestRefusalsOfQueues(t *testing.T) {
	r, other := newRig(t), newRig(t)
	require.ErrorContains(t, r.queue.SignalEvent(other.event, 7), "another device")
	require.ErrorContains(t, r.queue.WaitForEvent(other.event, 7), "another device")

	if r.queues.shared(r.queue.(*commandQueue).queue) {
		require.ErrorContains(t, r.queue.WaitForEvent(r.event, 1), `"done" at 1: it was signaled to 0`)
	}
	r.wait()
	require.NoError(t, r.queue.WaitForEvent(r.event, 1))
	require.ErrorContains(t, r.queue.SignalEvent(r.event, 1), "values go up")

	require.NoError(t, r.cb.Begin(r.alloc))
	require.NoError(t, r.cb.End())
	require.ErrorContains(t, r.queue.Commit([]metal.CommandBuffer{r.cb, r.cb}), "twice")
	require.NoError(t, r.queue.Commit([]metal.CommandBuffer{r.cb}), "a refused commit leaves the buffer as it was")
	r.wait()
}
