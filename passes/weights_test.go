package passes_test

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/barriers"
	"weft/coreml"
	"weft/coreml/mil"
	"weft/coreml/reference"
	"weft/graph"
	"weft/metal"
	shaders "weft/metal/metaltest/shaders"
	"weft/metal/record"
	"weft/passes"
)

// learning is a frame that runs a network twice on one input. Its weights are a
// tensor, which a compute pass writes before each run: base, times a factor and
// plus a term.
type learning struct {
	g                       *graph.Graph
	x, base, weight, y1, y2 graph.Tensor
}

var steps = [2][2]float32{{2, 0}, {-1, 0.25}}

// learner is a network y of x and the weights w: their shapes, and what it does.
type learner struct {
	name    string
	x, w, y []int
	op      func(b *mil.Builder, x, w mil.Value) mil.Value
}

var learners = []learner{
	{"conv", []int{1, 2, 5, 7}, []int{3, 2, 3, 3}, []int{1, 3, 5, 7}, func(b *mil.Builder, x, w mil.Value) mil.Value {
		return b.Op("conv", "y", mil.Args{"x": x, "weight": w, "pad_type": "same"})
	}},
	{"linear", []int{5, 6}, []int{3, 6}, []int{5, 3}, func(b *mil.Builder, x, w mil.Value) mil.Value {
		return b.Op("linear", "y", mil.Args{"x": x, "weight": w})
	}},
	{"matmul", []int{2, 5, 6}, []int{6, 3}, []int{2, 5, 3}, func(b *mil.Builder, x, w mil.Value) mil.Value {
		return b.Op("matmul", "y", mil.Args{"x": x, "y": w})
	}},
}

func (n learner) build(b *mil.Builder) {
	b.Output(n.op(b, b.Input("x", coreml.Float32, n.x...), b.Input("w", coreml.Float32, n.w...)))
}

func newLearning(t testing.TB, n learner, x, base []float32) learning {
	net := network(t, n.build)
	g := graph.New()
	tensor := func(name string, shape []int, o ...graph.Lifetime) graph.Tensor {
		d := metal.TensorDescriptor{Type: metal.TensorDataTypeFloat32, Dimensions: slices.Clone(shape)}
		slices.Reverse(d.Dimensions)
		if len(o) > 0 {
			d.Storage = metal.StorageModeShared
		}
		return g.Tensor(name, d, o...)
	}
	l := learning{
		g: g, x: tensor("x", n.x), base: tensor("base", n.w), weight: tensor("weight", n.w),
		y1: tensor("y1", n.y, graph.Persistent), y2: tensor("y2", n.y, graph.Persistent),
	}
	upload := func(to graph.Tensor, values []float32) {
		data := packed(g.TensorDescriptor(to), values)
		g.Add(passes.Blit{
			Name: "upload " + g.NameOf(to), Writes: passes.In(0, to),
			Copy: func(f *graph.Frame, e metal.ComputeEncoder) error {
				from, offset := f.Upload(data)
				e.CopyBuffer(from, offset, f.Tensor(to).Buffer(), f.Tensor(to).Offset(), len(data))
				return nil
			},
		})
	}
	upload(l.x, x)
	upload(l.base, base)
	for i, y := range []graph.Tensor{l.y1, l.y2} {
		l.learn(i)
		g.Add(passes.MachineLearning{
			Name: []string{"first", "second"}[i], Network: net,
			Inputs: passes.Bind{"x": l.x, "w": l.weight}, Outputs: passes.Bind{"y": y},
		})
	}
	return l
}

// learn adds the compute pass of one step.
func (l learning) learn(step int) {
	count := l.g.TensorDescriptor(l.base).Size() / 4
	var parameters []byte
	for _, v := range []uint32{math.Float32bits(steps[step][0]), math.Float32bits(steps[step][1]), uint32(count)} {
		parameters = binary.LittleEndian.AppendUint32(parameters, v)
	}
	var pipeline metal.ComputePipeline
	var table metal.ArgumentTable
	l.g.Add(passes.Compute{
		Name: []string{"weights", "other weights"}[step], Reads: passes.In(0, l.base), Writes: passes.In(0, l.weight),
		Setup: func(d metal.Device) (err error) {
			if pipeline, err = d.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "learn", Function: shaders.ScaleComp}); err != nil {
				return err
			}
			table, err = d.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "learn", Buffers: 3})
			return err
		},
		Cleanup: func() {
			pipeline.Release()
			table.Release()
		},
		Dispatch: func(f *graph.Frame, e metal.ComputeEncoder) error {
			b, offset := f.Upload(parameters)
			table.SetTensor(f.Tensor(l.base), 0)
			table.SetTensor(f.Tensor(l.weight), 1)
			table.SetBuffer(b, offset, 2)
			e.SetComputePipeline(pipeline)
			e.SetArgumentTable(table)
			e.DispatchThreadgroups(metal.Size{Width: (count + 63) / 64, Height: 1, Depth: 1}, shaders.ScaleComp.Threads)
			return nil
		},
	})
}

