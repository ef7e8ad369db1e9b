package coreml

// Program is the main function of an ML Program.
//
// Every name that an operation reads is an input, a constant, or the output
// of an operation before it; every name is defined once. Reading a package
// checks that.
type Program struct {
	// Opset is the operation set the function is written in: "CoreML5" to
	// "CoreML9".
	Opset string
	// Inputs are the function's inputs, in the order the package lists them.
	Inputs []Variable
	// Ops are the operations in the order they run, without constants.
	Ops []Op
	// Outputs are the names of the values that the function returns: outputs
	// of operations, or, rarely, inputs or constants.
	Outputs []string
	// Constants holds every constant of the function by name.
	Constants map[string]*Tensor
}

// Variable returns the input or operation output called name. It searches the
// whole program; use [Program.Variables] for many look-ups.
func (p *Program) Variable(name string) (Variable, bool) {
	for _, v := range p.Inputs {
		if v.Name == name {
			return v, true
		}
	}
	for i := range p.Ops {
		for _, v := range p.Ops[i].Outputs {
			if v.Name == name {
				return v, true
			}
		}
	}
	return Variable{}, false
}

// Variables returns the type of every value by name: inputs, constants, and
// what operations produce.
func (p *Program) Variables() map[string]Type {
	types := make(map[string]Type, len(p.Inputs)+len(p.Ops)+len(p.Constants))
	for _, v := range p.Inputs {
		types[v.Name] = v.Type
	}
	for name, t := range p.Constants {
		types[name] = t.Type
	}
	for i := range p.Ops {
		for _, v := range p.Ops[i].Outputs {
			types[v.Name] = v.Type
		}
	}
	return types
}

// Arg is what a parameter of an operation is bound to. Exactly one of two
// forms: a variable (Name set, Value nil), or a constant (Value set, Name the
// constant's name, or empty when it was written in place).
type Arg struct {
	Name  string
	Value *Tensor
}

// Op is one operation.
type Op struct {
	// Type is MIL's name for the operation: "conv", "relu".
	Type string
	// Name is the operation's own name; where the package gives none, the
	// name of its first output.
	Name string
	// Inputs holds, by parameter, what it is bound to. Most parameters have
	// one binding; a few ("values" of concat) have several.
	Inputs map[string][]Arg
	// Outputs are the values it produces.
	Outputs []Variable
	// Attributes are constants that are not inputs. Older constexpr
	// operations keep their data here; [Op.Const] looks here too.
	Attributes map[string]*Tensor
}

// Input returns the name of the variable that the parameter is bound to, or
// "" when it is absent or constant.
func (o *Op) Input(param string) string {
	if a := o.Inputs[param]; len(a) == 1 && a[0].Value == nil {
		return a[0].Name
	}
	return ""
}

// Output returns the first value the operation produces.
func (o *Op) Output() Variable {
	if len(o.Outputs) == 0 {
		return Variable{}
	}
	return o.Outputs[0]
}

// Const returns the constant that the parameter is bound to, or nil when the
// parameter is absent or bound to a variable.
func (o *Op) Const(param string) *Tensor {
	if a := o.Inputs[param]; len(a) == 1 {
		return a[0].Value
	}
	return o.Attributes[param]
}

// Has reports whether the parameter is bound to anything.
func (o *Op) Has(param string) bool {
	return len(o.Inputs[param]) > 0 || o.Attributes[param] != nil
}

// Int returns a constant integer scalar, or otherwise when the parameter is
// absent. [Program.Specialize] has checked that what is present can be read.
func (o *Op) Int(param string, otherwise int) int {
	if v, err := o.Const(param).Ints(); err == nil && len(v) == 1 {
		return v[0]
	}
	return otherwise
}

// Ints returns a constant list of integers, or otherwise when the parameter
// is absent.
func (o *Op) Ints(param string, otherwise ...int) []int {
	if v, err := o.Const(param).Ints(); err == nil {
		return v
	}
	return otherwise
}

// Float returns a constant number, or otherwise when the parameter is absent.
func (o *Op) Float(param string, otherwise float32) float32 {
	if v, err := o.Const(param).Float32s(); err == nil && len(v) == 1 {
		return v[0]
	}
	return otherwise
}

// Bool returns a constant truth value, or otherwise when the parameter is
// absent.
func (o *Op) Bool(param string, otherwise bool) bool {
	if v, err := o.Const(param).Bools(); err == nil && len(v) == 1 {
		return v[0]
	}
	return otherwise
}

// String returns a constant string, or otherwise when the parameter is
// absent.
func (o *Op) String(param, otherwise string) string {
	if v, err := o.Const(param).Text(); err == nil && len(v) == 1 {
		return v[0]
	}
	return otherwise
}
