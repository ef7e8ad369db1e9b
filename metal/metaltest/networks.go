package metaltest

import (
	"os"
	"path/filepath"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/metal"
)

// neighbors adds a convolution that adds a value's right neighbor to it.
func neighbors(b *mil.Builder, name string, x mil.Value) mil.Value {
	w := b.Const(name+"_weight", mil.Floats(coreml.Float32, []int{1, 1, 1, 3}, []float32{0, 1, 1}))
	return b.Op("conv", name, mil.Args{"x": x, "weight": w, "pad_type": "same"})
}

// tiny is the network y = relu(conv(x)) * 2 + 0.5 of one channel.
func (k *kit) tiny() metal.Network {
	k.Helper()
	b := mil.NewBuilder("CoreML7")
	y := neighbors(b, "sum", b.Input("x", coreml.Float32, 1, 1, 3, 5))
	y = b.Op("relu", "positive", mil.Args{"x": y})
	y = b.Op("mul", "twice", mil.Args{"x": y, "y": 2.0})
	b.Output(b.Op("add", "y", mil.Args{"x": y, "y": 0.5}))
	return k.written("tiny", b)
}

// deep is the network y = conv(conv(x)) of one channel, 64x64, with something
// to keep in between.
func (k *kit) deep() metal.Network {
	k.Helper()
	b := mil.NewBuilder("CoreML7")
	b.Output(neighbors(b, "y", neighbors(b, "between", b.Input("x", coreml.Float32, 1, 1, 64, 64))))
	return k.written("deep", b)
}

// dynamic is the network y = conv(x), of any width.
func (k *kit) dynamic() metal.Network {
	k.Helper()
	b := mil.NewBuilder("CoreML7")
	b.Output(neighbors(b, "y", b.Input("x", coreml.Float32, 1, 1, 3, coreml.Dynamic)))
	return k.written("dynamic", b)
}

func (k *kit) written(name string, b *mil.Builder) metal.Network {
	k.Helper()
	p, err := b.Package()
	require.NoError(k, err)
	return k.packaged(name, p)
}

func (k *kit) packaged(name string, p *coreml.Package) metal.Network {
	k.Helper()
	dir := filepath.Join(k.TempDir(), name+".mlpackage")
	require.NoError(k, mil.WriteDir(dir, p))
	return metal.Network{Name: name, Package: os.DirFS(dir)}
}

// dynamicWant is what dynamic makes of rows of values.
func dynamicWant(x []float32, width int) []float32 {
	out := append([]float32(nil), x...)
	for i := range out {
		if (i+1)%width != 0 {
			out[i] += x[i+1]
		}
	}
	return out
}

// tinyWant is what tiny makes of them.
func tinyWant(x []float32, width int) []float32 {
	out := dynamicWant(x, width)
	for i, v := range out {
		out[i] = max(v, 0)*2 + 0.5
	}
	return out
}

// rows reads the elements of a float32 tensor without the padding.
func rows(t metal.Tensor) []float32 {
	d := t.Descriptor()
	all := readFloats(t.Buffer().Contents()[t.Offset():])
	var out []float32
	for y := range d.Dimensions[1] {
		out = append(out, all[y*d.Strides[1]:][:d.Dimensions[0]]...)
	}
	return out
}

// network is a pipeline with tensors for its arguments and its heap.
type network struct {
	pipeline metal.MachineLearningPipeline
	table    metal.ArgumentTable
	x, y     metal.Tensor
	z        metal.Tensor // a second input, of those that have one
	heap     metal.Heap
}

func (k *kit) network(d metal.MachineLearningPipelineDescriptor) network {
	k.Helper()
	n := network{pipeline: made[metal.MachineLearningPipeline](k)(k.device.NewMachineLearningPipeline(d)), table: k.table("network")}
	for _, b := range n.pipeline.Bindings() {
		t := keep[metal.Tensor](k)(k.device.NewTensor(metal.TensorDescriptor{Label: b.Name, Type: b.Type, Dimensions: b.Dimensions, Usage: metal.TensorUsageMachineLearning}))
		n.table.SetTensor(t, b.Index)
		switch b.Name {
		case "x":
			n.x = t
			assert.Equal(k, metal.BindingAccessReadOnly, b.Access)
		case "z":
			n.z = t
		case "y":
			n.y = t
			assert.NotEqual(k, metal.BindingAccessReadOnly, b.Access)
		}
	}
	require.NotNil(k, n.x)
	require.NotNil(k, n.y)
	if size := n.pipeline.IntermediatesHeapSize(); size > 0 {
		n.heap = k.heap(metal.HeapDescriptor{Label: "intermediates", Size: size, Storage: metal.StorageModePrivate})
	}
	return n
}

