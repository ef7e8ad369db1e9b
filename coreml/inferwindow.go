package coreml

import "fmt"

const padTypes = "custom|valid|same|same_lower"

// windowOps are the operations that slide a window over spatial dimensions.
var windowOps = map[string]signature{
	"conv": sig("x:float weight:float bias:float? strides:=ints? pad_type:="+padTypes+"? pad:=ints? dilations:=ints? groups:=int?", inferConv),
	"conv_transpose": sig("x:float weight:float bias:float? pad:=ints? output_shape:=ints? pad_type:="+padTypes+
		"? strides:=ints? dilations:=ints? groups:=int?", inferConvTranspose),
	"max_pool": sig("x:float kernel_sizes:=ints strides:=ints? pad_type:="+padTypes+" pad:=ints? ceil_mode:=bool?", inferPool),
	"l2_pool":  sig("x:float kernel_sizes:=ints strides:=ints? pad_type:="+padTypes+" pad:=ints? ceil_mode:=bool?", inferPool),
	"avg_pool": sig("x:float kernel_sizes:=ints strides:=ints? pad_type:="+padTypes+
		" pad:=ints? ceil_mode:=bool? exclude_padding_from_average:=bool?", inferPool),
}

func inferConv(c *call) ([]Type, error) {
	x, weight := c.typeOf("x").Shape, c.typeOf("weight").Shape
	w, err := c.op.ConvWindow(x, weight)
	if err != nil {
		return nil, err
	}
	groups := c.op.Int("groups", 1)
	if groups < 1 || x[1]%groups != 0 || weight[0]%groups != 0 || x[1]/groups != weight[1] {
		return nil, fmt.Errorf("weight is %s; with x %s and %d groups it has to be [C_out, C_in/groups, ...]", FormatShape(weight), FormatShape(x), groups)
	}
	if err := c.checkChannels("bias", weight[0]); err != nil {
		return nil, err
	}
	return c.one(append([]int{x[0], weight[0]}, w.Output...)...)
}

func inferConvTranspose(c *call) ([]Type, error) {
	x, weight := c.typeOf("x").Shape, c.typeOf("weight").Shape
	w, err := c.op.TransposeWindow(x, weight)
	if err != nil {
		return nil, err
	}
	groups := c.op.Int("groups", 1)
	if groups < 1 || x[1]%groups != 0 || x[1] != weight[0] {
		return nil, fmt.Errorf("weight is %s; with x %s and %d groups it has to be [C_in, C_out/groups, ...]", FormatShape(weight), FormatShape(x), groups)
	}
	channels := weight[1] * groups
	if err := c.checkChannels("bias", channels); err != nil {
		return nil, err
	}
	if shape := c.op.Ints("output_shape"); shape != nil && (shape[0] != x[0] || shape[1] != channels) {
		return nil, fmt.Errorf("output_shape is %s; it has to start with [%d, %d]", FormatShape(shape), x[0], channels)
	}
	return c.one(append([]int{x[0], channels}, w.Output...)...)
}

func inferPool(c *call) ([]Type, error) {
	x := c.typeOf("x").Shape
	w, err := c.op.PoolWindow(x)
	if err != nil {
		return nil, err
	}
	return c.one(append([]int{x[0], x[1]}, w.Output...)...)
}

// checkChannels checks that a parameter, if present, is a list of n numbers.
func (c *call) checkChannels(name string, n int) error {
	if !c.op.Has(name) {
		return nil
	}
	if t := c.typeOf(name); t.Rank() != 1 || t.Shape[0] != n {
		return fmt.Errorf("%s is %s; it has to be a list of %d, one a channel", name, t, n)
	}
	return nil
}
