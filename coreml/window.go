package coreml

import "fmt"

// Window is how a convolution or pooling walks over the spatial dimensions.
// Every list has one entry for each spatial dimension, outermost first.
type Window struct {
	// Kernel is the extent of the kernel, Strides the step from one output
	// to the next, Dilations the step from one tap to the next.
	Kernel, Strides, Dilations []int
	// Before and After are the padding, before the first and after the last
	// element. For a transposed convolution they are what is cropped from
	// the full output.
	Before, After []int
	// Output is the extent of the output.
	Output []int
}

// Size is the extent of the dilated kernel in dimension i.
func (w Window) Size(i int) int { return (w.Kernel[i]-1)*w.Dilations[i] + 1 }

// ConvWindow returns how a conv operation walks over x, given the shapes of
// its parameters x and weight.
func (o *Op) ConvWindow(x, weight []int) (Window, error) {
	if err := checkConvRanks(x, weight); err != nil {
		return Window{}, err
	}
	w, err := o.window(len(x)-2, weight[2:], o.String("pad_type", "valid"))
	if err != nil {
		return w, err
	}
	return w, w.slide(x[2:], o.String("pad_type", "valid"), false)
}

// PoolWindow returns how a pooling operation walks over x, given x's shape.
func (o *Op) PoolWindow(x []int) (Window, error) {
	if len(x) < 3 || len(x) > 5 {
		return Window{}, fmt.Errorf("x has the shape %s; it has to be of rank 3 to 5", FormatShape(x))
	}
	kernel := o.Ints("kernel_sizes")
	if len(kernel) != len(x)-2 {
		return Window{}, fmt.Errorf("kernel_sizes is %v; x has %d spatial dimensions", kernel, len(x)-2)
	}
	w, err := o.window(len(x)-2, kernel, o.String("pad_type", "valid"))
	if err != nil {
		return w, err
	}
	ceil := o.Bool("ceil_mode", false)
	if ceil {
		for i := range w.Before {
			if w.Before[i] != w.After[i] {
				return w, fmt.Errorf("ceil_mode takes equal padding on both sides, not %d and %d", w.Before[i], w.After[i])
			}
		}
		if t := o.String("pad_type", ""); t != "valid" && t != "custom" {
			return w, fmt.Errorf("ceil_mode takes the padding valid or custom, not %s", t)
		}
	}
	return w, w.slide(x[2:], o.String("pad_type", "valid"), ceil)
}

// TransposeWindow returns how a conv_transpose operation spreads x, given the
// shapes of its parameters x and weight. Input element i meets tap k at
// output i*stride + k*dilation - before.
func (o *Op) TransposeWindow(x, weight []int) (Window, error) {
	if err := checkConvRanks(x, weight); err != nil {
		return Window{}, err
	}
	n := len(x) - 2
	padType := o.String("pad_type", "valid")
	w, err := o.window(n, weight[2:], padType)
	if err != nil {
		return w, err
	}
	shape := o.Ints("output_shape")
	if shape != nil && len(shape) != len(x) {
		return w, fmt.Errorf("output_shape is %s; x has rank %d", FormatShape(shape), len(x))
	}
	w.Output = make([]int, n)
	for i := range n {
		full := (x[2+i]-1)*w.Strides[i] + w.Size(i)
		same := padType == "same" || padType == "same_lower"
		switch {
		case shape != nil:
			w.Output[i] = shape[2+i]
		case same:
			w.Output[i] = x[2+i] * w.Strides[i]
		default:
			w.Output[i] = full - w.Before[i] - w.After[i]
		}
		if same {
			w.Before[i], w.After[i] = halves(max(0, full-w.Output[i]), padType)
		}
		if w.Output[i] < 1 {
			return w, fmt.Errorf("in spatial dimension %d nothing is left of %d after cropping %d and %d", i, full, w.Before[i], w.After[i])
		}
		w.After[i] = full - w.Before[i] - w.Output[i]
	}
	return w, nil
}

func checkConvRanks(x, weight []int) error {
	if len(x) < 3 || len(x) > 5 {
		return fmt.Errorf("x has the shape %s; it has to be [N, C, ...] of rank 3 to 5", FormatShape(x))
	}
	if len(weight) != len(x) {
		return fmt.Errorf("weight has the shape %s, x has %s; both have to be of one rank", FormatShape(weight), FormatShape(x))
	}
	return nil
}

// window reads the parameters that all three kinds share. The padding is that
// of the parameter pad for pad_type custom, and otherwise zero.
func (o *Op) window(n int, kernel []int, padType string) (Window, error) {
	ones := make([]int, n)
	for i := range ones {
		ones[i] = 1
	}
	w := Window{
		Kernel: kernel, Strides: o.Ints("strides", ones...), Dilations: o.Ints("dilations", ones...),
		Before: make([]int, n), After: make([]int, n),
	}
	for name, list := range map[string][]int{"kernel": w.Kernel, "strides": w.Strides, "dilations": w.Dilations} {
		if len(list) != n {
			return w, fmt.Errorf("%s is %v; x has %d spatial dimensions", name, list, n)
		}
		for _, v := range list {
			if v < 1 {
				return w, fmt.Errorf("%s is %v; each has to be at least 1", name, list)
			}
		}
	}
	if padType != "custom" {
		return w, nil
	}
	pad := o.Ints("pad", make([]int, 2*n)...)
	if len(pad) != 2*n {
		return w, fmt.Errorf("pad is %v; with %d spatial dimensions it takes %d numbers", pad, n, 2*n)
	}
	for i := range n {
		w.Before[i], w.After[i] = pad[2*i], pad[2*i+1]
		if w.Before[i] < 0 || w.After[i] < 0 {
			return w, fmt.Errorf("pad is %v; none may be negative", pad)
		}
	}
	return w, nil
}

// slide computes the output extents, and the padding for same and same_lower:
// as much as makes the output ceil(input / stride), the odd element after or
// before.
func (w *Window) slide(x []int, padType string, ceil bool) error {
	w.Output = make([]int, len(x))
	for i, in := range x {
		s := w.Strides[i]
		if padType == "same" || padType == "same_lower" {
			total := max(0, ((in+s-1)/s-1)*s+w.Size(i)-in)
			w.Before[i], w.After[i] = halves(total, padType)
		}
		free := in + w.Before[i] + w.After[i] - w.Size(i)
		if free < 0 {
			return fmt.Errorf("in spatial dimension %d the kernel spans %d elements, the padded input has %d", i, w.Size(i), in+w.Before[i]+w.After[i])
		}
		w.Output[i] = free/s + 1
		if !ceil {
			continue
		}
		w.Output[i] = (free+s-1)/s + 1
		// The last window has to start inside the input or its padding
		// before. coremltools drops one that does not only where there is
		// padding; without padding Core ML's result is not defined.
		if (w.Output[i]-1)*s < in+w.Before[i] {
			continue
		}
		if w.Before[i] == 0 && w.After[i] == 0 {
			return fmt.Errorf("in spatial dimension %d the last window of ceil_mode starts outside the %d elements", i, in)
		}
		w.Output[i]--
	}
	return nil
}

// halves splits a total padding; the odd element goes after, or before for
// same_lower.
func halves(total int, padType string) (before, after int) {
	if padType == "same_lower" {
		return total - total/2, total / 2
	}
	return total / 2, total - total/2
}
