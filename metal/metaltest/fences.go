package metaltest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

func (k *kit) fence(label string) metal.Fence {
	k.Helper()
	return made[metal.Fence](k)(k.device.NewFence(label))
}

var fences = area{name: "fences", tests: []test{
	{"between encoders", func(k *kit) {
		r, f := k.relay(), k.fence("f")
		assert.Equal(k, "f", f.Label())
		k.frame(func(b metal.CommandBuffer) {
			for i := range 10 {
				k.bare(b, func(e metal.ComputeEncoder) {
					if i > 0 {
						e.WaitForFence(f, dispatch)
					}
					r.step(e)
					e.UpdateFence(f, dispatch)
				})
			}
		})
		r.added(10)
	}},
	{"a wait in the middle", func(k *kit) {
		r, f, out := k.relay(), k.fence("f"), k.space("out", relayed*4)
		k.frame(func(b metal.CommandBuffer) {
			k.bare(b, func(e metal.ComputeEncoder) {
				r.step(e)
				e.UpdateFence(f, dispatch)
			})
			k.bare(b, func(e metal.ComputeEncoder) {
				e.FillBuffer(out, 0, 64, 1)
				e.WaitForFence(f, blit)
				e.CopyBuffer(r.buffers[1], 64, out, 64, relayed*4-64)
			})
		})
		r.added(1)
		assert.Equal(k, r.buffers[1].Contents()[64:], out.Contents()[64:])
		assert.Equal(k, byte(1), out.Contents()[63])
	}},
	{"the stages of another kind of encoder", func(k *kit) {
		target, f := k.target("target", metal.PixelFormatRGBA8Unorm, 16), k.fence("f")
		out, p, m := k.space("out", 16*16*4), k.pipeline(), k.mesh(screen(0, red))
		size := metal.Size{Width: 16, Height: 16, Depth: 1}
		k.frame(func(b metal.CommandBuffer) {
			e, err := b.RenderEncoder(cleared(target))
			require.NoError(k, err)
			triangles(e, p, m, 6)
			e.UpdateFence(f, metal.StageFragment)
			e.EndEncoding()
			k.bare(b, func(e metal.ComputeEncoder) {
				e.WaitForFence(f, blit)
				e.CopyTextureToBuffer(metal.TextureRegion{Texture: target}, size, out, 0, 64, 1024)
				e.UpdateFence(f, blit)
			})
			e, err = b.RenderEncoder(cleared(target))
			require.NoError(k, err)
			e.WaitForFence(f, metal.StageFragment)
			e.EndEncoding()
		})
		k.picture(out, 16, inside(0, 0, 16, 16, red8))
	}},
	{"from frame to frame", func(k *kit) {
		// The commits are recorded in another order than they run in.
		r, f := k.relay(), k.fence("f")
		k.resident.Commit()
		var all []metal.CommandBuffer
		for range 4 {
			all = append(all, made[metal.CommandBuffer](k)(k.device.NewCommandBuffer("frame")))
		}
		for i := range all {
			b := all[len(all)-1-i]
			r.turn = (len(all) - 1 - i) % 2
			require.NoError(k, b.Begin(made[metal.CommandAllocator](k)(k.device.NewCommandAllocator("frame"))))
			k.bare(b, func(e metal.ComputeEncoder) {
				if b != all[0] {
					e.WaitForFence(f, dispatch)
				}
				r.step(e)
				e.UpdateFence(f, dispatch)
			})
			require.NoError(k, b.End())
		}
		require.NoError(k, k.queue.Commit(all[:2]))
		require.NoError(k, k.queue.Commit(all[2:]))
		k.finish()
		r.turn = len(all) % 2
		r.added(len(all))
	}},
}}

// fencing is a fault of one encoder with a fence "held".
func fencing(do func(e metal.ComputeEncoder, f metal.Fence)) func(k *kit) error {
	return func(k *kit) error {
		f := k.fence("held")
		return k.fault(func(e metal.ComputeEncoder) { do(e, f) })
	}
}

