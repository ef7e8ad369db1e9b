package standin

import (
	"sync"

	"weft/metal/apple/objc"
)

// Meddler is a runtime between a client that is right and another runtime, for
// tests of what is noticed: it takes messages away, or changes their arguments.
type Meddler struct {
	objc.Runtime

	mu     sync.Mutex
	meddle func(selector string, arguments []uintptr) (through bool)
	names  map[objc.SEL]string
}

// Meddle sets what sees the words of each message's arguments, and may change
// them; it says whether the message goes on. Nil lets all pass. Messages whose
// arguments are floats, or whose result is two words, pass, too.
func (m *Meddler) Meddle(meddle func(selector string, arguments []uintptr) (through bool)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.meddle = meddle
}

// Selector implements objc.Runtime.
func (m *Meddler) Selector(name string) objc.SEL {
	s := m.Runtime.Selector(name)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.names == nil {
		m.names = map[objc.SEL]string{}
	}
	m.names[s] = name
	return s
}

// Send implements objc.Runtime.
func (m *Meddler) Send(words []uintptr) uintptr {
	if !m.through(words) {
		return 0
	}
	return m.Runtime.Send(words)
}

func (m *Meddler) through(words []uintptr) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.meddle == nil || m.meddle(m.names[objc.SEL(words[1])], words[2:])
}
