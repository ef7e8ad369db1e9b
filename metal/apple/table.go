package apple

import (
	"errors"

	"weft/metal"
	"weft/metal/rules"
)

// argumentTable is an MTL4ArgumentTable, with what it holds.
type argumentTable struct {
	object
	caller *caller
	rules.Table
	// bound says of each slot with a tensor how it was set: a function takes a
	// tensor as a resource, or its memory by address, and only the draw or
	// dispatch knows which.
	bound [metal.MaxBuffers]tensorBind
}

type tensorBind uint8

const (
	tensorUnbound tensorBind = iota
	tensorResource
	tensorAddress
)

var _ metal.ArgumentTable = (*argumentTable)(nil)

// NewArgumentTable makes an empty table.
func (d *Device) NewArgumentTable(desc metal.ArgumentTableDescriptor) (metal.ArgumentTable, error) {
	if err := rules.ArgumentTable(desc); err != nil {
		return nil, refuse(err)
	}
	c := d.newCaller()
	defer c.Push().Pop()
	m := c.make(classMTL4ArgumentTableDescriptor)
	defer c.release(m)
	c.label(m, desc.Label)
	c.send(m, selSetMaxBufferBindCount, uintptr(desc.Buffers))
	c.send(m, selSetMaxTextureBindCount, uintptr(desc.Textures))
	c.send(m, selSetMaxSamplerStateBindCount, uintptr(desc.Samplers))
	c.send(m, selSetInitializeBindings, word(true))
	t := &argumentTable{caller: c, Table: rules.NewTable(desc)}
	t.object = object{device: d, kind: "argument table", label: desc.Label}
	if t.id = c.object(d.id, selNewArgumentTableWithDescriptorError, uintptr(m), c.ErrorOut()); t.id == 0 {
		return nil, c.fail(t.String())
	}
	return t, nil
}

// argument is the argument of a setter as an object of this driver, nil for nil.
func argument[T any, P interface {
	*T
	based
}](t *argumentTable, x any,
) (P, error) {
	if t.id == 0 {
		return nil, errors.New("the table is used after its Release")
	}
	if x == nil {
		return nil, nil
	}
	return own[T, P](t.device, "the argument", x)
}

// ok keeps the error of a setter, and reports whether there is none.
func (t *argumentTable) ok(setter string, err error) bool {
	if err != nil {
		t.Refuse(setter, err)
	}
	return err == nil
}

func (t *argumentTable) SetBuffer(x metal.Buffer, offset, index int) {
	b, err := argument[buffer](t, x)
	if err == nil {
		err = t.Table.SetBuffer(x, offset, index)
	}
	if !t.ok("SetBuffer", err) {
		return
	}
	address := uint64(0)
	if b != nil {
		address = b.address + uint64(offset)
	}
	t.caller.send(t.id, selSetAddressAtIndex, uintptr(address), uintptr(index))
}

// SetTensor waits for the function that takes the tensor: see bound.
func (t *argumentTable) SetTensor(x metal.Tensor, index int) {
	n, err := argument[tensor](t, x)
	if err == nil {
		err = t.Table.SetTensor(x, index)
	}
	if !t.ok("SetTensor", err) {
		return
	}
	if t.bound[index] = tensorUnbound; n == nil {
		t.caller.send(t.id, selSetAddressAtIndex, 0, uintptr(index))
	}
}

func (t *argumentTable) SetTexture(x metal.Texture, index int) {
	n, err := argument[texture](t, x)
	if err == nil {
		err = t.Table.SetTexture(x, index)
	}
	if !t.ok("SetTexture", err) {
		return
	}
	resource := uint64(0)
	if n != nil {
		resource = n.resource
	}
	t.caller.send(t.id, selSetTextureAtIndex, uintptr(resource), uintptr(index))
}

func (t *argumentTable) SetSampler(x metal.Sampler, index int) {
	s, err := argument[sampler](t, x)
	if err == nil {
		err = t.Table.SetSampler(x, index)
	}
	if !t.ok("SetSampler", err) {
		return
	}
	resource := uint64(0)
	if s != nil {
		resource = s.resource
	}
	t.caller.send(t.id, selSetSamplerStateAtIndex, uintptr(resource), uintptr(index))
}

// bind sets the tensor of a slot, if it holds one, the way its function takes it.
func (t *argumentTable) bind(c *caller, index int, how tensorBind) {
	n, ok := t.Buffers[index].Tensor.(*tensor)
	if !ok || t.bound[index] == how {
		return
	}
	t.bound[index] = how
	if how == tensorResource {
		c.send(t.id, selSetResourceAtBufferIndex, uintptr(n.resource), uintptr(index))
	} else {
		c.send(t.id, selSetAddressAtIndex, uintptr(n.buffer.address+uint64(n.offset)), uintptr(index))
	}
}
