package mil

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"weft/coreml"
)

// Builder puts a package together. Its first error sticks: every later call
// does nothing, and Package returns it.
type Builder struct {
	pkg   coreml.Package
	types map[string]coreml.Type
	// trials have the types with each of standIns for the dynamic extents of
	// inputs; without any they are equal.
	trials [2]*coreml.Inference
	err    error
}

// Value is a value of the program being built.
type Value struct{ name string }

// Name is the name of the value in the program.
func (v Value) Name() string { return v.name }

// Args are the parameters of an operation by name. Each is one of: a Value, a
// []Value (values of concat), a *coreml.Tensor, or a Go constant: int, []int
// (int32), bool, []bool, string, float32 or float64. A Go float takes the
// element type of the operation's parameter x, and fp32 where that is none.
type Args map[string]any

// specVersions are the specification versions of the operation sets.
var specVersions = map[string]int{"CoreML5": 6, "CoreML6": 7, "CoreML7": 8, "CoreML8": 9, "CoreML9": 10}

// NewBuilder starts a program in an operation set: "CoreML5" to "CoreML9".
func NewBuilder(opset string) *Builder {
	b := &Builder{types: map[string]coreml.Type{}, trials: [2]*coreml.Inference{coreml.NewInference(), coreml.NewInference()}}
	b.pkg.Program = &coreml.Program{Opset: opset, Constants: map[string]*coreml.Tensor{}}
	b.pkg.SpecificationVersion = specVersions[opset]
	if b.pkg.SpecificationVersion == 0 {
		b.fail("the operation set %q is not known", opset)
	}
	return b
}

func (b *Builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf("mil: "+format, args...)
	}
}

// Input adds a multi-array input. An extent may be [coreml.Dynamic]; the
// feature then takes any extent there; the program is checked with one and the
// same extent for all of them. At most four extents of an input are dynamic.
func (b *Builder) Input(name string, kind coreml.DataType, shape ...int) Value {
	f := coreml.Feature{Name: name, Kind: coreml.MultiArrayFeature, DataType: kind, Shape: slices.Clone(shape)}
	if slices.Contains(shape, coreml.Dynamic) {
		dynamic := 0
		for i, e := range shape {
			bounds := coreml.Bounds{Min: e, Max: e}
			if e == coreml.Dynamic {
				dynamic++
				bounds = coreml.Bounds{Min: 1, Max: coreml.Dynamic}
				f.Shape[i] = 1
			}
			f.Range = append(f.Range, bounds)
		}
		if dynamic > maxDynamic {
			b.fail("input %q: %d dynamic extents: at most %d", name, dynamic, maxDynamic)
		}
	}
	return b.input(f, coreml.Type{DataType: kind, Shape: slices.Clone(shape)})
}

// Image adds an image input. The program sees it as fp32 [1, C, height,
// width], from 0 to 255.
func (b *Builder) Image(name string, color coreml.ColorSpace, height, width int) Value {
	shape := []int{1, color.Channels(), height, width}
	return b.input(imageFeature(name, color, shape), coreml.Type{DataType: coreml.Float32, Shape: slices.Clone(shape)})
}

func imageFeature(name string, color coreml.ColorSpace, shape []int) coreml.Feature {
	kind := coreml.UInt8
	if color == coreml.GrayscaleFloat16 {
		kind = coreml.Float16
	}
	return coreml.Feature{Name: name, Kind: coreml.ImageFeature, ColorSpace: color, DataType: kind, Shape: shape}
}

func (b *Builder) input(f coreml.Feature, t coreml.Type) Value {
	b.pkg.Inputs = append(b.pkg.Inputs, f)
	b.pkg.Program.Inputs = append(b.pkg.Program.Inputs, coreml.Variable{Name: f.Name, Type: t})
	for i, with := range standIn(t) {
		b.trials[i].Define(coreml.Variable{Name: f.Name, Type: with})
	}
	return b.define(f.Name, standIn(t))
}

// Const adds a named constant.
func (b *Builder) Const(name string, t *coreml.Tensor) Value {
	b.pkg.Program.Constants[name] = t
	return b.define(name, standIn(t.Type))
}

// Type returns the type of a value.
func (b *Builder) Type(v Value) coreml.Type { return b.types[v.name] }

// Op adds an operation with one output, called name, or by the operation's
// type and number when name is empty.
func (b *Builder) Op(opType, name string, args Args) Value {
	var names []string
	if name != "" {
		names = []string{name}
	}
	out := b.Ops(opType, names, args)
	if len(out) != 1 {
		b.fail("%s %q has %d outputs; use Ops", opType, name, len(out))
		return Value{}
	}
	return out[0]
}

