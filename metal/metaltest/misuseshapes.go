package metaltest

import "weft/metal"

// shaped is the error of a texture of 16x16 that cannot be.
func shaped(d metal.TextureDescriptor) func(k *kit) error {
	return func(k *kit) error {
		d.Label, d.Format, d.Width = "culprit", metal.PixelFormatRGBA8Unorm, 16
		if d.Height == 0 {
			d.Height = 16
		}
		return second(k.device.NewTexture(d))
	}
}

var badShapes = []refusal{
	{"layers of 2D", []string{"culprit", "4 layers"}, shaped(metal.TextureDescriptor{Type: metal.TextureType2D, Layers: 4})},
	{"layers of a cube", []string{"culprit", "2 layers"}, shaped(metal.TextureDescriptor{Type: metal.TextureTypeCube, Layers: 2})},
	{"layers of a volume", []string{"culprit"}, shaped(metal.TextureDescriptor{Type: metal.TextureType3D, Layers: 2})},
	{"samples of 2D", []string{"culprit", "4 samples"}, shaped(metal.TextureDescriptor{Type: metal.TextureType2D, Samples: 4})},
	{"samples of a cube", []string{"culprit", "4 samples"}, shaped(metal.TextureDescriptor{Type: metal.TextureTypeCube, Samples: 4})},
	{"one sample of many", []string{"culprit", "1 samples"}, shaped(metal.TextureDescriptor{Type: metal.TextureType2DMultisample})},
	{"depth of 2D", []string{"culprit", "depth 2"}, shaped(metal.TextureDescriptor{Type: metal.TextureType2D, Depth: 2})},
	{"a cube that is not square", []string{"culprit", "16x8"}, shaped(metal.TextureDescriptor{Type: metal.TextureTypeCube, Height: 8})},
	{"rows of texels", []string{"culprit", "1DArray"}, shaped(metal.TextureDescriptor{Type: metal.TextureType1DArray, Height: 1})},
	{"an unknown type", []string{"culprit", "99"}, shaped(metal.TextureDescriptor{Type: 99})},
	{"managed memory", []string{"culprit", "1"}, shaped(metal.TextureDescriptor{Storage: 1})},
	{"memory that is none", []string{"culprit", "77"}, shaped(metal.TextureDescriptor{Storage: 77})},
}

// viewed is the error of a view of a texture "t" of 16x16 that cannot be.
func viewed(d metal.TextureDescriptor, v metal.TextureViewDescriptor) func(k *kit) error {
	return func(k *kit) error {
		d.Label, d.Format, d.Width = "t", metal.PixelFormatRGBA8Unorm, 16
		if d.Height == 0 {
			d.Height = 16
		}
		v.Label = "culprit"
		return second(k.texture(d).NewView(v))
	}
}

var badViews = []refusal{
	{"an unknown type", []string{"culprit", "99"}, viewed(metal.TextureDescriptor{}, metal.TextureViewDescriptor{Type: 99})},
	{"a cube of one slice", []string{"culprit"}, viewed(metal.TextureDescriptor{}, metal.TextureViewDescriptor{Type: metal.TextureTypeCube})},
	{"a cube of five slices", []string{"culprit"}, viewed(metal.TextureDescriptor{Layers: 6}, metal.TextureViewDescriptor{Type: metal.TextureTypeCube, SliceStart: 1})},
	{"cubes of eight slices", []string{"culprit"}, viewed(metal.TextureDescriptor{Layers: 8}, metal.TextureViewDescriptor{Type: metal.TextureTypeCubeArray})},
	{"a cube that is not square", []string{"culprit"}, viewed(metal.TextureDescriptor{Layers: 6, Height: 8}, metal.TextureViewDescriptor{Type: metal.TextureTypeCube})},
	{"samples of one", []string{"culprit"}, viewed(metal.TextureDescriptor{}, metal.TextureViewDescriptor{Type: metal.TextureType2DMultisample})},
	{"one sample of many", []string{"culprit"}, viewed(metal.TextureDescriptor{Samples: 4, Usage: metal.TextureUsageRenderTarget}, metal.TextureViewDescriptor{Type: metal.TextureType2D})},
	{"a volume of layers", []string{"culprit"}, viewed(metal.TextureDescriptor{Layers: 4}, metal.TextureViewDescriptor{Type: metal.TextureType3D})},
	{"layers of a volume", []string{"culprit"}, viewed(metal.TextureDescriptor{Depth: 4}, metal.TextureViewDescriptor{Type: metal.TextureType2DArray})},
	{"several layers for one", []string{"culprit"}, viewed(metal.TextureDescriptor{Layers: 4}, metal.TextureViewDescriptor{Type: metal.TextureType2D})},
	{"a level before the first", []string{"culprit"}, viewed(metal.TextureDescriptor{}, metal.TextureViewDescriptor{MipStart: -1})},
	{"a slice before the first", []string{"culprit"}, viewed(metal.TextureDescriptor{}, metal.TextureViewDescriptor{SliceStart: -1})},
	{"a slice outside", []string{"culprit"}, viewed(metal.TextureDescriptor{Layers: 4}, metal.TextureViewDescriptor{SliceStart: 4})},
}
