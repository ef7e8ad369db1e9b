package objc

import "unsafe"

// Calls sends messages without allocating: it keeps the words of a call and the
// structures that they point at. One goroutine may use it at a time. Use it by
// the pointer that NewCalls returns: what is on a stack can move.
type Calls struct {
	runtime Runtime
	words   [maxWords]uintptr
	memory  [maxMemory]uint64
	used    int // of memory, by the call that is being made up
}

// The longest message of Metal 4 has 13 words, self and selector included; the
// largest arguments of one call are three structures of three words.
const (
	maxWords  = 16
	maxMemory = 64
)

// NewCalls returns a Calls of a runtime.
func NewCalls(r Runtime) *Calls { return &Calls{runtime: r} }

// Send sends a message and returns the first word of its result.
func (c *Calls) Send(self ID, op SEL, arguments ...uintptr) uintptr {
	return c.runtime.Send(c.message(self, op, arguments))
}

// SendPair is Send for a result of two words.
func (c *Calls) SendPair(self ID, op SEL, arguments ...uintptr) (first, second uintptr) {
	return c.runtime.SendPair(c.message(self, op, arguments))
}

func (c *Calls) message(self ID, op SEL, arguments []uintptr) []uintptr {
	c.words[0], c.words[1] = uintptr(self), uintptr(op)
	c.used = 0
	return c.words[:2+copy(c.words[2:], arguments)]
}

// Struct returns the address of a copy of the words of a structure, for the
// next Send.
func (c *Calls) Struct(words ...uint64) uintptr {
	at := c.used
	c.used += copy(c.memory[at:], words)
	return uintptr(unsafe.Pointer(&c.memory[at]))
}