// committed is the error of committing to a queue what one encoder does.
func (k *kit) committed(q metal.CommandQueue, record func(e metal.ComputeEncoder)) error {
	k.Helper()
	b := made[metal.CommandBuffer](k)(k.device.NewCommandBuffer("culprit"))
	require.NoError(k, b.Begin(made[metal.CommandAllocator](k)(k.device.NewCommandAllocator("culprit"))))
	k.bare(b, record)
	require.NoError(k, b.End())
	return q.Commit([]metal.CommandBuffer{b})
}

var badFences = []refusal{
	{"an update after foreign stages", []string{"culprit", "held", "fragment"}, fencing(func(e metal.ComputeEncoder, f metal.Fence) {
		e.UpdateFence(f, dispatch|metal.StageFragment)
	})},
	{"an update after no stage", []string{"culprit", "held"}, fencing(func(e metal.ComputeEncoder, f metal.Fence) { e.UpdateFence(f, 0) })},
	{"a wait before foreign stages", []string{"culprit", "held", "machineLearning"}, fencing(func(e metal.ComputeEncoder, f metal.Fence) {
		e.WaitForFence(f, metal.StageMachineLearning)
	})},
	{"a wait before all stages", []string{"culprit", "held"}, fencing(func(e metal.ComputeEncoder, f metal.Fence) {
		e.WaitForFence(f, metal.StageAll)
	})},
	{"a wait after the encoder's own update", []string{"culprit", "held", "wait before"}, fencing(func(e metal.ComputeEncoder, f metal.Fence) {
		e.UpdateFence(f, dispatch)
		e.WaitForFence(f, dispatch)
	})},
	{"no fence", []string{"culprit", "UpdateFence"}, fencing(func(e metal.ComputeEncoder, _ metal.Fence) { e.UpdateFence(nil, dispatch) })},
	{"a fence of another device", []string{"culprit", "WaitForFence"}, func(k *kit) error {
		other := k.open(k.T)
		defer other.Release()
		f, err := other.NewFence("foreign")
		require.NoError(k, err)
		defer f.Release()
		return k.fault(func(e metal.ComputeEncoder) { e.WaitForFence(f, dispatch) })
	}},
	{"a released fence", []string{"culprit", "gone"}, func(k *kit) error {
		f, err := k.device.NewFence("gone")
		require.NoError(k, err)
		f.Release()
		return k.fault(func(e metal.ComputeEncoder) { e.UpdateFence(f, dispatch) })
	}},
	{"an update after the end", []string{"culprit", "UpdateFence"}, func(k *kit) error {
		f := k.fence("held")
		return k.faulty(func(buffer metal.CommandBuffer) {
			e, err := buffer.ComputeEncoder("culprit")
			require.NoError(k, err)
			e.EndEncoding()
			e.UpdateFence(f, dispatch)
		})
	}},
	{"a wait that nothing updates", []string{"culprit", "held"}, func(k *kit) error {
		f := k.fence("held")
		return k.committed(k.queue, func(e metal.ComputeEncoder) { e.WaitForFence(f, dispatch) })
	}},
	{"a wait that comes before the update", []string{"first", "held"}, func(k *kit) error {
		f := k.fence("held")
		var both []metal.CommandBuffer
		for i, label := range []string{"first", "second"} {
			b := made[metal.CommandBuffer](k)(k.device.NewCommandBuffer(label))
			require.NoError(k, b.Begin(made[metal.CommandAllocator](k)(k.device.NewCommandAllocator(label))))
			k.bare(b, func(e metal.ComputeEncoder) {
				if i == 0 {
					e.WaitForFence(f, dispatch)
				} else {
					e.UpdateFence(f, dispatch)
				}
			})
			require.NoError(k, b.End())
			both = append(both, b)
		}
		err := k.queue.Commit(both)
		// Nothing was committed, so the other order is still to be had.
		both[0], both[1] = both[1], both[0]
		require.NoError(k, k.queue.Commit(both))
		k.finish()
		return err
	}},
	{"a fence between queues", []string{"culprit", "held", "shared event"}, func(k *kit) error {
		f, other := k.fence("held"), made[metal.CommandQueue](k)(k.device.NewCommandQueue("other"))
		require.NoError(k, k.committed(k.queue, func(e metal.ComputeEncoder) { e.UpdateFence(f, dispatch) }))
		k.finish()
		return k.committed(other, func(e metal.ComputeEncoder) { e.WaitForFence(f, dispatch) })
	}},
}
