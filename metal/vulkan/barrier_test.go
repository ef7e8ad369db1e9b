package vulkan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

// everyStage are the stages that the driver runs work in.
var everyStage = []metal.Stages{metal.StageVertex, metal.StageFragment, metal.StageDispatch, metal.StageBlit, metal.StageMachineLearning}

// holds reports whether on Vulkan a barrier that ends in before holds back work
// of stage. It does more than Metal's where one stage of Vulkan follows another
// in the pipeline, as fragments do vertices, or is the same, as networks are
// dispatches.
func holds(before, stage metal.Stages) bool {
	const compute = metal.StageDispatch | metal.StageMachineLearning
	return before == stage || before == metal.StageVertex && stage == metal.StageFragment || before&compute != 0 && stage&compute != 0
}

// access is a pass that reads or writes one resource in one stage.
type access struct {
	stage  metal.Stages
	name   string
	record func(cb metal.CommandBuffer, before func(metal.Encoder))
}

// The canaries of the validation layer: of a texture and of a buffer, read and
// then written, written and then read, by every pair of stages. With the right
// barrier the layer is silent; with one that names another stage than the second
// access it objects. Otherwise it would prove nothing about a plan.
func TestValidationSeesWrongStages(t *testing.T) {
	r := newRig(t)
	for name, list := range map[string][2][]access{"texture": r.textureAccesses(), "buffer": r.bufferAccesses()} {
		for _, kinds := range [][2][]access{{list[0], list[1]}, {list[1], list[0]}, {list[1], list[1]}} {
			for _, first := range kinds[0] {
				for _, second := range kinds[1] {
					if first.name == second.name && first.stage != metal.StageBlit {
						continue // the layer lets a shader, and a pass, overwrite what the same has written
					}
					for _, v := range []metal.VisibilityOptions{metal.VisibilityDevice, metal.VisibilityNone} {
						for _, before := range everyStage {
							messages := r.pair(first, second, before, v)
							switch {
							case !holds(before, second.stage):
								assert.Contains(t, messages, "SYNC-HAZARD", "%s: %s then %s: a barrier before %v, visibility %d, goes unseen", name, first.name, second.name, before, v)
							case v == metal.VisibilityDevice && before == second.stage:
								assert.Empty(t, messages, "%s: %s then %s", name, first.name, second.name)
							}
						}
					}
				}
			}
		}
	}
}

// pair runs two accesses with a barrier between them and returns what the layer
// says.
func (r *rig) pair(first, second access, before metal.Stages, v metal.VisibilityOptions) string {
	r.run(func(cb metal.CommandBuffer) {
		first.record(cb, func(e metal.Encoder) {
			e.BarrierAfterQueueStages(metal.StageAll, metal.StageAll, metal.VisibilityDevice)
		})
		second.record(cb, func(e metal.Encoder) { e.BarrierAfterQueueStages(first.stage, before, v) })
	})
	return strings.Join(r.ValidationMessages(), "\n")
}

// A fence that is left out, or names another stage than the first access or the
// second, is seen by the validation layer, too.
func TestValidationSeesFences(t *testing.T) {
	r := newRig(t)
	f, err := r.NewFence("f")
	require.NoError(t, err)
	t.Cleanup(f.Release)
	copied, by, to := r.buffer("copied", 64), r.buffer("by", 64), r.buffer("to", 64)
	run := func(after, before metal.Stages) string {
		r.run(func(cb metal.CommandBuffer) {
			e, err := cb.ComputeEncoder("first")
			require.NoError(t, err)
			e.BarrierAfterQueueStages(metal.StageAll, metal.StageAll, metal.VisibilityDevice)
			e.CopyBuffer(by, 0, copied, 0, 64)
			if after != 0 {
				e.UpdateFence(f, after)
			}
			e.EndEncoding()
			e, err = cb.ComputeEncoder("second")
			require.NoError(t, err)
			if before != 0 {
				e.WaitForFence(f, before)
			}
			e.CopyBuffer(copied, 0, to, 0, 64)
			e.EndEncoding()
		})
		return strings.Join(r.ValidationMessages(), "\n")
	}
	assert.Empty(t, run(metal.StageBlit, metal.StageBlit))
	assert.Empty(t, run(0, metal.StageBlit), "an update of an earlier recording: all stages")
	assert.Contains(t, run(metal.StageDispatch, metal.StageBlit), "SYNC-HAZARD")
	assert.Contains(t, run(metal.StageBlit, metal.StageDispatch), "SYNC-HAZARD")
	assert.Contains(t, run(metal.StageBlit, 0), "SYNC-HAZARD")
}

