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
	ok = readable(func() { words = append(words, unsafe.Slice((*uint64)(pointer(at)), n)...) })
	return words, ok
}

// readText copies a C string.
func readText(at uintptr) (text string, ok bool) {
	var b []byte
	ok = readable(func() {
		for p := pointer(at); *(*byte)(p) != 0; p = unsafe.Add(p, 1) {
			b = append(b, *(*byte)(p))
		}
	})
	return string(b), ok
}
