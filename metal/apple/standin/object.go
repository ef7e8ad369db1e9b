package standin

import (
	"fmt"
	"strings"

	"weft/metal/apple/objc"
	"weft/metal/apple/sdk"
)

type kind uint8

const (
	kindObject kind = iota
	kindClass
	kindBlock
	kindHandle // of a C library
)

// object is all that an objc.ID can name. Its ID is never another's, so that a
// use after its end is always seen.
type object struct {
	runtime *Runtime
	id      objc.ID
	class   string
	kind    kind
	name    string // in faults, if it is not by its class and label
	made    string // the message that made it
	raw     bool   // alloc has made it, init is still to come
	// owned counts the references that the client must give up; held those of
	// pools, properties, arrays and the machine. Objective-C has one count for
	// both: with two, an over-release shows although somebody else holds the
	// object.
	owned, held int
	ended       string // what took the last reference, "" while it lives

	properties map[string]value
	state      any       // the machine's
	bytes      []byte    // of a string, with a NUL at its end, of data, of a path
	list       []*object // elements
}

// value is an argument, or a property.
type value struct {
	word    uint64
	object  *object
	words   []uint64 // a structure
	floats  []float32
	doubles []float64
}

const firstObject = 0x0b1_0000_0000

// make makes an object that nobody has a reference to yet.
func (r *Runtime) make(class string, k kind, made string) *object {
	o := &object{runtime: r, id: objc.ID(firstObject + len(r.objects)<<4), class: class, kind: k, made: made}
	r.objects = append(r.objects, o)
	return o
}

// named is the object with an ID, dead or alive; nil where there is none.
func (r *Runtime) named(id uintptr) *object {
	n := (int(id) - firstObject) >> 4
	if id&15 != 0 || n <= 0 || n >= len(r.objects) {
		return nil
	}
	return r.objects[n]
}

// alive is the object with an ID if it lives; else that is a fault, of what is
// done to it.
func (r *Runtime) alive(id uintptr, what string) *object {
	switch o := r.named(id); {
	case id == 0:
		r.fault("%s: nil", what)
	case o == nil:
		r.fault("%s: %#x is no object", what, id)
	case o.ended != "":
		r.fault("%s: %s", what, o.obituary())
	default:
		return o
	}
	return nil
}

// obituary says why an object cannot be used.
func (o *object) obituary() string {
	return fmt.Sprintf("%s, made by %s, is used after its end: %s took the last reference", o, o.made, o.ended)
}

// String names the object as faults do.
func (o *object) String() string {
	switch {
	case o.name != "":
		return o.name
	case o.kind == kindClass:
		return "class " + o.class
	}
	if label := o.label(); label != "" {
		return fmt.Sprintf("%s %q", o.class, label)
	}
	return o.class
}

func (o *object) fault(format string, arguments ...any) {
	o.runtime.fault("%s: %s", o, fmt.Sprintf(format, arguments...))
}

// label is the label that the object was given.
func (o *object) label() string { return o.text("label") }

// string is the text of an NSString, "" for nil.
func (o *object) string() string {
	if o == nil {
		return ""
	}
	return strings.TrimSuffix(string(o.bytes), "\x00")
}

// path is the path of an NSURL.
func (o *object) path() string { return o.string() }

// text is a property that is an NSString, "" where it is nil.
func (o *object) text(property string) string { return o.properties[property].object.string() }

// child is a property that is an object.
func (o *object) child(property string) *object { return o.properties[property].object }

// element is an element of an array or of an array of descriptors; nil where
// there is none.
func (o *object) element(i int) *object {
	if o == nil || i < 0 || i >= len(o.list) {
		return nil
	}
	return o.list[i]
}

// has is the word of a property, if the client has set it.
func (o *object) has(property string) (uint64, bool) {
	v, ok := o.properties[property]
	return v.word, ok
}

// get is a property, or what it is before it is set: 0, unless the table of
// defaults says otherwise.
func (o *object) get(property string) (v value, ok bool) {
	if v, ok := o.properties[property]; ok {
		return v, true
	}
	v, ok = defaults[o.class][property]
	return v, ok
}

func (o *object) integer(property string) int {
	v, _ := o.get(property)
	return int(v.word)
}

func (o *object) float(property string) float32 {
	if v, _ := o.get(property); v.floats != nil {
		return v.floats[0]
	}
	return 0
}

func (o *object) double(property string) float64 {
	if v, _ := o.get(property); v.doubles != nil {
		return v.doubles[0]
	}
	return 0
}

// doubles and structure are properties that are structures; nil is for zeros.
func (o *object) doubles(property string) []float64 { v, _ := o.get(property); return v.doubles }

func (o *object) structure(property string) []uint64 { v, _ := o.get(property); return v.words }

// set sets a property, which holds the object that it is.
func (o *object) set(property string, v value) {
	if o.properties == nil {
		o.properties = map[string]value{}
	}
	old := o.properties[property].object
	if v.object != nil {
		v.object.held++
	}
	o.properties[property] = v
	if old != nil {
		o.runtime.drop(old, "another value of "+o.String()+"'s "+property)
	}
}

// copied is what a property that copies keeps of an object: a descriptor as it
// is now. Objects of Metal, and what cannot change, are themselves.
func (o *object) copied() *object {
	if o == nil {
		return nil
	}
	if t, ok := sdk.TypeNamed(o.class); !ok || t.Protocol || t.ByHand {
		return o
	}
	made := o.runtime.make(o.class, o.kind, "a copy of what was made by "+o.made)
	made.state = o.state
	for name, v := range o.properties { // none of which is a descriptor again
		made.set(name, v)
	}
	return made
}
