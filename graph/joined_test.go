package graph

import (
	"encoding/binary"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/barriers"
	"weft/metal"
	"weft/metal/record"
)

// Which render passes share an encoder: a first pass with attachments x and
// depth, and one behind it.
func TestJoinedRenderPasses(t *testing.T) {
	type changes struct {
		first, second func(d *Declaration, f *joinedFrame)
	}
	color := func(load Load) func(d *Declaration, f *joinedFrame) {
		return func(d *Declaration, f *joinedFrame) { d.Color(0, Attachment{Texture: f.x, Load: load}) }
	}
	clear, keep := color(Clear(0, 0, 0, 1)), color(Keep())
	for name, test := range map[string]struct {
		changes
		joined bool
		why    apart
	}{
		"it loads":                     {changes{clear, keep}, true, together},
		"it clears":                    {changes{clear, clear}, false, notLoaded},
		"it leaves the load undefined": {changes{clear, color(Load{})}, false, notLoaded},
		"the first loads as well":      {changes{keep, keep}, true, together},
		"another attachment": {changes{clear, func(d *Declaration, f *joinedFrame) {
			d.Color(0, Attachment{Texture: f.y, Load: Keep()})
		}}, false, otherTargets},
		"one attachment more": {changes{clear, func(d *Declaration, f *joinedFrame) {
			keep(d, f)
			d.Color(1, Attachment{Texture: f.y, Load: Keep()})
		}}, false, otherTargets},
		"another place": {changes{clear, func(d *Declaration, f *joinedFrame) {
			d.Color(1, Attachment{Texture: f.x, Load: Keep()})
		}}, false, otherTargets},
		"another slice": {changes{clear, func(d *Declaration, f *joinedFrame) {
			d.Color(0, Attachment{Texture: f.x, Slice: 1, Load: Keep()})
		}}, false, otherTargets},
		"depth is read only": {changes{func(d *Declaration, f *joinedFrame) {
			clear(d, f)
			d.Depth(Attachment{Texture: f.depth, Load: ClearDepth(1)})
		}, func(d *Declaration, f *joinedFrame) {
			keep(d, f)
			d.Depth(Attachment{Texture: f.depth, Load: Keep(), ReadOnly: true})
		}}, true, together},
		"depth is read only and sampled": {changes{func(d *Declaration, f *joinedFrame) {
			clear(d, f)
			d.Depth(Attachment{Texture: f.depth, Load: ClearDepth(1)})
		}, func(d *Declaration, f *joinedFrame) {
			keep(d, f)
			d.Depth(Attachment{Texture: f.depth, Load: Keep(), ReadOnly: true})
			d.Read(f.depth, 0)
		}}, false, inTile},
		"fragment reads what fragment wrote": {changes{func(d *Declaration, f *joinedFrame) {
			clear(d, f)
			d.Write(f.b, metal.StageFragment)
		}, func(d *Declaration, f *joinedFrame) {
			keep(d, f)
			d.Read(f.b, metal.StageFragment)
		}}, false, inTile},
		"vertex writes what fragment read": {changes{func(d *Declaration, f *joinedFrame) {
			clear(d, f)
			d.Read(f.b, metal.StageFragment)
		}, func(d *Declaration, f *joinedFrame) {
			keep(d, f)
			d.Write(f.b, metal.StageVertex)
		}}, false, inTile},
		"fragment reads what vertex wrote": {changes{func(d *Declaration, f *joinedFrame) {
			clear(d, f)
			d.Write(f.b, metal.StageVertex)
		}, func(d *Declaration, f *joinedFrame) {
			keep(d, f)
			d.Read(f.b, metal.StageFragment)
		}}, true, together},
		"both read the same": {changes{func(d *Declaration, f *joinedFrame) {
			clear(d, f)
			d.Read(f.b, metal.StageFragment)
		}, func(d *Declaration, f *joinedFrame) {
			keep(d, f)
			d.Read(f.b, metal.StageFragment)
		}}, true, together},
		"it writes a transient texture": {changes{clear, func(d *Declaration, f *joinedFrame) {
			keep(d, f)
			d.Write(f.z, metal.StageFragment)
		}}, false, beginsLife},
	} {
		t.Run(name, func(t *testing.T) {
			f := newJoinedFrame()
			addPass(f.g, "first", Render, func(d *Declaration) { test.first(d, f); d.SideEffect() })
			addPass(f.g, "second", Render, func(d *Declaration) { test.second(d, f); d.SideEffect() })
			c := compileOnly(t, f.g)
			assert.Equal(t, test.joined, len(c.encoders) == 1, "%s", c.plan)
			c.loadTiles(&encoder{barriers.RenderEncoder, 0, 1})
			why, _ := c.fitsTargets(1)
			assert.Equal(t, test.why, why)
			report := barriers.Check(c.plan.Judged())
			assert.True(t, report.OK() || !test.joined, report.String())
		})
	}
}

