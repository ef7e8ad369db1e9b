package standin

import (
	"weft/metal"
)

// maxDrawables is the default of CAMetalLayer.maximumDrawableCount.
const maxDrawables = 3

// layer is the state of a CAMetalLayer: a ring of textures.
type layer struct {
	ring     []*drawable
	next     int
	made     metal.TextureDescriptor // what the ring is made of
	resident *residencySet
}

// drawable is a CAMetalDrawable. Its way is fixed: nextDrawable, the queue waits
// for it, work is committed, the queue signals it once, it is presented.
type drawable struct {
	object  *object
	texture *texture
	state   drawableState
	queue   *queue // the one that waited
}

type drawableState uint8

const (
	drawableFree drawableState = iota
	drawableTaken
	drawableWaited
	drawableSignaled
)

// layerOf is the state of a layer, made when it is first asked for.
func (m *machine) layerOf(o *object) *layer {
	l, ok := o.state.(*layer)
	if !ok {
		l = &layer{resident: &residencySet{members: map[*allocation]bool{}, committed: map[*allocation]bool{}}}
		o.state = l
	}
	return l
}

func (m *machine) nextDrawable(c *call) {
	o := c.self()
	l := m.layerOf(o)
	if o.child("device") == nil {
		c.fault("the layer has no device: setDevice: comes first")
		return
	}
	size := o.doubles("drawableSize")
	if size[0] < 1 || size[1] < 1 {
		c.fault("drawables of %gx%g: setDrawableSize: comes first", size[0], size[1])
		return
	}
	want := metal.TextureDescriptor{
		Format: metal.PixelFormat(o.integer("pixelFormat")),
		Width:  int(size[0]), Height: int(size[1]), Usage: metal.TextureUsageRenderTarget, // framebufferOnly, the default
	}
	if want != l.made {
		m.dropRing(l)
		l.made = want
	}
	if len(l.ring) < maxDrawables {
		d, err := m.newDrawable(want)
		if err != nil {
			c.fault("%v", err)
			return
		}
		l.ring = append(l.ring, d)
		l.resident.members[&d.texture.allocation] = true
		l.resident.committed[&d.texture.allocation] = true
		l.next = len(l.ring) - 1
	}
	d := l.ring[l.next]
	l.next = (l.next + 1) % len(l.ring)
	if d.state != drawableFree {
		c.fault("all %d drawables are taken: present one before the next is asked for", len(l.ring))
		return
	}
	d.state = drawableTaken
	d.object = c.loose("CAMetalDrawable", d)
	c.give(d.object)
}

func (m *machine) newDrawable(want metal.TextureDescriptor) (*drawable, error) {
	made, err := m.device.NewTexture(want)
	if err != nil {
		return nil, err
	}
	d := &drawable{texture: &texture{metal: made}}
	d.texture.drawable = d
	d.texture.finish(m)
	d.texture.object = m.own("MTLTexture", d.texture)
	d.texture.object.name = "the texture of a drawable"
	return d, nil
}

func (m *machine) dropRing(l *layer) {
	for _, d := range l.ring {
		d.texture.gone = true
		delete(l.resident.members, &d.texture.allocation)
		delete(l.resident.committed, &d.texture.allocation)
		d.texture.drop()
	}
	l.ring, l.next = nil, 0
}

func (m *machine) drawableTexture(c *call) {
	if d, ok := c.self().state.(*drawable); ok {
		c.give(d.texture.object)
	}
}

func (m *machine) layerResidency(c *call) {
	l := m.layerOf(c.self())
	if l.resident.object == nil {
		l.resident.object = m.own("MTLResidencySet", l.resident)
	}
	c.give(l.resident.object)
}

func (m *machine) waitForDrawable(c *call) {
	q, ok := c.self().state.(*queue)
	if !ok {
		return
	}
	d := c.object(0).state.(*drawable)
	if d.state != drawableTaken {
		c.fault("%s: a queue waits for a drawable once, after nextDrawable", c.object(0))
		return
	}
	d.state, d.queue = drawableWaited, q
}

// draw checks a commit that draws into the drawable.
func (d *drawable) draw(c *call, q *queue) {
	if d.state != drawableWaited || d.queue != q {
		c.fault("the commit uses the texture of a drawable that %s has not waited for, or has signaled: waitForDrawable:, commit, signalDrawable:, present", q.object)
	}
}

func (m *machine) signalDrawable(c *call) {
	q, ok := c.self().state.(*queue)
	if !ok {
		return
	}
	d := c.object(0).state.(*drawable)
	if d.state != drawableWaited || d.queue != q {
		c.fault("%s: a queue signals a drawable once, after it waited for it and after the commits that draw into it", c.object(0))
		return
	}
	d.state = drawableSignaled
}

func (m *machine) present(c *call) {
	d, ok := c.self().state.(*drawable)
	if !ok {
		return
	}
	if d.state != drawableSignaled {
		c.fault("present comes after signalDrawable:, or what is drawn may not be done")
	}
	d.state = drawableFree
	m.presented++
}
