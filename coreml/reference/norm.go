package reference

import "math"

// normFunctions are the normalizations.
func normFunctions() map[string]function {
	return map[string]function{
		"batch_norm": batchNorm, "instance_norm": instanceNorm, "layer_norm": layerNorm,
		"l2_norm": l2Norm, "softmax": softmax,
	}
}

// at returns element i of an optional array.
func (a *Array) at(i int, otherwise float64) float64 {
	if a == nil {
		return otherwise
	}
	return float64(a.Values[i])
}

// batchNorm is gamma * (x - mean) / sqrt(variance + epsilon) + beta, with one
// of each for a channel.
func batchNorm(c *call) error {
	x, mean, variance, gamma, beta := c.x(), c.in("mean"), c.in("variance"), c.in("gamma"), c.in("beta")
	epsilon := float64(c.op.Float("epsilon", 1e-5))
	each(x.shape(), func(at []int, i int) {
		k := at[1]
		v := (float64(x.Values[i]) - mean.at(k, 0)) / math.Sqrt(variance.at(k, 1)+epsilon)
		c.y().Values[i] = float32(v*gamma.at(k, 1) + beta.at(k, 0))
	})
	return nil
}

// instanceNorm takes mean and variance of every channel of every image.
func instanceNorm(c *call) error {
	x, gamma, beta := c.x(), c.in("gamma"), c.in("beta")
	epsilon := float64(c.op.Float("epsilon", 1e-5))
	size := volume(x.shape()[2:])
	for i := range len(x.Values) / size {
		k := i % x.shape()[1]
		in, out := x.Values[i*size:(i+1)*size], c.y().Values[i*size:]
		mean, variance := moments(in)
		for p, v := range in {
			out[p] = float32((float64(v)-mean)/math.Sqrt(variance+epsilon)*gamma.at(k, 1) + beta.at(k, 0))
		}
	}
	return nil
}

// moments returns the mean and the variance (divided by n) of values.
func moments(values []float32) (mean, variance float64) {
	for _, v := range values {
		mean += float64(v)
	}
	mean /= float64(len(values))
	for _, v := range values {
		variance += (float64(v) - mean) * (float64(v) - mean)
	}
	return mean, variance / float64(len(values))
}

// layerNorm takes mean and variance over axes.
func layerNorm(c *call) error {
	x, gamma, beta := c.x(), c.in("gamma"), c.in("beta")
	axes := c.op.Axes("axes", x.Type.Rank())
	epsilon := float64(c.op.Float("epsilon", 1e-5))
	groups(x.shape(), axes, func(indices []int) {
		values := make([]float32, len(indices))
		for k, i := range indices {
			values[k] = x.Values[i]
		}
		mean, variance := moments(values)
		for k, i := range indices {
			v := (float64(values[k]) - mean) / math.Sqrt(variance+epsilon)
			c.y().Values[i] = float32(v*gamma.at(k, 1) + beta.at(k, 0))
		}
	})
	return nil
}

// l2Norm divides by the length over the last three dimensions.
func l2Norm(c *call) error {
	x := c.x()
	epsilon := float64(c.op.Float("epsilon", 1e-6))
	size := volume(x.shape()[x.Type.Rank()-3:])
	for first := 0; first < len(x.Values); first += size {
		sum := epsilon
		for _, v := range x.Values[first : first+size] {
			sum += float64(v) * float64(v)
		}
		for i, v := range x.Values[first : first+size] {
			c.y().Values[first+i] = float32(float64(v) / math.Sqrt(sum))
		}
	}
	return nil
}

func softmax(c *call) error {
	softmaxAlong(c.x(), c.y(), c.op.Axis("axis", -1, c.x().Type.Rank()))
	return nil
}

// softmaxAlong divides exp(x) by its sum along an axis. The greatest value is
// taken off first, so that nothing overflows.
func softmaxAlong(x, out *Array, axis int) {
	groups(x.shape(), []int{axis}, func(indices []int) {
		most := math.Inf(-1)
		for _, i := range indices {
			most = max(most, float64(x.Values[i]))
		}
		exps := make([]float64, len(indices))
		sum := 0.0
		for k, i := range indices {
			exps[k] = math.Exp(float64(x.Values[i]) - most)
			sum += exps[k]
		}
		for k, i := range indices {
			out.Values[i] = float32(exps[k] / sum)
		}
	})
}

// groups calls visit once for every choice of coordinates outside of axes,
// with the indices of the elements that share it, in order.
func groups(shape, axes []int, visit func(indices []int)) {
	inner := make([]int, len(axes))
	outer := append([]int{}, shape...)
	for k, a := range axes {
		inner[k] = shape[a]
		outer[a] = 1
	}
	s := strides(shape)
	indices := make([]int, volume(inner))
	each(outer, func(at []int, _ int) {
		base := offset(at, s)
		each(inner, func(in []int, i int) {
			indices[i] = base
			for k, a := range axes {
				indices[i] += in[k] * s[a]
			}
		})
		visit(indices)
	})
}
