package standin

import (
	"weft/metal"
	"weft/metal/spirv"
)

// argumentTable is an MTL4ArgumentTable: numbers, which mean something only when
// a draw, a dispatch or a network reads them.
type argumentTable struct {
	object   *object
	metal    metal.ArgumentTable
	buffers  []argument
	textures []uint64
	samplers []uint64
	// What the table of the device beneath holds now.
	given         []argument
	givenTextures []uint64
	givenSamplers []uint64
}

// argument is a buffer's address or a tensor's ID.
type argument struct{ address, resource uint64 }

func (m *machine) newArgumentTable(c *call) {
	d := c.object(0)
	n := metal.ArgumentTableDescriptor{
		Label: d.label(), Buffers: d.integer("maxBufferBindCount"),
		Textures: d.integer("maxTextureBindCount"), Samplers: d.integer("maxSamplerStateBindCount"),
	}
	made, err := m.device.NewArgumentTable(n)
	if err != nil {
		c.refuse(1, "MTL4ArgumentTableDomain", 1, err.Error())
		return
	}
	t := &argumentTable{
		metal:   made,
		buffers: make([]argument, n.Buffers), textures: make([]uint64, n.Textures), samplers: make([]uint64, n.Samplers),
		given: make([]argument, n.Buffers), givenTextures: make([]uint64, n.Textures), givenSamplers: make([]uint64, n.Samplers),
	}
	t.object = c.create("MTL4ArgumentTable", t)
}

// place returns the place that an index names, or reports it.
func place[T any](c *call, list []T, index int) *T {
	if index < 0 || index >= len(list) {
		c.fault("index %d: the table was made with room for %d", index, len(list))
		return nil
	}
	return &list[index]
}

func (m *machine) setAddress(c *call) {
	if t, ok := c.self().state.(*argumentTable); ok {
		if p := place(c, t.buffers, c.integer(1)); p != nil {
			*p = argument{address: c.word(0)}
		}
	}
}

func (m *machine) setResource(c *call) {
	if t, ok := c.self().state.(*argumentTable); ok {
		if p := place(c, t.buffers, c.integer(1)); p != nil {
			*p = argument{resource: c.word(0)}
		}
	}
}

func (m *machine) setTexture(c *call) {
	if t, ok := c.self().state.(*argumentTable); ok {
		if p := place(c, t.textures, c.integer(1)); p != nil {
			*p = c.word(0)
		}
	}
}

func (m *machine) setSampler(c *call) {
	if t, ok := c.self().state.(*argumentTable); ok {
		if p := place(c, t.samplers, c.integer(1)); p != nil {
			*p = c.word(0)
		}
	}
}

// The sets of a metal.Function.
const (
	setBuffers  = 0
	setTextures = 1
	setSamplers = 2
)

// snapshot hands what a function uses of a table to the table beneath, and
// notes what the function does with it. It is false where something is missing,
// so that nothing must be carried out.
func (e *encoder) snapshot(c *call, f *function, t *argumentTable, stage metal.Stages) bool {
	ok := true
	for i := range f.module.Resources {
		r := &f.module.Resources[i]
		if !r.Used {
			continue
		}
		if t == nil {
			c.fault("function %s uses %s %d (%q) in stage %v, and no argument table is set for it", f.Name, setNames[r.Set], r.Binding, r.Name, stage)
			return false
		}
		switch r.Set {
		case setBuffers:
			ok = e.bufferArgument(c, f, t, r, stage) && ok
		case setTextures:
			ok = e.textureArgument(c, f, t, r, stage) && ok
		case setSamplers:
			ok = e.samplerArgument(c, f, t, r) && ok
		}
	}
	return ok
}

var setNames = [...]string{"buffer", "texture", "sampler state"}

// missing reports an argument that is not there.
func missing(c *call, f *function, t *argumentTable, r *spirv.Resource, room int) bool {
	if r.Binding >= room {
		c.fault("function %s uses %s %d (%q): %s was made with room for %d", f.Name, setNames[r.Set], r.Binding, r.Name, t.object, room)
	} else {
		c.fault("function %s uses %s %d (%q), which is not set in %s", f.Name, setNames[r.Set], r.Binding, r.Name, t.object)
	}
	return false
}

// bufferAlign is what offsets of arguments are multiples of, in bytes: Metal's
// feature tables for constant buffers on Apple GPUs.
const bufferAlign = 4