// Ops adds an operation and returns all its outputs. names may be nil.
//
// Where an input is dynamic, so are the extents of the outputs that follow from
// its dynamic ones.
func (b *Builder) Ops(opType string, names []string, args Args) []Value {
	if b.err != nil {
		return make([]Value, max(1, len(names)))
	}
	op := coreml.Op{Type: opType, Inputs: map[string][]coreml.Arg{}, Attributes: map[string]*coreml.Tensor{}}
	like := coreml.Float32
	if x, ok := args["x"].(Value); ok && b.types[x.name].DataType.IsFloat() {
		like = b.types[x.name].DataType
	}
	for _, param := range slices.Sorted(maps.Keys(args)) {
		kind := like
		if strings.HasPrefix(param, "scale_factor_") {
			kind = coreml.Float32 // Core ML takes no other there
		}
		bound, err := b.bind(args[param], kind)
		if err != nil {
			b.fail("%s: parameter %s: %w", opType, param, err)
			return make([]Value, max(1, len(names)))
		}
		op.Inputs[param] = bound
	}
	types, err := b.infer(&op)
	if err != nil {
		b.fail("%s: %w", opType, err)
		return make([]Value, max(1, len(names)))
	}
	var values []Value
	for i, t := range types {
		name := fmt.Sprintf("%s_%d", opType, len(b.pkg.Program.Ops))
		switch {
		case i < len(names):
			name = names[i]
		case i > 0:
			name += fmt.Sprintf("_%d", i)
		}
		v := b.define(name, t)
		op.Outputs = append(op.Outputs, coreml.Variable{Name: name, Type: b.types[name]})
		values = append(values, v)
	}
	for _, trial := range b.trials {
		if _, err := trial.Apply(&op); err != nil {
			b.fail("%s: %w", opType, err)
		}
	}
	op.Name = op.Output().Name
	b.pkg.Program.Ops = append(b.pkg.Program.Ops, op)
	return values
}

// bind turns an argument into what the parameter is bound to.
func (b *Builder) bind(arg any, float coreml.DataType) ([]coreml.Arg, error) {
	one := func(t *coreml.Tensor) ([]coreml.Arg, error) { return []coreml.Arg{{Value: t}}, nil }
	switch v := arg.(type) {
	case Value:
		return []coreml.Arg{b.arg(v)}, nil
	case []Value:
		var bound []coreml.Arg
		for _, e := range v {
			bound = append(bound, b.arg(e))
		}
		return bound, nil
	case *coreml.Tensor:
		return one(v)
	case int:
		return one(Ints(coreml.Int32, []int{}, []int{v}))
	case []int:
		return one(Ints(coreml.Int32, []int{len(v)}, v))
	case float32:
		return one(Floats(float, []int{}, []float32{v}))
	case float64:
		return one(Floats(float, []int{}, []float32{float32(v)}))
	case bool:
		return one(bools([]int{}, []bool{v}))
	case []bool:
		return one(bools([]int{len(v)}, v))
	case string:
		return one(Text(v))
	}
	return nil, fmt.Errorf("a %T cannot be an argument", arg)
}

func (b *Builder) arg(v Value) coreml.Arg {
	return coreml.Arg{Name: v.name, Value: b.pkg.Program.Constants[v.name]}
}

func bools(shape []int, values []bool) *coreml.Tensor {
	ints := make([]int, len(values))
	for i, v := range values {
		if v {
			ints[i] = 1
		}
	}
	return Ints(coreml.Bool, shape, ints)
}

// Output makes a value an output of the package: a multi-array.
func (b *Builder) Output(v Value) {
	t := b.types[v.name]
	f := coreml.Feature{Name: v.name, Kind: coreml.MultiArrayFeature, DataType: t.DataType}
	if t.Static() {
		f.Shape = slices.Clone(t.Shape)
	}
	b.output(f)
}

// OutputImage makes a value of type fp32 [1, C, H, W], from 0 to 255, an
// output of the package: an image.
func (b *Builder) OutputImage(v Value, color coreml.ColorSpace) {
	t := b.types[v.name]
	if t.Rank() != 4 || t.Shape[0] != 1 || t.Shape[1] != color.Channels() {
		b.fail("the output %q is %s, which is no %s image", v.name, t, color)
	}
	b.output(imageFeature(v.name, color, slices.Clone(t.Shape)))
}

func (b *Builder) output(f coreml.Feature) {
	b.pkg.Outputs = append(b.pkg.Outputs, f)
	b.pkg.Program.Outputs = append(b.pkg.Program.Outputs, f.Name)
}

// Package returns what was built.
func (b *Builder) Package() (*coreml.Package, error) {
	if b.err == nil && len(b.pkg.Outputs) == 0 {
		b.fail("the program has no output")
	}
	if b.err != nil {
		return nil, b.err
	}
	return &b.pkg, nil
}
