package standin

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"unsafe"

	"weft/metal/apple/objc"
	"weft/metal/apple/sdk"
)

// call is a message that fits its receiver, being carried out. Its arguments are
// counted from 0, without the receiver and the selector.
type call struct {
	runtime     *Runtime
	receiver    *object
	op          string
	method      *method
	arguments   []value
	floatValues []float32
	elements    []*object // of the C array among the arguments
	first       uint64
	second      uint64
	given       *object // the result
}

func (c *call) self() *object    { return c.receiver }
func (c *call) selector() string { return c.op }

func (c *call) word(i int) uint64        { return c.arguments[i].word }
func (c *call) integer(i int) int        { return int(c.arguments[i].word) }
func (c *call) object(i int) *object     { return c.arguments[i].object } // nil for nil
func (c *call) structure(i int) []uint64 { return c.arguments[i].words }

// floats are all arguments of a message whose arguments are float.
func (c *call) floats() []float32 { return c.floatValues }

// pointer is the memory that an argument points at, nil for NULL.
func (c *call) pointer(i int) unsafe.Pointer { return pointer(uintptr(c.arguments[i].word)) }

// objects are the n objects of a C array.
func (c *call) objects(_, n int) []*object { return c.elements[:n] }

// block is what a block among the arguments calls.
func (c *call) block(i int) func(objc.ID) { return c.arguments[i].object.block() }

// String is the message as faults and traces show it.
func (c *call) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s %s", c.receiver, c.op)
	for i, v := range c.arguments {
		switch p := c.method.arguments[i]; {
		case v.object != nil:
			fmt.Fprintf(&s, " %s", v.object)
		case v.floats != nil:
			fmt.Fprintf(&s, " %v", v.floats)
		case v.doubles != nil:
			fmt.Fprintf(&s, " %v", v.doubles)
		case v.words != nil:
			fmt.Fprintf(&s, " %v", v.words)
		case p.Kind == sdk.Object:
			s.WriteString(" nil")
		case p.Kind == sdk.Pointer:
			s.WriteString(" *")
		default:
			fmt.Fprintf(&s, " %d", v.word)
		}
	}
	return s.String()
}

// fault notes that the message is wrong.
func (c *call) fault(format string, arguments ...any) {
	c.runtime.fault("%s: %s", c.what(), fmt.Sprintf(format, arguments...))
}

// what is the receiver and the selector, as faults name them.
func (c *call) what() string { return sent(c.receiver, c.op) }

func sent(receiver any, selector string) string { return fmt.Sprintf("[%v %s]", receiver, selector) }

// made names the message as what made an object.
func (c *call) made() string { return sent(c.receiver.class, c.op) }

// create makes an object with a state as the result, owned as the selector's
// family says. It takes the label of the descriptor that it is made by.
func (c *call) create(class string, state any) *object {
	o := c.runtime.make(class, kindObject, c.made())
	o.state = state
	if len(c.arguments) > 0 && c.object(0) != nil {
		if label, ok := c.object(0).properties["label"]; ok {
			o.set("label", label)
		}
	}
	if owns(c.op) {
		o.owned = 1
	} else {
		c.runtime.autorelease(o, c.what())
	}
	c.give(o)
	return o
}

// owns reports whether the result of a selector is the caller's.
func owns(selector string) bool { f := family(selector); return f != "" && f != "init" }

// loose makes an autoreleased object with a state.
func (c *call) loose(class string, state any) *object {
	o := c.runtime.make(class, kindObject, c.made())
	o.state = state
	c.runtime.autorelease(o, c.what())
	return o
}

// give returns an object, nil for nil. It must be autoreleased or kept by
// another: create is for new ones that the caller owns.
func (c *call) give(o *object) {
	c.given, c.first = o, 0
	if o != nil {
		c.first = uint64(o.id)
	}
}

// answer returns words.
func (c *call) answer(words ...uint64) {
	c.first = words[0]
	if len(words) > 1 {
		c.second = words[1]
	}
}

// yes returns a BOOL: above its byte the register holds anything.
func (c *call) yes(is bool) {
	c.first = rand.Uint64() &^ 0xff
	if is {
		c.first |= 1
	}
}

// refuse returns nil, and an error where the argument i, an NSError **, points.
func (c *call) refuse(i int, domain string, code int, text string) {
	c.give(nil)
	if p := c.pointer(i); p != nil {
		*(*objc.ID)(p) = c.failure(domain, code, text).id
	}
}

// failure makes an autoreleased NSError.
func (c *call) failure(domain string, code int, text string) *object {
	o := c.loose("NSError", nil)
	o.set("code", value{word: uint64(code)})
	o.set("domain", c.runtime.textValue(domain, c.made()))
	o.set("localizedDescription", c.runtime.textValue(text, c.made()))
	return o
}

// textValue is a property that is an NSString.
func (r *Runtime) textValue(text, made string) value {
	o := r.make("NSString", kindObject, made)
	o.bytes = append([]byte(text), 0)
	return value{word: uint64(o.id), object: o}
}

// text makes an autoreleased NSString.
func (c *call) text(text string) *object {
	o := c.loose("NSString", nil)
	o.bytes = append([]byte(text), 0)
	return o
}

// array makes an autoreleased NSArray, which holds its elements.
func (c *call) array(list ...*object) *object {
	o := c.loose("NSArray", nil)
	for _, e := range list {
		e.held++
	}
	o.list = list
	return o
}

// data makes an autoreleased NSData of words.
func (c *call) data(words []uint64) *object {
	o := c.loose("NSData", nil)
	for _, w := range words {
		o.bytes = binary.NativeEndian.AppendUint64(o.bytes, w)
	}
	return o
}
