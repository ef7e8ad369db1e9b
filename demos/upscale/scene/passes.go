package scene

import (
	"weft/graph"
	"weft/metal"
	"weft/shaders"
)

// Indices of arguments, as the shaders declare them.
const (
	bufferView      = 0
	bufferVertices  = 1
	bufferParts     = 2
	bufferMaterials = 3

	textureColors    = 0
	textureReliefs   = 1
	textureShadows   = 2
	textureOcclusion = 3

	samplerTile    = 0
	samplerCompare = 1
	samplerEdge    = 2
)

// kit makes objects of a device; the first error sticks.
type kit struct {
	made []metal.Object
	err  error
}

func make1[D, O any](k *kit, create func(D) (O, error), d D) O {
	var none O
	if k.err != nil {
		return none
	}
	o, err := create(d)
	if err != nil {
		k.err = err
		return none
	}
	k.made = append(k.made, any(o).(metal.Object))
	return o
}

func (k *kit) Release() {
	for _, o := range k.made {
		o.Release()
	}
	k.made = nil
}

// shadowPass draws the scene's depths as the sun sees them.
type shadowPass struct {
	kit
	scene    *Scene
	view     View
	handles  handles
	shadows  graph.Texture
	pipeline metal.RenderPipeline
	depth    metal.DepthStencilState
	table    metal.ArgumentTable
}

func (p *shadowPass) Declare(d *graph.Declaration) {
	d.Name(p.view.Name + "shadow")
	d.Kind(graph.Render)
	d.Depth(graph.Attachment{Texture: p.shadows, Load: graph.ClearDepth(1)})
	d.Read(p.handles.vertices, metal.StageVertex)
	d.Read(p.handles.indices, metal.StageVertex)
}

func (p *shadowPass) Prepare(on *graph.Preparation) error {
	d := on.Device()
	p.pipeline = make1(&p.kit, d.NewRenderPipeline, metal.RenderPipelineDescriptor{
		Label: "shadow", Vertex: shaders.ShadowVert, DepthStencilFormat: metal.PixelFormatDepth32Float, Topology: metal.PrimitiveTypeTriangle,
	})
	p.depth = make1(&p.kit, d.NewDepthStencilState, metal.DepthStencilDescriptor{Label: "shadow", DepthCompare: metal.CompareFunctionLess, DepthWrite: true})
	p.table = make1(&p.kit, d.NewArgumentTable, metal.ArgumentTableDescriptor{Label: "shadow", Buffers: 3})
	return p.err
}

func (p *shadowPass) Encode(f *graph.Frame) error {
	s := p.scene
	s.prepare(&p.view, f.Number())
	s.arguments(f, p.table, p.handles)
	e := f.Render()
	e.SetRenderPipeline(p.pipeline)
	e.SetDepthStencilState(p.depth)
	e.SetDepthBias(2, 2, 0)
	e.SetArgumentTable(p.table, metal.StageVertex)
	e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, len(s.town.mesh.indices), metal.IndexTypeUInt32, f.Buffer(p.handles.indices), 0, 1, 0, 0)
	return nil
}

// arguments sets what every drawing of the scene needs.
func (s *Scene) arguments(f *graph.Frame, table metal.ArgumentTable, h handles) {
	buffer, offset := f.Upload(bytes(&s.block))
	table.SetBuffer(buffer, offset, bufferView)
	table.SetBuffer(f.Buffer(h.vertices), 0, bufferVertices)
	buffer, offset = f.Upload(sliceBytes(s.places))
	table.SetBuffer(buffer, offset, bufferParts)
}

// scenePass draws the scene as the camera sees it, and the sky behind it.
type scenePass struct {
	kit
	scene                         *Scene
	view                          View
	handles                       handles
	shadows, target, light, depth graph.Texture

	solid, sky      metal.RenderPipeline
	test, behind    metal.DepthStencilState
	table           metal.ArgumentTable
	tile, cmp, edge metal.Sampler
}

func (p *scenePass) Declare(d *graph.Declaration) {
	d.Name(p.view.Name + "scene")
	d.Kind(graph.Render)
	color := graph.Attachment{Texture: p.target, Load: graph.Load{Action: metal.LoadActionDontCare}}
	if p.target != p.light {
		color.Resolve, color.Discard = p.light, true
	}
	d.Color(0, color)
	d.Depth(graph.Attachment{Texture: p.depth, Load: graph.ClearDepth(1), Discard: true})
	d.Read(p.handles.vertices, metal.StageVertex)
	d.Read(p.handles.indices, metal.StageVertex)
	d.Read(p.handles.materials, metal.StageFragment)
	for _, t := range []graph.Texture{p.handles.colors, p.handles.reliefs, p.handles.occlusion, p.shadows} {
		d.Read(t, metal.StageFragment)
	}
}

