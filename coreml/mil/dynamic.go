package mil

import (
	"fmt"
	"slices"

	"weft/coreml"
)

// standIns stand for a dynamic extent in the two inferences of a program with
// dynamic inputs. They divide by the usual factors, are larger than the usual
// kernels, and even four of them are far from 2^40 elements.
var standIns = [2]int{240, 480}

// maxDynamic is how many extents of one input may be dynamic.
const maxDynamic = 4

// define gives a value its name, and its type with each of the stand-ins. Where
// the two types differ the extent depends on the input's: it is dynamic.
func (b *Builder) define(name string, with [2]coreml.Type) Value {
	if _, ok := b.types[name]; ok || name == "" {
		b.fail("the name %q is empty or taken", name)
	}
	t := with[0]
	t.Shape = slices.Clone(t.Shape)
	for i, extent := range with[1].Shape {
		if extent != t.Shape[i] {
			t.Shape[i] = coreml.Dynamic
		}
	}
	b.types[name] = t
	return Value{name}
}

// standIn returns a type with each of the stand-ins for dynamic extents.
func standIn(t coreml.Type) (with [2]coreml.Type) {
	for i, extent := range standIns {
		with[i] = t
		with[i].Shape = slices.Clone(t.Shape)
		for k, e := range t.Shape {
			if e == coreml.Dynamic {
				with[i].Shape[k] = extent
			}
		}
	}
	return with
}

// infer returns the types of an operation's outputs with each of the stand-ins.
func (b *Builder) infer(op *coreml.Op) (outputs [][2]coreml.Type, err error) {
	for i, trial := range b.trials {
		types, err := trial.Infer(op)
		if err != nil {
			return nil, err
		}
		if outputs == nil {
			outputs = make([][2]coreml.Type, len(types))
		}
		if len(types) != len(outputs) {
			return nil, fmt.Errorf("the number of outputs depends on a dynamic extent: it must be known")
		}
		for k, t := range types {
			if i > 0 && t.Rank() != outputs[k][0].Rank() {
				return nil, fmt.Errorf("the rank of output %d depends on a dynamic extent: it must be known", k)
			}
			outputs[k][i] = t
		}
	}
	return outputs, nil
}
