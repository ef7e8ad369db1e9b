package objc

import (
	"fmt"
	"runtime"
	"unsafe"
)

// Calls sends messages without allocating: it keeps the words of a call and the
// memory that they point at, off any stack, for what is on a stack can move
// while a call that has its address runs. One goroutine may use it at a time.
type Calls struct {
	runtime Runtime
	words   [maxWords]uintptr
	memory  [maxMemory]uint64
	used    int // of memory, by the call that is being made up
	text    []byte
	result  ID // where a callee stores its NSError
	pools   [maxPools]uintptr
	depth   int // of pools
}

// The longest message of Metal 4 has 13 words, self and selector included; the
// largest arguments of one call are three structures of three words.
const (
	maxWords  = 16
	maxMemory = 64
	maxPools  = 8
)

// NewCalls returns a Calls of a runtime.
func NewCalls(r Runtime) *Calls { return &Calls{runtime: r} }

// Send sends a message and returns the first word of its result.
func (c *Calls) Send(self ID, op SEL, arguments ...uintptr) uintptr {
	result := c.runtime.Send(c.message(self, op, arguments))
	runtime.KeepAlive(c) // the words point into it
	return result
}

// SendPair is Send for a result of two words.
func (c *Calls) SendPair(self ID, op SEL, arguments ...uintptr) (first, second uintptr) {
	first, second = c.runtime.SendPair(c.message(self, op, arguments))
	runtime.KeepAlive(c)
	return first, second
}

func (c *Calls) message(self ID, op SEL, arguments []uintptr) []uintptr {
	if len(arguments) > maxWords-2 {
		panic(fmt.Sprintf("BUG: a message with %d words of arguments, at most %d", len(arguments), maxWords-2))
	}
	c.words[0], c.words[1] = uintptr(self), uintptr(op)
	c.used = 0
	return c.words[:2+copy(c.words[2:], arguments)]
}

// SendID sends a message whose result is an object.
func (c *Calls) SendID(self ID, op SEL, arguments ...uintptr) ID {
	return ID(c.Send(self, op, arguments...))
}

// Struct returns the address of a copy of the words of a structure, for the
// next Send.
func (c *Calls) Struct(words ...uint64) uintptr {
	at := c.used
	if at+len(words) > maxMemory {
		panic(fmt.Sprintf("BUG: a message with more than %d words of structures", maxMemory))
	}
	c.used += copy(c.memory[at:], words)
	return uintptr(unsafe.Pointer(&c.memory[at]))
}

// Chars returns the address of text with a NUL at its end, for the next Send.
func (c *Calls) Chars(text string) uintptr {
	c.text = append(append(c.text[:0], text...), 0)
	return uintptr(unsafe.Pointer(&c.text[0]))
}

// ErrorOut returns the address of a nil NSError *, for the next Send; Error is
// what that Send has stored there.
func (c *Calls) ErrorOut() uintptr {
	c.result = 0
	return uintptr(unsafe.Pointer(&c.result))
}

// Error is the NSError that the last Send with ErrorOut has stored, autoreleased
// or nil.
func (c *Calls) Error() ID { return c.result }
