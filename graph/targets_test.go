package graph

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// What a device asks of attachments is checked before anything is made.
func TestTargetsRefused(t *testing.T) {
	depth := rgba(8, 8)
	depth.Format = metal.PixelFormatDepth32Float
	both := rgba(8, 8)
	both.Format = metal.PixelFormatDepth32FloatStencil8
	multi := rgba(8, 8)
	multi.Samples = 4
	for _, c := range []struct {
		want    string
		declare func(g *Graph, d *Declaration)
	}{
		{"is a render pass without attachments", func(*Graph, *Declaration) {}},
		{`resource "b": is a target of 4x8 beside "a" of 8x8`, func(g *Graph, d *Declaration) {
			d.Color(0, Attachment{Texture: g.Texture("a", rgba(8, 8))})
			d.Color(1, Attachment{Texture: g.Texture("b", rgba(4, 8))})
		}},
		{`resource "b": is a target of 4 samples beside "a" of 1`, func(g *Graph, d *Declaration) {
			d.Color(0, Attachment{Texture: g.Texture("a", rgba(8, 8))})
			d.Color(1, Attachment{Texture: g.Texture("b", multi)})
		}},
		{`resource "a": has a resolve target and one sample`, func(g *Graph, d *Declaration) {
			d.Color(0, Attachment{Texture: g.Texture("a", rgba(8, 8)), Resolve: g.Texture("b", rgba(8, 8))})
		}},
		{`resource "b": is a resolve target of 4 samples`, func(g *Graph, d *Declaration) {
			d.Color(0, Attachment{Texture: g.Texture("a", multi), Resolve: g.Texture("b", multi)})
		}},
		{`resource "b": is a resolve target of rgba8Unorm 4x4`, func(g *Graph, d *Declaration) {
			d.Color(0, Attachment{Texture: g.Texture("a", multi), Resolve: g.Texture("b", rgba(4, 4))})
		}},
		{`resource "z": is a color attachment of format depth32Float`, func(g *Graph, d *Declaration) {
			d.Color(0, Attachment{Texture: g.Texture("z", depth)})
		}},
		{`resource "a": is a depth attachment of format rgba8Unorm`, func(g *Graph, d *Declaration) {
			d.Depth(Attachment{Texture: g.Texture("a", rgba(8, 8))})
		}},
		{`resource "z": has stencil too: declare it with Stencil as well`, func(g *Graph, d *Declaration) {
			d.Depth(Attachment{Texture: g.Texture("z", both)})
		}},
		{`resource "z": is read-only and loads nothing`, func(g *Graph, d *Declaration) {
			d.Depth(Attachment{Texture: g.Texture("z", depth), ReadOnly: true, Load: ClearDepth(1)})
		}},
		{`resource "z": is read-only and discarded`, func(g *Graph, d *Declaration) {
			d.Depth(Attachment{Texture: g.Texture("z", depth, Persistent), ReadOnly: true, Load: Keep(), Discard: true})
		}},
		{`resource "b": is the second attachment of the same index`, func(g *Graph, d *Declaration) {
			d.Color(0, Attachment{Texture: g.Texture("a", rgba(8, 8))})
			d.Color(0, Attachment{Texture: g.Texture("b", rgba(8, 8))})
		}},
		{`resource "a": color attachment 8: there are 8, from 0`, func(g *Graph, d *Declaration) {
			d.Color(8, Attachment{Texture: g.Texture("a", rgba(8, 8))})
		}},
		{`resource "a": attachment: mips [1, 2): must lie inside [0, 1)`, func(g *Graph, d *Declaration) {
			d.Color(0, Attachment{Texture: g.Texture("a", rgba(8, 8)), Level: 1})
		}},
		{`resource "a": reads it in stage fragment, and it is an attachment of the same pass`, func(g *Graph, d *Declaration) {
			a := g.Texture("a", rgba(8, 8), Persistent)
			d.Color(0, Attachment{Texture: a})
			d.Read(a, 0)
		}},
		{`resource "z": writes it in stage fragment, and it is an attachment of the same pass`, func(g *Graph, d *Declaration) {
			z := g.Texture("z", depth, Persistent)
			d.Depth(Attachment{Texture: z, ReadOnly: true, Load: Keep()})
			d.Write(z, 0)
		}},
		{"an attachment is not a texture of this graph", func(_ *Graph, d *Declaration) { d.Color(0, Attachment{}) }},
	} {
		g := New()
		g.Add(&testPass{declare: func(d *Declaration) {
			d.Name("pass")
			d.Kind(Render)
			d.SideEffect()
			c.declare(g, d)
		}})
		_, err := g.Compile(device(t, record.Options{}))
		assert.ErrorContains(t, err, c.want)
		assert.ErrorContains(t, err, "targets_test.go:")
	}
}

