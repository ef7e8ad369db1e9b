package apple

import (
	"fmt"
	"slices"

	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/rules"
)

// computePipeline is an MTLComputePipelineState.
type computePipeline struct {
	object
	function *function
}

// NewComputePipeline compiles a compute function for the threadgroups that it
// is written for.
func (d *Device) NewComputePipeline(desc metal.ComputePipelineDescriptor) (metal.ComputePipeline, error) {
	p := &computePipeline{object: object{device: d, kind: "compute pipeline", label: desc.Label}}
	f, err := rules.NewFunction(desc.Function, metal.StageDispatch)
	if err == nil {
		p.function, err = newFunction(&desc.Function, f)
	}
	if err != nil {
		return nil, p.fail("%w", err)
	}
	t := p.function.Threads
	if n := t.Width * t.Height * t.Depth; n < 1 || n > d.limits.MaxThreads {
		return nil, p.fail("function %q: %d threads a threadgroup: from 1 to %d", desc.Function.Name, n, d.limits.MaxThreads)
	}
	c := d.borrow()
	defer d.giveBack(c)
	m := c.make(classMTL4ComputePipelineDescriptor)
	defer c.release(m)
	c.label(m, desc.Label)
	if err := c.setFunction(m, selSetComputeFunctionDescriptor, &desc.Function); err != nil {
		return nil, p.fail("%w", err)
	}
	c.send(m, selSetRequiredThreadsPerThreadgroup, c.size(t.Width, t.Height, t.Depth))
	p.id = c.object(d.compiler, selNewComputePipelineStateWithDescriptorCompilerTaskOptionsError, uintptr(m), 0, c.ErrorOut())
	if p.id == 0 {
		return nil, c.fail(fmt.Sprintf("%s, function %q", p, desc.Function.Name))
	}
	return p, nil
}

// renderPipeline is an MTLRenderPipelineState.
type renderPipeline struct {
	object
	desc             metal.RenderPipelineDescriptor
	vertex, fragment *function // fragment may be nil
}

// NewRenderPipeline compiles a vertex and perhaps a fragment function.
func (d *Device) NewRenderPipeline(desc metal.RenderPipelineDescriptor) (metal.RenderPipeline, error) {
	p := &renderPipeline{desc: desc}
	p.object = object{device: d, kind: "render pipeline", label: desc.Label}
	p.desc.Colors = slices.Clone(desc.Colors)
	if err := p.read(); err != nil {
		return nil, err
	}
	c := d.borrow()
	defer d.giveBack(c)
	m := c.make(classMTL4RenderPipelineDescriptor)
	defer c.release(m)
	c.label(m, desc.Label)
	if err := c.setFunction(m, selSetVertexFunctionDescriptor, &desc.Vertex); err != nil {
		return nil, p.fail("%w", err)
	}
	if p.fragment != nil {
		if err := c.setFunction(m, selSetFragmentFunctionDescriptor, &desc.Fragment); err != nil {
			return nil, p.fail("%w", err)
		}
	}
	c.send(m, selSetRasterSampleCount, uintptr(max(desc.Samples, 1)))
	c.send(m, selSetInputPrimitiveTopology, topologies[rules.Topology(desc.Topology)])
	if desc.AlphaToCoverage {
		c.send(m, selSetAlphaToCoverageState, mtl4AlphaToCoverageStateEnabled)
	}
	colors := c.object(m, selColorAttachments)
	for i := range desc.Colors {
		if desc.Colors[i].Format != metal.PixelFormatInvalid {
			c.color(c.object(colors, selObjectAtIndexedSubscript, uintptr(i)), &desc.Colors[i])
		}
	}
	p.id = c.object(d.compiler, selNewRenderPipelineStateWithDescriptorCompilerTaskOptionsError, uintptr(m), 0, c.ErrorOut())
	if p.id == 0 {
		return nil, c.fail(fmt.Sprintf("%s, functions %q and %q", p, desc.Vertex.Name, desc.Fragment.Name))
	}
	return p, nil
}

var topologies = [...]uintptr{mtlPrimitiveTopologyClassPoint, mtlPrimitiveTopologyClassLine, mtlPrimitiveTopologyClassTriangle}

// read checks the descriptor and reads its functions.
func (p *renderPipeline) read() error {
	if err := rules.RenderPipeline(&p.desc); err != nil {
		return refuse(err)
	}
	vertex, fragment, err := rules.RenderFunctions(&p.desc)
	if err != nil {
		return refuse(err)
	}
	if p.vertex, err = newFunction(&p.desc.Vertex, vertex); err != nil {
		return p.fail("%w", err)
	}
	if fragment == nil {
		return nil
	}
	if p.fragment, err = newFunction(&p.desc.Fragment, fragment); err != nil {
		return p.fail("%w", err)
	}
	return nil
}

// color sets one MTL4RenderPipelineColorAttachmentDescriptor.
func (c *caller) color(m objc.ID, a *metal.PipelineColor) {
	c.send(m, selSetPixelFormat, uintptr(a.Format))
	if a.WriteMask != 0 {
		c.send(m, selSetWriteMask, uintptr(a.WriteMask))
	}
	b := a.Blend
	if b == nil {
		return
	}
	c.send(m, selSetBlendingState, mtl4BlendStateEnabled)
	c.send(m, selSetRgbBlendOperation, uintptr(b.Operation))
	c.send(m, selSetAlphaBlendOperation, uintptr(b.AlphaOperation))
	c.send(m, selSetSourceRGBBlendFactor, uintptr(b.SourceColor))
	c.send(m, selSetDestinationRGBBlendFactor, uintptr(b.DestinationColor))
	c.send(m, selSetSourceAlphaBlendFactor, uintptr(b.SourceAlpha))
	c.send(m, selSetDestinationAlphaBlendFactor, uintptr(b.DestinationAlpha))
}
