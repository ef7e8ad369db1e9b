package apple

import (
	"errors"
	"fmt"

	"weft/metal"
	"weft/metal/apple/objc"
)

// Layer shows pictures on a CAMetalLayer. Each frame goes so:
//
//	target, err := layer.Next()  // may wait for the screen
//	... record and Commit what draws into target, on the layer's queue
//	err = layer.Present()
//
// Next makes the queue wait for the drawable before what is committed afterwards,
// and Present makes the drawable wait for what was committed, the order that
// Metal 4 asks for. A layer is used by one goroutine.
type Layer struct {
	object
	queue    *commandQueue
	resident objc.ID // the layer's residency set, on the queue
	drawable objc.ID // between Next and Present
	target   texture
}

// ErrNoDrawable is what Next returns, wrapped, when the layer has no drawable to
// give: its window is gone or hidden, or the screen is a second behind.
var ErrNoDrawable = errors.New("no drawable")

// NewLayer makes a CAMetalLayer, by its address, show what a queue of this device
// draws. The layer stays the caller's; its format becomes f. SetSize comes before
// the first Next, unless the caller has set the layer's drawableSize.
func (d *Device) NewLayer(q metal.CommandQueue, layer uintptr, f metal.PixelFormat) (*Layer, error) {
	x, err := own[commandQueue](d, "the queue", q)
	if err != nil {
		return nil, fmt.Errorf("apple: a layer: %w", err)
	}
	if layer == 0 {
		return nil, fmt.Errorf("apple: a layer: the address of the CAMetalLayer is 0")
	}
	switch f {
	case metal.PixelFormatBGRA8Unorm, metal.PixelFormatBGRA8UnormSRGB, metal.PixelFormatRGBA16Float, metal.PixelFormatRGB10A2Unorm:
	default:
		return nil, fmt.Errorf("apple: a layer: it has no format %v: use bgra8Unorm, bgra8Unorm_sRGB, rgba16Float or rgb10a2Unorm", f)
	}
	c := d.borrow()
	defer d.giveBack(c)
	l := &Layer{queue: x}
	l.object = object{d, "layer", "", c.retain(objc.ID(layer))}
	l.target.object = object{device: d, kind: "texture", label: "drawable"}
	l.target.root, l.target.borrowed = &l.target, true
	c.send(l.id, selSetDevice, uintptr(d.id))
	c.send(l.id, selSetPixelFormat, uintptr(f))
	if l.resident = c.retain(c.object(l.id, selResidencySet)); l.resident == 0 {
		err := l.fail("it has no residency set: macOS 26 is needed")
		l.Release()
		return nil, err
	}
	c.send(x.id, selAddResidencySet, uintptr(l.resident))
	return l, nil
}

// SetSize makes the drawables from the next one on so many pixels large: those of
// the window, in pixels of the screen.
func (l *Layer) SetSize(width, height int) error {
	switch most := l.device.limits.MaxTextureSize; {
	case l.id == 0:
		return l.fail("SetSize after its Release")
	case width < 1 || height < 1 || width > most || height > most:
		return l.fail("SetSize: %dx%d: each side from 1 to %d", width, height, most)
	}
	l.device.runtime.SendDoubles(l.id, l.device.selectors[selSetDrawableSize], []float64{float64(width), float64(height)})
	return nil
}

// Next takes the next drawable and returns its texture, a render target that
// lives until Present. Its Release does nothing.
func (l *Layer) Next() (metal.Texture, error) {
	switch {
	case l.id == 0:
		return nil, l.fail("Next after its Release")
	case l.drawable != 0:
		return nil, l.fail("Next: the last drawable is not shown yet: Present it first")
	}
	if err := l.queue.ready("Next"); err != nil {
		return nil, err
	}
	c := l.device.borrow()
	defer l.device.giveBack(c)
	if l.drawable = c.retain(c.object(l.id, selNextDrawable)); l.drawable == 0 {
		return nil, l.fail("%w: the layer has none to give", ErrNoDrawable)
	}
	t := &l.target
	t.id = c.object(l.drawable, selTexture) // alive as long as the drawable
	t.resource = uint64(c.send(t.id, selGpuResourceID))
	t.desc = metal.TextureDescriptor{
		Label: t.label, Format: metal.PixelFormat(c.send(t.id, selPixelFormat)), Storage: metal.StorageModePrivate,
		Width: int(c.send(t.id, selWidth)), Height: int(c.send(t.id, selHeight)), Usage: metal.TextureUsageRenderTarget,
	}.Normalized()
	c.send(l.queue.id, selWaitForDrawable, uintptr(l.drawable))
	return t, nil
}

// Present shows the drawable when what the queue was given is done.
func (l *Layer) Present() error {
	if l.drawable == 0 {
		return l.fail("Present without a drawable: call Next first")
	}
	c := l.device.borrow()
	defer l.device.giveBack(c)
	c.send(l.queue.id, selSignalDrawable, uintptr(l.drawable))
	c.send(l.drawable, selPresent)
	l.drop(c)
	return nil
}

// drop gives the drawable up.
func (l *Layer) drop(c *caller) {
	c.release(l.drawable)
	l.drawable, l.target.id = 0, 0
}

// Release gives the layer up. A drawable that was not presented is not shown.
func (l *Layer) Release() {
	if l.id == 0 {
		return
	}
	c := l.device.borrow()
	defer l.device.giveBack(c)
	l.drop(c)
	if l.resident != 0 {
		if l.queue.id != 0 {
			c.send(l.queue.id, selRemoveResidencySet, uintptr(l.resident))
		}
		c.release(l.resident)
		l.resident = 0
	}
	l.object.Release()
}
