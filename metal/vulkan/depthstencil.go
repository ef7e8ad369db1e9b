package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

// depthStencilState is set by commands: Vulkan 1.3 has no object for it.
type depthStencilState struct {
	object
	desc metal.DepthStencilDescriptor
}

var _ metal.DepthStencilState = (*depthStencilState)(nil)

// NewDepthStencilState keeps the tests for SetDepthStencilState.
func (d *Device) NewDepthStencilState(desc metal.DepthStencilDescriptor) (metal.DepthStencilState, error) {
	if desc.DepthCompare > metal.CompareFunctionAlways {
		return nil, fail("depth-stencil state", desc.Label, "unknown compare function %d", desc.DepthCompare)
	}
	for _, f := range []metal.StencilDescriptor{desc.Front, desc.Back} {
		if f.Compare > metal.CompareFunctionAlways || max(f.StencilFail, f.DepthFail, f.Pass) > metal.StencilOperationDecrementWrap {
			return nil, fail("depth-stencil state", desc.Label, "unknown stencil compare function or operation in %+v", f)
		}
	}
	return &depthStencilState{object{d, desc.Label}, desc}, nil
}

func (s *depthStencilState) Release() {}

// record sets the tests. The compare functions and the stencil operations have
// the same numbers in both. Vulkan does not write depth without a test, so a
// state that only writes tests with Always.
func (s *depthStencilState) record(cb *commandBuffer) {
	c, h := cb.device.vk, cb.handle
	test := s.desc.DepthCompare != metal.CompareFunctionAlways || s.desc.DepthWrite
	c.CmdSetDepthTestEnable(h, vk.Bool(test))
	c.CmdSetDepthWriteEnable(h, vk.Bool(s.desc.DepthWrite))
	c.CmdSetDepthCompareOp(h, vk.CompareOp(s.desc.DepthCompare))
	c.CmdSetStencilTestEnable(h, vk.Bool(s.desc.Stencil))
	if s.desc.Stencil {
		recordFace(cb, vk.StencilFaceFrontBit, s.desc.Front)
		recordFace(cb, vk.StencilFaceBackBit, s.desc.Back)
	}
}

func recordFace(cb *commandBuffer, face vk.StencilFaceFlags, f metal.StencilDescriptor) {
	c, h := cb.device.vk, cb.handle
	c.CmdSetStencilOp(h, face, vk.StencilOp(f.StencilFail), vk.StencilOp(f.Pass), vk.StencilOp(f.DepthFail), vk.CompareOp(f.Compare))
	c.CmdSetStencilCompareMask(h, face, f.ReadMask)
	c.CmdSetStencilWriteMask(h, face, f.WriteMask)
}
