package main

import (
	"bytes"
	"fmt"
	"strings"
)

// level says with what a command is loaded: "Global", "Instance" or "Device".
func level(c *xmlCommand) string {
	switch c.Params[0].Type {
	case "VkInstance", "VkPhysicalDevice":
		return "Instance"
	case "VkDevice", "VkQueue", "VkCommandBuffer":
		return "Device"
	}
	return "Global"
}

func (m *model) emitCommands(b *bytes.Buffer) error {
	b.WriteString("import (\n\"unsafe\"\n\n\"github.com/ebitengine/purego\"\n)\n\n")
	for _, l := range []string{"Global", "Instance", "Device"} {
		if err := m.emitTable(b, l); err != nil {
			return err
		}
	}
	return nil
}

func (m *model) emitTable(b *bytes.Buffer, l string) error {
	table := l + "Commands"
	fmt.Fprintf(b, "// %s holds the addresses of the commands loaded at level %q.\ntype %[1]s struct {\nframes framePool\n", table, strings.ToLower(l))
	var list []*xmlCommand
	for _, name := range commands {
		if c := m.commands[name]; level(c) == l {
			list = append(list, c)
			fmt.Fprintf(b, "%s uintptr\n", fieldName(c))
			if hasFloat(c) {
				params, _, err := m.signature(c)
				if err != nil {
					return err
				}
				fmt.Fprintf(b, "%sFloat func(%s)\n", fieldName(c), params)
			}
		}
	}
	fmt.Fprintf(b, "}\n\nfunc (t *%s) load(get func(name string, optional bool) uintptr) {\n", table)
	for _, c := range list {
		fmt.Fprintf(b, "t.%s = get(%q, %v)\n", fieldName(c), c.Name, optionalCommands[c.Name])
	}
	for _, c := range list {
		if hasFloat(c) {
			fmt.Fprintf(b, "if t.%s != 0 {\npurego.RegisterFunc(&t.%[1]sFloat, t.%[1]s)\n}\n", fieldName(c))
		}
	}
	b.WriteString("}\n\n")
	for _, c := range list {
		if err := m.emitMethod(b, table, c); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return nil
}

func fieldName(c *xmlCommand) string {
	n := strings.TrimPrefix(c.Name, "vk")
	return strings.ToLower(n[:1]) + n[1:]
}

func hasFloat(c *xmlCommand) bool {
	for _, p := range c.Params {
		if d := p.declaration(); d.base == "float" && d.pointers == 0 && len(d.array) == 0 {
			return true
		}
	}
	return false
}

// paramType is the Go type of a parameter: C passes arrays as pointers.
func (m *model) paramType(p *xmlMember) (string, error) {
	d := p.declaration()
	star := ""
	if len(d.array) > 0 {
		star = "*"
	}
	g, err := m.goType(d)
	return star + g, err
}

func paramName(p *xmlMember) string {
	if p.Name == "type" || p.Name == "range" || p.Name == "func" {
		return p.Name + "_"
	}
	return p.Name
}

// signature is the Go parameter list, and the statements that fill a frame's
// words and keep its pointers.
func (m *model) signature(c *xmlCommand) (params, fill string, err error) {
	var ps []string
	var f strings.Builder
	for i, p := range c.Params {
		g, err := m.paramType(p)
		if err != nil {
			return "", "", err
		}
		n := paramName(p)
		ps = append(ps, n+" "+g)
		switch {
		case g == "unsafe.Pointer":
			fmt.Fprintf(&f, "f.keep[%d] = %s\nf.words[%[1]d] = uintptr(%[2]s)\n", i, n)
		case strings.HasPrefix(g, "*"):
			fmt.Fprintf(&f, "f.keep[%d] = unsafe.Pointer(%s)\nf.words[%[1]d] = uintptr(unsafe.Pointer(%[2]s))\n", i, n)
		default:
			fmt.Fprintf(&f, "f.words[%d] = uintptr(%s)\n", i, n)
		}
	}
	return strings.Join(ps, ", "), f.String(), nil
}

func (m *model) emitMethod(b *bytes.Buffer, table string, c *xmlCommand) error {
	params, fill, err := m.signature(c)
	if err != nil {
		return err
	}
	result := m.goBase(c.Proto.Type)
	name := strings.TrimPrefix(c.Name, "vk")
	fmt.Fprintf(b, "// %s calls %s.\nfunc (t *%s) %[1]s(%[4]s) %[5]s {\n", name, c.Name, table, params, result)
	if hasFloat(c) {
		var args []string
		for _, p := range c.Params {
			args = append(args, paramName(p))
		}
		fmt.Fprintf(b, "t.%sFloat(%s)\n}\n\n", fieldName(c), strings.Join(args, ", "))
		return nil
	}
	fmt.Fprintf(b, "f := t.frames.get()\n%s", fill)
	call := fmt.Sprintf("purego.SyscallN(t.%s, f.words[:%d]...)\n", fieldName(c), len(c.Params))
	if result == "" {
		fmt.Fprintf(b, "%st.frames.put(f)\n}\n\n", call)
		return nil
	}
	fmt.Fprintf(b, "r, _, _ := %st.frames.put(f)\nreturn %s(r)\n}\n\n", call, result)
	return nil
}
