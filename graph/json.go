package graph

import (
	"fmt"
	"io"
	"slices"

	"weft/metal"
)

// ReadJSON reads a graph document, version 1. Its passes encode nothing: the
// graph can be planned, not run. Unknown keys, and values that mean nothing,
// are errors that name their place; what a document of the right form declares
// is checked by [Graph.Plan].
func ReadJSON(r io.Reader) (*Graph, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	in := newReader(data)
	var d document
	if err := in.document(&d); err != nil {
		return nil, err
	}
	b := builder{g: New(), handles: make(map[string]ref, len(d.resources))}
	b.g.name, b.g.document = d.name, true
	for i := range d.resources {
		if err := b.resource(&d.resources[i]); err != nil {
			return nil, fmt.Errorf("graph: line %d: resources[%d] %q: %w", b.line, i, d.resources[i].name, err)
		}
	}
	for i := range d.passes {
		if err := b.pass(&d.passes[i]); err != nil {
			return nil, fmt.Errorf("graph: line %d: passes[%d] %q: %w", b.line, i, d.passes[i].name, err)
		}
	}
	return b.g, nil
}

// builder declares what a document says.
type builder struct {
	g       *Graph
	handles map[string]ref
	line    int // of what is being declared
}

// keysOf lists, by kind, what a resource may have besides name, kind and
// lifetime.
var keysOf = map[string][]string{
	"texture": {"format", "width", "height", "depth", "layers", "mips", "samples"},
	"buffer":  {"size"},
	"tensor":  {"type", "dimensions"},
}

func (b *builder) resource(d *resourceDocument) error {
	b.line, b.g.outer = d.line, inDocument|place(d.line)
	allowed := append([]string{"name", "kind", "lifetime", "fresh", "history"}, keysOf[d.kind]...)
	for _, key := range d.given {
		if !slices.Contains(allowed, key) {
			return fmt.Errorf("%s: a %s has none: use %v", key, d.kind, allowed)
		}
	}
	if _, twice := b.handles[d.name]; twice {
		return fmt.Errorf("is declared twice: give each resource a name of its own")
	}
	life, err := d.life()
	if err != nil {
		return err
	}
	var at ref
	switch d.kind {
	case "texture":
		format, err := metal.ParsePixelFormat(d.format)
		if err != nil {
			return err
		}
		t := metal.TextureDescriptor{
			Label: d.name, Format: format, Width: d.width, Height: d.height,
			Depth: d.depth, Layers: d.layers, Mips: d.mips, Samples: d.samples,
		}
		if err := t.Validate(); err != nil {
			return err
		}
		at = b.g.Texture(d.name, t, life).at
	case "buffer":
		if d.size == 0 {
			return fmt.Errorf("a buffer has a size in bytes")
		}
		at = b.g.Buffer(d.name, metal.BufferDescriptor{Length: d.size}, life).at
	default:
		element, err := metal.ParseTensorDataType(d.tensorType)
		if err != nil {
			return err
		}
		t := metal.TensorDescriptor{Label: d.name, Type: element, Dimensions: d.dimensions}
		if err := t.Validate(); err != nil {
			return err
		}
		at = b.g.Tensor(d.name, t, life).at
	}
	b.g.outer = 0
	b.handles[d.name] = at
	return nil
}

func (d *resourceDocument) life() (Lifetime, error) {
	switch {
	case d.fresh && d.lifetime != "imported":
		return 0, fmt.Errorf("fresh: only an imported resource is another one each frame: add \"lifetime\": \"imported\"")
	case d.history > 0 && d.lifetime == "imported":
		return 0, fmt.Errorf("history: of an imported resource nothing is kept here: leave lifetime out")
	case d.history > 0:
		return History(d.history), nil
	case d.fresh:
		return Fresh, nil
	case d.lifetime == "imported":
		return Imported, nil
	case d.lifetime == "persistent":
		return Persistent, nil
	}
	return transient, nil
}

func (b *builder) pass(doc *passDocument) error {
	g := b.g
	b.line = doc.line
	d := g.begin(inDocument | place(doc.line))
	d.Name(doc.name)
	d.Kind(map[string]Kind{"render": Render, "compute": Compute, "blit": Blit, "machineLearning": MachineLearning}[doc.kind])
	d.p.sideEffect, d.p.scratch = doc.sideEffect, doc.scratch
	for i := range doc.attachments {
		if err := b.attachment(d, &doc.attachments[i]); err != nil {
			return fmt.Errorf("attachments[%d]: %w", i, err)
		}
	}
	for i := range doc.reads {
		if err := b.access(d, &doc.reads[i], false); err != nil {
			return fmt.Errorf("reads[%d]: %w", i, err)
		}
	}
	for i := range doc.writes {
		if err := b.access(d, &doc.writes[i], true); err != nil {
			return fmt.Errorf("writes[%d]: %w", i, err)
		}
	}
	for _, c := range doc.costs {
		d.Cost(stage(c.stage), c.ms)
	}
	g.end(d)
	return nil
}

// find returns a resource and its index.
func (b *builder) find(name string) (*resource, int32, error) {
	i := b.g.index(b.handles[name])
	if i < 0 {
		return nil, i, fmt.Errorf("no resource is called %q", name)
	}
	return &b.g.resources[i], i, nil
}

func (b *builder) access(d *Declaration, doc *accessDocument, write bool) error {
	b.line = doc.line
	r, i, err := b.find(doc.resource)
	if err != nil {
		return err
	}
	if _, err := b.g.box(r, doc.part); err != nil {
		return fmt.Errorf("%q: %w", doc.resource, err)
	}
	d.access(i, int32(doc.frame), write, stage(doc.stage), []Part{doc.part})
	return nil
}

func (b *builder) attachment(d *Declaration, doc *attachmentDocument) error {
	b.line = doc.line
	r, i, err := b.find(doc.resource)
	if err != nil {
		return err
	}
	a := attached{socket: socketAny, texture: i, resolve: -1, discard: doc.store == "dontCare", readOnly: doc.access == "read"}
	if r.kind != kindTexture {
		return fmt.Errorf("%q is a %v: an attachment is a texture", doc.resource, r.kind)
	}
	if a.part, err = b.g.box(r, doc.part); err != nil {
		return fmt.Errorf("%q: %w", doc.resource, err)
	}
	switch {
	case doc.load == "load" || a.readOnly:
		a.load = Keep()
	case doc.load == "clear":
		a.load = Clear(0, 0, 0, 0)
	}
	if doc.resolve != "" {
		to, i, err := b.find(doc.resolve)
		if err != nil {
			return fmt.Errorf("resolve: %w", err)
		}
		if to.kind != kindTexture {
			return fmt.Errorf("resolve: %q is a %v: a resolve target is a texture", doc.resolve, to.kind)
		}
		a.resolve = i
	}
	d.attachPart(a)
	return nil
}
