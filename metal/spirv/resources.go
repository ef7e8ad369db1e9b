package spirv

import "fmt"

// resource keeps a resource variable.
func (r *reader) resource(m *Module, v variable) error {
	id := r.types[v.pointer].elem
	t := r.types[id]
	out := Resource{Name: r.names[v.id], Count: 1}
	if t.op == opTypeArray || t.op == opTypeRuntimeArray {
		out.Count = t.count
		id = t.elem
		t = r.types[id]
	}
	if out.Name == "" {
		out.Name = r.names[id]
	}
	set, hasSet := r.decorated(v.id, all, decorationDescriptorSet)
	binding, hasBinding := r.decorated(v.id, all, decorationBinding)
	if !hasSet || !hasBinding {
		return fmt.Errorf("spirv: resource %q has no set or no binding", out.Name)
	}
	out.Set, out.Binding = int(set), int(binding)
	out.Kind = r.kind(v.class, id, t)
	if out.Kind == Unknown {
		return fmt.Errorf("spirv: resource %q (set %d, binding %d) is of no known kind", out.Name, set, binding)
	}
	switch out.Kind {
	case StorageBuffer, UniformBuffer:
		out.Size = t.size
	case CombinedImageSampler:
		out.Image = r.types[t.elem].image
	default:
		out.Image = t.image
	}
	r.roots[v.id] = len(m.Resources)
	m.Resources = append(m.Resources, out)
	return nil
}

func (r *reader) kind(class, id uint32, t typ) Kind {
	switch t.op {
	case opTypeStruct:
		if _, old := r.decorated(id, all, decorationBufferBlock); old || class == classStorageBuffer {
			return StorageBuffer
		}
		return UniformBuffer
	case opTypeSampler:
		return Sampler
	case opTypeSampledImage:
		if r.types[t.elem].image.Dim == DimBuffer {
			return UniformTexelBuffer
		}
		return CombinedImageSampler
	case opTypeImage:
		switch {
		case t.image.Dim == 6:
			return InputAttachment
		case t.image.Dim == DimBuffer && t.sampled == 2:
			return StorageTexelBuffer
		case t.image.Dim == DimBuffer:
			return UniformTexelBuffer
		case t.sampled == 2:
			return StorageImage
		}
		return SampledImage
	case opTypeAccelerationStrc:
		return AccelerationStructure
	}
	return Unknown
}

// permits says what the declaration of a variable permits.
func (r *reader) permits(v variable, decorationOfNot uint32) bool {
	if _, no := r.decorated(v.id, all, decorationOfNot); no {
		return false
	}
	id := r.types[v.pointer].elem
	if t := r.types[id]; t.op == opTypeArray || t.op == opTypeRuntimeArray {
		id = t.elem
	}
	members := r.types[id].members
	for i := range members {
		if _, no := r.decorated(id, i, decorationOfNot); !no {
			return true
		}
	}
	return len(members) == 0
}

// usage fills in what the code that the entry point reaches does with each
// resource.
func (r *reader) usage(entry uint32, m *Module) {
	bodies := map[uint32][]instruction{}
	for i := 0; i < len(r.list); i++ {
		if r.list[i].op != opFunction {
			continue
		}
		start := i
		for i < len(r.list) && r.list[i].op != opFunctionEnd {
			i++
		}
		bodies[r.list[start].args[1]] = r.list[start:i]
	}
	seen := map[uint32]bool{entry: true}
	for todo := []uint32{entry}; len(todo) > 0; {
		body := bodies[todo[0]]
		todo = todo[1:]
		for _, in := range body {
			r.use(in, m)
			if in.op == opFunctionCall && !seen[in.args[2]] {
				seen[in.args[2]] = true
				todo = append(todo, in.args[2])
			}
		}
	}
	for _, v := range r.variables {
		at, ok := r.roots[v.id]
		if !ok || at >= len(m.Resources) {
			continue
		}
		res := &m.Resources[at]
		res.Reads = res.Reads && r.permits(v, decorationNonReadable)
		writable := res.Kind == StorageBuffer || res.Kind == StorageImage || res.Kind == StorageTexelBuffer
		res.Writes = res.Writes && writable && r.permits(v, decorationNonWritable)
	}
}

// use notes what one instruction does. Pointers and images that an instruction
// derives from a variable stand for that variable afterwards.
func (r *reader) use(in instruction, m *Module) {
	a := in.args
	touch := func(id uint32, reads, writes bool) (int, bool) {
		at, ok := r.roots[id]
		if ok {
			res := &m.Resources[at]
			res.Used = true
			res.Reads = res.Reads || reads
			res.Writes = res.Writes || writes
		}
		return at, ok
	}
	derive := func(result, from uint32, reads, writes bool) {
		if at, ok := touch(from, reads, writes); ok {
			r.roots[result] = at
		}
	}
	switch {
	case in.op == opLoad:
		// The load of a storage image is only its handle; reads and writes
		// follow.
		at, ok := r.roots[a[2]]
		handle := ok && m.Resources[at].Kind == StorageImage
		derive(a[1], a[2], !handle, false)
	case in.op == opStore:
		touch(a[0], false, true)
	case in.op == opCopyMemory:
		touch(a[0], false, true)
		touch(a[1], true, false)
	case in.op == opAccessChain, in.op == opInBoundsAccessChain, in.op == opPtrAccessChain, in.op == opCopyObject:
		derive(a[1], a[2], false, false)
	case in.op == opArrayLength, in.op == opSampledImage:
		derive(a[1], a[2], false, false)
	case in.op == opImageTexelPointer:
		derive(a[1], a[2], false, false)
	case in.op == opImageRead:
		touch(a[2], true, false)
	case in.op == opImageWrite:
		touch(a[0], false, true)
	case in.op == opAtomicStore, in.op == opCooperativeStore:
		touch(a[0], false, true)
	case in.op == opAtomicLoad, in.op == opCooperativeLoad:
		touch(a[2], true, false)
	case in.op > opAtomicStore && in.op <= opAtomicXor, in.op == opAtomicFAdd:
		if len(a) > 2 {
			touch(a[2], true, true)
		}
	case in.op == opFunctionCall:
		for _, id := range a[3:] {
			touch(id, true, true)
		}
	}
}
