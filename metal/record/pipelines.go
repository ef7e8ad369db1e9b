package record

import (
	"slices"

	"weft/metal"
	"weft/metal/rules"
)

type computePipeline struct {
	object
	function *rules.Function
}

// NewComputePipeline makes a compute pipeline.
func (d *Device) NewComputePipeline(p metal.ComputePipelineDescriptor) (metal.ComputePipeline, error) {
	f, err := rules.NewFunction(p.Function, metal.StageDispatch)
	if err != nil {
		return nil, d.refuse("NewComputePipeline", "%s: %v", describe("compute pipeline", p.Label), err)
	}
	if n := f.Threads.Width * f.Threads.Height * f.Threads.Depth; n > d.options.Limits.MaxThreads {
		return nil, d.refuse("NewComputePipeline", "%s: function %q: %d threads a threadgroup: at most %d", describe("compute pipeline", p.Label), f.Name, n, d.options.Limits.MaxThreads)
	}
	o := &computePipeline{function: f}
	d.adopt(&o.object, "compute pipeline", p.Label, Arg{"function", f.Name})
	return o, nil
}

type renderPipeline struct {
	object
	descriptor       metal.RenderPipelineDescriptor
	vertex, fragment *rules.Function // fragment may be nil
}

// NewRenderPipeline makes a render pipeline.
func (d *Device) NewRenderPipeline(p metal.RenderPipelineDescriptor) (metal.RenderPipeline, error) {
	vertex, fragment, err := rules.RenderFunctions(&p)
	if err == nil {
		err = rules.RenderPipeline(&p)
	}
	if err != nil {
		return nil, d.refuse("NewRenderPipeline", "%v", err)
	}
	o := &renderPipeline{descriptor: p, vertex: vertex, fragment: fragment}
	o.descriptor.Colors = slices.Clone(p.Colors)
	args := []Arg{{"vertex", p.Vertex.Name}}
	if fragment != nil {
		args = append(args, Arg{"fragment", p.Fragment.Name})
	}
	d.adopt(&o.object, "render pipeline", p.Label, args...)
	return o, nil
}
