package vk

import (
	"sync"
	"unsafe"
)

// frame is the argument list of one call. A variadic list made at the call
// would be allocated each time, since purego's functions let it escape. A
// pointer stored in keep escapes and stays reachable while the callee uses the
// word beside it: the compiler's rule for uintptr arguments covers only
// conversions written in the argument list of the call itself.
type frame struct {
	words [12]uintptr
	keep  [12]unsafe.Pointer
}

// framePool hands out frames to calls made at the same time by several
// goroutines.
type framePool struct{ pool sync.Pool }

func (p *framePool) get() *frame {
	if f, ok := p.pool.Get().(*frame); ok {
		return f
	}
	return new(frame)
}

func (p *framePool) put(f *frame) { p.pool.Put(f) }
