package network

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"weft/coreml"
)

// lowering turns a program's operations into nodes, one by one. What no node
// exists for is refused here.
type lowering struct {
	*network
	program *coreml.Program
	named   map[string]*value
	// constants are the program's, and what depends on them alone.
	constants map[string]*coreml.Tensor
	folded    map[*coreml.Tensor]*value // the constants that are values
	lists     map[*value]*value         // for what is no list
	pictures  map[*value]*value         // for lists
}

// lowerers holds the operations that run.
var lowerers = func() map[string]func(*lowering, *coreml.Op) error {
	all := map[string]func(*lowering, *coreml.Op) error{}
	for _, some := range []map[string]func(*lowering, *coreml.Op) error{
		elementwiseLowerers(), convLowerers, spatialLowerers, channelLowerers, shapeLowerers,
		poolLowerers, indexLowerers, scatterLowerers, reduceLowerers, normLowerers, productLowerers,
	} {
		maps.Copy(all, some)
	}
	return all
}()

// Runs reports whether operations of a type run here, for shapes and
// parameters that fit.
func Runs(opType string) bool { _, ok := lowerers[opType]; return ok }

// lower is the first phase: inputs, then every operation in order.
func (n *network) lower(program *coreml.Program) error {
	l := &lowering{
		network: n, program: program, named: map[string]*value{}, constants: constantsOf(program),
		folded: map[*coreml.Tensor]*value{}, lists: map[*value]*value{}, pictures: map[*value]*value{},
	}
	for i, v := range program.Inputs {
		t, err := tensor(v.Name, v.Type)
		if err != nil {
			return fmt.Errorf("the input %w", err)
		}
		in, err := l.declare(v)
		if err != nil {
			return fmt.Errorf("the input %w", err)
		}
		in.input = i
		n.plan.Inputs = append(n.plan.Inputs, t)
	}
	for i := range program.Ops {
		op := &program.Ops[i]
		if n.check.skips(op) {
			n.check.pretend(l, op)
			continue
		}
		err := l.op(op)
		if err == nil {
			continue
		}
		refused := &coreml.Refusal{Op: *op, Err: err}
		if n.check == nil {
			return fmt.Errorf("operation %d, %w", i, refused)
		}
		n.check.errs = append(n.check.errs, refused)
		n.check.pretend(l, op)
	}
	if n.check != nil && n.check.errs != nil {
		return nil
	}
	for _, name := range program.Outputs {
		v, err := l.value(name)
		if err != nil {
			return fmt.Errorf("the output %w", err)
		}
		t, err := tensor(name, coreml.Type{DataType: v.kind, Shape: l.shapeOf(name)})
		if err != nil {
			return fmt.Errorf("the output %w", err)
		}
		n.plan.Outputs = append(n.plan.Outputs, t)
		n.outputs = append(n.outputs, v)
	}
	return nil
}

func (l *lowering) op(op *coreml.Op) error {
	op = l.resolve(op)
	if folded, err := l.fold(op); folded || err != nil {
		return err
	}
	lower, ok := lowerers[op.Type]
	if !ok {
		return fmt.Errorf("there is no kernel for it; there are kernels for %s", strings.Join(slices.Sorted(maps.Keys(lowerers)), ", "))
	}
	return lower(l, op)
}

// declare makes the value of a variable.
func (l *lowering) declare(v coreml.Variable) (*value, error) {
	if !v.Type.Static() {
		return nil, fmt.Errorf("%s has extents that are not fixed: specialize the program first", v)
	}
	if err := runnable(v.Type); err != nil {
		return nil, fmt.Errorf("%s %w", v, err)
	}
	out := &value{name: v.Name, kind: v.Type.DataType, dims: v.Type.Shape, shape: picture(v.Type.Shape), input: -1, output: -1}
	l.named[v.Name] = out
	return out, nil
}

