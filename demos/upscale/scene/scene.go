package scene

import (
	"fmt"
	"math"

	"weft/graph"
	"weft/metal"
)

// Scene is the town of one seed on a device. Graphs that draw it may share it.
type Scene struct {
	town   *town
	device metal.Device
	assets assets
	block  viewBlock
	places []partRow
}

// New builds the scene of a seed and copies it to the device, on a queue of its
// own. It takes about half a second of one core. Release gives it back.
func New(device metal.Device, seed int64) (*Scene, error) {
	t, err := newTown(seed)
	if err != nil {
		return nil, err
	}
	s := &Scene{town: t, device: device, places: make([]partRow, len(t.parts)+1)}
	if err := s.assets.load(device, t); err != nil {
		s.assets.release()
		return nil, fmt.Errorf("scene: seed %d: %w", seed, err)
	}
	return s, nil
}

// Release gives back what New made. Plans that draw the scene go first.
func (s *Scene) Release() { s.assets.release() }

// Triangles is how many triangles the scene has.
func (s *Scene) Triangles() int { return len(s.town.mesh.indices) / 3 }

// Moment is when and how exactly a picture is taken. Change it between two runs
// of a plan.
type Moment struct {
	// Time in seconds decides where the camera and everything that moves are.
	Time float64
	// Jitter moves the picture by parts of a texel, x to the right and y down,
	// each from -0.5 to 0.5.
	Jitter [2]float64
}

// View says what to draw.
type View struct {
	// Name begins the names of the passes and resources; needed where a graph
	// draws the scene twice.
	Name          string
	Width, Height int // texels, at least 16
	// Samples a texel: 1, 2, 4 or 8; 0 means 4. Edges and shadows are smoothed
	// by them, shading is done once a texel.
	Samples int
	// Now is read each time the plan runs. Nil shows frame n at n/30 seconds.
	Now *Moment
	// MipBias is added to the mip level of every texture: negative is sharper.
	MipBias float64
}

// Picture is what Add leaves in a graph.
type Picture struct {
	// Color is the picture as it is shown: rgba8Unorm that holds sRGB code
	// values.
	Color graph.Texture
	// Light is the linear light that Color was made from, rgba16Float,
	// compressed as shaders/light.glsl says.
	Light graph.Texture

	handles handles
}

// handles are a graph's names for the scene's own buffers and textures.
type handles struct {
	vertices, indices, materials graph.Buffer
	colors, reliefs, occlusion   graph.Texture
}

// shadowSide is the size of the shadow map in texels.
const shadowSide = 3072

// Add adds the passes that draw the scene: shadow, scene, tone. Call
// [Scene.Bind] with the compiled plan before it runs.
func (s *Scene) Add(g *graph.Graph, v View) (Picture, error) {
	p, err := s.light(g, &v)
	if err != nil {
		return p, err
	}
	p.Color = g.Texture(v.Name+"picture", metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: v.Width, Height: v.Height})
	g.Add(&tonePass{name: v.Name + "tone", light: p.Light, color: p.Color})
	return p, nil
}

// light adds the passes up to the lit picture.
func (s *Scene) light(g *graph.Graph, v *View) (Picture, error) {
	var p Picture
	if v.Samples == 0 {
		v.Samples = 4
	}
	if v.Width < 16 || v.Height < 16 {
		return p, fmt.Errorf("scene: a picture of %dx%d: must be at least 16x16", v.Width, v.Height)
	}
	h := &p.handles
	imported := func(b metal.Buffer) graph.Buffer {
		return g.Buffer(v.Name+b.Label(), metal.BufferDescriptor{Length: b.Length()}, graph.Imported)
	}
	picture := func(t metal.Texture) graph.Texture {
		return g.Texture(v.Name+t.Label(), t.Descriptor(), graph.Imported)
	}
	a := &s.assets
	h.vertices, h.indices, h.materials = imported(a.vertices), imported(a.indices), imported(a.materials)
	h.colors, h.reliefs, h.occlusion = picture(a.colors), picture(a.reliefs), picture(a.occlusion)

	texture := func(name string, format metal.PixelFormat, width, height, samples int) graph.Texture {
		return g.Texture(v.Name+name, metal.TextureDescriptor{Format: format, Width: width, Height: height, Samples: samples})
	}
	shadows := texture("shadows", metal.PixelFormatDepth32Float, shadowSide, shadowSide, 1)
	depth := texture("depth", metal.PixelFormatDepth32Float, v.Width, v.Height, v.Samples)
	p.Light = texture("light", lightFormat, v.Width, v.Height, 1)
	target := p.Light
	if v.Samples > 1 {
		target = texture("samples", lightFormat, v.Width, v.Height, v.Samples)
	}
	g.Add(&shadowPass{scene: s, view: *v, handles: *h, shadows: shadows})
	g.Add(&scenePass{scene: s, view: *v, handles: *h, shadows: shadows, target: target, light: p.Light, depth: depth})
	return p, nil
}

// Bind gives a compiled plan the buffers and textures that the scene's passes
// read.
func (s *Scene) Bind(plan *graph.Plan, p Picture) error {
	a, h := &s.assets, &p.handles
	for _, b := range []struct {
		handle graph.Buffer
		buffer metal.Buffer
	}{{h.vertices, a.vertices}, {h.indices, a.indices}, {h.materials, a.materials}} {
		if err := plan.BindBuffer(b.handle, b.buffer); err != nil {
			return err
		}
	}
	for _, b := range []struct {
		handle  graph.Texture
		texture metal.Texture
	}{{h.colors, a.colors}, {h.reliefs, a.reliefs}, {h.occlusion, a.occlusion}} {
		if err := plan.BindTexture(b.handle, b.texture); err != nil {
			return err
		}
	}
	return nil
}

// prepare fills the view block and the parts' places for one frame.
func (s *Scene) prepare(v *View, frame uint64) {
	m := Moment{Time: float64(frame) / 30}
	if v.Now != nil {
		m = *v.Now
	}
	s.town.fill(&s.block, v.Width, v.Height, m.Time, m.Jitter, v.MipBias)
	s.town.place(s.places, m.Time)
}

// lightFormat holds lit pictures.
const lightFormat = metal.PixelFormatRGBA16Float

// offsets are the jitters of n samples of a texel, well spread: the R2 sequence
// (Roberts 2018), whose steps are powers of the plastic number's inverse.
func offset(i int) [2]float64 {
	const g = 1.32471795724474602596
	frac := func(x float64) float64 { return x - math.Floor(x) }
	return [2]float64{frac(0.5+float64(i+1)/g) - 0.5, frac(0.5+float64(i+1)/(g*g)) - 0.5}
}
