package metaltest

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

var events = area{name: "events", tests: []test{
	{"waiting", func(k *kit) {
		e := made[metal.SharedEvent](k)(k.device.NewSharedEvent("e"))
		assert.Zero(k, e.SignaledValue())
		assert.True(k, e.Wait(0, 0))
		start := time.Now()
		assert.False(k, e.Wait(1, 30*time.Millisecond))
		assert.GreaterOrEqual(k, time.Since(start), 25*time.Millisecond)
		require.NoError(k, k.queue.SignalEvent(e, 5))
		// In this order: Khronos' validation layer 1.3.239 sleeps ten seconds, and
		// then suspects itself, when the first wait is for a value that was skipped.
		assert.True(k, e.Wait(5, patience))
		assert.True(k, e.Wait(3, patience))
		assert.EqualValues(k, 5, e.SignaledValue())
		assert.False(k, e.Wait(6, 0))
	}},
	{"waiting elsewhere", func(k *kit) {
		e := made[metal.SharedEvent](k)(k.device.NewSharedEvent("e"))
		done := make(chan bool)
		go func() { done <- e.Wait(1, patience) }()
		time.Sleep(5 * time.Millisecond)
		require.NoError(k, k.queue.SignalEvent(e, 1))
		assert.True(k, <-done)
	}},
	{"a signal comes after the work", func(k *kit) {
		a, b := k.shared("a", pattern(1<<20, 1)), k.space("b", 1<<20)
		k.compute(func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, b, 0, 1<<20) })
		assert.Equal(k, a.Contents(), b.Contents())
	}},
	{"from queue to queue", func(k *kit) {
		other := made[metal.CommandQueue](k)(k.device.NewCommandQueue("other"))
		other.AddResidencySet(k.resident)
		second := made[metal.CommandBuffer](k)(k.device.NewCommandBuffer("second"))
		allocator := made[metal.CommandAllocator](k)(k.device.NewCommandAllocator("second"))
		a, b, c := k.shared("a", pattern(4096, 2)), k.private("b", 4096), k.space("c", 4096)
		k.resident.Commit()

		require.NoError(k, k.commands.Begin(k.allocator))
		k.bare(k.commands, func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, b, 0, 4096) })
		require.NoError(k, k.commands.End())
		require.NoError(k, second.Begin(allocator))
		k.bare(second, func(e metal.ComputeEncoder) { e.CopyBuffer(b, 0, c, 0, 4096) })
		require.NoError(k, second.End())

		require.NoError(k, k.queue.Commit([]metal.CommandBuffer{k.commands}))
		require.NoError(k, k.queue.SignalEvent(k.event, 1))
		require.NoError(k, other.WaitForEvent(k.event, 1))
		require.NoError(k, other.Commit([]metal.CommandBuffer{second}))
		require.NoError(k, other.SignalEvent(k.event, 2))
		require.True(k, k.event.Wait(2, patience))
		assert.Equal(k, a.Contents(), c.Contents())
	}},
	{"a wait before its signal", func(k *kit) {
		// It holds the queue, and no other; where both queues are one to the
		// hardware it is refused instead.
		other := made[metal.CommandQueue](k)(k.device.NewCommandQueue("other"))
		e := made[metal.SharedEvent](k)(k.device.NewSharedEvent("late"))
		if err := other.WaitForEvent(e, 7); err != nil {
			assert.ErrorContains(k, err, "late")
			assert.ErrorContains(k, err, "7")
		}
		require.NoError(k, other.SignalEvent(k.event, 1))
		require.NoError(k, k.queue.SignalEvent(e, 7))
		require.True(k, e.Wait(7, patience))
		require.True(k, k.event.Wait(1, patience))
	}},
	{"a buffer begins again at once", func(k *kit) {
		a, b, c := k.shared("a", pattern(64, 3)), k.space("b", 64), k.space("c", 64)
		allocator := made[metal.CommandAllocator](k)(k.device.NewCommandAllocator("second"))
		k.resident.Commit()
		for i, to := range []metal.Buffer{b, c} {
			require.NoError(k, k.commands.Begin([]metal.CommandAllocator{k.allocator, allocator}[i]))
			k.bare(k.commands, func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, to, 0, 64) })
			require.NoError(k, k.commands.End())
			require.NoError(k, k.queue.Commit([]metal.CommandBuffer{k.commands}))
		}
		k.finish()
		assert.Equal(k, a.Contents(), b.Contents())
		assert.Equal(k, a.Contents(), c.Contents())
	}},
	{"several buffers of one allocator", func(k *kit) {
		a, b, c := k.shared("a", pattern(64, 3)), k.space("b", 64), k.space("c", 64)
		second := made[metal.CommandBuffer](k)(k.device.NewCommandBuffer("second"))
		k.resident.Commit()
		for i, to := range []metal.Buffer{b, c} {
			commands := []metal.CommandBuffer{k.commands, second}[i]
			require.NoError(k, commands.Begin(k.allocator))
			k.bare(commands, func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, to, 0, 64) })
			require.NoError(k, commands.End())
		}
		require.NoError(k, k.queue.Commit([]metal.CommandBuffer{k.commands, second}))
		k.finish()
		require.NoError(k, k.allocator.Reset())
		assert.Equal(k, a.Contents(), b.Contents())
		assert.Equal(k, a.Contents(), c.Contents())
	}},
	{"a buffer's own residency set", func(k *kit) {
		own := made[metal.ResidencySet](k)(k.device.NewResidencySet("own"))
		a := made[metal.Buffer](k)(k.device.NewBuffer(metal.BufferDescriptor{Label: "a", Length: 64}))
		own.Add(a)
		assert.True(k, own.Contains(a))
		assert.False(k, k.resident.Contains(a))
		own.Commit()
		k.frame(func(b metal.CommandBuffer) {
			b.UseResidencySet(own)
			k.bare(b, func(e metal.ComputeEncoder) { e.FillBuffer(a, 0, 64, 9) })
		})
		assert.Equal(k, byte(9), a.Contents()[63])
		own.Remove(a)
		own.Commit()
		assert.False(k, own.Contains(a))
	}},
	{"timestamps", func(k *kit) {
		h := made[metal.CounterHeap](k)(k.device.NewCounterHeap("h", 8))
		assert.Equal(k, 8, h.Count())
		b, p, m := k.private("b", 1<<20), k.pipeline(), k.mesh(screen(0, red))
		for range 2 {
			k.frame(func(buffer metal.CommandBuffer) {
				buffer.WriteTimestamp(h, 1)
				k.encode(buffer, func(e metal.ComputeEncoder) {
					e.FillBuffer(b, 0, 1<<20, 1)
					e.WriteTimestamp(h, 2)
				})
				k.draw(buffer, cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), func(e metal.RenderEncoder) {
					triangles(e, p, m, 6)
					e.WriteTimestamp(metal.StageFragment, h, 3)
				})
				buffer.WriteTimestamp(h, 4)
			})
			var ticks [4]uint64
			require.NoError(k, h.Resolve(1, ticks[:]))
			for i := range 3 {
				assert.LessOrEqual(k, ticks[i], ticks[i+1], "entries %d and %d", i+1, i+2)
			}
			nanoseconds := float64(ticks[3]-ticks[0]) * k.device.Limits().TimestampNanoseconds
			assert.Positive(k, nanoseconds)
			assert.Less(k, nanoseconds, float64(patience))
		}
	}},
}}
