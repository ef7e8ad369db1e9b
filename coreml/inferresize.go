package coreml

import (
	"fmt"
	"slices"
)

// resizeOps are the operations that resample the last two dimensions.
var resizeOps = map[string]signature{
	"upsample_nearest_neighbor": sig("x:num scale_factor_height:=number? scale_factor_width:=number?", inferUpsample),
	"upsample_bilinear": sig("x:num scale_factor_height:=number? scale_factor_width:=number? align_corners:=bool? half_pixel_centers:=bool?",
		inferUpsample),
	"resize_nearest_neighbor": sig("x:num target_size_height:=int target_size_width:=int", inferResize),
	"resize_bilinear": sig("x:num target_size_height:=int? target_size_width:=int? "+
		"sampling_mode:=STRICT_ALIGN_CORNERS|ALIGN_CORNERS|DEFAULT|OFFSET_CORNERS|UNALIGN_CORNERS?", inferResize),
	"resample": sig("x:float coordinates:num sampling_mode:=bilinear|nearest padding_mode:=constant|border|reflection|symmetric padding_value:=number "+
		"coordinates_mode:=unnormalized|normalized_minus_one_to_one|normalized_zero_to_one align_corners:=bool", inferResample),
}

func inferUpsample(c *call) ([]Type, error) {
	x := c.typeOf("x")
	if x.Rank() < 3 {
		return nil, fmt.Errorf("x is %s; it has to be of rank 3 or more", x)
	}
	n := x.Rank()
	h, err := scaled(x.Shape[n-2], c.op.Float("scale_factor_height", 1))
	if err != nil {
		return nil, err
	}
	w, err := scaled(x.Shape[n-1], c.op.Float("scale_factor_width", 1))
	if err != nil {
		return nil, err
	}
	return c.resized(h, w)
}

func inferResize(c *call) ([]Type, error) {
	if x := c.typeOf("x"); x.Rank() < 3 {
		return nil, fmt.Errorf("x is %s; it has to be of rank 3 or more", x)
	}
	return c.resized(c.op.Int("target_size_height", 1), c.op.Int("target_size_width", 1))
}

func (c *call) resized(h, w int) ([]Type, error) {
	shape := slices.Clone(c.typeOf("x").Shape)
	n := len(shape)
	if h < 1 || w < 1 {
		return nil, fmt.Errorf("it resizes to %d x %d", h, w)
	}
	if _, err := c.op.Grid(shape[n-2], h); err != nil {
		return nil, err
	}
	shape[n-2], shape[n-1] = h, w
	return c.one(shape...)
}

func inferResample(c *call) ([]Type, error) {
	x, at := c.typeOf("x"), c.typeOf("coordinates")
	if x.Rank() != 4 || at.Rank() != 4 || at.Shape[3] != 2 || at.Shape[0] != x.Shape[0] {
		return nil, fmt.Errorf("x is %s and coordinates %s; they have to be [N, C, H, W] and [N, H', W', 2]", x, at)
	}
	return c.one(x.Shape[0], x.Shape[1], at.Shape[1], at.Shape[2])
}