// packed is row-major elements as a tensor has them.
func packed(d metal.TensorDescriptor, values []float32) []byte {
	d = d.Normalized()
	out := make([]byte, d.Size())
	eachElement(d, func(i, at int) { binary.LittleEndian.PutUint32(out[at:], math.Float32bits(values[i])) })
	return out
}

// eachElement calls f with the place in bytes of each element, in row-major
// order.
func eachElement(d metal.TensorDescriptor, f func(i, at int)) {
	total := 1
	for _, n := range d.Dimensions {
		total *= n
	}
	for i := range total {
		rest, at := i, 0
		for k, n := range d.Dimensions {
			at += rest % n * d.Strides[k]
			rest /= n
		}
		f(i, at*d.Type.Bytes())
	}
}

func counted(n int, factor float32) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = factor * float32(i%11-5)
	}
	return out
}

// A compute pass changes the weights between two runs of one frame: each run
// has its own.
func TestWeightsChangeBetweenRuns(t *testing.T) {
	d, queue := gpu(t)
	for _, n := range learners {
		t.Run(n.name, func(t *testing.T) {
			b := mil.NewBuilder("CoreML7")
			n.build(b)
			pkg, err := b.Package()
			require.NoError(t, err)
			x, base := counted(coreml.Type{Shape: n.x}.Elements(), 0.5), counted(coreml.Type{Shape: n.w}.Elements(), 0.25)
			l := newLearning(t, n, x, base)
			plan := compile(t, l.g, d)
			for range 3 {
				require.NoError(t, plan.Run(queue))
			}
			require.NoError(t, plan.Wait())
			for i, y := range []graph.Tensor{l.y1, l.y2} {
				w := make([]float32, len(base))
				for k, v := range base {
					w[k] = v*steps[i][0] + steps[i][1]
				}
				want, err := reference.Run(pkg.Program, map[string][]float32{"x": x, "w": w}, reference.Options{})
				require.NoError(t, err)
				bytes := plan.Tensor(y).Buffer().Contents()
				eachElement(l.g.TensorDescriptor(y).Normalized(), func(k, at int) {
					have := math.Float32frombits(binary.LittleEndian.Uint32(bytes[at:]))
					require.InDelta(t, want["y"].Values[k], have, 1e-4, "run %d, element %d", i+1, k)
				})
			}
		})
	}
}

// The graph derives the barriers that this needs, both ways, and none can be
// dropped unnoticed.
func TestBarriersOfChangingWeights(t *testing.T) {
	d, _ := recorder(t, record.Options{})
	l := newLearning(t, learners[0], counted(2*5*7, 0.5), counted(3*2*3*3, 0.25))
	plan := compile(t, l.g, d)
	into, back := false, false
	for _, b := range plan.Barriers() {
		for _, why := range b.Because {
			if why.Resource != "weight" {
				continue
			}
			into = into || why.Hazard == graph.ReadAfterWrite && b.Before&metal.StageMachineLearning != 0 && b.After&metal.StageDispatch != 0
			back = back || why.Hazard == graph.WriteAfterRead && b.After&metal.StageMachineLearning != 0 && b.Before&metal.StageDispatch != 0
		}
	}
	assert.True(t, into, "nothing orders a run after the pass that writes its weights: %v", plan)
	assert.True(t, back, "nothing orders the pass that changes the weights after the run before it: %v", plan)

	frame, list := plan.Judged()
	require.True(t, barriers.Check(frame, list).OK())
	for i, b := range plan.Barriers() {
		broken, err := l.g.Compile(d, graph.LeaveOut(i))
		require.NoError(t, err)
		frame, list := broken.Judged()
		assert.False(t, barriers.Check(frame, list).Sufficient(), "barrier %d, %v, is not missed", i, b)
		broken.Release()
	}
}
