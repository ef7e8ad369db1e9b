package record

import (
	"fmt"
	"strconv"
	"strings"

	"weft/metal"
)

// Call is one call in the log.
type Call struct {
	Object string // `render encoder "scene"`
	Name   string // "DrawPrimitives"
	Args   []Arg
}

// Arg is an argument of a call. Objects are given by name, as strings.
type Arg struct {
	Name  string
	Value any
}

// String is the call in one line.
func (c Call) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", c.Object, c.Name)
	for _, a := range c.Args {
		b.WriteByte(' ')
		b.WriteString(a.String())
	}
	return b.String()
}

// Arg returns the value of the argument of that name, or nil.
func (c Call) Arg(name string) any {
	for _, a := range c.Args {
		if a.Name == name {
			return a.Value
		}
	}
	return nil
}

// String is name=value.
func (a Arg) String() string {
	value := fmt.Sprint(a.Value)
	switch v := a.Value.(type) {
	case float64:
		value = strconv.FormatFloat(v, 'g', 7, 64)
	case metal.Size:
		value = fmt.Sprintf("%dx%dx%d", v.Width, v.Height, v.Depth)
	case metal.Origin:
		value = fmt.Sprintf("(%d,%d,%d)", v.X, v.Y, v.Z)
	}
	return a.Name + "=" + value
}

// Calls returns the log so far; nil without Options.Log.
func (d *Device) Calls() []Call {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]Call(nil), d.calls...)
}

// ClearCalls empties the log.
func (d *Device) ClearCalls() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = nil
}

// Text is a log as text, one line a call.
func Text(calls []Call) string {
	var b strings.Builder
	for _, c := range calls {
		b.WriteString(c.String())
		b.WriteByte('\n')
	}
	return b.String()
}

func (d *Device) log(object, name string, args ...Arg) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, Call{object, name, args})
}

// name is what the log calls an argument that is an object.
func name(x any) string {
	if s, ok := x.(fmt.Stringer); ok && x != nil {
		return s.String()
	}
	return "nil"
}

// word picks the name of an enumeration's value.
func word[T ~uint64](value T, names ...string) string {
	if uint64(value) < uint64(len(names)) {
		return names[value]
	}
	return strconv.FormatUint(uint64(value), 10)
}

func primitive(p metal.PrimitiveType) string {
	return word(p, "point", "line", "lineStrip", "triangle", "triangleStrip")
}

func indexType(t metal.IndexType) string { return word(t, "uint16", "uint32") }

func loadAction(a metal.LoadAction) string { return word(a, "dontCare", "load", "clear") }

func storeAction(a metal.StoreAction) string {
	return word(a, "dontCare", "store", "multisampleResolve", "storeAndMultisampleResolve")
}
