package vulkan

import (
	"fmt"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// argumentTable holds arguments until a draw or dispatch takes a snapshot.
type argumentTable struct {
	object
	buffers  []bufferArgument
	textures []*texture
	samplers []*sampler
	version  uint64 // counts the changes
	err      error  // the first wrong index or object
}

var _ metal.ArgumentTable = (*argumentTable)(nil)

type bufferArgument struct {
	buffer       *buffer
	offset, size int
	tensor       *tensor // nil for a plain buffer
}

// NewArgumentTable makes an empty table.
func (d *Device) NewArgumentTable(desc metal.ArgumentTableDescriptor) (metal.ArgumentTable, error) {
	for _, n := range []struct {
		what      string
		have, max int
	}{{"buffers", desc.Buffers, metal.MaxBuffers}, {"textures", desc.Textures, metal.MaxTextures}, {"samplers", desc.Samplers, metal.MaxSamplers}} {
		if n.have < 0 || n.have > n.max {
			return nil, fail("argument table", desc.Label, "%d %s: must be from 0 to %d", n.have, n.what, n.max)
		}
	}
	return &argumentTable{
		object:  object{d, desc.Label},
		buffers: make([]bufferArgument, desc.Buffers), textures: make([]*texture, desc.Textures),
		samplers: make([]*sampler, desc.Samplers), version: 1,
	}, nil
}

func (t *argumentTable) bad(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf("argument table %q: %w", t.label, fmt.Errorf(format, args...))
	}
}

// index checks an index of one kind of argument.
func (t *argumentTable) index(what string, i, n int) bool {
	if i >= 0 && i < n {
		t.version++
		return true
	}
	t.bad("%s %d: it has room for %d", what, i, n)
	return false
}

func (t *argumentTable) SetBuffer(b metal.Buffer, offset, index int) {
	if !t.index("buffer", index, len(t.buffers)) {
		return
	}
	if b == nil {
		t.buffers[index] = bufferArgument{}
		return
	}
	x, ok := b.(*buffer)
	align := int(max(t.device.limits.MinStorageBufferOffsetAlignment, t.device.limits.MinUniformBufferOffsetAlignment))
	switch {
	case !ok || x.device != t.device:
		t.bad("BUG: buffer %d is of another device", index)
	case offset < 0 || offset >= x.length:
		t.bad("buffer %d: offset %d in buffer %q of %d bytes", index, offset, x.label, x.length)
	case offset%align != 0:
		t.bad("buffer %d: offset %d in buffer %q: must be a multiple of %d on this device", index, offset, x.label, align)
	default:
		t.buffers[index] = bufferArgument{buffer: x, offset: offset, size: roundUp(x.length, 16) - offset}
	}
}

func (t *argumentTable) SetTensor(v metal.Tensor, index int) {
	if !t.index("tensor", index, len(t.buffers)) {
		return
	}
	if v == nil {
		t.buffers[index] = bufferArgument{}
		return
	}
	x, ok := v.(*tensor)
	if !ok || x.device != t.device {
		t.bad("BUG: tensor %d is of another device", index)
		return
	}
	t.buffers[index] = bufferArgument{buffer: x.buffer, offset: x.offset, size: roundUp(x.desc.Size(), 4), tensor: x}
}

func (t *argumentTable) SetTexture(v metal.Texture, index int) {
	if !t.index("texture", index, len(t.textures)) {
		return
	}
	t.textures[index] = nil
	if v == nil {
		return
	}
	x, ok := v.(*texture)
	switch {
	case !ok || x.device != t.device:
		t.bad("BUG: texture %d is of another device", index)
	case x.view == 0:
		t.bad("texture %d: texture %q has neither the usage shaderRead nor shaderWrite", index, x.label)
	default:
		t.textures[index] = x
	}
}

func (t *argumentTable) SetSampler(s metal.Sampler, index int) {
	if !t.index("sampler", index, len(t.samplers)) {
		return
	}
	t.samplers[index] = nil
	if s == nil {
		return
	}
	x, ok := s.(*sampler)
	if !ok || x.device != t.device {
		t.bad("BUG: sampler %d is of another device", index)
		return
	}
	t.samplers[index] = x
}

func (t *argumentTable) Release() {}

// descriptorWriter is the room for one set's writes, kept between frames.
type descriptorWriter struct {
	writes  []vk.WriteDescriptorSet
	buffers []vk.DescriptorBufferInfo
	images  []vk.DescriptorImageInfo
	views   []vk.BufferView
}

