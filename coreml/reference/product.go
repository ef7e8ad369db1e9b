package reference

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// productFunctions are the matrix products.
func productFunctions() map[string]function {
	return map[string]function{
		"linear": linear, "matmul": matmul, "einsum": einsum,
		"scaled_dot_product_attention": attention,
	}
}

// linear is x times the transposed weight, plus bias.
func linear(c *call) error {
	x, weight, bias, out := c.x(), c.in("weight"), c.in("bias"), c.y()
	cout, cin := weight.shape()[0], weight.shape()[1]
	rows := len(x.Values) / cin
	if bias != nil {
		for r := range rows {
			copy(out.Values[r*cout:], bias.Values)
		}
	}
	blas32.Gemm(blas.NoTrans, blas.Trans, 1,
		blas32.General{Rows: rows, Cols: cin, Stride: cin, Data: x.Values},
		blas32.General{Rows: cout, Cols: cin, Stride: cin, Data: weight.Values}, 1,
		blas32.General{Rows: rows, Cols: cout, Stride: cout, Data: out.Values})
	return nil
}

// matmul multiplies the matrices in the last two dimensions; those before are
// broadcast.
func matmul(c *call) error {
	return multiply(c.in("x"), c.in("y"), c.y(), c.op.Bool("transpose_x", false), c.op.Bool("transpose_y", false))
}

// multiply puts x times y into out.
func multiply(x, y, out *Array, transX, transY bool) error {
	xs, ys, os := x.shape(), y.shape(), out.shape()
	if len(xs) == 1 { // a vector is one row
		xs = []int{1, xs[0]}
		os = append(append([]int{}, os[:len(os)-1]...), 1, os[len(os)-1])
	}
	matrix := func(values []float32, shape []int) blas32.General {
		rows, cols := shape[len(shape)-2], shape[len(shape)-1]
		return blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: values[:rows*cols]}
	}
	trans := map[bool]blas.Transpose{false: blas.NoTrans, true: blas.Trans}
	batch := os[:len(os)-2]
	sx := broadcastStrides(xs[:len(xs)-2], batch)
	sy := broadcastStrides(ys[:len(ys)-2], batch)
	size := func(s []int) int { return s[len(s)-1] * s[len(s)-2] }
	each(batch, func(at []int, i int) {
		blas32.Gemm(trans[transX], trans[transY], 1,
			matrix(x.Values[offset(at, sx)*size(xs):], xs),
			matrix(y.Values[offset(at, sy)*size(ys):], ys), 0,
			matrix(out.Values[i*size(os):], os))
	})
	return nil
}

// einsum is nchw,nwhu->nchu or the same without n: for every n and h, a
// matrix c x w times a matrix w x u.
func einsum(c *call) error {
	x, y, out := c.inputs["values"][0], c.inputs["values"][1], c.y()
	rank := x.Type.Rank()
	sx, sy := broadcastStrides(x.shape(), x.shape()), broadcastStrides(y.shape(), y.shape())
	each(out.shape(), func(at []int, i int) {
		ax, ay := append([]int{}, at...), append([]int{}, at...)
		ay[rank-2] = at[rank-2]
		sum := 0.0
		for w := range x.shape()[rank-1] {
			ax[rank-1], ay[rank-3] = w, w
			sum += float64(x.Values[offset(ax, sx)]) * float64(y.Values[offset(ay, sy)])
		}
		out.Values[i] = float32(sum)
	})
	return nil
}

// attention is softmax(query * key' / sqrt(E) + mask) * value.
func attention(c *call) error {
	query, key, value, mask, out := c.in("query"), c.in("key"), c.in("value"), c.in("attn_mask"), c.y()
	rank := query.Type.Rank()
	e := query.shape()[rank-1]
	scoreType := out.Type
	scoreType.Shape = append([]int{}, out.shape()...)
	scoreType.Shape[rank-1] = key.shape()[rank-2]
	scores := newArray(scoreType)
	if err := multiply(query, key, scores, false, true); err != nil {
		return err
	}
	for i := range scores.Values {
		scores.Values[i] /= float32(math.Sqrt(float64(e)))
	}
	if mask != nil {
		s := broadcastStrides(mask.shape(), scores.shape())
		each(scores.shape(), func(at []int, i int) {
			m := mask.Values[offset(at, s)]
			switch {
			case mask.Type.DataType.IsFloat():
				scores.Values[i] += m
			case m == 0:
				scores.Values[i] = float32(math.Inf(-1))
			}
		})
	}
	softmaxAlong(scores, scores, rank-1)
	return multiply(scores, value, out, false, false)
}
