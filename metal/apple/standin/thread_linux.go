package standin

import "syscall"

// thread tells threads apart.
type thread int

func currentThread() thread { return thread(syscall.Gettid()) }
