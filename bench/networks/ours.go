package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/x448/float16"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/graph"
	"weft/metal"
	"weft/passes"
)

// ours is a frame with one network, on tensors that the CPU sees.
type ours struct {
	plan  *graph.Plan
	queue metal.CommandQueue
	y     graph.Tensor
}

// elementTypes are the types of tensors that are measured.
var elementTypes = map[coreml.DataType]metal.TensorDataType{
	coreml.Float32: metal.TensorDataTypeFloat32, coreml.Float16: metal.TensorDataTypeFloat16, coreml.Int32: metal.TensorDataTypeInt32,
}

func newOurs(device metal.Device, name string, pkg *coreml.Package, program *coreml.Program, input []float32) (*ours, error) {
	folder, err := os.MkdirTemp("", "weft")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	dir := filepath.Join(folder, "model.mlpackage")
	if err := mil.WriteDir(dir, pkg); err != nil {
		return nil, err
	}
	g := graph.New()
	declare := func(name string, t coreml.Type) (graph.Tensor, error) {
		d := metal.TensorDescriptor{Dimensions: slices.Clone(t.Shape), Storage: metal.StorageModeShared}
		slices.Reverse(d.Dimensions)
		var ok bool
		if d.Type, ok = elementTypes[t.DataType]; !ok {
			return graph.Tensor{}, fmt.Errorf("%q is %s: only fp16, fp32 and int32 are measured", name, t)
		}
		return g.Tensor(name, d, graph.Persistent), nil
	}
	in, out := program.Inputs[0], program.Outputs[0]
	x, err := declare(in.Name, in.Type)
	if err != nil {
		return nil, err
	}
	y, err := declare(out, program.Variables()[out])
	if err != nil {
		return nil, err
	}
	g.Add(passes.MachineLearning{
		Name: name, Network: metal.Network{Name: name, Package: os.DirFS(dir)},
		Inputs: passes.Bind{in.Name: x}, Outputs: passes.Bind{out: y},
	})
	o := &ours{y: y}
	if o.plan, err = g.Compile(device); err != nil {
		return nil, err
	}
	if o.queue, err = device.NewCommandQueue("networks"); err != nil {
		return nil, err
	}
	to := o.plan.Tensor(x)
	visit(to, func(i int, b []byte) {
		switch to.Descriptor().Type {
		case metal.TensorDataTypeFloat16:
			binary.LittleEndian.PutUint16(b, float16.Fromfloat32(input[i]).Bits())
		case metal.TensorDataTypeInt32:
			binary.LittleEndian.PutUint32(b, uint32(int32(input[i])))
		default:
			binary.LittleEndian.PutUint32(b, math.Float32bits(input[i]))
		}
	})
	return o, nil
}

// run runs the frame once and returns how long it took, in milliseconds.
func (o *ours) run() (float64, error) {
	start := time.Now()
	if err := o.plan.Run(o.queue); err != nil {
		return 0, err
	}
	err := o.plan.Wait()
	return float64(time.Since(start).Microseconds()) / 1000, err
}

// output reads the result, row-major.
func (o *ours) output() []float32 {
	t := o.plan.Tensor(o.y)
	var values []float32
	visit(t, func(_ int, b []byte) {
		switch t.Descriptor().Type {
		case metal.TensorDataTypeFloat16:
			values = append(values, float16.Frombits(binary.LittleEndian.Uint16(b)).Float32())
		case metal.TensorDataTypeInt32:
			values = append(values, float32(int32(binary.LittleEndian.Uint32(b))))
		default:
			values = append(values, math.Float32frombits(binary.LittleEndian.Uint32(b)))
		}
	})
	return values
}

func (o *ours) close() {
	o.plan.Release()
	o.queue.Release()
}

// visit calls f with each element of a tensor, row-major.
func visit(t metal.Tensor, f func(i int, b []byte)) {
	d := t.Descriptor()
	memory := t.Buffer().Contents()[t.Offset():]
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
		f(i, memory[at*d.Type.Bytes():])
	}
}
