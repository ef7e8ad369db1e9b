//go:build !windows

package vk

import (
	"runtime"

	"github.com/ebitengine/purego"
)

// openLoader opens the loader's shared library.
func openLoader() (uintptr, error) {
	names := []string{"libvulkan.so.1", "libvulkan.so"}
	if runtime.GOOS == "darwin" {
		names = []string{"libvulkan.1.dylib", "libvulkan.dylib", "libMoltenVK.dylib"}
	}
	var first error
	for _, n := range names {
		h, err := purego.Dlopen(n, purego.RTLD_NOW|purego.RTLD_GLOBAL)
		if err == nil {
			return h, nil
		}
		if first == nil {
			first = err
		}
	}
	return 0, first
}

func symbol(handle uintptr, name string) (uintptr, error) { return purego.Dlsym(handle, name) }
