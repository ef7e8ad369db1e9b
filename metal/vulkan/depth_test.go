package vulkan

import (
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// depthFrame is passes on one depth and stencil texture: they clear it, test
// against it, or sample it, and draw into targets of their own.
type depthFrame struct {
	*rig
	depth    metal.Texture
	targets  [2]metal.Texture
	testing  metal.RenderPipeline
	sampling metal.RenderPipeline
	test     metal.DepthStencilState
	args     metal.ArgumentTable
	pictures metal.ArgumentTable
}

func newDepthFrame(t *testing.T, format metal.PixelFormat) *depthFrame {
	f := &depthFrame{rig: newRig(t)}
	f.targets = [2]metal.Texture{f.texture(target64), f.texture(target64)}
	d := target64
	d.Label, d.Format = "depth", format
	f.depth = f.texture(d)
	p := metal.RenderPipelineDescriptor{Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle}
	f.sampling = f.renderPipeline(p, "triangle.vert", "sample.frag")
	p.DepthStencilFormat = format
	f.testing = f.renderPipeline(p, "triangle.vert", "triangle.frag")
	f.test = f.state(metal.DepthStencilDescriptor{Label: "test", DepthCompare: metal.CompareFunctionLess})
	f.args = f.triangle(upper, 1, 1, 1, 1)
	s, err := f.NewSampler(metal.SamplerDescriptor{Label: "nearest"})
	require.NoError(t, err)
	t.Cleanup(s.Release)
	f.pictures = f.table(metal.ArgumentTableDescriptor{Label: "pictures", Textures: 4, Samplers: 3})
	f.pictures.SetTexture(f.depth, 3)
	f.pictures.SetSampler(s, 2)
	return f
}

func (f *depthFrame) state(d metal.DepthStencilDescriptor) metal.DepthStencilState {
	s, err := f.NewDepthStencilState(d)
	require.NoError(f, err)
	return s
}

func (f *depthFrame) attachment(load metal.LoadAction, readOnly bool) metal.DepthStencilAttachment {
	return metal.DepthStencilAttachment{
		Attachment: metal.Attachment{Texture: f.depth, Load: load, Store: metal.StoreActionStore},
		ClearDepth: 1, ReadOnly: readOnly,
	}
}

// attach draws the triangle, at depth 0.5, into the first target.
func (f *depthFrame) attach(cb metal.CommandBuffer, depth, stencil metal.DepthStencilAttachment, state metal.DepthStencilState, wait bool) {
	d := colorPass(f.targets[0], metal.LoadActionClear)
	d.Depth = depth
	if f.depth.Descriptor().Format.HasStencil() {
		d.Stencil = stencil
	}
	f.render(cb, d, func(e metal.RenderEncoder) {
		if wait {
			e.BarrierAfterQueueStages(metal.StageAll, metal.StageFragment, metal.VisibilityDevice)
		}
		e.SetRenderPipeline(f.testing)
		e.SetDepthStencilState(state)
		e.SetArgumentTable(f.args, metal.StageVertex)
		e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
	})
}

// sample draws the depths into the second target.
func (f *depthFrame) sample(cb metal.CommandBuffer, wait bool) {
	f.render(cb, colorPass(f.targets[1], metal.LoadActionClear), func(e metal.RenderEncoder) {
		if wait {
			e.BarrierAfterQueueStages(metal.StageAll, metal.StageFragment, metal.VisibilityDevice)
		}
		e.SetRenderPipeline(f.sampling)
		e.SetArgumentTable(f.args, metal.StageVertex)
		e.SetArgumentTable(f.pictures, metal.StageFragment)
		e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
	})
}

// Passes that read one depth texture, by testing or by sampling, need no
// barrier between them in any order. One that stores depths does, and then the
// layer objects, so its silence says something. (It never objects to two passes
// with one attachment: it takes them for ordered.)
func TestReadOnlyDepthNeedsNoBarrier(t *testing.T) {
	f := newDepthFrame(t, metal.PixelFormatDepth32Float)
	cleared := f.attachment(metal.LoadActionClear, false)
	frame := func(depth metal.DepthStencilAttachment, sampleFirst bool) []string {
		f.run(func(cb metal.CommandBuffer) {
			f.attach(cb, cleared, cleared, f.test, true)
			if sampleFirst {
				f.sample(cb, true)
				f.attach(cb, depth, depth, f.test, false)
				f.attach(cb, depth, depth, f.test, false)
			} else {
				f.attach(cb, depth, depth, f.test, true)
				f.attach(cb, depth, depth, f.test, false)
				f.sample(cb, false)
			}
		})
		return f.ValidationMessages()
	}
	for _, sampleFirst := range []bool{false, true} {
		for range 2 {
			require.Empty(t, frame(f.attachment(metal.LoadActionLoad, true), sampleFirst), "sampled first: %v", sampleFirst)
		}
		require.Equal(t, [4]byte{255, 255, 255, 255}, f.pixel(f.targets[0], 5, 5))
		require.Equal(t, [4]byte{255, 0, 0, 255}, f.pixel(f.targets[1], 5, 5))
		require.NotEmpty(t, frame(f.attachment(metal.LoadActionLoad, false), sampleFirst), "a missing barrier beside stored depths goes unseen, sampled first: %v", sampleFirst)
		f.wait()
		f.ValidationMessages()
	}
}

// What a pass keeps cannot be written by its draws, and must be loaded.
func TestReadOnlyDepthIsKept(t *testing.T) {
	f := newDepthFrame(t, metal.PixelFormatDepth32FloatStencil8)
	tested, stored := f.attachment(metal.LoadActionLoad, true), f.attachment(metal.LoadActionLoad, false)
	face := metal.StencilDescriptor{Compare: metal.CompareFunctionAlways, Pass: metal.StencilOperationInvert, WriteMask: 1}
	write := f.state(metal.DepthStencilDescriptor{Label: "write", DepthCompare: metal.CompareFunctionLess, DepthWrite: true})
	mark := f.state(metal.DepthStencilDescriptor{Label: "mark", DepthCompare: metal.CompareFunctionAlways, Stencil: true, Back: face})
	try := func(depth, stencil metal.DepthStencilAttachment, s metal.DepthStencilState) error {
		return f.tryRun(func(cb metal.CommandBuffer) { f.attach(cb, depth, stencil, s, true) })
	}
	require.NoError(t, try(stored, tested, write))
	require.NoError(t, try(tested, stored, mark))
	require.ErrorContains(t, try(tested, stored, write), `SetDepthStencilState "write": it writes what the pass attaches read-only`)
	require.ErrorContains(t, try(stored, tested, mark), `SetDepthStencilState "mark": it writes what the pass attaches read-only`)

	require.NoError(t, f.cb.Begin(f.alloc))
	d := colorPass(f.targets[0], metal.LoadActionClear)
	d.Depth = f.attachment(metal.LoadActionClear, true)
	d.Stencil = tested
	_, err := f.cb.RenderEncoder(d)
	require.ErrorContains(t, err, `depth: texture "depth" is read-only: its load action must be load`)
	require.Error(t, f.cb.End())
}
