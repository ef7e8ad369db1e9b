package vulkan

import (
	"fmt"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// viewTypes are Vulkan's names for Metal's texture types.
var viewTypes = map[metal.TextureType]vk.ImageViewType{
	metal.TextureType2D:                 vk.ImageViewType2D,
	metal.TextureType2DArray:            vk.ImageViewType2DArray,
	metal.TextureType2DMultisample:      vk.ImageViewType2D,
	metal.TextureType2DMultisampleArray: vk.ImageViewType2DArray,
	metal.TextureTypeCube:               vk.ImageViewTypeCube,
	metal.TextureTypeCubeArray:          vk.ImageViewTypeCubeArray,
	metal.TextureType3D:                 vk.ImageViewType3D,
}

// makeShaderView makes the view that argument tables bind. Textures that no
// shader may see have none.
func (t *texture) makeShaderView() (err error) {
	const shader = vk.ImageUsageSampledBit | vk.ImageUsageStorageBit
	if t.image.usage&shader == 0 {
		return nil
	}
	part := t.part
	part.AspectMask = shaderAspect(t.desc.Format)
	t.view, err = t.makeView(viewTypes[t.desc.Type], pixelFormats[t.desc.Format], part)
	return err
}

// NewView makes a view of some mips and slices, perhaps in another format. The
// texture must outlive it.
func (t *texture) NewView(v metal.TextureViewDescriptor) (metal.Texture, error) {
	label := v.Label
	if label == "" {
		label = t.label
	}
	d := t.desc
	if v.MipEnd == 0 {
		v.MipEnd = d.Mips
	}
	if v.SliceEnd == 0 {
		v.SliceEnd = d.Slices()
	}
	if v.MipStart < 0 || v.MipEnd > d.Mips || v.MipStart >= v.MipEnd {
		return nil, fail("texture view", label, "mips [%d, %d): texture %q has mips [0, %d)", v.MipStart, v.MipEnd, t.label, d.Mips)
	}
	if v.SliceStart < 0 || v.SliceEnd > d.Slices() || v.SliceStart >= v.SliceEnd {
		return nil, fail("texture view", label, "slices [%d, %d): texture %q has slices [0, %d)", v.SliceStart, v.SliceEnd, t.label, d.Slices())
	}
	if v.Format != 0 && v.Format != d.Format {
		switch {
		case d.Usage&metal.TextureUsagePixelFormatView == 0:
			return nil, fail("texture view", label, "%v of %v: texture %q needs the usage pixelFormatView", v.Format, d.Format, t.label)
		case v.Format.BytesPerPixel() != d.Format.BytesPerPixel() || aspects(v.Format) != aspects(d.Format):
			return nil, fail("texture view", label, "%v of %v: the formats must have texels of one size", v.Format, d.Format)
		}
		d.Format = v.Format
	}
	size := t.desc.MipSize(v.MipStart)
	d.Label, d.Width, d.Height, d.Depth = label, size.Width, size.Height, size.Depth
	d.Mips = v.MipEnd - v.MipStart
	if err := viewType(&d, v.Type, v.SliceEnd-v.SliceStart); err != nil {
		return nil, fail("texture view", label, "%w", err)
	}
	part := t.part
	part.BaseMipLevel += uint32(v.MipStart)
	part.LevelCount = uint32(d.Mips)
	part.BaseArrayLayer += uint32(v.SliceStart)
	part.LayerCount = uint32(v.SliceEnd - v.SliceStart)
	w := &texture{object: object{t.device, label}, image: t.image, desc: d, part: part}
	if err := w.makeShaderView(); err != nil {
		return nil, err
	}
	return w, nil
}

// viewType settles the type and layers of a view, whose descriptor has the type
// of its texture still: 3D and multisampled textures keep their kind.
func viewType(d *metal.TextureDescriptor, want metal.TextureType, slices int) error {
	of := d.Type
	if want != 0 {
		d.Type = want
	}
	d.Layers = slices
	if d.Type == metal.TextureTypeCube || d.Type == metal.TextureTypeCubeArray {
		if slices%6 != 0 {
			return fmt.Errorf("type %v of %d slices: a cube has 6", d.Type, slices)
		}
		d.Layers = slices / 6
	}
	if (d.Type == metal.TextureType3D) != (of == metal.TextureType3D) {
		return fmt.Errorf("type %v of a texture of type %v: volumes stay volumes", d.Type, of)
	}
	return d.Validate()
}

// target returns the view of one slice of one mip, as an attachment, made once.
func (t *texture) target(level, slice int) (vk.ImageView, error) {
	switch {
	case level < 0 || level >= t.desc.Mips:
		return 0, fail("texture", t.label, "mip %d as an attachment: it has mips [0, %d)", level, t.desc.Mips)
	case slice < 0 || slice >= t.desc.Slices():
		return 0, fail("texture", t.label, "slice %d as an attachment: it has slices [0, %d)", slice, t.desc.Slices())
	case t.desc.Type == metal.TextureType3D:
		return 0, fail("texture", t.label, "a 3D texture cannot be an attachment here")
	case t.image.usage&(vk.ImageUsageColorAttachmentBit|vk.ImageUsageDepthStencilAttachmentBit) == 0:
		return 0, fail("texture", t.label, "it is an attachment without the usage renderTarget")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	k := target{level, slice}
	if v, ok := t.targets[k]; ok {
		return v, nil
	}
	part := vk.ImageSubresourceRange{
		AspectMask:   aspects(t.desc.Format),
		BaseMipLevel: t.part.BaseMipLevel + uint32(level), LevelCount: 1,
		BaseArrayLayer: t.part.BaseArrayLayer + uint32(slice), LayerCount: 1,
	}
	v, err := t.makeView(vk.ImageViewType2D, pixelFormats[t.desc.Format], part)
	if err != nil {
		return 0, err
	}
	if t.targets == nil {
		t.targets = map[target]vk.ImageView{}
	}
	t.targets[k] = v
	return v, nil
}
