package main

import (
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"

	"weft/demos/upscale/picture"
	"weft/graph"
	"weft/metal"
	"weft/models"
	"weft/passes"
)

// enlargePhoto runs the network on a picture of the user's.
func enlargePhoto(o options, out, errs io.Writer) error {
	photo, err := picture.Load(o.in, smallestSide, largestSide)
	if err != nil {
		return err
	}
	if info, err := os.Stat(filepath.Dir(o.out)); err != nil || !info.IsDir() {
		return fmt.Errorf("cannot write %s: there is no folder %s", o.out, filepath.Dir(o.out))
	}
	network, err := o.network()
	if err != nil {
		return err
	}
	device, queue, err := o.open()
	if err != nil {
		return err
	}
	defer device.Release()
	defer queue.Release()
	steps := newProgress(errs, "enlarging", -1)
	defer steps.finish()
	big, err := enlarge(device, queue, network, photo)
	if err != nil {
		return err
	}
	steps.finish()
	if err := picture.Save(o.out, big); err != nil {
		return err
	}
	size := big.Rect.Size()
	fmt.Fprintf(out, "%s: %dx%d, on %s\n", o.out, size.X, size.Y, device.Name())
	return nil
}

// enlarge doubles a picture's size. The network sees colors, also where a
// picture lets light through; how opaque pixels are is enlarged by the classical
// filter.
func enlarge(device metal.Device, queue metal.CommandQueue, network metal.Network, photo *image.NRGBA) (*image.NRGBA, error) {
	width, height := photo.Rect.Dx(), photo.Rect.Dy()
	wide, high := models.UpscaleFactor*width, models.UpscaleFactor*height
	format := metal.PixelFormatRGBA8Unorm
	g := graph.New()
	g.SetName("photo")
	upload := g.Buffer("photo", metal.BufferDescriptor{Length: len(photo.Pix)}, graph.Imported)
	small := g.Texture("small", metal.TextureDescriptor{Format: format, Width: width, Height: height})
	big := g.Texture("big", metal.TextureDescriptor{Format: format, Width: wide, Height: high})
	g.Add(passes.Blit{
		Name: "upload", Reads: passes.In(0, upload), Writes: passes.In(0, small),
		Copy: func(f *graph.Frame, e metal.ComputeEncoder) error {
			e.CopyBufferToTexture(f.Buffer(upload), 0, photo.Stride, photo.Stride*height,
				metal.Size{Width: width, Height: height, Depth: 1}, metal.TextureRegion{Texture: f.Texture(small)})
			return nil
		},
	})
	g.Add(passes.MachineLearning{
		Name: "upscale", Network: network,
		Inputs:  passes.Bind{models.ColorInput: small},
		Outputs: passes.Bind{models.UpscaledOutput: big},
	})
	read := &passes.ReadTexture{Name: "read", Texture: big}
	g.Add(read)

	plan, err := g.Compile(device)
	if err != nil {
		return nil, err
	}
	defer plan.Release()
	pixels, err := device.NewBuffer(metal.BufferDescriptor{Label: "photo", Length: len(photo.Pix)})
	if err != nil {
		return nil, err
	}
	defer pixels.Release()
	colors := photo
	if !photo.Opaque() {
		colors = picture.Bleed(photo)
	}
	copy(pixels.Contents(), colors.Pix)
	if err := plan.BindBuffer(upload, pixels); err != nil {
		return nil, err
	}
	if err := plan.Run(queue); err != nil {
		return nil, err
	}
	if err := plan.Wait(); err != nil {
		return nil, err
	}
	out, err := readImage(plan, read, g.TextureDescriptor(big))
	if err != nil {
		return nil, err
	}
	if !photo.Opaque() {
		alpha := picture.Bicubic(photo, wide, high)
		for i := 3; i < len(out.Pix); i += 4 {
			out.Pix[i] = alpha.Pix[i]
		}
	}
	return out, nil
}
