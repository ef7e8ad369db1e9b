package standin

import (
	"fmt"
	"strings"
	"unicode"

	"weft/metal/apple/sdk"
)

// message is a message as it was sent.
type message struct {
	words   []uintptr // the receiver, the selector, the arguments
	floats  []float32 // of SendFloats
	doubles []float64 // of SendDoubles
	pair    bool      // of SendPair
}

// method is what a message to a type means, looked up once.
type method struct {
	*sdk.Method
	of        string // the type that declares it
	result    sdk.Passing
	arguments []sdk.Passing
	words     int // of arguments
	floats    int
	doubles   int
	property  string                // that it sets or gets, ""
	handle    func(*call)           // Foundation's
	carry     func(*machine, *call) // the machine's
}

type methodKey struct {
	class    string
	selector string
	toClass  bool
}

// methodOf is what a message means; nil where the SDK's table has no such method.
func (r *Runtime) methodOf(k methodKey) *method {
	if m, ok := r.methods[k]; ok {
		return m
	}
	m := resolve(k)
	r.methods[k] = m
	return m
}

func resolve(k methodKey) *method {
	of, found := declaration(k.class, k)
	if found == nil {
		return nil
	}
	m := &method{Method: found, of: of, result: sdk.Pass(found.Returns)}
	for _, a := range found.Arguments {
		p := sdk.Pass(a.Type)
		m.arguments = append(m.arguments, p)
		switch p.Kind {
		case sdk.Float:
			m.floats += p.Words
		case sdk.Double, sdk.StructDoubles:
			m.doubles += p.Words
		default:
			m.words += p.Words
		}
	}
	m.handle, _ = lookup(natives, k.class, k.selector)
	m.carry, _ = lookup(handlers, k.class, k.selector)
	t, _ := sdk.TypeNamed(k.class)
	switch set, isSetter := strings.CutPrefix(strings.TrimSuffix(k.selector, ":"), "set"); {
	case k.toClass || m.handle != nil || m.carry != nil:
	case isSetter && len(m.arguments) == 1 && (!t.Protocol || k.selector == "setLabel:"):
		m.property = strings.ToLower(set[:1]) + set[1:]
	case len(m.arguments) == 0 && m.result.Kind != sdk.Void:
		m.property = k.selector
	}
	return m
}

// declaration finds a method in a type or in what it inherits from.
func declaration(typeName string, k methodKey) (string, *sdk.Method) {
	t, ok := sdk.TypeNamed(typeName)
	if !ok {
		return "", nil
	}
	for i := range t.Methods {
		if m := &t.Methods[i]; m.Selector == k.selector && m.Class == k.toClass {
			return t.Name, m
		}
	}
	for _, parent := range t.Inherits {
		if of, m := declaration(parent, k); m != nil {
			return of, m
		}
	}
	return "", nil
}

// lookup finds what carries out a message to a type, by the type or by what it
// inherits from.
func lookup[F any](table map[string]F, typeName, selector string) (f F, ok bool) {
	if f, ok := table[typeName+" "+selector]; ok {
		return f, true
	}
	t, isType := sdk.TypeNamed(typeName)
	if !isType {
		return f, false
	}
	for _, parent := range t.Inherits {
		if f, ok := lookup(table, parent, selector); ok {
			return f, true
		}
	}
	return f, false
}

// family is a selector's family, "" for none: what a message of one of the
// first four returns is the caller's, init takes the receiver's reference and
// returns it.
func family(selector string) string {
	bare := strings.TrimLeft(selector, "_")
	for _, name := range []string{"alloc", "new", "copy", "mutableCopy", "init"} {
		rest, ok := strings.CutPrefix(bare, name)
		if ok && (rest == "" || !unicode.IsLower(rune(rest[0]))) {
			return name
		}
	}
	return ""
}

// message checks a message and, if it is right, carries it out.
func (r *Runtime) message(m message) (first, second uintptr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent++
	if len(m.words) < 2 {
		r.fault("a message of %d words: the receiver and the selector come first", len(m.words))
		return 0, 0
	}
	selector := r.selector(m.words[1])
	if selector == "" {
		r.fault("%s is sent %#x, which is no selector: register it with Selector", r.describe(m.words[0]), m.words[1])
		return 0, 0
	}
	if r.closed {
		r.fault("%s: sent after Close", sent(r.describe(m.words[0]), selector))
		return 0, 0
	}
	c := &call{runtime: r, op: selector}
	if c.receiver = r.receiver(m.words[0], selector); c.receiver == nil {
		return 0, 0
	}
	key := methodKey{c.receiver.class, selector, c.receiver.kind == kindClass}
	if c.method = r.methodOf(key); c.method == nil {
		c.fault("%s", unknownSelector(key))
		return 0, 0
	}
	if c.receiver.raw && family(selector) != "init" && selector != "release" {
		c.fault("alloc has made it and nothing has initialized it: send init first")
		return 0, 0
	}
	if !c.check(m) {
		return 0, 0
	}
	r.counts[c.method.of+" "+selector]++
	if r.options.Trace != nil {
		r.options.Trace(c.String())
	}
	c.carryOut()
	return uintptr(c.first), uintptr(c.second)
}

// receiver is the object that a message is for.
func (r *Runtime) receiver(id uintptr, selector string) *object {
	o := r.named(id)
	switch {
	case id == 0:
		r.fault("[nil %s]: a message to nil does nothing and returns 0, which hides that something is missing: check for nil before", selector)
	case o == nil:
		r.fault("[%#x %s]: the receiver is no object", id, selector)
	case o.ended != "" && selector == "release":
		r.fault("%s: over-released: %s took the last reference of what %s made; release it once less", sent(o, selector), o.ended, o.made)
	case o.ended != "":
		r.fault("%s: used after its end: %s made it, %s took the last reference; retain it if it is needed longer", sent(o, selector), o.made, o.ended)
	case o.kind == kindBlock || o.kind == kindHandle:
		r.fault("%s: no message can be sent to it", sent(o, selector))
	default:
		return o
	}
	return nil
}

// describe names what an ID names, in faults.
func (r *Runtime) describe(id uintptr) string {
	switch o := r.named(id); {
	case id == 0:
		return "nil"
	case o == nil:
		return fmt.Sprintf("%#x", id)
	default:
		return o.String()
	}
}

// unknownSelector says what is wrong with a message that no method fits.
func unknownSelector(k methodKey) string {
	other := k
	other.toClass = !k.toClass
	if _, m := declaration(k.class, other); m != nil {
		if k.toClass {
			return "it is a method of the instances, sent to the class"
		}
		return "it is a method of the class, sent to an instance"
	}
	near := ""
	best := len(k.selector)/2 + 1 // worse is no likeness
	var visit func(typeName string)
	visit = func(typeName string) {
		t, ok := sdk.TypeNamed(typeName)
		if !ok {
			return
		}
		for _, m := range t.Methods {
			if d := distance(k.selector, m.Selector); m.Class == k.toClass && d < best {
				near, best = m.Selector, d
			}
		}
		for _, parent := range t.Inherits {
			visit(parent)
		}
	}
	visit(k.class)
	if near != "" {
		return fmt.Sprintf("%s has no such method; it has %s", k.class, near)
	}
	return fmt.Sprintf("%s has no such method in the SDK's table; if the SDK has it, add it to sdk/uses.txt", k.class)
}

// distance is how many letters make the difference (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
