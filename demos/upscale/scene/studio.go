package scene

import (
	"fmt"
	"image"

	"weft/graph"
	"weft/metal"
	"weft/passes"
)

// StudioOptions say what pairs of pictures a Studio takes. Zero values mean
// what the demo uses.
type StudioOptions struct {
	Width, Height int     // of the small picture: 640x360
	Scale         int     // of the reference, in small texels: 2
	Samples       int     // of the reference, a texel: 16
	MipBias       float64 // of the small picture
}

// Studio takes pairs of pictures of one scene, as a network is trained and
// judged on: small as rendered, and the reference. It waits for the device, and
// is not for a frame loop.
type Studio struct {
	options   StudioOptions
	scene     *Scene
	queue     metal.CommandQueue
	now       Moment
	reference *Reference
	small     *graph.Plan
	large     *graph.Plan
	smallOut  passes.ReadTexture
	largeOut  passes.ReadTexture
}

// NewStudio builds the scene of a seed on a device and all that takes pictures
// of it.
func NewStudio(device metal.Device, seed int64, o StudioOptions) (*Studio, error) {
	if o.Width == 0 && o.Height == 0 {
		o.Width, o.Height = 640, 360
	}
	if o.Scale == 0 {
		o.Scale = 2
	}
	if o.Samples == 0 {
		o.Samples = 16
	}
	if o.Scale < 1 || o.Scale > 8 || o.Samples < 1 {
		return nil, fmt.Errorf("scene: scale %d, %d samples: scale must be from 1 to 8, samples at least 1", o.Scale, o.Samples)
	}
	st := &Studio{options: o}
	if err := st.open(device, seed); err != nil {
		st.Release()
		return nil, err
	}
	return st, nil
}

func (st *Studio) open(device metal.Device, seed int64) (err error) {
	o := st.options
	if st.queue, err = device.NewCommandQueue("studio"); err != nil {
		return err
	}
	if st.scene, err = New(device, seed); err != nil {
		return err
	}
	g := graph.New()
	g.SetName("small")
	p, err := st.scene.Add(g, View{Width: o.Width, Height: o.Height, Now: &st.now, MipBias: o.MipBias})
	if err != nil {
		return err
	}
	st.smallOut = passes.ReadTexture{Name: "read", Texture: p.Color}
	g.Add(&st.smallOut)
	if st.small, err = g.Compile(device); err != nil {
		return err
	}
	if err := st.scene.Bind(st.small, p); err != nil {
		return err
	}
	g = graph.New()
	g.SetName("reference")
	if st.reference, err = st.scene.AddReference(g, View{Width: o.Width * o.Scale, Height: o.Height * o.Scale, MipBias: ReferenceBias}); err != nil {
		return err
	}
	st.largeOut = passes.ReadTexture{Name: "read", Texture: st.reference.Color}
	g.Add(&st.largeOut)
	if st.large, err = g.Compile(device); err != nil {
		return err
	}
	return st.scene.Bind(st.large, st.reference.Picture)
}

// ReferenceBias is the mip bias of references: 16 samples a texel see four
// times as fine.
const ReferenceBias = -1.5

// Pair takes both pictures of a frame, 30 to a second.
func (st *Studio) Pair(frame int) (small, reference *image.NRGBA, err error) {
	o := st.options
	st.now = Moment{Time: float64(frame) / 30}
	if err := st.small.Run(st.queue); err != nil {
		return nil, nil, err
	}
	if err := st.small.Wait(); err != nil {
		return nil, nil, err
	}
	small = picture(st.smallOut.Pixels(st.small), o.Width, o.Height)
	st.reference.Begin(st.now.Time)
	if err := st.reference.Draw(st.large, st.queue, o.Samples); err != nil {
		return nil, nil, err
	}
	if err := st.large.Wait(); err != nil {
		return nil, nil, err
	}
	return small, picture(st.largeOut.Pixels(st.large), o.Width*o.Scale, o.Height*o.Scale), nil
}

// RenderPair takes one pair of pictures on a device. For many frames of one seed
// a Studio is faster: building a scene takes longer than drawing it.
func RenderPair(device metal.Device, seed int64, frame int, o StudioOptions) (small, reference *image.NRGBA, err error) {
	st, err := NewStudio(device, seed, o)
	if err != nil {
		return nil, nil, err
	}
	defer st.Release()
	return st.Pair(frame)
}

// Release gives back what NewStudio made.
func (st *Studio) Release() {
	for _, p := range []*graph.Plan{st.small, st.large} {
		if p != nil {
			p.Release()
		}
	}
	if st.scene != nil {
		st.scene.Release()
	}
	if st.queue != nil {
		st.queue.Release()
	}
}

// picture copies pixels of four bytes.
func picture(pixels []byte, width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	copy(m.Pix, pixels)
	return m
}