func (p *scenePass) Prepare(on *graph.Preparation) error {
	d := on.Device()
	pipeline := func(label string, vertex, fragment metal.Function) metal.RenderPipeline {
		return make1(&p.kit, d.NewRenderPipeline, metal.RenderPipelineDescriptor{
			Label: label, Vertex: vertex, Fragment: fragment, Colors: []metal.PipelineColor{{Format: lightFormat}},
			DepthStencilFormat: metal.PixelFormatDepth32Float, Samples: p.view.Samples, Topology: metal.PrimitiveTypeTriangle,
		})
	}
	p.solid, p.sky = pipeline("scene", shaders.SceneVert, shaders.SceneFrag), pipeline("sky", shaders.FullscreenVert, shaders.SkyFrag)
	p.test = make1(&p.kit, d.NewDepthStencilState, metal.DepthStencilDescriptor{Label: "nearer", DepthCompare: metal.CompareFunctionLess, DepthWrite: true})
	p.behind = make1(&p.kit, d.NewDepthStencilState, metal.DepthStencilDescriptor{Label: "behind all", DepthCompare: metal.CompareFunctionLessEqual})
	p.table = make1(&p.kit, d.NewArgumentTable, metal.ArgumentTableDescriptor{Label: "scene", Buffers: 4, Textures: 4, Samplers: 3})
	p.tile = make1(&p.kit, d.NewSampler, metal.SamplerDescriptor{
		Label: "tile", MinFilter: metal.FilterLinear, MagFilter: metal.FilterLinear, MipFilter: metal.MipFilterLinear,
		AddressU: metal.AddressModeRepeat, AddressV: metal.AddressModeRepeat,
	})
	p.cmp = make1(&p.kit, d.NewSampler, metal.SamplerDescriptor{
		Label: "shadow", MinFilter: metal.FilterLinear, MagFilter: metal.FilterLinear, Compare: metal.CompareFunctionLessEqual,
		AddressU: metal.AddressModeClampToBorder, AddressV: metal.AddressModeClampToBorder, Border: metal.BorderColorOpaqueWhite,
	})
	p.edge = make1(&p.kit, d.NewSampler, metal.SamplerDescriptor{Label: "edge", MinFilter: metal.FilterLinear, MagFilter: metal.FilterLinear})
	return p.err
}

func (p *scenePass) Encode(f *graph.Frame) error {
	s := p.scene
	s.prepare(&p.view, f.Number())
	s.arguments(f, p.table, p.handles)
	t := p.table
	t.SetBuffer(f.Buffer(p.handles.materials), 0, bufferMaterials)
	t.SetTexture(f.Texture(p.handles.colors), textureColors)
	t.SetTexture(f.Texture(p.handles.reliefs), textureReliefs)
	t.SetTexture(f.Texture(p.shadows), textureShadows)
	t.SetTexture(f.Texture(p.handles.occlusion), textureOcclusion)
	t.SetSampler(p.tile, samplerTile)
	t.SetSampler(p.cmp, samplerCompare)
	t.SetSampler(p.edge, samplerEdge)
	e := f.Render()
	e.SetArgumentTable(t, metal.StageVertex|metal.StageFragment)
	e.SetRenderPipeline(p.solid)
	e.SetDepthStencilState(p.test)
	e.SetFrontFacing(metal.WindingCounterClockwise)
	e.SetCullMode(metal.CullModeBack)
	e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, len(s.town.mesh.indices), metal.IndexTypeUInt32, f.Buffer(p.handles.indices), 0, 1, 0, 0)
	e.SetRenderPipeline(p.sky)
	e.SetDepthStencilState(p.behind)
	e.SetCullMode(metal.CullModeNone)
	e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
	return nil
}

// tonePass turns light into the picture that is shown.
type tonePass struct {
	kit
	name         string
	light, color graph.Texture
	pipeline     metal.RenderPipeline
	table        metal.ArgumentTable
}

func (p *tonePass) Declare(d *graph.Declaration) {
	d.Name(p.name)
	d.Kind(graph.Render)
	d.Color(0, graph.Attachment{Texture: p.color})
	d.Read(p.light, metal.StageFragment)
}

func (p *tonePass) Prepare(on *graph.Preparation) error {
	d := on.Device()
	p.pipeline = make1(&p.kit, d.NewRenderPipeline, metal.RenderPipelineDescriptor{
		Label: "tone", Vertex: shaders.FullscreenVert, Fragment: shaders.TonemapFrag,
		Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle,
	})
	p.table = make1(&p.kit, d.NewArgumentTable, metal.ArgumentTableDescriptor{Label: "tone", Textures: 1})
	return p.err
}

func (p *tonePass) Encode(f *graph.Frame) error {
	p.table.SetTexture(f.Texture(p.light), 0)
	e := f.Render()
	e.SetArgumentTable(p.table, metal.StageFragment)
	e.SetRenderPipeline(p.pipeline)
	e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
	return nil
}
