package scene

import (
	"fmt"

	"weft/graph"
	"weft/metal"
	"weft/shaders"
)

// Reference draws the scene as well as it can be drawn: many pictures of one
// moment, each shifted by a part of a texel, tone mapped and then averaged in
// linear display light. Each run of the plan adds one.
type Reference struct {
	Picture
	scene *Scene
	now   Moment
	index uint32
	step  stepBlock
}

// stepBlock is the uniform block of shaders/accumulate.comp.
type stepBlock struct{ Index, Width, Height, _ uint32 }

// AddReference adds the passes of a reference picture to a graph. Color is
// persistent: it holds the mean of the runs since Begin. Samples and Now of the
// view are not used.
func (s *Scene) AddReference(g *graph.Graph, v View) (*Reference, error) {
	r := &Reference{scene: s}
	v.Samples, v.Now = 1, &r.now
	p, err := s.light(g, &v)
	if err != nil {
		return nil, err
	}
	p.Color = g.Texture(v.Name+"reference", metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: v.Width, Height: v.Height}, graph.Persistent)
	sums := g.Buffer(v.Name+"sums", metal.BufferDescriptor{Length: 16 * v.Width * v.Height, Storage: metal.StorageModePrivate}, graph.Persistent)
	g.Add(&accumulatePass{name: v.Name + "accumulate", reference: r, light: p.Light, mean: p.Color, sums: sums, size: metal.Size{Width: v.Width, Height: v.Height, Depth: 1}})
	r.Picture = p
	return r, nil
}

// Begin starts a new picture at a time in seconds.
func (r *Reference) Begin(time float64) {
	r.index, r.now = 0, Moment{Time: time}
}

// Draw runs the plan n times, at least once: with n = 16 the picture is the mean
// of 16 samples a texel. The plan must hold the reference's passes.
func (r *Reference) Draw(plan *graph.Plan, queue metal.CommandQueue, n int) error {
	if n < 1 {
		return fmt.Errorf("scene: a reference of %d samples: must be at least 1", n)
	}
	for range n {
		r.now.Jitter = offset(int(r.index))
		if err := plan.Run(queue); err != nil {
			return err
		}
		r.index++
	}
	return nil
}

// accumulatePass adds one picture to the mean.
type accumulatePass struct {
	kit
	name        string
	reference   *Reference
	light, mean graph.Texture
	sums        graph.Buffer
	size        metal.Size
	pipeline    metal.ComputePipeline
	table       metal.ArgumentTable
}

func (p *accumulatePass) Declare(d *graph.Declaration) {
	d.Name(p.name)
	d.Kind(graph.Compute)
	d.Read(p.light, metal.StageDispatch)
	d.Read(p.sums, metal.StageDispatch)
	d.Write(p.sums, metal.StageDispatch)
	d.Write(p.mean, metal.StageDispatch)
}

func (p *accumulatePass) Prepare(on *graph.Preparation) error {
	d := on.Device()
	p.pipeline = make1(&p.kit, d.NewComputePipeline, metal.ComputePipelineDescriptor{Label: "accumulate", Function: shaders.AccumulateComp})
	p.table = make1(&p.kit, d.NewArgumentTable, metal.ArgumentTableDescriptor{Label: "accumulate", Buffers: 2, Textures: 2})
	return p.err
}

func (p *accumulatePass) Encode(f *graph.Frame) error {
	step := &p.reference.step
	*step = stepBlock{Index: p.reference.index, Width: uint32(p.size.Width), Height: uint32(p.size.Height)}
	buffer, offset := f.Upload(bytes(step))
	p.table.SetBuffer(buffer, offset, 0)
	p.table.SetBuffer(f.Buffer(p.sums), 0, 1)
	p.table.SetTexture(f.Texture(p.light), 0)
	p.table.SetTexture(f.Texture(p.mean), 1)
	threads := shaders.AccumulateComp.Threads
	e := f.Compute()
	e.SetComputePipeline(p.pipeline)
	e.SetArgumentTable(p.table)
	e.DispatchThreadgroups(metal.Size{
		Width:  (p.size.Width + threads.Width - 1) / threads.Width,
		Height: (p.size.Height + threads.Height - 1) / threads.Height,
		Depth:  1,
	}, threads)
	return nil
}
