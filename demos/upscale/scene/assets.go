package scene

import (
	"errors"
	"time"

	"weft/metal"
)

// assets are a scene's buffers and textures on the device.
type assets struct {
	device                       metal.Device
	vertices, indices, materials metal.Buffer
	colors, reliefs, occlusion   metal.Texture
	released                     []metal.Object
}

// load makes and fills them.
func (a *assets) load(device metal.Device, t *town) error {
	a.device = device
	l := loader{device: device}
	tiles := draw(t.seed)
	surfaces := surfaces(t.style.lit)
	a.vertices = l.buffer("vertices", sliceBytes(t.mesh.vertices))
	a.indices = l.buffer("indices", sliceBytes(t.mesh.indices))
	a.materials = l.buffer("materials", sliceBytes(surfaces))
	array := metal.TextureDescriptor{Width: textureSide, Height: textureSide, Layers: len(tiles)}
	array.Mips = array.MaxMips()
	array.Label, array.Format = "colors", metal.PixelFormatRGBA8UnormSRGB
	a.colors = l.texture(array, func(layer, mip int) []byte { return tiles[layer].colors[mip] })
	array.Label, array.Format = "reliefs", metal.PixelFormatRGBA8Unorm
	a.reliefs = l.texture(array, func(layer, mip int) []byte { return tiles[layer].reliefs[mip] })
	ground := metal.TextureDescriptor{Label: "occlusion", Format: metal.PixelFormatR8Unorm, Width: occlusionSide, Height: occlusionSide}
	a.occlusion = l.texture(ground, func(int, int) []byte { return t.shade.bytes() })
	err := l.finish()
	a.released = l.made
	return err
}

func (a *assets) release() {
	for _, o := range a.released {
		o.Release()
	}
	a.released = nil
}

// loader copies data to memory that the GPU reads fast, all in one go. The
// first error sticks.
type loader struct {
	device metal.Device
	made   []metal.Object
	copies []func(e metal.ComputeEncoder, staging metal.Buffer)
	data   []byte
	all    []metal.Allocation
	err    error
}

// stage keeps data for the copy and returns its offset.
func (l *loader) stage(data []byte) int {
	const align = 256
	at := (len(l.data) + align - 1) / align * align
	l.data = append(append(l.data, make([]byte, at-len(l.data))...), data...)
	return at
}

func (l *loader) buffer(label string, data []byte) metal.Buffer {
	if l.err != nil {
		return nil
	}
	b, err := l.device.NewBuffer(metal.BufferDescriptor{Label: label, Length: len(data), Storage: metal.StorageModePrivate})
	if err != nil {
		l.err = err
		return nil
	}
	l.made, l.all = append(l.made, b), append(l.all, b)
	at := l.stage(data)
	l.copies = append(l.copies, func(e metal.ComputeEncoder, staging metal.Buffer) {
		e.CopyBuffer(staging, at, b, 0, len(data))
	})
	return b
}

func (l *loader) texture(d metal.TextureDescriptor, data func(layer, mip int) []byte) metal.Texture {
	if l.err != nil {
		return nil
	}
	d.Usage = metal.TextureUsageShaderRead
	d = d.Normalized()
	t, err := l.device.NewTexture(d)
	if err != nil {
		l.err = err
		return nil
	}
	l.made, l.all = append(l.made, t), append(l.all, t)
	for layer := range d.Layers {
		for mip := range d.Mips {
			at, size := l.stage(data(layer, mip)), d.MipSize(mip)
			l.copies = append(l.copies, func(e metal.ComputeEncoder, staging metal.Buffer) {
				row := size.Width * d.Format.BytesPerPixel()
				e.CopyBufferToTexture(staging, at, row, row*size.Height, size, metal.TextureRegion{Texture: t, Slice: layer, Level: mip})
			})
		}
	}
	return t
}

// finish runs the copies and waits for them.
func (l *loader) finish() error {
	if l.err != nil {
		return l.err
	}
	var temporary []metal.Object
	defer func() {
		for i := len(temporary) - 1; i >= 0; i-- {
			temporary[i].Release()
		}
	}()
	keep := func(o metal.Object, err error) error {
		if err == nil {
			temporary = append(temporary, o)
		}
		return err
	}
	d := l.device
	staging, err := d.NewBuffer(metal.BufferDescriptor{Label: "scene staging", Length: len(l.data), Storage: metal.StorageModeShared})
	if keep(staging, err) != nil {
		return err
	}
	copy(staging.Contents(), l.data)
	set, err := d.NewResidencySet("scene loading")
	if keep(set, err) != nil {
		return err
	}
	set.Add(staging)
	for _, a := range l.all {
		set.Add(a)
	}
	set.Commit()
	queue, err := d.NewCommandQueue("scene loading")
	if keep(queue, err) != nil {
		return err
	}
	allocator, err := d.NewCommandAllocator("scene loading")
	if keep(allocator, err) != nil {
		return err
	}
	commands, err := d.NewCommandBuffer("scene loading")
	if keep(commands, err) != nil {
		return err
	}
	done, err := d.NewSharedEvent("scene loaded")
	if keep(done, err) != nil {
		return err
	}
	if err := commands.Begin(allocator); err != nil {
		return err
	}
	commands.UseResidencySet(set)
	e, err := commands.ComputeEncoder("scene loading")
	if err != nil {
		return err
	}
	for _, c := range l.copies {
		c(e, staging)
	}
	e.BarrierAfterStages(metal.StageBlit, metal.StageVertex|metal.StageFragment, metal.VisibilityDevice)
	e.EndEncoding()
	if err := commands.End(); err != nil {
		return err
	}
	if err := queue.Commit([]metal.CommandBuffer{commands}); err != nil {
		return err
	}
	if err := queue.SignalEvent(done, 1); err != nil {
		return err
	}
	if !done.Wait(1, time.Minute) {
		return errors.New("copying to the device took over a minute, or the device is lost")
	}
	return nil
}
