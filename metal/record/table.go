package record

import (
	"weft/metal"
)

type argumentTable struct {
	object
	buffers  []slot
	textures []*texture
	samplers []*sampler
	wrong    *Fault // the first
}

// slot is a buffer from an offset on, or a tensor.
type slot struct {
	buffer *buffer
	tensor *tensor
	offset int
}

// NewArgumentTable makes an empty table.
func (d *Device) NewArgumentTable(t metal.ArgumentTableDescriptor) (metal.ArgumentTable, error) {
	for _, n := range []struct {
		what       string
		value, max int
	}{{"buffers", t.Buffers, metal.MaxBuffers}, {"textures", t.Textures, metal.MaxTextures}, {"samplers", t.Samplers, metal.MaxSamplers}} {
		if n.value < 0 || n.value > n.max {
			return nil, d.refuse("NewArgumentTable", "%s: %d %s: at most %d", describe("argument table", t.Label), n.value, n.what, n.max)
		}
	}
	o := &argumentTable{buffers: make([]slot, t.Buffers), textures: make([]*texture, t.Textures), samplers: make([]*sampler, t.Samplers)}
	d.adopt(&o.object, "argument table", t.Label, Arg{"buffers", t.Buffers}, Arg{"textures", t.Textures}, Arg{"samplers", t.Samplers})
	return o, nil
}

// fail keeps the fault for the next draw or dispatch that takes a snapshot.
func (t *argumentTable) fail(call, format string, args ...any) {
	if f := t.device.fail(t.String(), call, format, args...); t.wrong == nil {
		t.wrong = f
	}
}

// ready reports whether index is one of count places and the table is alive.
func (t *argumentTable) ready(call string, index, count int) bool {
	if t.released.Load() {
		t.fail(call, "the table is used after its Release")
		return false
	}
	if index < 0 || index >= count {
		t.fail(call, "index %d: the table was made with room for %d", index, count)
		return false
	}
	return true
}

func (t *argumentTable) alive(call string, a *allocation) bool {
	if why := a.broken(t.device); why != "" {
		t.fail(call, "%s", why)
		return false
	}
	return true
}

// offsetAlign is what offsets of bound buffers are multiples of, in bytes:
// Metal's feature tables for constant buffers on Apple GPUs.
const offsetAlign = 4

func (t *argumentTable) SetBuffer(x metal.Buffer, offset, index int) {
	if t.device.options.Log {
		t.device.log(t.String(), "SetBuffer", Arg{"buffer", name(x)}, Arg{"offset", offset}, Arg{"index", index})
	}
	if !t.ready("SetBuffer", index, len(t.buffers)) {
		return
	}
	b, ok := x.(*buffer)
	switch {
	case x == nil:
		t.buffers[index] = slot{}
	case !ok || b == nil:
		t.fail("SetBuffer", "not a buffer of this driver: %T", x)
	case !t.alive("SetBuffer", &b.allocation):
	case offset < 0 || offset >= b.length:
		t.fail("SetBuffer", "offset %d of %s, which has %d bytes", offset, b, b.length)
	case offset%offsetAlign != 0:
		t.fail("SetBuffer", "offset %d of %s: must be a multiple of %d", offset, b, offsetAlign)
	default:
		t.buffers[index] = slot{buffer: b, offset: offset}
	}
}

func (t *argumentTable) SetTensor(x metal.Tensor, index int) {
	if t.device.options.Log {
		t.device.log(t.String(), "SetTensor", Arg{"tensor", name(x)}, Arg{"index", index})
	}
	if !t.ready("SetTensor", index, len(t.buffers)) {
		return
	}
	n, ok := x.(*tensor)
	switch {
	case x == nil:
		t.buffers[index] = slot{}
	case !ok || n == nil:
		t.fail("SetTensor", "not a tensor of this driver: %T", x)
	case t.alive("SetTensor", &n.allocation):
		t.buffers[index] = slot{tensor: n}
	}
}

func (t *argumentTable) SetTexture(x metal.Texture, index int) {
	if t.device.options.Log {
		t.device.log(t.String(), "SetTexture", Arg{"texture", name(x)}, Arg{"index", index})
	}
	if !t.ready("SetTexture", index, len(t.textures)) {
		return
	}
	n, ok := x.(*texture)
	switch {
	case x == nil:
		t.textures[index] = nil
	case !ok || n == nil:
		t.fail("SetTexture", "not a texture of this driver: %T", x)
	case n.descriptor.Storage == metal.StorageModeMemoryless:
		t.fail("SetTexture", "%s is memoryless: it can only be an attachment", n)
	case t.alive("SetTexture", &n.allocation):
		t.textures[index] = n
	}
}

func (t *argumentTable) SetSampler(x metal.Sampler, index int) {
	if t.device.options.Log {
		t.device.log(t.String(), "SetSampler", Arg{"sampler", name(x)}, Arg{"index", index})
	}
	if !t.ready("SetSampler", index, len(t.samplers)) {
		return
	}
	s, ok := x.(*sampler)
	switch {
	case x == nil:
		t.samplers[index] = nil
	case !ok || s == nil:
		t.fail("SetSampler", "not a sampler of this driver: %T", x)
	case s.device != t.device || s.released.Load():
		t.fail("SetSampler", "%s belongs to another device or is released", s)
	default:
		t.samplers[index] = s
	}
}
