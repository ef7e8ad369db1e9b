package reference

import (
	"fmt"
	"maps"

	"weft/coreml"
)

// Options say how values are kept.
type Options struct {
	// Half rounds every value of type fp16 or bf16 to that type after each
	// operation. Sums inside an operation stay float32.
	Half bool
}

// Run runs a specialized program. inputs holds the elements of every input by
// name, row-major; images are NCHW from 0 to 255. It returns the outputs by
// name.
func Run(p *coreml.Program, inputs map[string][]float32, opts Options) (map[string]*Array, error) {
	r := runner{values: map[string]*Array{}, opts: opts}
	for _, v := range p.Inputs {
		data, ok := inputs[v.Name]
		switch {
		case !v.Type.Static():
			return nil, fmt.Errorf("reference: the input %s is dynamic; specialize the program first", v)
		case !ok:
			return nil, fmt.Errorf("reference: the input %s has no values", v)
		case len(data) != v.Type.Elements():
			return nil, fmt.Errorf("reference: the input %s takes %d values, not %d", v, v.Type.Elements(), len(data))
		}
		a := newArray(v.Type)
		copy(a.Values, data)
		r.keep(v.Name, a)
	}
	last := lastUses(p)
	for i := range p.Ops {
		op := &p.Ops[i]
		if err := r.run(op); err != nil {
			return nil, fmt.Errorf("reference: operation %d, %s %q: %w", i, op.Type, op.Name, err)
		}
		maps.DeleteFunc(r.values, func(name string, _ *Array) bool {
			at, ends := last[name]
			return ends && at == i
		})
	}
	out := map[string]*Array{}
	for _, name := range p.Outputs {
		a, err := r.value(name, p.Constants[name])
		if err != nil {
			return nil, fmt.Errorf("reference: the output %q: %w", name, err)
		}
		out[name] = a
	}
	return out, nil
}

// lastUses returns the operation after which each value is not read again.
// Outputs of the program have none.
func lastUses(p *coreml.Program) map[string]int {
	last := map[string]int{}
	for i := range p.Ops {
		for _, v := range p.Ops[i].Outputs {
			last[v.Name] = i
		}
		for _, args := range p.Ops[i].Inputs {
			for _, a := range args {
				if a.Value == nil {
					last[a.Name] = i
				}
			}
		}
	}
	for _, name := range p.Outputs {
		delete(last, name)
	}
	return last
}

// runner holds the values that are still needed.
type runner struct {
	values map[string]*Array
	opts   Options
}

// keep stores a value, rounded to its type.
func (r *runner) keep(name string, a *Array) {
	a.hold(r.opts.Half)
	r.values[name] = a
}

// value returns a constant, or the variable called name.
func (r *runner) value(name string, constant *coreml.Tensor) (*Array, error) {
	if constant != nil {
		values, err := constant.Float32s()
		return &Array{Type: constant.Type, Values: values}, err
	}
	if a, ok := r.values[name]; ok {
		return a, nil
	}
	return nil, fmt.Errorf("there is no value %q", name)
}

// call is one operation being run: the arrays it reads and those it fills.
type call struct {
	op     *coreml.Op
	inputs map[string][]*Array
	out    []*Array
}

// in returns the array bound to a parameter, or nil.
func (c *call) in(param string) *Array {
	if a := c.inputs[param]; len(a) > 0 {
		return a[0]
	}
	return nil
}

// x and y are the arrays every operation reads and writes first.
func (c *call) x() *Array { return c.in("x") }
func (c *call) y() *Array { return c.out[0] }

// function fills the outputs of an operation. What the operation declares has
// been checked by Specialize.
type function func(c *call) error

// run runs one operation.
func (r *runner) run(op *coreml.Op) error {
	f, ok := functions[op.Type]
	if !ok {
		return fmt.Errorf("the operation is not implemented here")
	}
	c := &call{op: op, inputs: map[string][]*Array{}}
	types := map[string]coreml.Type{}
	for param, args := range op.Inputs {
		for _, arg := range args {
			if arg.Value != nil && arg.Value.Type.DataType == coreml.String {
				continue
			}
			a, err := r.value(arg.Name, arg.Value)
			if err != nil {
				return fmt.Errorf("its parameter %s: %w", param, err)
			}
			c.inputs[param] = append(c.inputs[param], a)
			types[arg.Name] = a.Type
		}
	}
	// Infer again, so that no function meets parameters it does not expect
	// even when the program was put together by hand.
	inferred, err := op.Infer(func(name string) (coreml.Type, bool) { t, ok := types[name]; return t, ok })
	if err != nil {
		return err
	}
	if len(inferred) != len(op.Outputs) {
		return fmt.Errorf("it declares %d outputs, it gives %d", len(op.Outputs), len(inferred))
	}
	for i, v := range op.Outputs {
		if !v.Type.Equal(inferred[i]) {
			return fmt.Errorf("its output is declared %s, it gives %s; specialize the program first", v, inferred[i])
		}
		c.out = append(c.out, newArray(v.Type))
	}
	if err := f(c); err != nil {
		return err
	}
	for i, v := range op.Outputs {
		r.keep(v.Name, c.out[i])
	}
	return nil
}

// functions holds every operation that can be run, by its type.
var functions = func() map[string]function {
	all := map[string]function{}
	for _, group := range []map[string]function{
		unaryFunctions(), binaryFunctions(), windowFunctions(), productFunctions(), normFunctions(),
		shapeFunctions(), indexFunctions(), resizeFunctions(), reduceFunctions(), scatterFunctions(), constexprFunctions(),
	} {
		maps.Copy(all, group)
	}
	return all
}()

// Known reports whether the operation type can be run.
func Known(opType string) bool { _, ok := functions[opType]; return ok }
