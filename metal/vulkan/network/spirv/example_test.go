package spirv_test

import (
	"fmt"

	"weft/metal/vulkan/network/spirv"
)

// A shader that doubles every element of a texel buffer.
func Example() {
	m := spirv.New(32, 1, 1)
	src, dst := m.Texels(0), m.Storage(1, m.Vector(m.Float(), 4), true)
	i := m.Component(m.GlobalInvocation(), 0)
	m.If(m.Less(i, m.PushConstant(0)), func() {
		m.StoreElement(dst, i, m.Mul(m.Fetch(src, i), m.FloatConstant(2)))
	})
	words := m.Words()
	fmt.Printf("%#x, %d push constant\n", words[0], m.PushConstants())
	// Output: 0x7230203, 1 push constant
}