// A multisampled target is cleared, resolved and read back, with a depth target
// beside it; two frames later as well.
func TestResolve(t *testing.T) {
	d, queue := gpu(t)
	g := New()
	multi, depth := rgba(16, 16), rgba(16, 16)
	multi.Samples, depth.Samples, depth.Format = 4, 4, metal.PixelFormatDepth32Float
	samples, z, color := g.Texture("samples", multi), g.Texture("z", depth), g.Texture("color", rgba(16, 16))
	back := g.Buffer("back", metal.BufferDescriptor{Length: 16 * 16 * 4}, Persistent)
	g.Add(&testPass{declare: func(d *Declaration) {
		d.Name("draw")
		d.Kind(Render)
		d.Color(0, Attachment{Texture: samples, Load: Clear(1, 0, 1, 1), Resolve: color, Discard: true})
		d.Depth(Attachment{Texture: z, Load: ClearDepth(1), Discard: true})
	}})
	g.Add(&testPass{declare: func(d *Declaration) {
		d.Name("read")
		d.Kind(Blit)
		d.Read(color, 0)
		d.Write(back, 0)
	}, encode: func(f *Frame) error {
		f.Compute().CopyTextureToBuffer(metal.TextureRegion{Texture: f.Texture(color)}, metal.Size{Width: 16, Height: 16, Depth: 1}, f.Buffer(back), 0, 64, 0)
		return nil
	}})
	plan, err := g.Compile(d, Timestamps())
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	for range 5 {
		require.NoError(t, plan.Run(queue))
	}
	require.NoError(t, plan.Wait())
	assert.Equal(t, []byte{255, 0, 255, 255}, plan.Buffer(back).Contents()[1020:])
	assert.Len(t, plan.Times(), 2)
	if v, ok := d.(interface{ ValidationMessages() []string }); ok {
		assert.Empty(t, v.ValidationMessages())
	}
}

// Two passes test against depths that a third has written: both wait for it,
// not for each other, and the driver is told that they store nothing.
func TestReadOnlyDepth(t *testing.T) {
	d := device(t, record.Options{Log: true})
	g := New()
	depth := rgba(16, 16)
	depth.Format = metal.PixelFormatDepth32FloatStencil8
	z, color := g.Texture("z", depth), [2]Texture{g.Texture("a", rgba(16, 16), Persistent), g.Texture("b", rgba(16, 16), Persistent)}
	g.Add(&testPass{declare: func(d *Declaration) {
		d.Name("write")
		d.Kind(Render)
		d.Depth(Attachment{Texture: z, Load: ClearDepth(1)})
		d.Stencil(Attachment{Texture: z, Load: ClearStencil(0)})
	}})
	for i, c := range color {
		g.Add(&testPass{declare: func(d *Declaration) {
			d.Name([]string{"one", "two"}[i])
			d.Kind(Render)
			d.Color(0, Attachment{Texture: c, Load: Clear(0, 0, 0, 1)})
			d.Depth(Attachment{Texture: z, Load: Keep(), ReadOnly: true})
			d.Stencil(Attachment{Texture: z, Load: Keep(), ReadOnly: true})
		}})
	}
	plan, err := g.Compile(d)
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	queue := queueOf(t, d)
	d.ClearCalls()
	require.NoError(t, plan.Run(queue))
	require.NoError(t, plan.Wait())
	log := record.Text(d.Calls())
	assert.Equal(t, 2, strings.Count(log, `depth=(texture "z" load store read-only) stencil=(texture "z" load store read-only)`), log)
	assert.Equal(t, strings.Count(log, `render encoder "write": Barrier`), strings.Count(log, "Barrier"), log)
}

// A pass may read what it draws into where that is not the same: another mip,
// another version, depths that it only tests against, and in the tile stage.
func TestTargetsReadBesides(t *testing.T) {
	depth, mips := rgba(8, 8), rgba(8, 8)
	depth.Format, mips.Mips = metal.PixelFormatDepth32Float, 2
	g := New()
	z, x := g.Texture("z", depth, Persistent), g.Texture("x", mips, Persistent)
	h, tile := g.Texture("h", rgba(8, 8), History(1)), g.Texture("tile", rgba(8, 8), Persistent)
	addPass(g, "pass", Render, func(d *Declaration) {
		d.Color(0, Attachment{Texture: x})
		d.Color(1, Attachment{Texture: h})
		d.Color(2, Attachment{Texture: tile})
		d.Depth(Attachment{Texture: z, ReadOnly: true, Load: Keep()})
		d.Read(z, 0)
		d.Read(x, 0, Mip(1))
		d.ReadPrevious(h, 1, 0)
		d.Read(tile, metal.StageTile)
	})
	plan, err := g.Compile(device(t, record.Options{}))
	require.NoError(t, err)
	plan.Release()
}
