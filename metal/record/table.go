package record

import (
	"errors"

	"weft/metal"
	"weft/metal/rules"
)

type argumentTable struct {
	object
	rules.Table
}

// NewArgumentTable makes an empty table.
func (d *Device) NewArgumentTable(t metal.ArgumentTableDescriptor) (metal.ArgumentTable, error) {
	if err := rules.ArgumentTable(t); err != nil {
		return nil, d.refuse("NewArgumentTable", "%v", err)
	}
	o := &argumentTable{Table: rules.NewTable(t)}
	d.adopt(&o.object, "argument table", t.Label, Arg{"buffers", t.Buffers}, Arg{"textures", t.Textures}, Arg{"samplers", t.Samplers})
	o.Name = o.String()
	return o, nil
}

// fail keeps the fault, also for the next draw or dispatch that takes a snapshot.
func (t *argumentTable) fail(call, format string, args ...any) {
	f := t.device.fail(t.String(), call, format, args...)
	t.Refuse(call, errors.New(f.Reason))
}

// alive reports whether the table, and an allocation that may be nil, can be
// used.
func (t *argumentTable) alive(call string, a *allocation) bool {
	if t.released.Load() {
		t.fail(call, "the table is used after its Release")
		return false
	}
	if a == nil {
		return true
	}
	if why := a.broken(t.device); why != "" {
		t.fail(call, "%s", why)
		return false
	}
	return true
}

// set keeps the error of a setter.
func (t *argumentTable) set(call string, err error) {
	if err != nil {
		t.fail(call, "%v", err)
	}
}

func (t *argumentTable) SetBuffer(x metal.Buffer, offset, index int) {
	if t.device.options.Log {
		t.device.log(t.String(), "SetBuffer", Arg{"buffer", name(x)}, Arg{"offset", offset}, Arg{"index", index})
	}
	b, ok := x.(*buffer)
	switch {
	case x == nil && t.alive("SetBuffer", nil), b != nil && t.alive("SetBuffer", &b.allocation):
		t.set("SetBuffer", t.Table.SetBuffer(x, offset, index))
	case x != nil && (!ok || b == nil):
		t.fail("SetBuffer", "not a buffer of this driver: %T", x)
	}
}

func (t *argumentTable) SetTensor(x metal.Tensor, index int) {
	if t.device.options.Log {
		t.device.log(t.String(), "SetTensor", Arg{"tensor", name(x)}, Arg{"index", index})
	}
	n, ok := x.(*tensor)
	switch {
	case x == nil && t.alive("SetTensor", nil), n != nil && t.alive("SetTensor", &n.allocation):
		t.set("SetTensor", t.Table.SetTensor(x, index))
	case x != nil && (!ok || n == nil):
		t.fail("SetTensor", "not a tensor of this driver: %T", x)
	}
}

func (t *argumentTable) SetTexture(x metal.Texture, index int) {
	if t.device.options.Log {
		t.device.log(t.String(), "SetTexture", Arg{"texture", name(x)}, Arg{"index", index})
	}
	n, ok := x.(*texture)
	switch {
	case x == nil && t.alive("SetTexture", nil), n != nil && t.alive("SetTexture", &n.allocation):
		t.set("SetTexture", t.Table.SetTexture(x, index))
	case x != nil && (!ok || n == nil):
		t.fail("SetTexture", "not a texture of this driver: %T", x)
	}
}

func (t *argumentTable) SetSampler(x metal.Sampler, index int) {
	if t.device.options.Log {
		t.device.log(t.String(), "SetSampler", Arg{"sampler", name(x)}, Arg{"index", index})
	}
	s, ok := x.(*sampler)
	switch {
	case !t.alive("SetSampler", nil):
	case x != nil && (!ok || s == nil):
		t.fail("SetSampler", "not a sampler of this driver: %T", x)
	case s != nil && (s.device != t.device || s.released.Load()):
		t.fail("SetSampler", "%s belongs to another device or is released", s)
	default:
		t.set("SetSampler", t.Table.SetSampler(x, index))
	}
}
