package record

import (
	"slices"

	"weft/metal"
)

type computePipeline struct {
	object
	function *function
}

// NewComputePipeline makes a compute pipeline.
func (d *Device) NewComputePipeline(p metal.ComputePipelineDescriptor) (metal.ComputePipeline, error) {
	f, err := newFunction(p.Function, metal.StageDispatch)
	if err != nil {
		return nil, d.refuse("NewComputePipeline", "%s: %v", describe("compute pipeline", p.Label), err)
	}
	if n := f.threads.Width * f.threads.Height * f.threads.Depth; n > d.options.Limits.MaxThreads {
		return nil, d.refuse("NewComputePipeline", "%s: function %q: %d threads a threadgroup: at most %d", describe("compute pipeline", p.Label), f.name, n, d.options.Limits.MaxThreads)
	}
	o := &computePipeline{function: f}
	d.adopt(&o.object, "compute pipeline", p.Label, Arg{"function", f.name})
	return o, nil
}

type renderPipeline struct {
	object
	vertex, fragment *function // fragment may be nil
	colors           [metal.MaxColorAttachments]metal.PixelFormat
	depthStencil     metal.PixelFormat
	samples          int
	class            int // of topology
}

// topologyClass is 0 for points, 1 for lines, 2 for triangles, -1 for neither.
func topologyClass(p metal.PrimitiveType) int {
	switch p {
	case metal.PrimitiveTypePoint:
		return 0
	case metal.PrimitiveTypeLine, metal.PrimitiveTypeLineStrip:
		return 1
	case metal.PrimitiveTypeTriangle, metal.PrimitiveTypeTriangleStrip:
		return 2
	}
	return -1
}

// NewRenderPipeline makes a render pipeline.
func (d *Device) NewRenderPipeline(p metal.RenderPipelineDescriptor) (metal.RenderPipeline, error) {
	fail := func(format string, args ...any) (metal.RenderPipeline, error) {
		return nil, d.refuse("NewRenderPipeline", "%s: "+format, append([]any{describe("render pipeline", p.Label)}, args...)...)
	}
	o := &renderPipeline{depthStencil: p.DepthStencilFormat, samples: max(p.Samples, 1), class: topologyClass(p.Topology)}
	var err error
	if o.vertex, err = newFunction(p.Vertex, metal.StageVertex); err != nil {
		return fail("%v", err)
	}
	if p.Fragment.SPIRV != nil || p.Fragment.Name != "" || p.Fragment.Stage != 0 {
		if o.fragment, err = newFunction(p.Fragment, metal.StageFragment); err != nil {
			return fail("%v", err)
		}
		for _, at := range o.fragment.inputs {
			if !slices.Contains(o.vertex.outputs, at) {
				return fail("function %q reads location %d, which %q does not write", o.fragment.name, at, o.vertex.name)
			}
		}
	}
	if len(p.Colors) > metal.MaxColorAttachments {
		return fail("%d color attachments: at most %d", len(p.Colors), metal.MaxColorAttachments)
	}
	for i, c := range p.Colors {
		if c.Format == metal.PixelFormatInvalid {
			continue
		}
		if !c.Format.Known() || c.Format.HasDepth() || c.Format.HasStencil() {
			return fail("color attachment %d: format %v: must be a color format", i, c.Format)
		}
		if c.Blend != nil {
			if c.Format.IsInteger() {
				return fail("color attachment %d: format %v: integers do not blend", i, c.Format)
			}
			if why := badBlend(*c.Blend); why != "" {
				return fail("color attachment %d: %s", i, why)
			}
		}
		o.colors[i] = c.Format
	}
	if f := p.DepthStencilFormat; f != metal.PixelFormatInvalid && !f.HasDepth() && !f.HasStencil() {
		return fail("depth-stencil format %v: must be a depth or stencil format", f)
	}
	if !slices.Contains([]int{1, 2, 4, 8}, o.samples) {
		return fail("%d samples: must be 1, 2, 4 or 8", p.Samples)
	}
	if o.class < 0 {
		return fail("unknown topology %d", p.Topology)
	}
	args := []Arg{{"vertex", p.Vertex.Name}}
	if o.fragment != nil {
		args = append(args, Arg{"fragment", p.Fragment.Name})
	}
	d.adopt(&o.object, "render pipeline", p.Label, args...)
	return o, nil
}

func badBlend(b metal.Blend) string {
	for _, op := range []metal.BlendOperation{b.Operation, b.AlphaOperation} {
		if op > metal.BlendOperationMax {
			return "unknown blend operation"
		}
	}
	for _, f := range []metal.BlendFactor{b.SourceColor, b.DestinationColor, b.SourceAlpha, b.DestinationAlpha} {
		if f > metal.BlendFactorOneMinusBlendAlpha {
			return "unknown blend factor"
		}
	}
	return ""
}
