package vulkan

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/x448/float16"

	"weft/metal"
	"weft/models"
)

// modelsDir is where packages made by others lie: beside the project, or in
// WEFT_MODELS.
func modelsDir(t testing.TB) string {
	dir := os.Getenv("WEFT_MODELS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "models")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the packages to compare with are not at %s; set WEFT_MODELS", dir)
	}
	return dir
}

// visit calls f with the byte offset of each element of a tensor, in the order
// of Core ML: outermost dimension first.
func visit(d metal.TensorDescriptor, f func(i, at int)) {
	index := make([]int, len(d.Dimensions))
	for i := 0; ; i++ {
		at := 0
		for k, n := range index {
			at += n * d.Strides[k]
		}
		f(i, at*d.Type.Bytes())
		k := 0
		for ; k < len(index); k++ {
			if index[k]++; index[k] < d.Dimensions[k] {
				break
			}
			index[k] = 0
		}
		if k == len(index) {
			return
		}
	}
}

func putElement(b []byte, t metal.TensorDataType, v float32) {
	if t == metal.TensorDataTypeFloat16 {
		binary.LittleEndian.PutUint16(b, float16.Fromfloat32(v).Bits())
		return
	}
	binary.LittleEndian.PutUint32(b, math.Float32bits(v))
}

func element(b []byte, t metal.TensorDataType) float32 {
	if t == metal.TensorDataTypeFloat16 {
		return float16.Frombits(binary.LittleEndian.Uint16(b)).Float32()
	}
	return math.Float32frombits(binary.LittleEndian.Uint32(b))
}

// net is a network ready to run, with its tensors by name.
type net struct {
	pipeline metal.MachineLearningPipeline
	table    metal.ArgumentTable
	heap     metal.Heap
	tensors  map[string]metal.Tensor
}

// net compiles a network; rows are longer than they need be by pad elements.
func (r *rig) net(n metal.Network, inputs map[string][]int, pad int) net {
	p, err := r.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Network: n, InputDimensions: inputs})
	require.NoError(r, err)
	r.Cleanup(p.Release)
	out := net{pipeline: p, table: r.table(metal.ArgumentTableDescriptor{Label: n.Name, Buffers: len(p.Bindings())}), tensors: map[string]metal.Tensor{}}
	for _, b := range p.Bindings() {
		d := metal.TensorDescriptor{Label: b.Name, Type: b.Type, Dimensions: b.Dimensions, Strides: metal.PackedStrides(b.Type, b.Dimensions)}
		if len(d.Strides) > 1 {
			d.Strides[1] += pad
			for i := 2; i < len(d.Strides); i++ {
				d.Strides[i] = d.Strides[i-1] * d.Dimensions[i-1]
			}
		}
		t, err := r.NewTensor(d)
		require.NoError(r, err)
		r.Cleanup(t.Release)
		out.tensors[b.Name] = t
		out.table.SetTensor(t, b.Index)
	}
	if size := p.IntermediatesHeapSize(); size > 0 {
		out.heap, err = r.NewHeap(metal.HeapDescriptor{Label: "intermediates", Size: size, Storage: metal.StorageModePrivate})
		require.NoError(r, err)
		r.Cleanup(out.heap.Release)
	}
	return out
}

func (n net) encode(r *rig, cb metal.CommandBuffer, before func(metal.Encoder)) {
	e, err := cb.MachineLearningEncoder("network")
	require.NoError(r, err)
	before(e)
	e.SetMachineLearningPipeline(n.pipeline)
	e.SetArgumentTable(n.table)
	e.DispatchNetwork(n.heap)
	e.EndEncoding()
}

