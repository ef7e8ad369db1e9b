package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// table is what is written: the used part of the SDK, in order.
type table struct {
	types     []chosen
	enums     []string
	structs   []string
	blocks    []string
	constants []constant
	sdk       *sdk
}

type chosen struct {
	name    string
	t       *sdkType
	methods []sdkMethod
}

type constant struct {
	name, enum, value string
}

func choose(s *sdk, u *uses) (*table, error) {
	for name, t := range u.byHand {
		if s.types[name] != nil {
			return nil, fmt.Errorf("%s is declared by hand, but the SDK's tables have it", name)
		}
		s.types[name] = t
	}
	t := &table{sdk: s}
	all := slices.Clone(u.order)
	for i := 0; i < len(all); i++ { // grows by what is inherited
		c, err := chooseType(s, u, all[i])
		if err != nil {
			return nil, err
		}
		t.types = append(t.types, c)
		for _, parent := range c.t.Inherits {
			if !slices.Contains(all, parent) {
				all = append(all, parent)
			}
		}
	}
	for _, name := range u.enums {
		if s.enums[name] == nil {
			return nil, fmt.Errorf("the SDK has no enumeration %s", name)
		}
		t.enums = append(t.enums, name)
	}
	for _, name := range u.structs {
		if s.structs[name] == nil {
			return nil, fmt.Errorf("the SDK has no structure %s", name)
		}
		t.reach(name)
	}
	for _, c := range t.types {
		for _, m := range c.methods {
			t.reach(m.Return)
			for _, a := range m.Args {
				t.reach(a.Type)
			}
		}
	}
	if err := t.takeConstants(u.constants); err != nil {
		return nil, err
	}
	slices.Sort(t.enums)
	t.enums = slices.Compact(t.enums)
	slices.Sort(t.structs)
	slices.Sort(t.blocks)
	return t, nil
}

func chooseType(s *sdk, u *uses, name string) (chosen, error) {
	t := s.types[name]
	if t == nil {
		return chosen{}, fmt.Errorf("the SDK has no type %s: declare it by \"class %s : NSObject\"", name, name)
	}
	c := chosen{name: name, t: t}
	for i, selector := range u.selectors[name] {
		if slices.Contains(u.selectors[name][:i], selector) {
			return c, fmt.Errorf("%s lists %s twice", name, selector)
		}
		at := slices.IndexFunc(t.Methods, func(m sdkMethod) bool { return m.Selector == selector })
		if at < 0 {
			return c, fmt.Errorf("%s has no method %s in the SDK", name, selector)
		}
		m := t.Methods[at]
		if m.Since != "" {
			return c, fmt.Errorf("%s %s came with %s, and the driver runs on macOS 26.0", name, selector, m.Since)
		}
		c.methods = append(c.methods, m)
	}
	return c, nil
}

var word = regexp.MustCompile(`\w+`)

// reach takes the enumerations, structures and blocks that a type names.
func (t *table) reach(ctype string) {
	if d := t.sdk.typedefs[ctype]; strings.Contains(d, "(^)") && !slices.Contains(t.blocks, ctype) {
		t.blocks = append(t.blocks, ctype)
	}
	for _, name := range word.FindAllString(ctype, -1) {
		if t.sdk.enums[name] != nil {
			t.enums = append(t.enums, name)
		}
		if s := t.sdk.structs[name]; s != nil && !slices.Contains(t.structs, name) {
			t.structs = append(t.structs, name)
			for _, f := range s.Fields {
				t.reach(f.Type)
			}
		}
	}
}

func (t *table) takeConstants(names []string) error {
	for _, name := range names {
		found := false
		for enum, e := range t.sdk.enums {
			if v, ok := e.Values[name]; ok {
				if since := e.Since[name]; since != "" {
					return fmt.Errorf("%s came with %s, and the driver runs on macOS 26.0", name, since)
				}
				t.constants = append(t.constants, constant{name, enum, v.String()})
				t.enums = append(t.enums, enum)
				found = true
			}
		}
		if !found {
			return fmt.Errorf("the SDK has no constant %s", name)
		}
	}
	return nil
}
