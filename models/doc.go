// Package models holds the networks that come with weft.
//
// [Upscale] doubles the width and height of a rendered frame and smooths its
// aliasing: 24,592 parameters, one input, one output, both planar RGB in half
// precision:
//
//	color     [1, 3, H, W]    sRGB-encoded red, green, blue in 0..1
//	upscaled  [1, 3, 2H, 2W]  the same encoding, within 0..1
//
// for any H and W of [MinExtent]..[MaxExtent]. Metal counts extents innermost
// first, so that the same input is {W, H, 3, 1} there. README.md says how the
// network was trained and what it achieves; train/ remakes it.
package models
