package standin

import (
	"fmt"
	"math"
	"math/bits"
	"strings"

	"weft/metal/apple/objc"
	"weft/metal/apple/sdk"
)

// check compares a message's arguments with what the method takes, and reads
// them. It reports whether they are right; what is not is a fault.
func (c *call) check(m message) bool {
	want, faults := c.method, len(c.runtime.faults)
	switch {
	case want.floats != len(m.floats):
		if m.floats == nil {
			c.fault("it takes %d float: they travel in float registers, so send them by SendFloats", want.floats)
		} else {
			c.fault("%d float, must be %d", len(m.floats), want.floats)
		}
	case want.doubles != len(m.doubles):
		if m.doubles == nil {
			c.fault("it takes %d double: they travel in float registers, so send them by SendDoubles", want.doubles)
		} else {
			c.fault("%d double, must be %d", len(m.doubles), want.doubles)
		}
	case want.words != len(m.words)-2:
		c.fault("%d words of arguments, must be %d: %s", len(m.words)-2, want.words, want.signature())
	case m.pair && want.result.Words != 2:
		c.fault("it returns %s, which is not two words: use Send", want.Returns)
	case !m.pair && want.result.Words == 2:
		c.fault("it returns %s, two words: use SendPair", want.Returns)
	}
	if len(c.runtime.faults) > faults {
		return false
	}
	words, floats, doubles := m.words[2:], m.floats, m.doubles
	for i, p := range want.arguments {
		var v value
		switch p.Kind {
		case sdk.Float:
			v.floats, floats = []float32{floats[0]}, floats[1:]
		case sdk.Double, sdk.StructDoubles:
			v.doubles, doubles = append([]float64(nil), doubles[:p.Words]...), doubles[p.Words:]
		default:
			v.word = uint64(words[0])
			if err := c.argument(&v, words, &want.Arguments[i], p); err != nil {
				c.fault("argument %d (%s): %v", i+1, want.Arguments[i].Name, err)
			}
			words = words[p.Words:]
		}
		c.arguments = append(c.arguments, v)
	}
	c.floatValues = append([]float32(nil), m.floats...)
	if len(c.runtime.faults) > faults {
		return false
	}
	return c.checkArrays()
}

// signature is what a method takes, as faults show it.
func (m *method) signature() string {
	list := make([]string, len(m.arguments))
	for i, p := range m.arguments {
		list[i] = m.Arguments[i].Type
		if p.Words > 1 {
			list[i] += fmt.Sprintf(" (%d words)", p.Words)
		}
	}
	if len(list) == 0 {
		return "it takes none"
	}
	return "it takes " + strings.Join(list, ", ")
}

// argument checks one argument that travels in words, and reads it into v.
func (c *call) argument(v *value, words []uintptr, a *sdk.Argument, p sdk.Passing) error {
	w, r := words[0], c.runtime
	switch p.Kind {
	case sdk.Integer:
		return integer(uint64(w), a.Type, p)
	case sdk.Bool:
		if w > 1 {
			return fmt.Errorf("%#x is no BOOL: it is 0 or 1", w)
		}
	case sdk.Selector:
		if r.selector(w) == "" {
			return fmt.Errorf("%#x is no selector: register it with Selector", w)
		}
	case sdk.Object, sdk.Block, sdk.Handle:
		o, err := r.object(w, a, p)
		v.object = o
		return err
	case sdk.Pointer:
		switch {
		case w == 0 && a.Null != sdk.Nullable:
			return fmt.Errorf("NULL, must be the address of %s", p.Name)
		case w != 0 && p.Name == "char":
			if _, ok := readText(w); !ok {
				return fmt.Errorf("no text can be read at %#x", w)
			}
		case w != 0 && !readable(func() { _ = *(*byte)(pointer(w)) }):
			return fmt.Errorf("%#x is no address of memory", w)
		case w%8 != 0 && p.Name != "void":
			return fmt.Errorf("%#x is no address of %s: it is not a multiple of 8", w, p.Name)
		}
	case sdk.StructWords:
		for _, w := range words[:p.Words] {
			v.words = append(v.words, uint64(w))
		}
		if p.Name == "NSRange" && v.words[0]+v.words[1] < v.words[0] {
			return fmt.Errorf("a range of %d from %d on", v.words[1], v.words[0])
		}
	case sdk.StructPointer:
		s, _ := sdk.StructNamed(p.Name)
		var ok bool
		if v.words, ok = readWords(w, s.Size/8); !ok {
			return fmt.Errorf("%#x is not the address of a %s", w, p.Name)
		}
	}
	return nil
}