// joinedFrame has what two render passes may touch.
type joinedFrame struct {
	g              *Graph
	x, y, z, depth Texture
	b              Buffer
}

func newJoinedFrame() *joinedFrame {
	g := New()
	layers := rgba(64, 64)
	layers.Layers = 2
	return &joinedFrame{
		g: g,
		x: g.Texture("x", layers, Persistent), y: g.Texture("y", rgba(64, 64), Persistent), z: g.Texture("z", rgba(64, 64)),
		depth: g.Texture("depth", metal.TextureDescriptor{Format: metal.PixelFormatDepth32Float, Width: 64, Height: 64}),
		b:     g.Buffer("b", metal.BufferDescriptor{Length: 256}, Persistent),
	}
}

// drawn is a frame of two render passes in one encoder, and the copy of what they
// drew. The first leaves all the state of its encoder changed; the second counts
// on that of a new one.
type drawn struct {
	g      *Graph
	target Texture // imported
	back   Buffer
}

const drawnSize = 16

func newDrawn(resolved bool) *drawn {
	f := &drawn{g: New()}
	desc := metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: drawnSize, Height: drawnSize}
	f.back = f.g.Buffer("back", metal.BufferDescriptor{Length: drawnSize * drawnSize * 4, Storage: metal.StorageModeShared}, Persistent)
	first, second := Attachment{Load: Clear(0, 0, 0, 1)}, Attachment{Load: Keep()}
	f.target = f.g.Texture("target", desc, Fresh)
	first.Texture, second.Texture = f.target, f.target
	samples := 1
	if resolved {
		samples = 4
		desc.Samples = samples
		first.Texture = f.g.Texture("samples", desc)
		second = Attachment{Texture: first.Texture, Load: Keep(), Resolve: f.target, Discard: true}
	}
	depth := f.g.Texture("depth", metal.TextureDescriptor{Format: metal.PixelFormatDepth32Float, Width: drawnSize, Height: drawnSize, Samples: samples})
	f.g.Add(&drawing{
		name: "left in red", samples: samples, color: first, depth: Attachment{Texture: depth, Load: ClearDepth(1)},
		corners: [4]float32{-1, -1, 1, 1}, tint: [4]float32{1, 0, 0, 1}, z: 0.25, leaves: true,
	})
	f.g.Add(&drawing{
		name: "lower half in green", samples: samples, color: second, depth: Attachment{Texture: depth, Load: Keep(), Discard: true},
		corners: [4]float32{-1, -1, 1, 0}, tint: [4]float32{0, 1, 0, 1}, z: 0.5,
	})
	f.g.Add(&testPass{declare: func(d *Declaration) {
		d.Name("copy")
		d.Kind(Blit)
		d.Read(f.target, 0)
		d.Write(f.back, 0)
	}, encode: func(x *Frame) error {
		x.Compute().CopyTextureToBuffer(metal.TextureRegion{Texture: x.Texture(f.target)}, metal.Size{Width: drawnSize, Height: drawnSize, Depth: 1}, x.Buffer(f.back), 0, drawnSize*4, 0)
		return nil
	}})
	return f
}

// drawing draws a rectangle of one color.
type drawing struct {
	name         string
	samples      int
	color, depth Attachment
	corners      [4]float32
	tint         [4]float32
	z            float32
	leaves       bool // the state of the encoder changed

	pipeline metal.RenderPipeline
	table    metal.ArgumentTable
	state    metal.DepthStencilState
}

func (p *drawing) Declare(d *Declaration) {
	d.Name(p.name)
	d.Kind(Render)
	d.Color(0, p.color)
	d.Depth(p.depth)
}

func (p *drawing) Prepare(x *Preparation) (err error) {
	load := func(name string, stage metal.Stages) metal.Function {
		code, e := os.ReadFile("../metal/metaltest/shaders/spirv/" + name + ".spv")
		if e != nil {
			err = e
		}
		return metal.Function{Name: name, Stage: stage, SPIRV: code}
	}
	d := metal.RenderPipelineDescriptor{
		Label: p.name, Vertex: load("mesh.vert", metal.StageVertex), Fragment: load("color.frag", metal.StageFragment),
		Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, DepthStencilFormat: metal.PixelFormatDepth32Float,
		Samples: p.samples, Topology: metal.PrimitiveTypeTriangle,
	}
	if err != nil {
		return err
	}
	if p.pipeline, err = x.Device().NewRenderPipeline(d); err != nil {
		return err
	}
	if p.state, err = x.Device().NewDepthStencilState(metal.DepthStencilDescriptor{Label: p.name, DepthCompare: metal.CompareFunctionLess, DepthWrite: true}); err != nil {
		return err
	}
	p.table, err = x.Device().NewArgumentTable(metal.ArgumentTableDescriptor{Label: p.name, Buffers: 2})
	return err
}

