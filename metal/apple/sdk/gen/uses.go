package main

import (
	"fmt"
	"regexp"
	"strings"
)

// uses is what uses.txt lists.
type uses struct {
	order     []string            // types
	selectors map[string][]string // of types of the SDK
	byHand    map[string]*sdkType
	constants []string
	enums     []string
	structs   []string
}

var byHandLine = regexp.MustCompile(`^(class|protocol) (\w+)(?: : (\w+))?$`)

func parseUses(text string) (*uses, error) {
	u := &uses{selectors: map[string][]string{}, byHand: map[string]*sdkType{}}
	section := ""
	for number, line := range strings.Split(text, "\n") {
		entry := strings.TrimSpace(line)
		switch {
		case entry == "" || strings.HasPrefix(entry, "#"):
		case line[0] != '\t':
			if err := u.open(entry); err != nil {
				return nil, fmt.Errorf("line %d: %w", number+1, err)
			}
			section = strings.Fields(strings.TrimPrefix(strings.TrimPrefix(entry, "class "), "protocol "))[0]
		default:
			if err := u.add(section, entry); err != nil {
				return nil, fmt.Errorf("line %d: %w", number+1, err)
			}
		}
	}
	return u, nil
}

// open begins a section.
func (u *uses) open(entry string) error {
	name := entry
	if m := byHandLine.FindStringSubmatch(entry); m != nil {
		name = m[2]
		t := &sdkType{Kind: m[1], byHand: true}
		if m[3] != "" {
			t.Inherits = []string{m[3]}
		}
		u.byHand[name] = t
	} else if strings.ContainsAny(entry, " \t:") {
		return fmt.Errorf("%q is neither a type's name nor \"class NAME : PARENT\"", entry)
	}
	switch name {
	case "constants", "enums", "structs":
		return nil
	}
	if _, twice := u.selectors[name]; twice {
		return fmt.Errorf("%s is opened twice", name)
	}
	u.selectors[name] = nil
	u.order = append(u.order, name)
	return nil
}

// add takes an indented line of a section.
func (u *uses) add(section, entry string) error {
	switch section {
	case "":
		return fmt.Errorf("%q belongs to no type", entry)
	case "constants":
		u.constants = append(u.constants, entry)
		return nil
	case "enums":
		u.enums = append(u.enums, entry)
		return nil
	case "structs":
		u.structs = append(u.structs, entry)
		return nil
	}
	if t := u.byHand[section]; t != nil {
		m, err := parseDeclaration(entry)
		if err == nil {
			t.Methods = append(t.Methods, m)
			u.selectors[section] = append(u.selectors[section], m.Selector)
		}
		return err
	}
	if strings.Contains(entry, " ") {
		return fmt.Errorf("%q is not a selector", entry)
	}
	u.selectors[section] = append(u.selectors[section], entry)
	return nil
}

var (
	declaration = regexp.MustCompile(`^([+-]) \(([^)]+)\)(.+)$`)
	part        = regexp.MustCompile(`^(\w+):\(([^)]+)\)(\w+)\s*`)
)

// parseDeclaration reads a method as an Objective-C header declares it.
func parseDeclaration(line string) (sdkMethod, error) {
	bad := fmt.Errorf("%q is not declared like \"- (id)objectAtIndex:(NSUInteger)index\"", line)
	d := declaration.FindStringSubmatch(line)
	if d == nil {
		return sdkMethod{}, bad
	}
	m := sdkMethod{Kind: "instance"}
	if d[1] == "+" {
		m.Kind = "class"
	}
	m.Return, m.ReturnNullable = nullability(d[2])
	if !strings.Contains(d[3], ":") {
		m.Selector = d[3]
		return m, nil
	}
	for rest := d[3]; rest != ""; {
		p := part.FindStringSubmatch(rest)
		if p == nil {
			return sdkMethod{}, bad
		}
		m.Selector += p[1] + ":"
		m.Args = append(m.Args, struct {
			Name, Type string
			Nullable   *bool
		}{Name: p[3]})
		a := &m.Args[len(m.Args)-1]
		a.Type, a.Nullable = nullability(p[2])
		rest = rest[len(p[0]):]
	}
	return m, nil
}

// nullability splits "nullable NSString *"; pointers without the word are not
// nullable, and what is no pointer has no nullability.
func nullability(declared string) (ctype string, nullable *bool) {
	ctype, is := strings.CutPrefix(declared, "nullable ")
	if is || strings.HasSuffix(ctype, "*") || ctype == "id" || ctype == "instancetype" {
		nullable = &is
	}
	return ctype, nullable
}