// object is an argument that is an object, a block or a handle.
func (r *Runtime) object(w uintptr, a *sdk.Argument, p sdk.Passing) (*object, error) {
	if w == 0 {
		if a.Null == sdk.Nonnull {
			return nil, fmt.Errorf("nil, must be %s", a.Type)
		}
		return nil, nil
	}
	o := r.named(w)
	switch {
	case o == nil:
		return nil, fmt.Errorf("%#x is no object, must be %s", w, a.Type)
	case o.ended != "":
		return nil, fmt.Errorf("%s", o.obituary())
	case o.raw:
		return nil, fmt.Errorf("%s is allocated and not initialized", o)
	}
	fits := false
	switch p.Kind {
	case sdk.Block:
		fits = o.kind == kindBlock
	case sdk.Handle:
		fits = o.kind == kindHandle && o.class == p.Name
	default:
		fits = o.kind == kindObject && (p.Name == "" || sdk.Is(o.class, p.Name))
	}
	if !fits {
		return nil, fmt.Errorf("%s, must be %s", o, a.Type)
	}
	for i, e := range o.list {
		if p.Of != "" && !sdk.Is(e.class, p.Of) {
			return nil, fmt.Errorf("element %d of the array is %s, must be %s", i, e, p.Of)
		}
	}
	return o, nil
}

// integer checks that a word is a value of an integer or enumeration type.
func integer(w uint64, ctype string, p sdk.Passing) error {
	switch {
	case p.Bits < 64 && !p.Signed && w>>p.Bits != 0:
		return fmt.Errorf("%#x is no %s: it has %d bits", w, ctype, p.Bits)
	case p.Bits < 64 && p.Signed && int64(w)<<(64-p.Bits)>>(64-p.Bits) != int64(w):
		return fmt.Errorf("%#x is no %s: extend the sign of its %d bits", w, ctype, p.Bits)
	}
	e, ok := sdk.EnumNamed(p.Name)
	if !ok {
		if ctype == "NSUInteger" && w > math.MaxInt64 {
			return fmt.Errorf("%#x is no count or index: %d, as a signed number", w, int64(w))
		}
		return nil
	}
	known := uint64(0)
	for _, v := range e.Values {
		if v.Value == w {
			if v.Since != "" {
				return fmt.Errorf("%s came with %s, this is macOS 26.0", v.Name, v.Since)
			}
			return nil
		}
		if bits.OnesCount64(v.Value) < 32 { // not "all there are and will be"
			known |= v.Value
		}
	}
	switch {
	case !e.Options:
		return fmt.Errorf("%d is no %s", int64(w), p.Name)
	case w&^known != 0:
		return fmt.Errorf("%#x is no %s: it has no bits %#x", w, p.Name, w&^known)
	}
	return nil
}

// checkArrays checks the elements of C arrays of objects, whose count is the
// next argument.
func (c *call) checkArrays() bool {
	for i, p := range c.method.arguments {
		ctype, isArray := strings.CutPrefix(p.Name, "id<")
		if p.Kind != sdk.Pointer || !isArray || i+1 == len(c.arguments) {
			continue
		}
		a := sdk.Argument{Type: p.Name, Null: sdk.Nonnull}
		count := c.arguments[i+1].word
		if count > 1<<20 {
			c.fault("an array of %d elements", count)
			return false
		}
		ids, ok := readWords(uintptr(c.arguments[i].word), int(count))
		if !ok {
			c.fault("argument %d (%s): %#x is no array of %d elements", i+1, c.method.Arguments[i].Name, c.arguments[i].word, count)
			return false
		}
		for j, id := range ids {
			o, err := c.runtime.object(uintptr(id), &a, sdk.Passing{Kind: sdk.Object, Name: strings.TrimSuffix(ctype, ">")})
			if err != nil {
				c.fault("argument %d (%s): element %d: %v", i+1, c.method.Arguments[i].Name, j, err)
				return false
			}
			c.elements = append(c.elements, o)
		}
	}
	return true
}

// block is what a block calls.
func (o *object) block() func(objc.ID) { return o.state.(func(objc.ID)) }
