package coreml

import (
	"fmt"
	"slices"
)

// readProgram reads the message MILSpec.Program: its function called name.
func (r *reader) readProgram(message []byte, name string) (*Program, error) {
	var function []byte
	var names []string
	err := fields(message, func(f field) error {
		if f.number != 2 {
			return nil
		}
		key, value, err := f.entry()
		if key == name {
			function = value
		}
		names = append(names, key)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("program: %w", err)
	}
	if !slices.Contains(names, name) {
		return nil, fmt.Errorf("the program has no function %q, it has %q", name, names)
	}
	p, err := r.readFunction(function)
	if err != nil {
		return nil, fmt.Errorf("function %q: %w", name, err)
	}
	return p, nil
}

// readFunction reads the message Function: its inputs, and the block written
// in its operation set.
func (r *reader) readFunction(message []byte) (*Program, error) {
	p := &Program{Constants: map[string]*Tensor{}}
	blocks := map[string][]byte{}
	var opsets []string
	err := fields(message, func(f field) (err error) {
		switch f.number {
		case 1:
			p.Inputs, err = r.appendVariable(p.Inputs, f)
		case 2:
			p.Opset, err = f.text()
		case 3:
			key, block, err := f.entry()
			blocks[key] = block
			opsets = append(opsets, key)
			return err
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	block, ok := blocks[p.Opset]
	if !ok {
		return nil, fmt.Errorf("its operation set is %q, but it is written only for %q", p.Opset, opsets)
	}
	return p, r.readBlock(p, block)
}

// readBlock reads the message Block into p.
func (r *reader) readBlock(p *Program, message []byte) error {
	s := scope{program: p, defined: map[string]bool{}}
	for _, v := range p.Inputs {
		if err := s.define(v.Name); err != nil {
			return err
		}
		if v.Type.DataType == 0 {
			return fmt.Errorf("the input %q is not a tensor; states, lists and dictionaries are not supported", v.Name)
		}
	}
	count := 0
	err := fields(message, func(f field) error {
		switch f.number {
		case 2:
			name, err := f.text()
			p.Outputs = append(p.Outputs, name)
			return err
		case 3:
			m, err := f.message()
			if err != nil {
				return err
			}
			op, nested, err := r.readOperation(m)
			if err == nil {
				err = s.add(op, nested)
			}
			if err != nil {
				return fmt.Errorf("operation %d (%s %q): %w", count, op.Type, op.Name, err)
			}
			count++
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(p.Outputs) == 0 {
		return fmt.Errorf("it returns nothing")
	}
	for _, name := range p.Outputs {
		if !s.defined[name] {
			return fmt.Errorf("it returns %q, which nothing defines", name)
		}
	}
	return nil
}

// scope adds operations to a program, resolving names as they come.
type scope struct {
	program *Program
	defined map[string]bool
}

// define notes a new name. Programs are in static single assignment form.
func (s *scope) define(name string) error {
	if name == "" {
		return fmt.Errorf("it defines a value without a name")
	}
	if s.defined[name] {
		return fmt.Errorf("it defines %q, which is defined before", name)
	}
	s.defined[name] = true
	return nil
}

func (s *scope) add(op Op, nested bool) error {
	if nested {
		return fmt.Errorf("control flow (an operation with blocks inside) is not supported; convert the network without loops and conditions")
	}
	for param, args := range op.Inputs {
		for i, a := range args {
			if a.Value != nil {
				continue
			}
			if !s.defined[a.Name] {
				return fmt.Errorf("its parameter %s reads %q, which nothing before it defines", param, a.Name)
			}
			args[i].Value = s.program.Constants[a.Name]
		}
	}
	if len(op.Outputs) == 0 {
		return fmt.Errorf("it has no output")
	}
	for _, v := range op.Outputs {
		if err := s.define(v.Name); err != nil {
			return err
		}
	}
	if op.Type != "const" {
		s.program.Ops = append(s.program.Ops, op)
		return nil
	}
	value := op.Const("val")
	if value == nil {
		return fmt.Errorf("a constant without a value, or of a kind that is not supported (tuple, dictionary)")
	}
	s.program.Constants[op.Outputs[0].Name] = value
	return nil
}

// readOperation reads the message Operation. nested reports blocks inside.
// The operation returned beside an error names as much as was read.
func (r *reader) readOperation(message []byte) (op Op, nested bool, err error) {
	op = Op{Inputs: map[string][]Arg{}, Attributes: map[string]*Tensor{}}
	// A first look finds the names, so that every error can give them.
	err = fields(message, func(f field) (err error) {
		switch f.number {
		case 1:
			op.Type, err = f.text()
		case 3:
			op.Outputs, err = r.appendVariable(op.Outputs, f)
		case 4:
			nested = true
		}
		return err
	})
	op.Name = op.Output().Name
	if err != nil {
		return op, nested, err
	}
	err = fields(message, func(f field) error {
		switch f.number {
		case 2:
			param, value, err := f.entry()
			if err != nil {
				return err
			}
			args, err := r.readArgument(value)
			if err != nil {
				return fmt.Errorf("parameter %s: %w", param, err)
			}
			op.Inputs[param] = args
		case 5:
			name, value, err := f.entry()
			if err != nil {
				return err
			}
			t, err := r.readValue(value)
			if err != nil {
				return fmt.Errorf("attribute %s: %w", name, err)
			}
			if t != nil {
				op.Attributes[name] = t
			}
		}
		return nil
	})
	if name, nameErr := op.Attributes["name"].Text(); nameErr == nil && len(name) == 1 {
		op.Name = name[0]
	}
	delete(op.Attributes, "name")
	return op, nested, err
}

// readArgument reads the message Argument.
func (r *reader) readArgument(message []byte) ([]Arg, error) {
	var args []Arg
	err := fields(message, func(f field) error {
		if f.number != 1 {
			return nil
		}
		m, err := f.message()
		if err != nil {
			return err
		}
		var a Arg
		bound := false
		err = fields(m, func(f field) (err error) {
			switch f.number {
			case 1:
				a.Name, err = f.text()
				bound = true
			case 2:
				m, err := f.message()
				if err != nil {
					return err
				}
				a.Value, err = r.readValue(m)
				if err == nil && a.Value == nil {
					return fmt.Errorf("it is bound to a tuple or dictionary, which is not supported")
				}
				bound = true
				return err
			}
			return err
		})
		if err == nil && !bound {
			err = fmt.Errorf("it is bound to nothing")
		}
		args = append(args, a)
		return err
	})
	return args, err
}

// appendVariable reads the message NamedValueType.
func (r *reader) appendVariable(variables []Variable, f field) ([]Variable, error) {
	message, err := f.message()
	if err != nil {
		return variables, err
	}
	var v Variable
	err = fields(message, func(f field) (err error) {
		switch f.number {
		case 1:
			v.Name, err = f.text()
		case 2:
			var m []byte
			if m, err = f.message(); err == nil {
				v.Type, _, err = readValueType(m)
			}
		}
		return err
	})
	if err != nil {
		err = fmt.Errorf("value %q: %w", v.Name, err)
	}
	return append(variables, v), err
}
