package graph

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

// addPass adds a render pass, or a blit pass, that declares what declare says.
func addPass(g *Graph, name string, kind Kind, declare func(d *Declaration)) {
	g.Add(&testPass{declare: func(d *Declaration) {
		d.Name(name)
		d.Kind(kind)
		declare(d)
	}})
}

// What an attachment discarded is undefined until it is written again.
func TestDiscardedContent(t *testing.T) {
	depth := rgba(8, 8)
	depth.Format = metal.PixelFormatDepth32Float
	both := depth
	both.Format = metal.PixelFormatDepth32FloatStencil8
	mips := rgba(8, 8)
	mips.Mips = 2
	for _, c := range []struct {
		name, want string
		declare    func(g *Graph)
	}{
		{"kept", `pass "second": resource "z": is kept as an attachment, and an earlier pass discarded`, func(g *Graph) {
			z := g.Texture("z", depth)
			addPass(g, "first", Render, func(d *Declaration) { d.Depth(Attachment{Texture: z, Load: ClearDepth(1), Discard: true}) })
			addPass(g, "second", Render, func(d *Declaration) { d.Depth(Attachment{Texture: z, Load: Keep()}) })
		}},
		{"read", `pass "second": resource "z": is read, and an earlier pass discarded`, func(g *Graph) {
			z := g.Texture("z", depth, Persistent)
			addPass(g, "first", Render, func(d *Declaration) { d.Depth(Attachment{Texture: z, Load: ClearDepth(1), Discard: true}) })
			addPass(g, "second", Compute, func(d *Declaration) { d.Read(z, 0) })
		}},
		{"written again", "", func(g *Graph) {
			z := g.Texture("z", depth)
			addPass(g, "first", Render, func(d *Declaration) { d.Depth(Attachment{Texture: z, Load: ClearDepth(1), Discard: true}) })
			addPass(g, "again", Render, func(d *Declaration) { d.Depth(Attachment{Texture: z, Load: ClearDepth(1)}) })
			addPass(g, "second", Render, func(d *Declaration) { d.Depth(Attachment{Texture: z, Load: Keep()}) })
		}},
		{"the other mip", "", func(g *Graph) {
			x := g.Texture("x", mips)
			addPass(g, "first", Render, func(d *Declaration) { d.Color(0, Attachment{Texture: x, Level: 1}) })
			addPass(g, "next", Render, func(d *Declaration) { d.Color(0, Attachment{Texture: x, Discard: true}) })
			addPass(g, "second", Blit, func(d *Declaration) { d.Read(x, 0, Mip(1)) })
		}},
		{"stencil stored", "", func(g *Graph) {
			z := g.Texture("z", both)
			addPass(g, "first", Render, func(d *Declaration) {
				d.Stencil(Attachment{Texture: z, Load: ClearStencil(0)})
				d.Depth(Attachment{Texture: z, Load: ClearDepth(1), Discard: true})
			})
			addPass(g, "second", Render, func(d *Declaration) {
				d.Stencil(Attachment{Texture: z, Load: Keep()})
				d.Depth(Attachment{Texture: z, Load: ClearDepth(1)})
			})
		}},
		{"an earlier version", "", func(g *Graph) {
			h := g.Texture("h", rgba(8, 8), History(1))
			addPass(g, "first", Render, func(d *Declaration) { d.Color(0, Attachment{Texture: h, Discard: true}) })
			addPass(g, "second", Compute, func(d *Declaration) { d.ReadPrevious(h, 1, 0); d.Write(h, 0) })
		}},
		{"resolved", "", func(g *Graph) {
			multi := rgba(8, 8)
			multi.Samples = 4
			samples, x := g.Texture("samples", multi), g.Texture("x", rgba(8, 8))
			addPass(g, "first", Render, func(d *Declaration) { d.Color(0, Attachment{Texture: samples, Resolve: x, Discard: true}) })
			addPass(g, "second", Blit, func(d *Declaration) { d.Read(x, 0) })
		}},
	} {
		g := New()
		c.declare(g)
		_, err := g.Plan()
		if c.want == "" {
			assert.NoError(t, err, c.name)
		} else {
			assert.ErrorContains(t, err, c.want, c.name)
		}
	}
}

