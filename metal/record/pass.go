package record

import (
	"fmt"

	"weft/metal"
)

// start checks the attachments of a pass and readies the encoder.
func (e *renderEncoder) start(p *metal.RenderPassDescriptor) error {
	e.renderState = renderState{}
	e.call = "RenderEncoder"
	for i := range p.Colors {
		if err := e.attachment("color", i, &p.Colors[i].Attachment); err != nil {
			return err
		}
	}
	if err := e.attachment("depth", -1, &p.Depth.Attachment); err != nil {
		return err
	}
	if err := e.attachment("stencil", -1, &p.Stencil.Attachment); err != nil {
		return err
	}
	if err := e.pass.Begin(p); err != nil {
		return e.fail("%v", err)
	}
	return nil
}

// attachment checks that the textures of an attachment can be used, and notes
// the use.
func (e *renderEncoder) attachment(kind string, index int, a *metal.Attachment) error {
	for _, x := range [...]metal.Texture{a.Texture, a.Resolve} {
		if x == nil {
			continue
		}
		if t, ok := x.(*texture); !ok || t == nil {
			where := kind + " attachment"
			if index >= 0 {
				where = fmt.Sprintf("%s %d", where, index)
			}
			return e.fail("%s: not a texture of this driver: %T", where, x)
		} else if !e.touch(&t.allocation) {
			return e.buffer.first
		}
	}
	return nil
}

// passArgs are a pass's descriptor in the log.
func passArgs(p *metal.RenderPassDescriptor) []Arg {
	if p == nil {
		return nil
	}
	args := []Arg{{"label", p.Label}}
	add := func(what string, a *metal.Attachment, clear string, readOnly bool) {
		if a.Texture == nil {
			return
		}
		load := loadAction(a.Load)
		if a.Load == metal.LoadActionClear {
			load += clear
		}
		text := fmt.Sprintf("%s %s %s", name(a.Texture), load, storeAction(a.Store))
		if a.Level != 0 || a.Slice != 0 {
			text += fmt.Sprintf(" level %d slice %d", a.Level, a.Slice)
		}
		if a.Resolve != nil {
			text += " resolve " + name(a.Resolve)
		}
		if readOnly {
			text += " read-only"
		}
		args = append(args, Arg{what, "(" + text + ")"})
	}
	for i := range p.Colors {
		c := &p.Colors[i]
		add(fmt.Sprintf("color%d", i), &c.Attachment, fmt.Sprintf("(%g,%g,%g,%g)", c.Clear.Red, c.Clear.Green, c.Clear.Blue, c.Clear.Alpha), false)
	}
	add("depth", &p.Depth.Attachment, fmt.Sprintf("(%g)", p.Depth.ClearDepth), p.Depth.ReadOnly)
	add("stencil", &p.Stencil.Attachment, fmt.Sprintf("(%d)", p.Stencil.ClearStencil), p.Stencil.ReadOnly)
	return args
}
