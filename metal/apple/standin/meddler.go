package standin

import "weft/metal/apple/objc"

// Meddler is a runtime between a client that is right and another runtime, for
// tests of what is noticed: it takes messages away, or changes their arguments.
type Meddler struct {
	objc.Runtime
	// Meddle sees the words of each message's arguments and may change them; it
	// says whether the message goes on. Nil lets all pass. Messages whose
	// arguments are floats pass, too.
	Meddle func(selector string, arguments []uintptr) (through bool)

	names map[objc.SEL]string
}

// Selector implements objc.Runtime.
func (m *Meddler) Selector(name string) objc.SEL {
	s := m.Runtime.Selector(name)
	if m.names == nil {
		m.names = map[objc.SEL]string{}
	}
	m.names[s] = name
	return s
}

// Send implements objc.Runtime.
func (m *Meddler) Send(words []uintptr) uintptr {
	if m.Meddle != nil && !m.Meddle(m.names[objc.SEL(words[1])], words[2:]) {
		return 0
	}
	return m.Runtime.Send(words)
}