// The format of documents calls such content undefined, and its read no error.
func TestDiscardedContentInDocuments(t *testing.T) {
	g, err := ReadJSON(strings.NewReader(`{"version": 1, "resources": [
		{"name": "z", "kind": "texture", "format": "depth32Float", "width": 8, "height": 8}], "passes": [
		{"name": "first", "kind": "render", "attachments": [{"resource": "z", "load": "clear", "store": "dontCare"}]},
		{"name": "second", "kind": "render", "attachments": [{"resource": "z", "load": "load"}], "sideEffect": true}]}`))
	require.NoError(t, err)
	_, err = g.Plan()
	assert.NoError(t, err)
}

// resolving is a frame that resolves into mip 0 of a texture and reads what an
// earlier pass wrote into mip 1.
func resolving() *Graph {
	g := New()
	multi, mips := rgba(8, 8), rgba(8, 8)
	multi.Samples, mips.Mips = 4, 2
	samples, x := g.Texture("samples", multi), g.Texture("x", mips)
	addPass(g, "small mip", Render, func(d *Declaration) { d.Color(0, Attachment{Texture: x, Level: 1}) })
	addPass(g, "resolve", Render, func(d *Declaration) { d.Color(0, Attachment{Texture: samples, Resolve: x, Discard: true}) })
	addPass(g, "read", Blit, func(d *Declaration) {
		d.Read(x, 0)
		d.SideEffect()
	})
	return g
}

// A resolve writes one mip of one slice: what others hold stays.
func TestResolveWritesOneMip(t *testing.T) {
	g := resolving()
	plan, err := g.Plan()
	require.NoError(t, err)
	assert.Empty(t, plan.Culled())

	// A document's resolve names a whole texture, as every write without a part.
	var out bytes.Buffer
	assert.ErrorContains(t, g.WriteJSON(&out), `pass "resolve": resource "x": is resolved into and has several mips`)
	g, err = ReadJSON(strings.NewReader(`{"version": 1, "resources": [
		{"name": "samples", "kind": "texture", "format": "rgba8Unorm", "width": 8, "height": 8, "samples": 4},
		{"name": "x", "kind": "texture", "format": "rgba8Unorm", "width": 8, "height": 8, "mips": 2}], "passes": [
		{"name": "small mip", "kind": "render", "attachments": [{"resource": "x", "load": "clear", "mips": [1, 2]}]},
		{"name": "resolve", "kind": "render", "attachments": [{"resource": "samples", "load": "clear", "resolve": "x"}]},
		{"name": "read", "kind": "blit", "reads": [{"resource": "x", "stage": "blit"}], "sideEffect": true}]}`))
	require.NoError(t, err)
	plan, err = g.Plan()
	require.NoError(t, err)
	require.Len(t, plan.Culled(), 1)
	assert.Equal(t, "small mip", plan.Culled()[0].Pass)
	assert.NoError(t, g.WriteJSON(&out), "it was read from a document")
}

// Strides decide sizes and have no place in a document.
func TestStridesAreNotWritten(t *testing.T) {
	for _, c := range []struct {
		strides []int
		fits    bool
	}{{nil, true}, {[]int{1, 64}, true}, {[]int{1, 128}, false}} {
		g := New()
		g.Tensor("x", metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{64, 2}, Strides: c.strides})
		var out bytes.Buffer
		err := g.WriteJSON(&out)
		if c.fits {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, `resource "x": has strides of its own, [1 128]`)
		}
	}
}

// The keys of a plan document are those that the format knows.
func TestPlanHasNoName(t *testing.T) {
	g := New()
	g.SetName("frame")
	plan, err := g.Plan()
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, plan.WriteJSON(&out))
	assert.NotContains(t, out.String(), "name")
}
