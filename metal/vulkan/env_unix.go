//go:build !windows

package vulkan

import (
	"unsafe"

	"github.com/ebitengine/purego"

	"weft/metal/vulkan/vk"
)

const envSeparator = ":"

// setenv sets a variable of the C library, where layers look. Without cgo
// os.Setenv changes only Go's own copy. A variable that is set stays as it is.
func setenv(name, value string) {
	f, err := purego.Dlsym(purego.RTLD_DEFAULT, "setenv")
	if err != nil {
		return
	}
	purego.SyscallN(f, uintptr(unsafe.Pointer(vk.CString(name))), uintptr(unsafe.Pointer(vk.CString(value))), 0)
}
