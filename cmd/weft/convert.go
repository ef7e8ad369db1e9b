package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"path/filepath"
	"strings"

	"weft/coreml"
)

// endpoint is an input or output of a network, and how its elements follow from
// the channels of a picture: element = channel*scale + bias, with channels from
// 0 to 1.
type endpoint struct {
	coreml.Feature
	scale, bias float64
}

// newEndpoint says how pictures become elements. What Core ML calls an image
// has a range of its own.
func newEndpoint(f coreml.Feature, scale, bias float64) endpoint {
	if f.Kind == coreml.ImageFeature {
		scale, bias = 255, 0
		if f.ColorSpace == coreml.GrayscaleFloat16 {
			scale = 1
		}
	}
	return endpoint{f, scale, bias}
}

// pictured splits the shape of a picture: [..., C, H, W], all else 1, or [H, W].
func pictured(shape []int) (channels, height, width int, ok bool) {
	n := len(shape)
	if n < 2 {
		return 0, 0, 0, false
	}
	channels, height, width = 1, shape[n-2], shape[n-1]
	if n > 2 {
		channels = shape[n-3]
	}
	for _, e := range shape[:max(0, n-3)] {
		if e != 1 {
			return 0, 0, 0, false
		}
	}
	return channels, height, width, channels == 1 || channels == 3 || channels == 4
}

// maxPixels bounds the pictures that are read.
const maxPixels = 1 << 28

// pictureSize reads the extents of a PNG file as those of an input, from the
// header alone.
func pictureSize(data []byte, like []int) ([]int, error) {
	header, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("it is no PNG: %w", err)
	}
	if header.Width*header.Height > maxPixels {
		return nil, fmt.Errorf("it is %dx%d, more than %d pixels", header.Width, header.Height, maxPixels)
	}
	if len(like) < 2 {
		return nil, fmt.Errorf("the input is %s, which is no picture: give .npy or .f32", coreml.FormatShape(like))
	}
	shape := append([]int(nil), like...)
	shape[len(shape)-2], shape[len(shape)-1] = header.Height, header.Width
	return shape, nil
}

// fromPNG reads a picture as the elements of an input.
func (e *endpoint) fromPNG(data []byte, shape []int) ([]float64, error) {
	channels, height, width, ok := pictured(shape)
	if !ok {
		return nil, fmt.Errorf("the input is %s, which is no picture: give .npy or .f32", coreml.FormatShape(shape))
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("it is a broken PNG: %w", err)
	}
	out := make([]float64, channels*height*width)
	for y := range height {
		for x := range width {
			at := img.At(img.Bounds().Min.X+x, img.Bounds().Min.Y+y)
			rgba := color.NRGBA64Model.Convert(at).(color.NRGBA64)
			values := [4]uint16{rgba.R, rgba.G, rgba.B, rgba.A}
			if channels == 1 {
				rgba.A = 0xffff
				values[0] = color.Gray16Model.Convert(rgba).(color.Gray16).Y
			}
			for c := range channels {
				out[(e.channel(c, channels)*height+y)*width+x] = float64(values[c])/0xffff*e.scale + e.bias
			}
		}
	}
	return out, nil
}

// channel is where channel c of red, green, blue and alpha is in the network.
func (e *endpoint) channel(c, channels int) int {
	if e.ColorSpace == coreml.BGR && channels >= 3 && c < 3 {
		return 2 - c
	}
	return c
}

// toPNG writes the elements of an output as a picture of 8 bits.
func (e *endpoint) toPNG(a *array) ([]byte, error) {
	channels, height, width, ok := pictured(a.shape)
	if !ok {
		return nil, fmt.Errorf("the output is %s, which is no picture: use .npy or .f32", coreml.FormatShape(a.shape))
	}
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			pixel := img.Pix[y*img.Stride+4*x:]
			pixel[3] = 255
			for c := range channels {
				v := (a.values[(e.channel(c, channels)*height+y)*width+x] - e.bias) / e.scale
				pixel[c] = byte(math.Round(255 * min(max(v, 0), 1)))
			}
			if channels == 1 {
				pixel[1], pixel[2] = pixel[0], pixel[0]
			}
		}
	}
	var out bytes.Buffer
	err := png.Encode(&out, img)
	return out.Bytes(), err
}

// read reads the elements of an input of a type and shape from a file's
// content.
func (e *endpoint) read(file string, data []byte, kind coreml.DataType, shape []int) (*array, error) {
	a := &array{kind: kind, shape: shape}
	n := coreml.Type{Shape: shape}.Elements()
	switch suffix(file) {
	case ".png":
		values, err := e.fromPNG(data, shape)
		a.values = values
		return a, err
	case ".npy":
		stored, err := readNPY(data)
		if err != nil {
			return nil, err
		}
		if len(stored.values) != n {
			return nil, fmt.Errorf("it has the shape %s: %s takes %s", coreml.FormatShape(stored.shape), e.Name, coreml.FormatShape(shape))
		}
		a.values = stored.values
	default:
		if len(data) != 4*n {
			return nil, fmt.Errorf("it has %d bytes: %s takes %d floats of 4 bytes, %s", len(data), e.Name, n, coreml.FormatShape(shape))
		}
		a.values = decode(coreml.Float32, data)
	}
	return a, nil
}

// write makes the content of a file of the elements of an output.
func (e *endpoint) write(file string, a *array) ([]byte, error) {
	switch suffix(file) {
	case ".png":
		return e.toPNG(a)
	case ".npy":
		return writeNPY(a), nil
	}
	return encode(coreml.Float32, a.values), nil
}

func suffix(file string) string { return strings.ToLower(filepath.Ext(file)) }

// checkSuffix refuses files of formats that are not known.
func checkSuffix(file string) error {
	switch suffix(file) {
	case ".png", ".npy", ".f32":
		return nil
	}
	return fmt.Errorf("%s: use a file named .png, .npy or .f32 (raw little-endian floats)", file)
}
