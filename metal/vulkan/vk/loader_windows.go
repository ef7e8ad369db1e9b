package vk

import "syscall"

// openLoader opens the loader's library: purego has no Dlopen here.
func openLoader() (uintptr, error) {
	h, err := syscall.LoadLibrary("vulkan-1.dll")
	return uintptr(h), err
}

func symbol(handle uintptr, name string) (uintptr, error) {
	return syscall.GetProcAddress(syscall.Handle(handle), name)
}