// fill writes values into x, row by row.
func (n network) fill(values []float32) { fillRows(n.x, values) }

// fillRows writes values into a tensor, row by row.
func fillRows(t metal.Tensor, values []float32) {
	d := t.Descriptor()
	contents := t.Buffer().Contents()[t.Offset():]
	for y := range d.Dimensions[1] {
		copy(contents[y*d.Strides[1]*4:], floats(values[y*d.Dimensions[0]:][:d.Dimensions[0]]...))
	}
}

func (k *kit) infer(b metal.CommandBuffer, n network) {
	k.Helper()
	e, err := b.MachineLearningEncoder("tiny")
	require.NoError(k, err)
	e.BarrierAfterQueueStages(everything, metal.StageMachineLearning, metal.VisibilityDevice)
	e.SetMachineLearningPipeline(n.pipeline)
	e.SetArgumentTable(n.table)
	e.DispatchNetwork(n.heap)
	e.EndEncoding()
}

var networks = area{name: "networks", tests: []test{
	{"a network runs", func(k *kit) {
		n := k.network(metal.MachineLearningPipelineDescriptor{Label: "tiny", Network: k.tiny()})
		assert.Equal(k, []int{5, 3, 1, 1}, n.x.Descriptor().Dimensions)
		for round := range 2 {
			values := scaled(counting(15), 1.5, -float32(4+round))
			n.fill(values)
			k.frame(func(b metal.CommandBuffer) { k.infer(b, n) })
			executed(k, tinyWant(values, 5), rows(n.y))
		}
	}},
	{"extents are fixed when the pipeline is made", func(k *kit) {
		for _, width := range []int{4, 19} {
			n := k.network(metal.MachineLearningPipelineDescriptor{
				Label: "dynamic", Network: k.dynamic(), InputDimensions: map[string][]int{"x": {width, 3, 1, 1}},
			})
			assert.Equal(k, []int{width, 3, 1, 1}, n.y.Descriptor().Dimensions)
			values := scaled(counting(3*width), 1, -20)
			n.fill(values)
			k.frame(func(b metal.CommandBuffer) { k.infer(b, n) })
			executed(k, dynamicWant(values, width), rows(n.y))
		}
	}},
	{"extents are of those that the package lists", listedExtents},
	{"extents of each of several inputs", severalExtents},
	{"bindings say name, type, extents and access", bindings},
	{"rows longer than they need be, of every type", longRows},
	{"between copies, by barriers", func(k *kit) {
		n := k.network(metal.MachineLearningPipelineDescriptor{Label: "tiny", Network: k.tiny()})
		values := scaled(counting(15), -1, 3)
		n.fill(values)
		in := k.shared("in", n.x.Buffer().Contents())
		clear(n.x.Buffer().Contents())
		out := k.space("out", n.y.Descriptor().Size())
		k.frame(func(b metal.CommandBuffer) {
			k.encode(b, func(e metal.ComputeEncoder) { e.CopyBuffer(in, 0, n.x.Buffer(), 0, n.x.Descriptor().Size()) })
			k.infer(b, n)
			k.bare(b, func(e metal.ComputeEncoder) {
				e.BarrierAfterQueueStages(metal.StageMachineLearning, blit, metal.VisibilityDevice)
				e.CopyBuffer(n.y.Buffer(), 0, out, 0, n.y.Descriptor().Size())
			})
		})
		executed(k, tinyWant(values, 5), rows(n.y))
		executed(k, n.y.Buffer().Contents()[:out.Length()], out.Contents())
	}},
}}