func (p *drawing) Encode(f *Frame) error {
	var data []byte
	c := p.corners
	for _, corner := range [][2]float32{{c[0], c[1]}, {c[2], c[1]}, {c[2], c[3]}, {c[0], c[1]}, {c[2], c[3]}, {c[0], c[3]}} {
		for _, x := range []float32{corner[0], corner[1], p.z, 1, p.tint[0], p.tint[1], p.tint[2], p.tint[3]} {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
		}
	}
	vertices, at := f.Upload(data)
	p.table.SetBuffer(vertices, at, 0)
	one := binary.LittleEndian.AppendUint32(nil, math.Float32bits(1))
	instance, at := f.Upload(append(make([]byte, 16), append(append(append(one, one...), one...), one...)...))
	p.table.SetBuffer(instance, at, 1)
	e := f.Render()
	e.SetRenderPipeline(p.pipeline)
	e.SetArgumentTable(p.table, metal.StageVertex)
	if p.leaves {
		e.SetViewport(metal.Viewport{Width: drawnSize, Height: drawnSize, Far: 0.5})
		e.SetScissor(0, 0, drawnSize/2, drawnSize)
		e.SetDepthStencilState(p.state)
		e.SetDepthBias(1, 1, 0)
		e.SetBlendColor(1, 1, 1, 1)
		e.SetStencilReference(1)
	}
	e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 6, 1, 0)
	if p.leaves {
		e.SetFrontFacing(metal.WindingCounterClockwise)
		e.SetCullMode(metal.CullModeFront)
	}
	return nil
}

func (p *drawing) Release() {
	for _, o := range []metal.Object{p.table, p.state, p.pipeline} {
		if o != nil {
			o.Release()
		}
	}
}

// The passes of one encoder draw what they would draw in encoders of their own.
func TestJoinedPassesDraw(t *testing.T) {
	for _, resolved := range []bool{false, true} {
		d, queue := gpu(t)
		back := runDrawn(t, newDrawn(resolved), d, queue)
		for y := range drawnSize {
			for x := range drawnSize {
				want := [4]byte{0, 0, 0, 255}
				if x < drawnSize/2 {
					want = [4]byte{255, 0, 0, 255}
				}
				if y >= drawnSize/2 {
					want = [4]byte{0, 255, 0, 255}
				}
				require.Equal(t, want, [4]byte(back[(y*drawnSize+x)*4:]), "resolved %v: pixel %d, %d", resolved, x, y)
			}
		}
		if v, ok := d.(interface{ ValidationMessages() []string }); ok {
			require.Empty(t, v.ValidationMessages())
		}
	}
}

// They are one render encoder of the device, with the rules of the record driver
// kept, and each pass in a group with its name.
func TestJoinedPassesAreOneEncoder(t *testing.T) {
	for _, resolved := range []bool{false, true} {
		d := device(t, record.Options{Log: true})
		runDrawn(t, newDrawn(resolved), d, queueOf(t, d))
		log := record.Text(d.Calls())
		assert.Equal(t, 3, strings.Count(log, " RenderEncoder "), log)
		assert.Contains(t, log, `PushDebugGroup label=left in red`)
		assert.Contains(t, log, `PushDebugGroup label=lower half in green`)
	}
}

// runDrawn runs three frames and returns what was copied.
func runDrawn(t *testing.T, f *drawn, d metal.Device, queue metal.CommandQueue) []byte {
	plan, err := f.g.Compile(d)
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	for range 3 {
		target, err := d.NewTexture(metal.TextureDescriptor{
			Format: metal.PixelFormatRGBA8Unorm, Width: drawnSize, Height: drawnSize, Usage: metal.TextureUsageRenderTarget,
		})
		require.NoError(t, err)
		t.Cleanup(target.Release)
		require.NoError(t, plan.BindTexture(f.target, target))
		require.NoError(t, plan.Run(queue))
	}
	require.NoError(t, plan.Wait())
	return plan.Buffer(f.back).Contents()
}
