package spirv

// Variable is a variable of the function that holds v at this point.
func (m *Module) Variable(v ID) ID {
	typ := m.typeOf[v]
	pointer := m.pointer(storageFunction, typ)
	id := m.id()
	m.variables = instruction(m.variables, opVariable, uint32(pointer), uint32(id), storageFunction)
	m.typeOf[id] = pointer
	m.Set(id, v)
	return id
}

// Get reads a variable.
func (m *Module) Get(variable ID) ID {
	return m.value(m.types[m.typeOf[variable]].of, opLoad, uint32(variable))
}

// Set writes a variable.
func (m *Module) Set(variable, v ID) { m.emit(opStore, uint32(variable), uint32(v)) }

// If runs body where the condition holds.
func (m *Module) If(condition ID, body func()) {
	then, merge := m.id(), m.id()
	m.emit(247, uint32(merge), 0) // OpSelectionMerge
	m.emit(250, uint32(condition), uint32(then), uint32(merge))
	m.emit(opLabel, uint32(then))
	body()
	m.emit(249, uint32(merge))
	m.emit(opLabel, uint32(merge))
}

// Loop runs body with i = from, from+1, ... while i < to.
func (m *Module) Loop(from, to ID, body func(i ID)) {
	counter := m.Variable(from)
	header, check, inside, next, merge := m.id(), m.id(), m.id(), m.id(), m.id()
	m.emit(249, uint32(header))
	m.emit(opLabel, uint32(header))
	m.emit(246, uint32(merge), uint32(next), 0) // OpLoopMerge
	m.emit(249, uint32(check))
	m.emit(opLabel, uint32(check))
	i := m.Get(counter)
	m.emit(250, uint32(m.Less(i, to)), uint32(inside), uint32(merge))
	m.emit(opLabel, uint32(inside))
	body(i)
	m.emit(249, uint32(next))
	m.emit(opLabel, uint32(next))
	m.Set(counter, m.Add(m.Get(counter), m.IntConstant(1)))
	m.emit(249, uint32(header))
	m.emit(opLabel, uint32(merge))
}
