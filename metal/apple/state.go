package apple

import (
	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/rules"
)

// sampler is an MTLSamplerState.
type sampler struct {
	object
	resource uint64 // its MTLResourceID
}

// NewSampler makes a sampler.
func (d *Device) NewSampler(desc metal.SamplerDescriptor) (metal.Sampler, error) {
	if err := rules.Sampler(desc); err != nil {
		return nil, refuse(err)
	}
	c := d.borrow()
	defer d.giveBack(c)
	m := c.make(classMTLSamplerDescriptor)
	defer c.release(m)
	c.label(m, desc.Label)
	c.send(m, selSetMinFilter, uintptr(desc.MinFilter))
	c.send(m, selSetMagFilter, uintptr(desc.MagFilter))
	c.send(m, selSetMipFilter, uintptr(desc.MipFilter))
	c.send(m, selSetSAddressMode, uintptr(desc.AddressU))
	c.send(m, selSetTAddressMode, uintptr(desc.AddressV))
	c.send(m, selSetRAddressMode, uintptr(desc.AddressW))
	c.send(m, selSetBorderColor, uintptr(desc.Border))
	c.send(m, selSetMaxAnisotropy, uintptr(max(desc.MaxAnisotropy, 1)))
	c.send(m, selSetCompareFunction, uintptr(desc.Compare))
	c.send(m, selSetSupportArgumentBuffers, word(true)) // without it there is no resource ID
	if desc.LodMin != 0 {
		d.runtime.SendFloats(m, d.selectors[selSetLodMinClamp], []float32{desc.LodMin})
	}
	if desc.LodMax != 0 {
		d.runtime.SendFloats(m, d.selectors[selSetLodMaxClamp], []float32{desc.LodMax})
	}
	s := &sampler{object: object{device: d, kind: "sampler", label: desc.Label}}
	if s.id = c.object(d.id, selNewSamplerStateWithDescriptor, uintptr(m)); s.id == 0 {
		return nil, s.fail("device %q has no such sampler", d.name)
	}
	s.resource = uint64(c.send(s.id, selGpuResourceID))
	return s, nil
}

// depthStencilState is an MTLDepthStencilState.
type depthStencilState struct {
	object
	desc metal.DepthStencilDescriptor
}

// NewDepthStencilState makes a state.
func (d *Device) NewDepthStencilState(desc metal.DepthStencilDescriptor) (metal.DepthStencilState, error) {
	if err := rules.DepthStencil(desc); err != nil {
		return nil, refuse(err)
	}
	c := d.borrow()
	defer d.giveBack(c)
	m := c.make(classMTLDepthStencilDescriptor)
	defer c.release(m)
	c.label(m, desc.Label)
	c.send(m, selSetDepthCompareFunction, uintptr(desc.DepthCompare))
	c.send(m, selSetDepthWriteEnabled, word(desc.DepthWrite))
	if desc.Stencil {
		c.face(m, selSetFrontFaceStencil, &desc.Front)
		c.face(m, selSetBackFaceStencil, &desc.Back)
	}
	s := &depthStencilState{object{device: d, kind: "depth-stencil state", label: desc.Label}, desc}
	if s.id = c.object(d.id, selNewDepthStencilStateWithDescriptor, uintptr(m)); s.id == 0 {
		return nil, s.fail("device %q made none", d.name)
	}
	return s, nil
}

// face sets the stencil test of one face.
func (c *caller) face(of objc.ID, set selector, f *metal.StencilDescriptor) {
	m := c.make(classMTLStencilDescriptor)
	c.send(m, selSetStencilCompareFunction, uintptr(f.Compare))
	c.send(m, selSetStencilFailureOperation, uintptr(f.StencilFail))
	c.send(m, selSetDepthFailureOperation, uintptr(f.DepthFail))
	c.send(m, selSetDepthStencilPassOperation, uintptr(f.Pass))
	c.send(m, selSetReadMask, uintptr(f.ReadMask))
	c.send(m, selSetWriteMask, uintptr(f.WriteMask))
	c.send(of, set, uintptr(m))
	c.release(m)
}
