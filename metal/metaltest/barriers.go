package metaltest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/metaltest/shaders"
)

// relay is two buffers between which a dispatch adds one to each of n numbers.
type relay struct {
	k        *kit
	pipeline metal.ComputePipeline
	tables   [2]metal.ArgumentTable
	buffers  [2]metal.Buffer
	turn     int
}

const relayed = 64

func (k *kit) relay() *relay {
	k.Helper()
	r := &relay{k: k, pipeline: k.computePipeline(shaders.ScaleComp)}
	parameters := k.shared("parameters", scaleParameters(1, 1, relayed))
	r.buffers = [2]metal.Buffer{k.shared("even", floats(counting(relayed)...)), k.space("odd", relayed*4)}
	for i := range r.tables {
		r.tables[i] = k.table("relay")
		r.tables[i].SetBuffer(r.buffers[i], 0, 0)
		r.tables[i].SetBuffer(r.buffers[1-i], 0, 1)
		r.tables[i].SetBuffer(parameters, 0, 2)
	}
	return r
}

// step adds one, once.
func (r *relay) step(e metal.ComputeEncoder) {
	e.SetComputePipeline(r.pipeline)
	e.SetArgumentTable(r.tables[r.turn])
	e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
	r.turn = 1 - r.turn
}

// added checks that n steps were taken.
func (r *relay) added(n int) {
	r.k.Helper()
	executed(r.k, scaled(counting(relayed), 1, float32(n)), readFloats(r.buffers[r.turn].Contents()))
}

// bare records a compute encoder without any barrier.
func (k *kit) bare(b metal.CommandBuffer, record func(e metal.ComputeEncoder)) {
	k.Helper()
	e, err := b.ComputeEncoder(k.Name())
	require.NoError(k, err)
	record(e)
	e.EndEncoding()
}

const dispatch, blit = metal.StageDispatch, metal.StageBlit

