package sdk

import "strings"

// Kind is how a value travels in a call.
type Kind int

// The kinds.
const (
	Unknown       Kind = iota
	Void               // no value
	Integer            // one word: Bits of it count, signed or not
	Bool               // one word, of which only the low byte is defined
	Object             // one word: an object of the class or protocol Name, "" any
	Selector           // one word
	Block              // one word
	Handle             // one word: an opaque pointer, such as dispatch_queue_t
	Pointer            // one word: the address of memory; Name is the type that is there
	Float              // a float register
	Double             // a float register
	StructWords        // Words words of the structure Name, of 16 bytes at most
	StructPointer      // one word: the address of a copy of the structure Name
	StructDoubles      // Words float registers: the structure Name, all of whose fields are double
)

// Passing is how a value of a type is passed on arm64 (AAPCS64, with Apple's
// own rules where they differ).
type Passing struct {
	Kind   Kind
	Name   string // class or protocol, enumeration of an Integer, structure, or what a Pointer points at
	Of     string // class or protocol of the elements of an Object that is an NSArray
	Words  int    // in the list of words that is sent; of StructDoubles, registers
	Bits   int    // of an Integer
	Signed bool
}

var integers = map[string]Passing{
	"NSUInteger": {Kind: Integer, Words: 1, Bits: 64}, "NSInteger": {Kind: Integer, Words: 1, Bits: 64, Signed: true},
	"uint64_t": {Kind: Integer, Words: 1, Bits: 64}, "MTLGPUAddress": {Kind: Integer, Words: 1, Bits: 64},
	"uint32_t": {Kind: Integer, Words: 1, Bits: 32}, "int32_t": {Kind: Integer, Words: 1, Bits: 32, Signed: true},
	"uint8_t": {Kind: Integer, Words: 1, Bits: 8},
}

// Pass says how a value of a C type is passed.
func Pass(ctype string) Passing {
	if p, ok := integers[ctype]; ok {
		return p
	}
	switch ctype {
	case "void":
		return Passing{Kind: Void}
	case "BOOL":
		return Passing{Kind: Bool, Words: 1, Bits: 8}
	case "float":
		return Passing{Kind: Float, Words: 1}
	case "double", "CGFloat", "CFTimeInterval":
		return Passing{Kind: Double, Words: 1}
	case "SEL":
		return Passing{Kind: Selector, Words: 1}
	case "id", "instancetype":
		return Passing{Kind: Object, Words: 1}
	case "dispatch_queue_t":
		return Passing{Kind: Handle, Name: ctype, Words: 1}
	}
	if blocks[ctype] || strings.Contains(ctype, "(^)") {
		return Passing{Kind: Block, Name: ctype, Words: 1}
	}
	if e, ok := EnumNamed(ctype); ok {
		p := integers[e.Underlying]
		p.Name = ctype
		return p
	}
	if s, ok := StructNamed(ctype); ok {
		return s.pass()
	}
	if name, ok := protocolOf(ctype); ok {
		return Passing{Kind: Object, Name: name, Words: 1}
	}
	pointee, ok := strings.CutSuffix(ctype, "*")
	if !ok {
		return Passing{}
	}
	pointee = strings.TrimSpace(pointee)
	class, rest, generic := strings.Cut(pointee, "<")
	if _, isType := TypeNamed(class); isType && (!generic || strings.HasSuffix(pointee, ">")) {
		return Passing{Kind: Object, Name: class, Of: element(rest), Words: 1}
	}
	return Passing{Kind: Pointer, Name: strings.TrimSpace(strings.TrimPrefix(pointee, "const ")), Words: 1}
}

// protocolOf returns the protocol of id<MTLBuffer>.
func protocolOf(ctype string) (string, bool) {
	rest, ok := strings.CutPrefix(ctype, "id<")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, ">")
}

// element is the class or protocol in what follows the < of NSArray<...>.
func element(generics string) string {
	one := strings.TrimSuffix(generics, ">")
	if p, ok := protocolOf(one); ok {
		return p
	}
	return strings.TrimSuffix(one, " *")
}

func (s *Struct) pass() Passing {
	switch doubles := s.doubles(); {
	case doubles > 0 && doubles <= 4 && doubles*8 == s.Size:
		return Passing{Kind: StructDoubles, Name: s.Name, Words: doubles}
	case s.Size > 16:
		return Passing{Kind: StructPointer, Name: s.Name, Words: 1}
	}
	return Passing{Kind: StructWords, Name: s.Name, Words: (s.Size + 7) / 8}
}

// doubles counts the fields that are double; structures inside count theirs.
func (s *Struct) doubles() int {
	n := 0
	for _, f := range s.Fields {
		if inner, ok := StructNamed(f.Type); ok {
			n += inner.doubles()
		} else if Pass(f.Type).Kind == Double {
			n++
		}
	}
	return n
}
