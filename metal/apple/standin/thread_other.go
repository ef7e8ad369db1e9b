//go:build !linux

package standin

import (
	"bytes"
	"runtime"
	"strconv"
)

// thread tells goroutines apart: one that keeps to its thread while a pool is
// open is as good as the thread. One that does not is not seen here, only on
// Linux.
type thread int

func currentThread() thread {
	var text [64]byte
	// "goroutine 18 [running]:"
	number, _, _ := bytes.Cut(bytes.TrimPrefix(text[:runtime.Stack(text[:], false)], []byte("goroutine ")), []byte(" "))
	n, _ := strconv.Atoi(string(number))
	return thread(n)
}
