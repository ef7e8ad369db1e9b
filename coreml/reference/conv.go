package reference

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// windowFunctions are convolutions and poolings.
func windowFunctions() map[string]function {
	return map[string]function{
		"conv": conv, "conv_transpose": convTranspose,
		"max_pool": maxPool, "avg_pool": avgPool, "l2_pool": l2Pool,
	}
}

// strip is how many positions a convolution works on at once: enough for a
// matrix product to pay, few enough that their taps fit in memory.
const strip = 2048

// product adds a*b to c: m x k times k x n, all row-major and packed.
func product(a, b, c []float32, m, k, n int) {
	blas32.Gemm(blas.NoTrans, blas.NoTrans, 1,
		blas32.General{Rows: m, Cols: k, Stride: k, Data: a},
		blas32.General{Rows: k, Cols: n, Stride: n, Data: b}, 1,
		blas32.General{Rows: m, Cols: n, Stride: n, Data: c})
}

// volume is the number of elements of a shape.
func volume(shape []int) int {
	n := 1
	for _, e := range shape {
		n *= e
	}
	return n
}

// coordinates writes the coordinates of an index within a shape.
func coordinates(index int, shape, at []int) {
	for d := len(shape) - 1; d >= 0; d-- {
		at[d] = index % shape[d]
		index /= shape[d]
	}
}

// conv gathers, for a strip of output positions, the inputs under every tap
// into a matrix, and multiplies the weights with it.
func conv(c *call) error {
	x, weight, bias, out := c.x(), c.in("weight"), c.in("bias"), c.y()
	w, err := c.op.ConvWindow(x.shape(), weight.shape())
	if err != nil {
		return err
	}
	groups := c.op.Int("groups", 1)
	cin, cout := weight.shape()[1], weight.shape()[0]/groups // of one group
	spatial := x.shape()[2:]
	inSize, outSize, taps := volume(spatial), volume(w.Output), volume(w.Kernel)
	at, tap := make([]int, len(spatial)), make([]int, len(spatial))
	matrix := make([]float32, cin*taps*strip)
	result := make([]float32, cout*strip)
	for batch := range x.shape()[0] {
		for g := range groups {
			from := x.Values[(batch*groups+g)*cin*inSize:]
			to := out.Values[(batch*groups+g)*cout*outSize:]
			for first := 0; first < outSize; first += strip {
				n := min(strip, outSize-first)
				for t := range taps {
					coordinates(t, w.Kernel, tap)
					for p := range n {
						coordinates(first+p, w.Output, at)
						index, inside := 0, true
						for d, e := range spatial {
							v := at[d]*w.Strides[d] + tap[d]*w.Dilations[d] - w.Before[d]
							inside = inside && v >= 0 && v < e
							index = index*e + v
						}
						for ci := range cin {
							v := float32(0)
							if inside {
								v = from[ci*inSize+index]
							}
							matrix[(ci*taps+t)*n+p] = v
						}
					}
				}
				for co := range cout {
					start := float32(0)
					if bias != nil {
						start = bias.Values[g*cout+co]
					}
					for p := range n {
						result[co*n+p] = start
					}
				}
				product(weight.Values[g*cout*cin*taps:], matrix, result, cout, cin*taps, n)
				for co := range cout {
					copy(to[co*outSize+first:co*outSize+first+n], result[co*n:co*n+n])
				}
			}
		}
	}
	return nil
}

// convTranspose multiplies the transposed weights with a strip of the input,
// and adds what comes out for every tap to where the tap falls.
func convTranspose(c *call) error {
	x, weight, bias, out := c.x(), c.in("weight"), c.in("bias"), c.y()
	w, err := c.op.TransposeWindow(x.shape(), weight.shape())
	if err != nil {
		return err
	}
	groups := c.op.Int("groups", 1)
	cin, cout := weight.shape()[0]/groups, weight.shape()[1] // of one group
	spatial := x.shape()[2:]
	inSize, outSize, taps := volume(spatial), volume(w.Output), volume(w.Kernel)
	at, tap := make([]int, len(spatial)), make([]int, len(spatial))
	for batch := range x.shape()[0] {
		for g := range groups {
			from := x.Values[(batch*groups+g)*cin*inSize:]
			to := out.Values[(batch*groups+g)*cout*outSize:]
			for co := range cout {
				for p := range outSize {
					if bias != nil {
						to[co*outSize+p] = bias.Values[g*cout+co]
					}
				}
			}
			for first := 0; first < inSize; first += strip {
				n := min(strip, inSize-first)
				spread := make([]float32, cout*taps*n)
				blas32.Gemm(blas.Trans, blas.NoTrans, 1,
					blas32.General{Rows: cin, Cols: cout * taps, Stride: cout * taps, Data: weight.Values[g*cin*cout*taps:]},
					blas32.General{Rows: cin, Cols: n, Stride: inSize, Data: from[first:]}, 0,
					blas32.General{Rows: cout * taps, Cols: n, Stride: n, Data: spread})
				for p := range n {
					coordinates(first+p, spatial, at)
					for t := range taps {
						coordinates(t, w.Kernel, tap)
						index, inside := 0, true
						for d, e := range w.Output {
							v := at[d]*w.Strides[d] + tap[d]*w.Dilations[d] - w.Before[d]
							inside = inside && v >= 0 && v < e
							index = index*e + v
						}
						for co := 0; inside && co < cout; co++ {
							to[co*outSize+index] += spread[(co*taps+t)*n+p]
						}
					}
				}
			}
		}
	}
	return nil
}
