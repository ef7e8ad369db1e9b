package metaltest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/metaltest/shaders"
)

// vertex and instance are what mesh.vert pulls.
type vertex struct{ position, color [4]float32 }

type instance struct{ offset, tint [4]float32 }

var (
	red     = [4]float32{1, 0, 0, 1}
	green   = [4]float32{0, 1, 0, 1}
	blue    = [4]float32{0, 0, 1, 1}
	white   = [4]float32{1, 1, 1, 1}
	nothing = instance{tint: white}
)

// rectangle is two triangles, clockwise as seen on the screen, in clip space: y
// goes up.
func rectangle(left, bottom, right, top, z float32, color [4]float32) []vertex {
	at := func(x, y float32) vertex { return vertex{[4]float32{x, y, z, 1}, color} }
	return []vertex{
		at(left, bottom), at(left, top), at(right, bottom),
		at(right, bottom), at(left, top), at(right, top),
	}
}

// screen covers everything.
func screen(z float32, color [4]float32) []vertex { return rectangle(-1, -1, 1, 1, z, color) }

// mesh is a table for mesh.vert with vertices and instances.
func (k *kit) mesh(vertices []vertex, instances ...instance) metal.ArgumentTable {
	k.Helper()
	if len(instances) == 0 {
		instances = []instance{nothing}
	}
	var v, i []byte
	for _, x := range vertices {
		v = append(append(v, floats(x.position[:]...)...), floats(x.color[:]...)...)
	}
	for _, x := range instances {
		i = append(append(i, floats(x.offset[:]...)...), floats(x.tint[:]...)...)
	}
	t := k.table("mesh")
	t.SetBuffer(k.shared("vertices", v), 0, 0)
	t.SetBuffer(k.shared("instances", i), 0, 1)
	return t
}

// pipeline makes a pipeline of mesh.vert and color.frag for one RGBA8 target;
// changes come on top.
func (k *kit) pipeline(changes ...func(*metal.RenderPipelineDescriptor)) metal.RenderPipeline {
	k.Helper()
	d := metal.RenderPipelineDescriptor{
		Label: "pipeline", Vertex: shaders.MeshVert, Fragment: shaders.ColorFrag, Topology: metal.PrimitiveTypeTriangle,
		Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}},
	}
	for _, change := range changes {
		change(&d)
	}
	return made[metal.RenderPipeline](k)(k.device.NewRenderPipeline(d))
}

// target makes a texture to render to and to read back.
func (k *kit) target(label string, f metal.PixelFormat, side int) metal.Texture {
	k.Helper()
	return k.texture(metal.TextureDescriptor{
		Label: label, Format: f, Width: side, Height: side,
		Usage: metal.TextureUsageRenderTarget | metal.TextureUsageShaderRead,
	})
}

// cleared is a pass with one color target, cleared to transparent black.
func cleared(t metal.Texture) *metal.RenderPassDescriptor {
	d := &metal.RenderPassDescriptor{Label: "pass"}
	d.Colors[0].Attachment = metal.Attachment{Texture: t, Load: metal.LoadActionClear, Store: metal.StoreActionStore}
	return d
}

// loaded is a pass that draws on what the target holds.
func loaded(t metal.Texture) *metal.RenderPassDescriptor {
	d := cleared(t)
	d.Colors[0].Load = metal.LoadActionLoad
	return d
}

// draw records one render pass, after all that went before.
func (k *kit) draw(b metal.CommandBuffer, d *metal.RenderPassDescriptor, record func(e metal.RenderEncoder)) {
	k.Helper()
	e, err := b.RenderEncoder(d)
	require.NoError(k, err)
	e.BarrierAfterQueueStages(everything, metal.StageVertex|metal.StageFragment, metal.VisibilityDevice)
	record(e)
	e.EndEncoding()
}

// shows draws one pass and checks the texels of its first target.
func (k *kit) shows(d *metal.RenderPassDescriptor, want func(x, y int) [4]byte, record func(e metal.RenderEncoder)) {
	k.Helper()
	var got metal.Buffer
	k.frame(func(b metal.CommandBuffer) {
		k.draw(b, d, record)
		k.encode(b, func(e metal.ComputeEncoder) {
			got = k.readback(e, d.Colors[0].Texture, d.Colors[0].Slice, d.Colors[0].Level)
		})
	})
	s := d.Colors[0].Texture.Descriptor().MipSize(d.Colors[0].Level)
	k.picture(got, s.Width, want)
}

// picture compares a buffer of four-byte texels.
func (k *kit) picture(got metal.Buffer, width int, want func(x, y int) [4]byte) {
	k.Helper()
	if !k.options.Executes {
		return
	}
	data := got.Contents()
	wrong := 0
	for i := 0; i < len(data); i += 4 {
		x, y := i/4%width, i/4/width
		if w := want(x, y); w != [4]byte(data[i:i+4]) {
			if wrong++; wrong <= 5 {
				assert.Fail(k, "wrong texel", "(%d, %d): want %v, got %v", x, y, w, data[i:i+4])
			}
		}
	}
	assert.LessOrEqual(k, wrong, 5, "that many texels are wrong, of %d", len(data)/4)
}

// Four-byte texels.
var (
	clear8 = [4]byte{}
	red8   = [4]byte{255, 0, 0, 255}
	green8 = [4]byte{0, 255, 0, 255}
	blue8  = [4]byte{0, 0, 255, 255}
)

// flat is one color everywhere.
func flat(c [4]byte) func(x, y int) [4]byte { return func(int, int) [4]byte { return c } }

// inside is one color in a rectangle of texels, and clear8 around it.
func inside(x0, y0, x1, y1 int, c [4]byte) func(x, y int) [4]byte {
	return func(x, y int) [4]byte {
		if x >= x0 && x < x1 && y >= y0 && y < y1 {
			return c
		}
		return clear8
	}
}

const both = metal.StageVertex | metal.StageFragment

// triangles draws vertices of a table once.
func triangles(e metal.RenderEncoder, p metal.RenderPipeline, t metal.ArgumentTable, vertices int) {
	e.SetRenderPipeline(p)
	e.SetArgumentTable(t, both)
	e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, vertices, 1, 0)
}
