package spirv

import "fmt"

// Texels is a uniform texel buffer of four floats an element, at a binding of
// set 0. It is read by [Module.Fetch].
func (m *Module) Texels(binding int) ID {
	m.capabilities[capabilitySampledBuffer] = true
	// Sampled type float, dimension buffer, no depth, no array, one sample,
	// sampled, format unknown.
	image := m.declare(kind{class: classOther}, 25, uint32(m.Float()), 5, 0, 0, 0, 1, 0)
	return m.global(storageUniformConst, image, binding)
}

// Fetch reads an element of a texel buffer: four floats.
func (m *Module) Fetch(texels, index ID) ID {
	image := m.types[m.typeOf[texels]].of
	loaded := m.value(image, opLoad, uint32(texels))
	return m.value(m.Vector(m.Float(), 4), 95, uint32(loaded), uint32(index))
}

// Storage is a storage buffer that is an array of 32-bit scalars or vectors of
// two or four of them, at a binding of set 0. It is either read or written by
// one shader: writable says which.
func (m *Module) Storage(binding int, element ID, writable bool) ID {
	stride := uint32(4)
	if k := m.types[element]; k.class == classVector {
		if k.count == 3 {
			panic("BUG: spirv: an array of three-component vectors")
		}
		stride *= uint32(k.count)
	}
	array := m.id()
	m.globals = instruction(m.globals, 29, uint32(array), uint32(element))
	block := m.id()
	m.globals = instruction(m.globals, 30, uint32(block), uint32(array))
	m.types[array] = kind{class: classOther, of: element}
	m.types[block] = kind{class: classOther, of: array}
	m.decorate(array, decorationArrayStride, stride)
	m.decorate(block, decorationBlock)
	m.decorations = instruction(m.decorations, opMemberDeco, uint32(block), 0, decorationOffset, 0)
	access := uint32(decorationNonWritable)
	if writable {
		access = decorationNonReadable
	}
	v := m.global(storageStorageBuffer, block, binding)
	m.decorate(v, access)
	return v
}

// Element reads element index of a storage buffer.
func (m *Module) Element(buffer, index ID) ID {
	p, element := m.elementPointer(buffer, index)
	return m.value(element, opLoad, uint32(p))
}

// StoreElement writes element index of a storage buffer.
func (m *Module) StoreElement(buffer, index, v ID) {
	p, element := m.elementPointer(buffer, index)
	if m.typeOf[v] != element {
		panic(fmt.Sprintf("BUG: spirv: a %v stored where the buffer holds %v", m.types[m.typeOf[v]], m.types[element]))
	}
	m.emit(opStore, uint32(p), uint32(v))
}

func (m *Module) elementPointer(buffer, index ID) (p, element ID) {
	block := m.types[m.typeOf[buffer]].of
	element = m.types[m.types[block].of].of
	typ := m.pointer(storageStorageBuffer, element)
	return m.value(typ, 65, uint32(buffer), uint32(m.IntConstant(0)), uint32(index)), element
}

// global declares an interface variable at a binding of set 0.
func (m *Module) global(storage uint32, typ ID, binding int) ID {
	pointer := m.pointer(storage, typ)
	v := m.id()
	m.globals = instruction(m.globals, opVariable, uint32(pointer), uint32(v), storage)
	m.typeOf[v] = pointer
	m.decorate(v, decorationDescriptorSet, 0)
	m.decorate(v, decorationBinding, uint32(binding))
	return v
}

func (m *Module) decorate(target ID, operands ...uint32) {
	m.decorations = instruction(m.decorations, opDecorate, append([]uint32{uint32(target)}, operands...)...)
}

// builtin reads an input that the pipeline sets, as signed integers.
func (m *Module) builtin(which uint32, components int) ID {
	if v, ok := m.builtins[which]; ok {
		return v
	}
	unsigned, signed := m.Uint(), m.Int()
	if components > 1 {
		unsigned, signed = m.Vector(unsigned, components), m.Vector(signed, components)
	}
	pointer := m.pointer(storageInput, unsigned)
	v := m.id()
	m.globals = instruction(m.globals, opVariable, uint32(pointer), uint32(v), storageInput)
	m.decorate(v, decorationBuiltIn, which)
	m.inputs = append(m.inputs, v)
	loaded := m.first(unsigned, opLoad, uint32(v))
	id := m.first(signed, 124, uint32(loaded)) // OpBitcast
	m.builtins[which] = id
	return id
}

// GlobalInvocation is this thread's position in the grid, three integers.
func (m *Module) GlobalInvocation() ID { return m.builtin(28, 3) }

// SubgroupLane is this thread's lane in its subgroup.
func (m *Module) SubgroupLane() ID {
	m.capabilities[capabilityGroupNonUniform] = true
	return m.builtin(41, 1)
}

// pushConstants is the block of push constants: integers, as many as were
// asked for.
type pushConstants struct {
	values                   map[int]ID
	count                    int
	block, variable, pointer ID
}

// PushConstant reads push constant number index, a signed integer.
func (m *Module) PushConstant(index int) ID {
	p := &m.push
	if p.block == 0 {
		p.block, p.pointer, p.variable = m.id(), m.id(), m.id()
		m.types[p.pointer] = kind{class: classPointer, of: p.block}
		m.typeOf[p.variable] = p.pointer
		p.values = map[int]ID{}
	}
	if id, ok := p.values[index]; ok {
		return id
	}
	p.count = max(p.count, index+1)
	typ := m.pointer(storagePushConstant, m.Int())
	at := m.first(typ, 65, uint32(p.variable), uint32(m.IntConstant(index)))
	p.values[index] = m.first(m.Int(), opLoad, uint32(at))
	return p.values[index]
}

// PushConstants is the number of push constants in use.
func (m *Module) PushConstants() int { return m.push.count }

func (m *Module) pushDecorations() []uint32 {
	var words []uint32
	if m.push.count == 0 {
		return nil
	}
	words = instruction(words, opDecorate, uint32(m.push.block), decorationBlock)
	for i := range m.push.count {
		words = instruction(words, opMemberDeco, uint32(m.push.block), uint32(i), decorationOffset, uint32(4*i))
	}
	return words
}

func (m *Module) pushGlobals() []uint32 {
	if m.push.count == 0 {
		return nil
	}
	members := []uint32{uint32(m.push.block)}
	for range m.push.count {
		members = append(members, uint32(m.Int()))
	}
	words := instruction(nil, 30, members...)
	words = instruction(words, 32, uint32(m.push.pointer), storagePushConstant, uint32(m.push.block))
	return instruction(words, opVariable, uint32(m.push.pointer), uint32(m.push.variable), storagePushConstant)
}
