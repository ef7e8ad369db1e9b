package mslcheck

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"weft/metal"
)

// Entry is what entry points are called.
const Entry = "main0"

// Signature is what an entry point takes and gives.
type Signature struct {
	Stage     metal.Stages
	Arguments []Argument // in the text's order; stage_in and built-in values are none
	// Inputs and Outputs are locations: those of [[user(locnN)]] between
	// functions, and those of [[color(N)]].
	Inputs, Outputs []int
}

// Argument is a parameter that an argument table fills.
type Argument struct {
	Kind  string // "buffer", "texture" or "sampler", as the attribute says
	Index int
	Type  string // "const device Lights&", "texture2d<float>"
	Name  string
}

// Writable reports whether the function may write to the argument, by its type.
func (a Argument) Writable() bool {
	if a.Kind == "buffer" {
		return !strings.Contains(a.Type, "const") // constant, too
	}
	return strings.Contains(a.Type, "access::write") || strings.Contains(a.Type, "access::read_write")
}

func (a Argument) String() string { return fmt.Sprintf("%s(%d)", a.Kind, a.Index) }

var (
	comment   = regexp.MustCompile(`(?s)//[^\n]*|/\*.*?\*/`)
	entry     = regexp.MustCompile(`(?:^|[\s;}])(?:\[\[)?(kernel|vertex|fragment)\b(?:\]\])?\s+([\w:<>]+)\s+` + Entry + `\s*\(`)
	parameter = regexp.MustCompile(`(?s)^(.*?[\s&*>])(\w+)\s*\[\[(\w+)(?:\((\d+)\))?\]\]$`)
	structure = regexp.MustCompile(`(?s)struct\s+(\w+)\s*\{(.*?)\};`)
	attribute = regexp.MustCompile(`\[\[(\w+)(?:\((?:locn)?(\w+)\))?\]\]`)
)

var stages = map[string]metal.Stages{"kernel": metal.StageDispatch, "vertex": metal.StageVertex, "fragment": metal.StageFragment}

// rooms are the kinds of argument, and how many of each a table has.
var rooms = map[string]int{"buffer": metal.MaxBuffers, "texture": metal.MaxTextures, "sampler": metal.MaxSamplers}

// builtin are the attributes of parameters that no table fills, by stage.
var builtin = map[metal.Stages][]string{
	metal.StageDispatch: {
		"thread_position_in_grid", "thread_position_in_threadgroup", "thread_index_in_threadgroup", "threadgroup_position_in_grid",
		"threadgroups_per_grid", "threads_per_threadgroup", "threads_per_grid", "thread_index_in_simdgroup", "simdgroup_index_in_threadgroup", "threads_per_simdgroup",
	},
	metal.StageVertex:   {"vertex_id", "instance_id", "base_vertex", "base_instance"},
	metal.StageFragment: {"stage_in", "front_facing", "position", "sample_id", "primitive_id", "point_coord"},
}

// elsewhere are the attributes that may stand outside the parameters.
var elsewhere = []string{"maybe_unused", "kernel", "vertex", "fragment", "user", "color", "position", "point_size", "depth", "flat", "center_no_perspective"}

// Read finds the one entry point of a text and what it binds.
func Read(text string) (Signature, error) {
	text = comment.ReplaceAllString(text, " ")
	found := entry.FindAllStringSubmatchIndex(text, -1)
	if len(found) != 1 {
		return Signature{}, fmt.Errorf("%d entry points called %s, must be 1", len(found), Entry)
	}
	at := found[0]
	s := Signature{Stage: stages[text[at[2]:at[3]]]}
	result := text[at[4]:at[5]]
	list, length := parameters(text[at[1]:])
	if length == len(text)-at[1] {
		return s, fmt.Errorf("the parameters of %s have no end", Entry)
	}
	input := ""
	for _, p := range list {
		if err := s.take(p, &input); err != nil {
			return s, err
		}
	}
	for _, a := range attribute.FindAllStringSubmatch(text[:at[1]]+text[at[1]+length:], -1) {
		if !slices.Contains(elsewhere, a[1]) {
			return s, fmt.Errorf("attribute %s outside of the parameters of %s: unknown there", a[0], Entry)
		}
	}
	for _, m := range structure.FindAllStringSubmatch(text, -1) {
		for _, a := range attribute.FindAllStringSubmatch(m[2], -1) {
			n, err := strconv.Atoi(a[2])
			location := err == nil && (a[1] == "user" || a[1] == "color")
			switch {
			case location && m[1] == input:
				s.Inputs = append(s.Inputs, n)
			case location && m[1] == result:
				s.Outputs = append(s.Outputs, n)
			}
		}
	}
	return s, nil
}

// take reads one parameter; input becomes the type of stage_in.
func (s *Signature) take(text string, input *string) error {
	m := parameter.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("parameter %q: must be a type, a name and one attribute", text)
	}
	kind := m[3]
	room, bound := rooms[kind]
	if !bound {
		if !slices.Contains(builtin[s.Stage], kind) {
			return fmt.Errorf("parameter %s: attribute %q is none of a %v function", m[2], kind, s.Stage)
		}
		if kind == "stage_in" {
			*input = strings.TrimSpace(m[1])
		}
		return nil
	}
	index, err := strconv.Atoi(m[4])
	if err != nil || index >= room {
		return fmt.Errorf("parameter %s: %s(%s): indices go from 0 to %d", m[2], kind, m[4], room-1)
	}
	a := Argument{Kind: kind, Index: index, Type: strings.TrimSpace(m[1]), Name: m[2]}
	if want, ok := a.fits(); !ok {
		return fmt.Errorf("%v, %s, has type %s: must be %s", a, a.Name, a.Type, want)
	}
	for _, b := range s.Arguments {
		if b.Kind == a.Kind && b.Index == a.Index {
			return fmt.Errorf("%v is bound twice, by %s and %s", a, b.Name, a.Name)
		}
	}
	s.Arguments = append(s.Arguments, a)
	return nil
}

// fits reports whether an argument has a type of its kind, and what that is.
func (a Argument) fits() (string, bool) {
	switch a.Kind {
	case "buffer":
		pointer := strings.HasSuffix(a.Type, "&") || strings.HasSuffix(a.Type, "*") || strings.HasPrefix(a.Type, "tensor<")
		space := strings.Contains(a.Type, "device ") || strings.Contains(a.Type, "constant ")
		return "a pointer, reference or tensor in device or constant", pointer && space
	case "texture":
		return "a texture or depth type", strings.HasPrefix(a.Type, "texture") || strings.HasPrefix(a.Type, "depth")
	}
	return "sampler", a.Type == "sampler"
}

// parameters splits what stands between the parentheses of a function, the
// first of them read already, and says how long it is.
func parameters(text string) (list []string, length int) {
	depth, start := 0, 0
	for i, r := range text {
		switch {
		case strings.ContainsRune("([{<", r):
			depth++
		case r == ')' && depth == 0, r == ',' && depth == 0:
			if p := strings.TrimSpace(text[start:i]); p != "" {
				list = append(list, p)
			}
			if start = i + 1; r == ')' {
				return list, i
			}
		case strings.ContainsRune(")]}>", r):
			depth--
		}
	}
	return list, len(text)
}