func (e *encoder) bufferArgument(c *call, f *function, t *argumentTable, r *spirv.Resource, stage metal.Stages) bool {
	if r.Binding >= len(t.buffers) || t.buffers[r.Binding] == (argument{}) {
		return missing(c, f, t, r, len(t.buffers))
	}
	a, m := t.buffers[r.Binding], e.machine
	if takes := f.tensors[r.Binding]; takes && a.resource == 0 {
		c.fault("buffer %d of %s is an address: function %s takes a tensor as %q: send setResource:atBufferIndex:", r.Binding, t.object, f.Name, r.Name)
		return false
	} else if !takes && a.resource != 0 {
		c.fault("buffer %d of %s is a resource: function %s takes no tensor as %q: send setAddress:atIndex:", r.Binding, t.object, f.Name, r.Name)
		return false
	}
	if a.resource != 0 {
		x, ok := m.named(a.resource).(*tensor)
		if !ok {
			c.fault("buffer %d of %s: %#x is no tensor's resource ID (%q of function %s); give a buffer's gpuAddress by setAddress:atIndex:", r.Binding, t.object, a.resource, r.Name, f.Name)
			return false
		}
		if !e.touch(c, &x.allocation) {
			return false
		}
		if size := x.descriptor.Size(); size < r.Size {
			c.fault("buffer %d of %s: %s has %d bytes, function %s takes %d as %q", r.Binding, t.object, x, size, f.Name, r.Size, r.Name)
			return false
		}
		need := metal.TensorUsageCompute
		if stage != metal.StageDispatch {
			need = metal.TensorUsageRender
		}
		if x.descriptor.Usage&need == 0 {
			c.fault("buffer %d of %s: %s has usage %d, which lacks %d (%q of function %s)", r.Binding, t.object, x, x.descriptor.Usage, need, r.Name, f.Name)
		}
		if t.given[r.Binding] != a {
			t.metal.SetTensor(x.metal, r.Binding)
			t.given[r.Binding] = a
		}
		e.uses(&x.allocation, stage, r.Reads, r.Writes)
		return true
	}
	b, offset, ok := m.addresses.find(a.address)
	if !ok {
		c.fault("buffer %d of %s: no buffer is at the address %#x (%q of function %s)", r.Binding, t.object, a.address, r.Name, f.Name)
		return false
	}
	if !e.touch(c, &b.allocation) {
		return false
	}
	if offset%bufferAlign != 0 {
		c.fault("buffer %d of %s: offset %d in %s must be a multiple of %d", r.Binding, t.object, offset, b, bufferAlign)
		return false
	}
	if b.length-offset < r.Size {
		c.fault("buffer %d of %s: %s has %d bytes from offset %d on, function %s takes %d as %q", r.Binding, t.object, b, b.length-offset, offset, f.Name, r.Size, r.Name)
		return false
	}
	if t.given[r.Binding] != a {
		t.metal.SetBuffer(b.metal, offset, r.Binding)
		t.given[r.Binding] = a
	}
	if r.Kind == spirv.UniformBuffer {
		e.usesPart(&b.allocation, bytesPart(offset, r.Size), stage, r.Reads, r.Writes)
		return true
	}
	from := len(e.now.accesses)
	e.usesPart(&b.allocation, bytesPart(offset, b.length-offset), stage, r.Reads, r.Writes)
	for i := range e.now.accesses[from:] {
		e.now.accesses[from+i].open = true
	}
	return true
}

func (e *encoder) textureArgument(c *call, f *function, t *argumentTable, r *spirv.Resource, stage metal.Stages) bool {
	if r.Binding >= len(t.textures) || t.textures[r.Binding] == 0 {
		return missing(c, f, t, r, len(t.textures))
	}
	id := t.textures[r.Binding]
	x, ok := e.machine.named(id).(*texture)
	if !ok {
		c.fault("texture %d of %s: %#x is no texture's resource ID (%q of function %s)", r.Binding, t.object, id, r.Name, f.Name)
		return false
	}
	if !e.touch(c, &x.allocation) {
		return false
	}
	storage := r.Kind == spirv.StorageImage
	usage := x.root.descriptor.Usage
	if (r.Reads || !storage) && usage&metal.TextureUsageShaderRead == 0 {
		c.fault("texture %d of %s: %s lacks the usage shaderRead (1), function %s reads it as %q", r.Binding, t.object, x, f.Name, r.Name)
		return false
	}
	if r.Writes && usage&metal.TextureUsageShaderWrite == 0 {
		c.fault("texture %d of %s: %s lacks the usage shaderWrite (2), function %s writes it as %q", r.Binding, t.object, x, f.Name, r.Name)
		return false
	}
	if x.descriptor.Format.IsInteger() != r.Image.Integer {
		c.fault("texture %d of %s: %s has the format %v, function %s takes integers as %q: %t", r.Binding, t.object, x, x.descriptor.Format, f.Name, r.Name, r.Image.Integer)
		return false
	}
	if t.givenTextures[r.Binding] != id {
		t.metal.SetTexture(x.metal, r.Binding)
		t.givenTextures[r.Binding] = id
	}
	e.uses(&x.allocation, stage, r.Reads || !storage, r.Writes)
	return true
}

func (e *encoder) samplerArgument(c *call, f *function, t *argumentTable, r *spirv.Resource) bool {
	if r.Binding >= len(t.samplers) || t.samplers[r.Binding] == 0 {
		return missing(c, f, t, r, len(t.samplers))
	}
	id := t.samplers[r.Binding]
	x, ok := e.machine.named(id).(*sampler)
	if !ok {
		c.fault("sampler state %d of %s: %#x is no sampler's resource ID (%q of function %s)", r.Binding, t.object, id, r.Name, f.Name)
		return false
	}
	if !x.usable {
		c.fault("sampler state %d of %s: %s was made without supportArgumentBuffers, so it has no resource ID that functions can use", r.Binding, t.object, x.object)
	}
	e.needs(c, x.object)
	if t.givenSamplers[r.Binding] != id {
		t.metal.SetSampler(x.metal, r.Binding)
		t.givenSamplers[r.Binding] = id
	}
	return true
}
