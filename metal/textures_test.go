package metal_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal"
)

func TestMipSizes(t *testing.T) {
	d := metal.TextureDescriptor{Width: 12, Height: 5, Mips: 3}
	for level, want := range map[int]metal.Size{
		0: {Width: 12, Height: 5, Depth: 1}, 1: {Width: 6, Height: 2, Depth: 1}, 2: {Width: 3, Height: 1, Depth: 1},
		-1: {Width: 12, Height: 5, Depth: 1}, 99: {Width: 1, Height: 1, Depth: 1},
	} {
		assert.Equal(t, want, d.MipSize(level), "level %d", level)
	}
}

func TestTextureShapes(t *testing.T) {
	for _, c := range []struct {
		name string
		d    metal.TextureDescriptor
		says string // "" where it is right
	}{
		{"nothing but a size", metal.TextureDescriptor{}, ""},
		{"2D", metal.TextureDescriptor{Type: metal.TextureType2D, Mips: 5}, ""},
		{"an array", metal.TextureDescriptor{Layers: 4}, ""},
		{"an array of one", metal.TextureDescriptor{Type: metal.TextureType2DArray}, ""},
		{"a cube", metal.TextureDescriptor{Type: metal.TextureTypeCube}, ""},
		{"two cubes", metal.TextureDescriptor{Type: metal.TextureTypeCubeArray, Layers: 2}, ""},
		{"a volume", metal.TextureDescriptor{Depth: 4}, ""},
		{"a flat volume", metal.TextureDescriptor{Type: metal.TextureType3D}, ""},
		{"samples", metal.TextureDescriptor{Type: metal.TextureType2DMultisample, Samples: 4}, ""},
		{"layers of samples", metal.TextureDescriptor{Samples: 4, Layers: 2}, ""},
		{"tile memory", metal.TextureDescriptor{Storage: metal.StorageModeMemoryless}, ""},

		{"layers of 2D", metal.TextureDescriptor{Type: metal.TextureType2D, Layers: 4}, "type 2D with 4 layers"},
		{"layers of a cube", metal.TextureDescriptor{Type: metal.TextureTypeCube, Layers: 2}, "type cube with 2 layers"},
		{"layers of 3D", metal.TextureDescriptor{Type: metal.TextureType3D, Layers: 2}, "type 3D with 2 layers"},
		{"layers of a volume", metal.TextureDescriptor{Depth: 2, Layers: 2}, "a 3D texture has no layers"},
		{"layers of samples in a plain type", metal.TextureDescriptor{Type: metal.TextureType2DMultisample, Samples: 4, Layers: 2}, "type 2DMultisample with 2 layers"},
		{"one sample of many", metal.TextureDescriptor{Type: metal.TextureType2DMultisample}, "type 2DMultisample with 1 samples"},
		{"many samples of one", metal.TextureDescriptor{Type: metal.TextureType2D, Samples: 4}, "type 2D with 4 samples"},
		{"samples of a cube", metal.TextureDescriptor{Type: metal.TextureTypeCube, Samples: 4}, "type cube with 4 samples"},
		{"depth of 2D", metal.TextureDescriptor{Type: metal.TextureType2D, Depth: 2}, "type 2D with depth 2"},
		{"depth of a cube", metal.TextureDescriptor{Type: metal.TextureTypeCube, Depth: 2}, "type cube with depth 2"},
		{"faces that are not square", metal.TextureDescriptor{Type: metal.TextureTypeCube, Height: 8}, "type cube of 16x8: a cube's faces are square"},
		{"many such faces", metal.TextureDescriptor{Type: metal.TextureTypeCubeArray, Layers: 2, Height: 8}, "type cubeArray of 16x8"},
		{"rows of texels", metal.TextureDescriptor{Type: metal.TextureType1DArray, Height: 1}, "type 1DArray is not supported"},
		{"no such type", metal.TextureDescriptor{Type: 99}, "type textureType(99) is not supported"},
		{"managed memory", metal.TextureDescriptor{Storage: 1}, "storage mode 1: must be private or memoryless"},
		{"no such memory", metal.TextureDescriptor{Storage: 77}, "storage mode 77"},
	} {
		c.d.Label, c.d.Format, c.d.Width = "t", metal.PixelFormatRGBA8Unorm, 16
		if c.d.Height == 0 {
			c.d.Height = 16
		}
		err := c.d.Validate()
		if c.says == "" {
			assert.NoError(t, err, c.name)
			continue
		}
		assert.ErrorContains(t, err, `texture "t": `, c.name)
		assert.ErrorContains(t, err, c.says, c.name)
	}
}
