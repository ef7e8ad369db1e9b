package main

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

// model is the subset with every type it reaches.
type model struct {
	*registry
	structs  []string // in order of name
	enumList []string
	bitmasks []string
	handles  []string
	seen     map[string]bool
}

func newModel(r *registry) (*model, error) {
	m := &model{registry: r, seen: map[string]bool{}}
	for _, name := range commands {
		c := r.commands[name]
		if c == nil {
			return nil, fmt.Errorf("the registry has no command %s", name)
		}
		for _, p := range append([]*xmlMember{&c.Proto}, c.Params...) {
			if err := m.reach(p.Type); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	for _, s := range extraStructs {
		if err := m.reach(s); err != nil {
			return nil, err
		}
	}
	for _, l := range [][]string{m.structs, m.enumList, m.bitmasks, m.handles} {
		sort.Strings(l)
	}
	return m, nil
}

// reach adds a type and all it refers to.
func (m *model) reach(name string) error {
	if _, basic := basicTypes[name]; basic || m.seen[name] {
		return nil
	}
	m.seen[name] = true
	t := m.types[name]
	if t == nil {
		return fmt.Errorf("the registry has no type %s", name)
	}
	if t.Alias != "" {
		return m.reach(t.Alias)
	}
	switch t.Category {
	case "struct", "union":
		m.structs = append(m.structs, name)
		for _, f := range t.Members {
			if vulkanAPI(f.API) {
				if err := m.reach(f.Type); err != nil {
					return fmt.Errorf("%s.%s: %w", name, f.Name, err)
				}
			}
		}
	case "enum":
		if e := m.enums[name]; e != nil && e.Type == "bitmask" {
			return m.reach(flagsOf(name)) // constants are given the type of the mask
		}
		m.enumList = append(m.enumList, name)
	case "bitmask":
		m.bitmasks = append(m.bitmasks, name)
	case "handle":
		m.handles = append(m.handles, name)
	case "funcpointer", "basetype":
	default:
		return fmt.Errorf("type %s has the unknown category %q", name, t.Category)
	}
	return nil
}

func flagsOf(bits string) string { return strings.Replace(bits, "FlagBits", "Flags", 1) }

// members lists a structure's fields that belong to Vulkan proper.
func (m *model) members(name string) []*xmlMember {
	return slices.DeleteFunc(slices.Clone(m.types[name].Members), func(f *xmlMember) bool { return !vulkanAPI(f.API) })
}

// basicTypes maps C types to Go types; "" means only ever behind a pointer.
var basicTypes = map[string]string{
	"void": "", "char": "byte", "float": "float32", "double": "float64",
	"int": "int32", "int32_t": "int32", "uint32_t": "uint32", "int64_t": "int64", "uint64_t": "uint64",
	"uint8_t": "uint8", "uint16_t": "uint16", "size_t": "uintptr",
	"VkBool32": "Bool32", "VkDeviceSize": "uint64", "VkDeviceAddress": "uint64",
	"VkFlags": "uint32", "VkFlags64": "uint64", "VkSampleMask": "uint32",
}

func (m *model) goBase(name string) string {
	if g, ok := basicTypes[name]; ok {
		return g
	}
	if t := m.types[name]; t.Alias != "" {
		return m.goBase(t.Alias)
	} else if t.Category == "funcpointer" {
		return "uintptr"
	}
	if e := m.enums[name]; e != nil && e.Type == "bitmask" {
		name = flagsOf(name)
	}
	return strings.TrimPrefix(name, "Vk")
}

// goType is the Go type of a structure field.
func (m *model) goType(d declaration) (string, error) {
	base, pointers := m.goBase(d.base), d.pointers
	if base == "" {
		if pointers == 0 {
			return "", fmt.Errorf("a bare void")
		}
		base, pointers = "unsafe.Pointer", pointers-1
	}
	g := strings.Repeat("*", pointers) + base
	for i := len(d.array) - 1; i >= 0; i-- {
		n := d.array[i]
		if v, ok := m.consts[n]; ok {
			n = v
		}
		if _, err := strconv.Atoi(n); err != nil {
			return "", fmt.Errorf("array extent %q: %w", n, err)
		}
		g = "[" + n + "]" + g
	}
	return g, nil
}

func exported(name string) string {
	return string(unicode.ToUpper(rune(name[0]))) + name[1:]
}

// constName turns VK_BUFFER_USAGE_STORAGE_BUFFER_BIT into
// BufferUsageStorageBufferBit; words with a digit and vendor suffixes keep
// their case.
func constName(name string) string {
	var b strings.Builder
	for w := range strings.SplitSeq(strings.TrimPrefix(name, "VK_"), "_") {
		switch {
		case strings.ContainsAny(w, "0123456789"), w == "EXT", w == "KHR":
			b.WriteString(w)
		default:
			b.WriteString(w[:1] + strings.ToLower(w[1:]))
		}
	}
	return b.String()
}