// A package made by others, with packed and with longer rows, against what an
// independent translation gave.
func TestNetwork(t *testing.T) {
	const name = "SRGAN_4x"
	dir := modelsDir(t)
	r := newRig(t)
	var meta struct{ Inputs, Outputs map[string][]int }
	data, err := os.ReadFile(filepath.Join(dir, "golden", name, "meta.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &meta))
	dimensions := map[string][]int{}
	for n, shape := range meta.Inputs {
		dimensions[n] = slices.Clone(shape)
		slices.Reverse(dimensions[n])
	}
	for _, pad := range []int{0, 64} {
		n := r.net(metal.Network{Name: name, Package: os.DirFS(filepath.Join(dir, name+".mlpackage"))}, dimensions, pad)
		for in := range meta.Inputs {
			golden, err := os.ReadFile(filepath.Join(dir, "golden", name, "in_"+in+".f32"))
			require.NoError(t, err)
			x := n.tensors[in]
			visit(x.Descriptor(), func(i, at int) {
				putElement(x.Buffer().Contents()[at:], x.Descriptor().Type, math.Float32frombits(binary.LittleEndian.Uint32(golden[4*i:])))
			})
		}
		for range 2 {
			r.run(func(cb metal.CommandBuffer) {
				n.encode(r, cb, func(e metal.Encoder) {
					e.BarrierAfterQueueStages(metal.StageMachineLearning, metal.StageMachineLearning, metal.VisibilityDevice)
				})
			})
		}
		require.Empty(t, r.ValidationMessages())
		for out := range meta.Outputs {
			golden, err := os.ReadFile(filepath.Join(dir, "golden", name, "out_"+out+".f32"))
			require.NoError(t, err)
			x, worst := n.tensors[out], 0.0
			visit(x.Descriptor(), func(i, at int) {
				want := math.Float32frombits(binary.LittleEndian.Uint32(golden[4*i:]))
				have := element(x.Buffer().Contents()[at:], x.Descriptor().Type)
				worst = max(worst, math.Abs(float64(want-have)))
			})
			require.LessOrEqual(t, worst, 3.0, "of 255, rows longer by %d", pad)
		}
	}
}

// The network's own barriers stay inside it: what runs before and after it
// needs a barrier of its own, and the layer says so.
func TestNetworkNeedsBarriers(t *testing.T) {
	r := newRig(t)
	n := r.net(models.Upscale(), map[string][]int{models.ColorInput: {16, 16, 3, 1}}, 0)
	out := n.tensors[models.UpscaledOutput].Buffer()
	frame := func(barrier bool) []string {
		r.run(func(cb metal.CommandBuffer) {
			n.encode(r, cb, func(e metal.Encoder) {
				e.BarrierAfterQueueStages(metal.StageAll, metal.StageMachineLearning, metal.VisibilityDevice)
			})
			r.compute(cb, "after", func(e metal.ComputeEncoder) {
				if barrier {
					e.BarrierAfterQueueStages(metal.StageMachineLearning, metal.StageBlit, metal.VisibilityDevice)
				}
				e.FillBuffer(out, 0, 16, 0)
			})
		})
		return r.ValidationMessages()
	}
	require.Empty(t, frame(true))
	require.NotEmpty(t, frame(false), "a missing barrier after a network goes unseen")
}

func TestFaultsOfNetworks(t *testing.T) {
	r := newRig(t)
	_, err := r.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Label: "none"})
	require.ErrorContains(t, err, `machine-learning pipeline "none"`)
	_, err = r.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Network: models.Upscale(), InputDimensions: map[string][]int{models.ColorInput: {16, 16, 4, 1}}})
	require.ErrorContains(t, err, `machine-learning pipeline "upscale"`)

	n := r.net(models.Upscale(), map[string][]int{models.ColorInput: {16, 16, 3, 1}}, 0)
	try := func(n net) error {
		return r.tryRun(func(cb metal.CommandBuffer) { n.encode(r, cb, func(metal.Encoder) {}) })
	}
	less := n
	less.heap = nil
	require.ErrorContains(t, try(less), "intermediates heap is nil")
	wrong, err := r.NewTensor(metal.TensorDescriptor{Label: "wrong", Type: n.tensors[models.ColorInput].Descriptor().Type, Dimensions: []int{16, 17, 3, 1}})
	require.NoError(t, err)
	defer wrong.Release()
	n.table.SetTensor(wrong, 0)
	require.ErrorContains(t, try(n), "[16 17 3 1]")
	n.table.SetTensor(nil, 0)
	require.ErrorContains(t, try(n), "is not set")
}

// BenchmarkUpscale runs the upscaler on one frame after another and reports the
// GPU's own time.
func BenchmarkUpscale(b *testing.B) {
	for _, size := range [][2]int{{240, 135}, {960, 540}, {1920, 1080}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			r := openRig(b, Options{})
			start := time.Now()
			n := r.net(models.Upscale(), map[string][]int{models.ColorInput: {size[0], size[1], 3, 1}}, 0)
			compile := time.Since(start)
			h, err := r.NewCounterHeap("times", 2)
			require.NoError(b, err)
			defer h.Release()
			frame := func() float64 {
				r.run(func(cb metal.CommandBuffer) {
					cb.WriteTimestamp(h, 0)
					n.encode(r, cb, func(e metal.Encoder) {
						e.BarrierAfterQueueStages(metal.StageMachineLearning, metal.StageMachineLearning, metal.VisibilityDevice)
					})
					cb.WriteTimestamp(h, 1)
				})
				ticks := make([]uint64, 2)
				require.NoError(b, h.Resolve(0, ticks))
				return float64(ticks[1]-ticks[0]) * r.Limits().TimestampNanoseconds / 1e6
			}
			frame()
			best := math.Inf(1)
			for b.Loop() {
				best = min(best, frame())
			}
			b.ReportMetric(best, "gpu-ms")
			b.ReportMetric(compile.Seconds()*1e3, "compile-ms")
		})
	}
}