// textureAccesses read and write one texture.
func (r *rig) textureAccesses() (list [2][]access) {
	d := target64
	d.Usage |= metal.TextureUsageShaderWrite
	x, into := r.texture(d), r.texture(target64)
	texels, size := r.buffer("texels", 64*64*4), metal.Size{Width: 64, Height: 64, Depth: 1}
	s, err := r.NewSampler(metal.SamplerDescriptor{})
	require.NoError(r, err)
	r.Cleanup(s.Release)
	sampled := r.table(metal.ArgumentTableDescriptor{Label: "sampled", Buffers: 2, Textures: 4, Samplers: 3})
	sampled.SetTexture(x, 3)
	sampled.SetSampler(s, 1)
	sampled.SetSampler(s, 2)
	sampled.SetBuffer(r.buffer("at", 1024), 0, 0)
	sampled.SetBuffer(r.buffer("seen", 1024), 0, 1)
	painted := r.table(metal.ArgumentTableDescriptor{Label: "painted", Textures: 1})
	painted.SetTexture(x, 0)
	draw := r.renderPipeline(metal.RenderPipelineDescriptor{Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle}, "triangle.vert", "sample.frag")
	triangle := r.triangle(upper, 1, 1, 1, 1)
	sample, paint := r.computePipeline("../../metaltest/shaders/spirv/sample.comp"), r.computePipeline("paint.comp")
	dispatch := func(p metal.ComputePipeline, t metal.ArgumentTable) func(metal.ComputeEncoder) {
		return func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroups(metal.Size{Width: 1, Height: 1, Depth: 1}, p.(*computePipeline).threads)
		}
	}
	region := metal.TextureRegion{Texture: x}
	list[0] = []access{
		{metal.StageFragment, "sampled by fragments", func(cb metal.CommandBuffer, before func(metal.Encoder)) {
			r.render(cb, colorPass(into, metal.LoadActionDontCare), func(e metal.RenderEncoder) {
				before(e)
				e.SetRenderPipeline(draw)
				e.SetArgumentTable(triangle, metal.StageVertex)
				e.SetArgumentTable(sampled, metal.StageFragment)
				e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
			})
		}},
		r.computeAccess(metal.StageDispatch, "sampled by a dispatch", dispatch(sample, sampled)),
		r.computeAccess(metal.StageBlit, "copied from", func(e metal.ComputeEncoder) { e.CopyTextureToBuffer(region, size, texels, 0, 256, 256*64) }),
	}
	list[1] = []access{
		{metal.StageFragment, "cleared", func(cb metal.CommandBuffer, before func(metal.Encoder)) {
			r.render(cb, colorPass(x, metal.LoadActionClear), func(e metal.RenderEncoder) { before(e) })
		}},
		r.computeAccess(metal.StageDispatch, "painted", dispatch(paint, painted)),
		r.computeAccess(metal.StageBlit, "copied to", func(e metal.ComputeEncoder) { e.CopyBufferToTexture(texels, 0, 256, 256*64, size, region) }),
	}
	return list
}

func (r *rig) computeAccess(stage metal.Stages, name string, record func(metal.ComputeEncoder)) access {
	return access{stage, name, func(cb metal.CommandBuffer, before func(metal.Encoder)) {
		r.compute(cb, "access", func(e metal.ComputeEncoder) {
			before(e)
			record(e)
		})
	}}
}

// bufferAccesses read and write one buffer: as vertices, indices, indirect
// arguments, by dispatches and copies.
func (r *rig) bufferAccesses() (list [2][]access) {
	x := r.buffer("x", 64)
	into := r.texture(target64)
	p := r.renderPipeline(metal.RenderPipelineDescriptor{Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle}, "triangle.vert", "triangle.frag")
	fixed, vertices := r.triangle(upper, 1, 1, 1, 1), r.triangle(upper, 1, 1, 1, 1)
	vertices.SetBuffer(x, 0, 0)
	draw := func(name string, t metal.ArgumentTable, record func(metal.RenderEncoder)) access {
		return access{metal.StageVertex, name, func(cb metal.CommandBuffer, before func(metal.Encoder)) {
			r.render(cb, colorPass(into, metal.LoadActionDontCare), func(e metal.RenderEncoder) {
				before(e)
				e.SetRenderPipeline(p)
				e.SetArgumentTable(t, metal.StageVertex)
				record(e)
			})
		}}
	}
	const triangles = metal.PrimitiveTypeTriangle
	reader, writer := r.adder(4, 5, x, r.buffer("sum", 64)), r.adder(4, 5, r.buffer("zeros", 64), x)
	other := r.adder(0, 0, r.buffer("a", 64), r.buffer("b", 64))
	y := r.buffer("y", 64)
	list[0] = []access{
		draw("vertices", vertices, func(e metal.RenderEncoder) { e.DrawPrimitives(triangles, 0, 3, 1, 0) }),
		draw("indices", fixed, func(e metal.RenderEncoder) {
			e.DrawIndexedPrimitives(triangles, 3, metal.IndexTypeUInt32, x, 0, 1, 0, 0)
		}),
		draw("arguments of a draw", fixed, func(e metal.RenderEncoder) { e.DrawPrimitivesIndirect(triangles, x, 0) }),
		draw("arguments of a later draw", fixed, func(e metal.RenderEncoder) { // in the middle of the pass
			e.DrawPrimitives(triangles, 0, 3, 1, 0)
			e.DrawPrimitivesIndirect(triangles, x, 16)
			e.DrawPrimitivesIndirect(triangles, x, 0)
		}),
		r.computeAccess(metal.StageDispatch, "read by a dispatch", func(e metal.ComputeEncoder) { reader.dispatch(e, 1) }),
		r.computeAccess(metal.StageDispatch, "arguments of a dispatch", func(e metal.ComputeEncoder) {
			e.SetComputePipeline(other.pipeline)
			e.SetArgumentTable(other.table)
			e.DispatchThreadgroupsIndirect(x, 4, groupOf64)
		}),
		r.computeAccess(metal.StageBlit, "copied from", func(e metal.ComputeEncoder) { e.CopyBuffer(x, 0, y, 0, 64) }),
	}
	list[1] = []access{
		r.computeAccess(metal.StageDispatch, "written by a dispatch", func(e metal.ComputeEncoder) { writer.dispatch(e, 1) }),
		r.computeAccess(metal.StageBlit, "filled", func(e metal.ComputeEncoder) { e.FillBuffer(x, 0, 64, 0) }),
		r.computeAccess(metal.StageBlit, "copied to", func(e metal.ComputeEncoder) { e.CopyBuffer(y, 0, x, 0, 64) }),
	}
	return list
}