var barriers = area{name: "barriers", tests: []test{
	{"intra-pass", func(k *kit) {
		r, out := k.relay(), k.space("out", relayed*4)
		k.frame(func(b metal.CommandBuffer) {
			k.bare(b, func(e metal.ComputeEncoder) {
				for range 33 {
					r.step(e)
					e.BarrierAfterEncoderStages(dispatch, dispatch, metal.VisibilityDevice)
				}
				e.BarrierAfterEncoderStages(dispatch, blit, metal.VisibilityDevice)
				e.CopyBuffer(r.buffers[r.turn], 0, out, 0, relayed*4)
			})
		})
		r.added(33)
		assert.Equal(k, r.buffers[r.turn].Contents(), out.Contents())
	}},
	{"consumer", func(k *kit) {
		r := k.relay()
		k.frame(func(b metal.CommandBuffer) {
			for range 10 {
				k.bare(b, func(e metal.ComputeEncoder) {
					e.BarrierAfterQueueStages(dispatch, dispatch, metal.VisibilityDevice)
					r.step(e)
				})
			}
		})
		r.added(10)
	}},
	{"producer", func(k *kit) {
		r := k.relay()
		k.frame(func(b metal.CommandBuffer) {
			for range 10 {
				k.bare(b, func(e metal.ComputeEncoder) {
					r.step(e)
					e.BarrierAfterStages(dispatch, dispatch, metal.VisibilityDevice)
				})
			}
		})
		r.added(10)
	}},
	{"a consumer barrier in the middle", func(k *kit) {
		r, in, out := k.relay(), k.shared("in", floats(scaled(counting(relayed), 1, 100)...)), k.space("out", relayed*4)
		k.frame(func(b metal.CommandBuffer) {
			k.bare(b, func(e metal.ComputeEncoder) { e.CopyBuffer(in, 0, r.buffers[0], 0, relayed*4) })
			k.bare(b, func(e metal.ComputeEncoder) {
				e.FillBuffer(out, 0, relayed*4, 1)
				e.BarrierAfterQueueStages(blit, dispatch, metal.VisibilityDevice)
				r.step(e)
			})
		})
		executed(k, scaled(counting(relayed), 1, 101), readFloats(r.buffers[1].Contents()))
		assert.Equal(k, byte(1), out.Contents()[0])
	}},
	{"stages of other encoders", func(k *kit) {
		// Either kind may name stages that its encoder does not own.
		r := k.relay()
		k.frame(func(b metal.CommandBuffer) {
			k.bare(b, func(e metal.ComputeEncoder) {
				e.BarrierAfterQueueStages(everything, dispatch, metal.VisibilityDevice)
				r.step(e)
				e.BarrierAfterStages(metal.StageFragment|metal.StageMachineLearning|dispatch, metal.StageVertex|dispatch, metal.VisibilityDevice)
			})
			k.bare(b, func(e metal.ComputeEncoder) { r.step(e) })
		})
		r.added(2)
	}},
	{"a write after a read needs no visibility", func(k *kit) {
		a, out := k.shared("a", pattern(256, 1)), k.space("out", 256)
		k.frame(func(b metal.CommandBuffer) {
			k.bare(b, func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, out, 0, 256) })
			k.bare(b, func(e metal.ComputeEncoder) {
				e.BarrierAfterQueueStages(blit, blit, metal.VisibilityNone)
				e.FillBuffer(a, 0, 256, 5)
			})
		})
		assert.Equal(k, pattern(256, 1), out.Contents())
		assert.Equal(k, byte(5), a.Contents()[0])
	}},
	{"from frame to frame", func(k *kit) {
		// Nothing waits on the CPU; only barriers order the frames.
		r := k.relay()
		var allocators [3]metal.CommandAllocator
		for i := range allocators {
			allocators[i] = made[metal.CommandAllocator](k)(k.device.NewCommandAllocator("frame"))
		}
		k.resident.Commit()
		for frame := range 12 {
			if frame >= 3 {
				require.True(k, k.event.Wait(k.frames-2, patience))
			}
			a := allocators[frame%3]
			require.NoError(k, a.Reset())
			require.NoError(k, k.commands.Begin(a))
			k.bare(k.commands, func(e metal.ComputeEncoder) {
				e.BarrierAfterQueueStages(dispatch, dispatch, metal.VisibilityDevice)
				r.step(e)
			})
			require.NoError(k, k.commands.End())
			require.NoError(k, k.queue.Commit([]metal.CommandBuffer{k.commands}))
			k.frames++
			require.NoError(k, k.queue.SignalEvent(k.event, k.frames))
		}
		require.True(k, k.event.Wait(k.frames, patience))
		r.added(12)
	}},
	{"two buffers of one commit", func(k *kit) {
		r := k.relay()
		k.resident.Commit()
		second := made[metal.CommandBuffer](k)(k.device.NewCommandBuffer("second"))
		allocator := made[metal.CommandAllocator](k)(k.device.NewCommandAllocator("second"))
		require.NoError(k, k.commands.Begin(k.allocator))
		require.NoError(k, second.Begin(allocator))
		for _, b := range []metal.CommandBuffer{k.commands, second} {
			k.bare(b, func(e metal.ComputeEncoder) {
				e.BarrierAfterQueueStages(dispatch, dispatch, metal.VisibilityDevice)
				r.step(e)
			})
			require.NoError(k, b.End())
		}
		require.NoError(k, k.queue.Commit([]metal.CommandBuffer{k.commands, second}))
		k.finish()
		r.added(2)
	}},
	{"draw, sample, draw again", func(k *kit) {
		first, second := k.target("first", metal.PixelFormatRGBA8Unorm, 16), k.target("second", metal.PixelFormatRGBA8Unorm, 16)
		p := k.pipeline()
		sampled := k.pipeline(func(d *metal.RenderPipelineDescriptor) { d.Fragment = shaders.TexturedFrag })
		left, right, all := k.mesh(rectangle(-1, -1, 0, 1, 0, red)), k.mesh(rectangle(0, -1, 1, 1, 0, blue)), k.mesh(screen(0, white))
		all.SetTexture(first, 0)
		all.SetSampler(made[metal.Sampler](k)(k.device.NewSampler(metal.SamplerDescriptor{Label: "nearest"})), 0)
		pass := func(b metal.CommandBuffer, d *metal.RenderPassDescriptor, v metal.VisibilityOptions, record func(e metal.RenderEncoder)) {
			e, err := b.RenderEncoder(d)
			require.NoError(k, err)
			e.BarrierAfterQueueStages(metal.StageFragment, metal.StageFragment, v)
			record(e)
			e.EndEncoding()
		}
		var one, two metal.Buffer
		k.frame(func(b metal.CommandBuffer) {
			k.draw(b, cleared(first), func(e metal.RenderEncoder) { triangles(e, p, left, 6) })
			pass(b, cleared(second), metal.VisibilityDevice, func(e metal.RenderEncoder) { triangles(e, sampled, all, 6) })
			pass(b, loaded(first), metal.VisibilityDevice, func(e metal.RenderEncoder) { triangles(e, p, right, 6) })
			k.encode(b, func(e metal.ComputeEncoder) { one, two = k.readback(e, first, 0, 0), k.readback(e, second, 0, 0) })
		})
		k.picture(one, 16, func(x, y int) [4]byte {
			if x < 8 {
				return red8
			}
			return blue8
		})
		k.picture(two, 16, inside(0, 0, 8, 16, red8))
	}},
	{"inside a pass nothing is lost", func(k *kit) {
		// Depth is not stored, and still there after a barrier among the draws.
		f := metal.PixelFormatDepth32Float
		d := k.withDepth(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), f, 16)
		d.Depth.Store = metal.StoreActionDontCare
		p := k.depthPipeline(f)
		less := k.state(metal.DepthStencilDescriptor{Label: "less", DepthCompare: metal.CompareFunctionLess, DepthWrite: true})
		near, far := k.mesh(rectangle(-1, -1, 0, 1, 0.25, red)), k.mesh(screen(0.5, green))
		k.shows(d, func(x, y int) [4]byte {
			if x < 8 {
				return red8
			}
			return green8
		}, func(e metal.RenderEncoder) {
			e.SetDepthStencilState(less)
			triangles(e, p, near, 6)
			e.BarrierAfterEncoderStages(metal.StageVertex, metal.StageFragment, metal.VisibilityDevice)
			triangles(e, p, far, 6)
			e.BarrierAfterStages(metal.StageFragment, blit, metal.VisibilityDevice)
		})
	}},
}}
