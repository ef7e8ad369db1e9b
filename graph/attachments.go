package graph

import "weft/metal"

// Load is what a render pass finds in an attachment when it starts. The zero
// Load is undefined content.
type Load struct {
	Action  metal.LoadAction
	Color   metal.ClearColor
	Depth   float64
	Stencil uint32
}

// Clear starts a color attachment with that color, linear light for float and
// sRGB formats.
func Clear(r, g, b, a float64) Load {
	return Load{Action: metal.LoadActionClear, Color: metal.ClearColor{Red: r, Green: g, Blue: b, Alpha: a}}
}

// ClearDepth starts a depth attachment with that depth, from 0 to 1, and a
// stencil attachment with 0.
func ClearDepth(depth float64) Load { return Load{Action: metal.LoadActionClear, Depth: depth} }

// ClearStencil starts a stencil attachment with that value.
func ClearStencil(value uint32) Load { return Load{Action: metal.LoadActionClear, Stencil: value} }

// Keep starts an attachment with what earlier passes wrote.
func Keep() Load { return Load{Action: metal.LoadActionLoad} }

// Attachment is a target of a render pass: one slice of one mip of a texture.
type Attachment struct {
	Texture      Texture
	Level, Slice int
	Load         Load
	// Discard leaves the content undefined afterwards: nothing needs it, as
	// with most depth buffers and multisampled targets that are resolved.
	Discard bool
	// Resolve takes the resolved samples of a multisampled color target, in its
	// first mip and slice; its others stay as they are. The zero Texture is none.
	Resolve Texture
	// ReadOnly is for depth and stencil targets that are tested against and not
	// written: Load is Keep(), nothing is discarded or resolved. Passes that only
	// read one are not ordered among themselves.
	ReadOnly bool
}

// socket says where in a render pass descriptor an attachment belongs.
type socket uint8

const (
	socketDepth   socket = metal.MaxColorAttachments
	socketStencil socket = metal.MaxColorAttachments + 1
	socketAny     socket = metal.MaxColorAttachments + 2 // read from JSON: sorted out by format
)

// attached is one attachment of a declared pass.
type attached struct {
	socket   socket
	texture  int32 // index
	resolve  int32 // index or -1
	part     box
	load     Load
	discard  bool
	readOnly bool
}

// Color declares the color target with that index, from 0 to 7.
func (d *Declaration) Color(index int, a Attachment) {
	if index < 0 || index >= metal.MaxColorAttachments {
		d.fault(d.g.index(a.Texture.at), "color attachment %d: there are %d, from 0", index, metal.MaxColorAttachments)
		return
	}
	d.attach(socket(index), a)
}

// Depth declares the depth target.
func (d *Declaration) Depth(a Attachment) { d.attach(socketDepth, a) }

// Stencil declares the stencil target. A texture with depth and stencil that
// serves as both is declared in both places.
func (d *Declaration) Stencil(a Attachment) { d.attach(socketStencil, a) }

func (d *Declaration) attach(s socket, a Attachment) {
	texture, resolve := d.g.index(a.Texture.at), int32(-1)
	r := d.g.resource(a.Texture.at, kindTexture)
	if r == nil {
		d.fault(-1, "an attachment is not a texture of this graph: use the handle that Texture returned")
		return
	}
	part, err := d.g.box(r, MipOfLayer(a.Level, a.Slice))
	if err != nil {
		d.fault(texture, "attachment: %v", err)
		return
	}
	if a.Resolve != (Texture{}) {
		if d.g.resource(a.Resolve.at, kindTexture) == nil {
			d.fault(texture, "its resolve target is not a texture of this graph")
			return
		}
		resolve = d.g.index(a.Resolve.at)
	}
	d.attachPart(attached{socket: s, texture: texture, resolve: resolve, part: part, load: a.Load, discard: a.Discard, readOnly: a.ReadOnly})
}

// attachPart adds an attachment and the accesses that it means: a write in the
// fragment stage, with Keep also a read there, read-only the read alone; the
// resolve target is written there too, in documents all of it.
func (d *Declaration) attachPart(a attached) {
	g := d.g
	g.attachments = append(g.attachments, a)
	one := access{resource: a.texture, attachment: true, stages: metal.StageFragment}
	one.part = g.partIn(&g.resources[a.texture], a.part)
	if a.readOnly || a.load.Action == metal.LoadActionLoad {
		g.accesses = append(g.accesses, one)
	}
	if !a.readOnly {
		one.write, one.discard = true, a.discard
		g.accesses = append(g.accesses, one)
	}
	if a.resolve >= 0 {
		one.write, one.discard, one.resource, one.part = true, false, a.resolve, -1
		if !g.document {
			one.part = g.partIn(&g.resources[a.resolve], firstMip)
		}
		g.accesses = append(g.accesses, one)
	}
}
