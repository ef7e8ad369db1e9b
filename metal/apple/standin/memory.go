package standin

import (
	"runtime/debug"
	"unsafe"
)

// pointer is the memory at an address that a message has brought: not Go's to
// move or collect while the message is carried out.
func pointer(at uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&at)) }

// readable runs f, which reads memory, and reports whether it could.
func readable(f func()) (ok bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { ok = recover() == nil }()
	f()
	return true
}

// readWords copies n words.
func readWords(at uintptr, n int) (words []uint64, ok bool) {
	if at%8 != 0 {
		return nil, false
	}
	ok = readable(func() {
		for i := range n {
			words = append(words, *(*uint64)(pointer(at + 8*uintptr(i))))
		}
	})
	return words, ok
}

// readText copies a C string.
func readText(at uintptr) (text string, ok bool) {
	var b []byte
	ok = readable(func() {
		for ; *(*byte)(pointer(at)) != 0; at++ {
			b = append(b, *(*byte)(pointer(at)))
		}
	})
	return string(b), ok
}
