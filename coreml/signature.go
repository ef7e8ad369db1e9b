package coreml

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// signature is what an operation takes, and how the types of its outputs
// follow from it.
type signature struct {
	params []param
	infer  func(*call) ([]Type, error)
}

// param is one parameter of an operation.
type param struct {
	name string
	// kind is what it takes. Values that may be variables: any, num (floats
	// or integers), float, index (integers), truth (bool), many (a list of
	// values). Constants: int, ints, bool, bools, string, number, tensor, or
	// one of the words in choices.
	kind     string
	constant bool
	optional bool
	choices  []string
}

// sig reads a signature's parameters from a line such as
//
//	x:float weight:float bias:float? strides:=ints? pad_type:=custom|valid?
//
// in which "=" marks a constant, "?" what may be left out, and "|" separates
// the words of a choice.
func sig(line string, infer func(*call) ([]Type, error)) signature {
	s := signature{infer: infer}
	for word := range strings.FieldsSeq(line) {
		name, kind, _ := strings.Cut(word, ":")
		p := param{name: name}
		kind, p.optional = strings.CutSuffix(kind, "?")
		p.kind, p.constant = strings.CutPrefix(kind, "=")
		if strings.Contains(p.kind, "|") {
			p.kind, p.choices = "choice", strings.Split(p.kind, "|")
		}
		s.params = append(s.params, p)
	}
	return s
}

// signatures holds every operation this package knows, by its type.
var signatures = func() map[string]signature {
	all := map[string]signature{}
	for _, group := range []map[string]signature{
		elementwiseOps, windowOps, productOps, shapeOps, indexOps, resizeOps, reductionOps, scatterOps, constexprOps,
	} {
		maps.Copy(all, group)
	}
	return all
}()

// Known reports whether the operation's type is one whose semantics this
// package knows: one that [Program.Specialize] accepts.
func Known(opType string) bool { _, ok := signatures[opType]; return ok }

// call is one use of an operation: the operation and the types of the values
// it reads. Its accessors are for parameters that check has found right.
type call struct {
	op    *Op
	types func(name string) (Type, bool)
}

// typeOf returns the type of the value bound to a parameter; the zero Type
// when it is absent.
func (c *call) typeOf(name string) Type {
	if t := c.op.Attributes[name]; t != nil && len(c.op.Inputs[name]) == 0 {
		return t.Type
	}
	if all := c.all(name); len(all) > 0 {
		return all[0]
	}
	return Type{}
}

// all returns the types of all values bound to a parameter.
func (c *call) all(name string) []Type {
	var types []Type
	for _, a := range c.op.Inputs[name] {
		if a.Value != nil {
			types = append(types, a.Value.Type)
		} else if t, ok := c.types(a.Name); ok {
			types = append(types, t)
		}
	}
	return types
}

// same gives the operation one output of the type of its parameter x.
func same(c *call) ([]Type, error) { return []Type{c.typeOf("x")}, nil }

// one gives the operation one output of a shape, with x's element type.
func (c *call) one(shape ...int) ([]Type, error) {
	return []Type{{c.typeOf("x").DataType, shape}}, nil
}

// check compares the operation's parameters with the signature.
func (c *call) check(s signature) error {
	for _, p := range s.params {
		if !c.op.Has(p.name) {
			if p.optional {
				continue
			}
			return fmt.Errorf("its parameter %s is missing", p.name)
		}
		if err := c.checkParam(p); err != nil {
			return fmt.Errorf("its parameter %s: %w", p.name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.op.Inputs)) {
		if !slices.ContainsFunc(s.params, func(p param) bool { return p.name == name }) {
			return fmt.Errorf("it has a parameter %s that is not known", name)
		}
	}
	return nil
}

func (c *call) checkParam(p param) error {
	n := len(c.op.Inputs[p.name])
	switch {
	case p.kind == "many" && n == 0:
		return fmt.Errorf("it is an empty list")
	case p.kind != "many" && n > 1:
		return fmt.Errorf("it is bound to %d values, it takes one", n)
	case p.constant:
		return c.checkConstant(p)
	}
	for _, t := range append(c.all(p.name), c.typeOf(p.name)) {
		ok := t.DataType != 0
		switch p.kind {
		case "num":
			ok = t.DataType.IsFloat() || t.DataType.IsInt()
		case "float":
			ok = t.DataType.IsFloat()
		case "index":
			ok = t.DataType.IsInt()
		case "truth":
			ok = t.DataType == Bool
		}
		if !ok {
			return fmt.Errorf("it is %s, it takes %s", t, kindNames[p.kind])
		}
	}
	return nil
}

var kindNames = map[string]string{
	"any": "a tensor", "many": "tensors", "num": "numbers", "float": "floating-point numbers",
	"index": "integers", "truth": "truth values",
}

// checkConstant checks a constant parameter of one of the small kinds, so
// that the accessors of [Op] can read it.
func (c *call) checkConstant(p param) error {
	t := c.op.Const(p.name)
	if t == nil {
		return fmt.Errorf("it is computed by the network; it has to be a constant")
	}
	scalar := t.Type.Rank() == 0 || t.Type.Elements() == 1
	var err error
	switch p.kind {
	case "tensor":
		return nil
	case "int", "ints":
		var v []int
		v, err = t.Ints()
		for _, n := range v {
			if n < math.MinInt32 || n > math.MaxInt32 {
				return fmt.Errorf("it is %d, more than 32 bits hold", n)
			}
		}
	case "bool", "bools":
		_, err = t.Bools()
	case "number":
		var v []float32
		v, err = t.Float32s()
		for _, f := range v {
			if math.IsNaN(float64(f)) {
				return fmt.Errorf("it is not a number")
			}
		}
	case "string", "choice":
		_, err = t.Text()
	}
	if err != nil {
		return err
	}
	if strings.HasSuffix(p.kind, "s") {
		if t.Type.Rank() > 1 {
			return fmt.Errorf("it is %s, it takes a list", t.Type)
		}
		return nil
	}
	if !scalar {
		return fmt.Errorf("it is %s, it takes one value", t.Type)
	}
	if word := c.op.String(p.name, ""); p.kind == "choice" && !slices.Contains(p.choices, word) {
		return fmt.Errorf("it is %q, it takes %s", word, strings.Join(p.choices, ", "))
	}
	return nil
}
