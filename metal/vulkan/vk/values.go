package vk

import (
	"fmt"
	"math"
	"unsafe"
)

// Bool32 is VkBool32.
type Bool32 uint32

// The values of Bool32.
const (
	False Bool32 = 0
	True  Bool32 = 1
)

// Bool converts from Go.
func Bool(b bool) Bool32 {
	if b {
		return True
	}
	return False
}

// API constants.
const (
	APIVersion13         = 1<<22 | 3<<12 // VK_API_VERSION_1_3
	WholeSize            = ^uint64(0)
	WaitForever          = ^uint64(0)
	RemainingMipLevels   = ^uint32(0)
	RemainingArrayLayers = ^uint32(0)
	QueueFamilyIgnored   = ^uint32(0)
	AttachmentUnused     = ^uint32(0)
	SubpassExternal      = ^uint32(0)
	MaxMemoryTypes       = 32
	MaxMemoryHeaps       = 16
	LODClampNone         = 1000 // VK_LOD_CLAMP_NONE
)

// Error says which code a command returned, by its name in the specification.
func (r Result) Error() string {
	if n, ok := resultNames[r]; ok {
		return n
	}
	return fmt.Sprintf("VkResult %d", int32(r))
}

// Check is nil for success codes (0 and above), else r.
func (r Result) Check() error {
	if r < 0 {
		return r
	}
	return nil
}

// CString is a NUL-terminated copy of s in Go memory.
func CString(s string) *byte {
	b := append([]byte(s), 0)
	return &b[0]
}

// CStrings is an array of NUL-terminated copies; nil when there are none.
func CStrings(s []string) **byte {
	if len(s) == 0 {
		return nil
	}
	p := make([]*byte, len(s))
	for i, x := range s {
		p[i] = CString(x)
	}
	return &p[0]
}

// GoString copies a NUL-terminated string.
func GoString(p *byte) string {
	if p == nil {
		return ""
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}

// Text copies a string held in a fixed array, up to its NUL or its end.
func Text(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// ClearColor is a clear value of four floats.
func ClearColor(r, g, b, a float32) ClearValue {
	return ClearValue{math.Float32bits(r), math.Float32bits(g), math.Float32bits(b), math.Float32bits(a)}
}

// ClearDepth is a clear value for depth (0 to 1) and stencil.
func ClearDepth(depth float32, stencil uint32) ClearValue {
	return ClearValue{math.Float32bits(depth), stencil}
}