func (w *descriptorWriter) reset(n int) {
	if cap(w.writes) < n {
		w.writes = make([]vk.WriteDescriptorSet, n)
		w.buffers = make([]vk.DescriptorBufferInfo, n)
		w.images = make([]vk.DescriptorImageInfo, n)
		w.views = make([]vk.BufferView, n)
	}
	w.writes, w.buffers, w.images, w.views = w.writes[:n], w.buffers[:n], w.images[:n], w.views[:n]
}

// write makes a descriptor set of the arguments that a layout names.
func (a *allocator) write(layout *setLayout, t *argumentTable) (vk.DescriptorSet, error) {
	if t.err != nil {
		return 0, t.err
	}
	set, err := a.descriptorSet(layout.handle)
	if err != nil {
		return 0, fmt.Errorf("a descriptor set: %w", err)
	}
	w := &a.writer
	w.reset(len(layout.bindings))
	for i, b := range layout.bindings {
		w.writes[i] = vk.WriteDescriptorSet{
			SType: vk.StructureTypeWriteDescriptorSet, DstSet: set, DstBinding: b.binding, DescriptorCount: 1, DescriptorType: b.kind,
		}
		if err := a.argument(i, b, t); err != nil {
			return 0, err
		}
	}
	a.device.vk.UpdateDescriptorSets(a.device.handle, uint32(len(w.writes)), &w.writes[0], 0, nil)
	return set, nil
}

// argument fills write i with what the table has for b.
func (a *allocator) argument(i int, b binding, t *argumentTable) error {
	w := &a.writer
	missing := func(what string, room int) error {
		if b.index >= room {
			return fmt.Errorf("it uses %s %d; argument table %q has room for %d", what, b.index, t.label, room)
		}
		return fmt.Errorf("it uses %s %d, which argument table %q has not set", what, b.index, t.label)
	}
	switch b.argument {
	case argumentBuffer:
		if b.index >= len(t.buffers) || t.buffers[b.index].buffer == nil {
			return missing("buffer", len(t.buffers))
		}
		x := &t.buffers[b.index]
		most := int(a.device.limits.MaxStorageBufferRange)
		if b.kind == vk.DescriptorTypeUniformBuffer {
			most = int(a.device.limits.MaxUniformBufferRange)
		}
		if b.size > most {
			return fmt.Errorf("buffer %d: the shader's block has %d bytes: at most %d on this device", b.index, b.size, most)
		}
		if x.size < b.size {
			return fmt.Errorf("buffer %d: buffer %q has %d bytes from offset %d on, the shader's block has %d", b.index, x.buffer.label, x.size, x.offset, b.size)
		}
		w.buffers[i] = vk.DescriptorBufferInfo{Buffer: x.buffer.handle, Offset: uint64(x.offset), Range: uint64(min(x.size, most))}
		w.writes[i].PBufferInfo = &w.buffers[i]
	case argumentTexture:
		if b.index >= len(t.textures) || t.textures[b.index] == nil {
			return missing("texture", len(t.textures))
		}
		x := t.textures[b.index]
		need := vk.ImageUsageSampledBit
		if b.kind == vk.DescriptorTypeStorageImage {
			need = vk.ImageUsageStorageBit
		}
		if x.image.usage&need == 0 {
			return fmt.Errorf("texture %d: texture %q lacks the usage that the shader needs (shaderRead for textures, shaderWrite for images)", b.index, x.label)
		}
		if viewTypes[x.desc.Type] != b.view || (x.desc.Samples > 1) != b.samples {
			return fmt.Errorf("texture %d: texture %q has the type %v and %d samples, the shader declares another kind of texture: make a view of the right type", b.index, x.label, x.desc.Type, x.desc.Samples)
		}
		if x.desc.Format.IsInteger() != b.integer {
			return fmt.Errorf("texture %d: texture %q has the format %v, the shader takes integers: %t", b.index, x.label, x.desc.Format, b.integer)
		}
		w.images[i] = vk.DescriptorImageInfo{ImageView: x.view, ImageLayout: vk.ImageLayoutGeneral}
		w.writes[i].PImageInfo = &w.images[i]
	case argumentSampler:
		if b.index >= len(t.samplers) || t.samplers[b.index] == nil {
			return missing("sampler", len(t.samplers))
		}
		w.images[i] = vk.DescriptorImageInfo{Sampler: t.samplers[b.index].handle}
		w.writes[i].PImageInfo = &w.images[i]
	}
	return nil
}