// runnable refuses types that no kernel computes.
func runnable(t coreml.Type) error {
	if t.Rank() > maxRank {
		return fmt.Errorf("has %d dimensions; at most %d run", t.Rank(), maxRank)
	}
	switch t.DataType {
	case coreml.Float32, coreml.Float16, coreml.BFloat16, coreml.Bool, coreml.Int32, coreml.UInt32,
		coreml.Int16, coreml.Int8, coreml.UInt16, coreml.UInt8:
		return nil
	}
	return fmt.Errorf("is of a type that does not run; fp16, bf16, fp32, bool and integers of 8 to 32 bits do")
}

// maxRank is the most dimensions of a value.
const maxRank = 6

// picture is a shape with extents of 1 in front to make four; zero where it
// has more.
func picture(shape []int) [4]int {
	if len(shape) > 4 {
		return [4]int{}
	}
	out := [4]int{1, 1, 1, 1}
	copy(out[4-len(shape):], shape)
	return out
}

func (l *lowering) shapeOf(name string) []int {
	if v, ok := l.program.Variable(name); ok {
		return v.Type.Shape
	}
	return l.constants[name].Type.Shape
}

// value returns an input, a result or a constant by its name.
func (l *lowering) value(name string) (*value, error) {
	if v, ok := l.named[name]; ok {
		return v, nil
	}
	c, ok := l.constants[name]
	if !ok {
		return nil, fmt.Errorf("%q is not defined", name)
	}
	return l.constant(name, c)
}

func (l *lowering) constant(name string, t *coreml.Tensor) (*value, error) {
	if v, ok := l.folded[t]; ok {
		return v, nil
	}
	if err := runnable(t.Type); err != nil {
		return nil, fmt.Errorf("the constant %q %w", name, err)
	}
	data, err := t.Float32s()
	if err != nil {
		return nil, fmt.Errorf("the constant %q: %w", name, err)
	}
	v := &value{name: name, kind: t.Type.DataType, dims: t.Type.Shape, shape: picture(t.Type.Shape), input: -1, output: -1, constant: data}
	if v.whole() {
		if v.integers, err = t.Ints(); err != nil {
			return nil, fmt.Errorf("the constant %q: %w", name, err)
		}
	}
	l.folded[t] = v
	return v, nil
}

// operand returns what a parameter is bound to.
func (l *lowering) operand(op *coreml.Op, param string) (*value, error) {
	args := op.Inputs[param]
	if len(args) != 1 {
		return nil, fmt.Errorf("its parameter %s is bound to %d values, not to one", param, len(args))
	}
	return l.argument(args[0])
}

func (l *lowering) argument(a coreml.Arg) (*value, error) {
	if a.Value != nil {
		return l.constant(a.Name, a.Value)
	}
	return l.value(a.Name)
}

// floats returns a constant parameter's elements; nil when it is absent.
func (l *lowering) floats(op *coreml.Op, param string) ([]float32, error) {
	if !op.Has(param) {
		return nil, nil
	}
	t := op.Const(param)
	if t == nil {
		return nil, fmt.Errorf("its parameter %s, %q, is computed by the network; it has to be a constant", param, op.Input(param))
	}
	data, err := t.Float32s()
	if err != nil {
		return nil, fmt.Errorf("its parameter %s: %w", param, err)
	}
	return data, nil
}

// node appends a node that computes the operation's first output.
func (l *lowering) node(op *coreml.Op, c core, in []*value, steps ...step) (*node, error) {
	out, err := l.declare(op.Output())
	if err != nil {
		return nil, err
	}
	n := &node{names: []string{op.Name}, core: c, in: in, steps: steps, shuffle: [2]int{1, 1}, out: out}
	out.from = n
	l.nodes = append(l.nodes, n)
	return n, nil
}

// between appends a node whose result only the operation's next node reads.
func (l *lowering) between(op *coreml.Op, c core, in []*value, shape [4]int, steps ...step) *node {
	out := &value{name: op.Output().Name, kind: in[0].kind, dims: shape[:], shape: shape, input: -1, output: -1}
	n := &node{names: []string{op.Name}, core: c, in: in, steps: steps, shuffle: [2]int{1, 1}, out: out}
	out.from = n
	l.nodes = append(l.nodes, n)
	return n
}

// alias gives the operation's output the value of another.
func (l *lowering) alias(op *coreml.Op, v *value) error {
	l.named[op.Output().Name] = v
	return nil
}
