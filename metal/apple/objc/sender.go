package objc

import (
	"fmt"

	"github.com/ebitengine/purego"
)

// sender calls objc_msgSend, or what stands for it in tests.
type sender struct {
	msgSend uintptr
	float1  func(self, op uintptr, a float32)
	float2  func(self, op uintptr, a, b float32)
	float3  func(self, op uintptr, a, b, c float32)
	float4  func(self, op uintptr, a, b, c, d float32)
	double1 func(self, op uintptr, a float64)
	double2 func(self, op uintptr, a, b float64)
	double4 func(self, op uintptr, a, b, c, d float64)
}

func newSender(msgSend uintptr) *sender {
	s := &sender{msgSend: msgSend}
	for _, f := range []any{&s.float1, &s.float2, &s.float3, &s.float4, &s.double1, &s.double2, &s.double4} {
		purego.RegisterFunc(f, msgSend)
	}
	return s
}

// Send implements Runtime. SyscallN copies the words before it calls, so they
// may be anywhere; what they point at is kept by who made them, see Calls.
func (s *sender) Send(words []uintptr) uintptr {
	first, _, _ := purego.SyscallN(s.msgSend, words...)
	return first
}

// SendPair implements Runtime: SyscallN returns both result registers.
func (s *sender) SendPair(words []uintptr) (first, second uintptr) {
	first, second, _ = purego.SyscallN(s.msgSend, words...)
	return first, second
}

// SendFloats implements Runtime. SyscallN cannot fill float registers apart from
// integer ones; a registered function can, by reflection, and allocates.
func (s *sender) SendFloats(self ID, op SEL, a []float32) {
	switch object, selector := uintptr(self), uintptr(op); len(a) {
	case 1:
		s.float1(object, selector, a[0])
	case 2:
		s.float2(object, selector, a[0], a[1])
	case 3:
		s.float3(object, selector, a[0], a[1], a[2])
	case 4:
		s.float4(object, selector, a[0], a[1], a[2], a[3])
	default:
		panic(fmt.Sprintf("BUG: a message of %d floats: no method of Metal has that many", len(a)))
	}
}

// SendDoubles implements Runtime.
func (s *sender) SendDoubles(self ID, op SEL, a []float64) {
	switch object, selector := uintptr(self), uintptr(op); len(a) {
	case 1:
		s.double1(object, selector, a[0])
	case 2:
		s.double2(object, selector, a[0], a[1])
	case 4:
		s.double4(object, selector, a[0], a[1], a[2], a[3])
	default:
		panic(fmt.Sprintf("BUG: a message of %d doubles: no method of Metal has that many", len(a)))
	}
}
