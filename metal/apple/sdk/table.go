package sdk

import "sync"

// Type is a class or a protocol.
type Type struct {
	Name     string
	Protocol bool
	Inherits []string // the superclass, or the protocols that this one adopts
	ByHand   bool     // declared in uses.txt: Foundation's, which the SDK's tables lack
	Methods  []Method
}

// Method is what a message to a Type means. Types are in C's spelling.
type Method struct {
	Selector    string
	Class       bool // sent to the class, not to its instances
	Returns     string
	ReturnsNull Nullability
	Arguments   []Argument
	Optional    bool // an object of the protocol need not have it
}

// Argument is one argument of a Method.
type Argument struct {
	Name, Type string
	Null       Nullability
}

// Nullability says whether a pointer may be nil.
type Nullability int

// The nullabilities; what is no pointer has none.
const (
	Unspecified Nullability = iota
	Nonnull
	Nullable
)

// Enum is an enumeration, a set of flags if Options.
type Enum struct {
	Name, Underlying string
	Options          bool
	Values           []Constant
}

// Constant is a named value of an Enum.
type Constant struct {
	Name  string
	Value uint64 // in two's complement
	Since string // the system that it came with, such as "macOS 26.4", where that is not 26.0
}

// Struct is a C structure's layout on arm64, in bytes.
type Struct struct {
	Name        string
	Size, Align int
	Fields      []Field
}

// Field is one field of a Struct.
type Field struct {
	Name, Type   string
	Offset, Size int
}

// Types are all types of the table; callers must not change them.
func Types() []Type { return types }

// Enums are all enumerations of the table; callers must not change them.
func Enums() []Enum { return enums }

// Structs are all structures of the table; callers must not change them.
func Structs() []Struct { return structs }

// TypeNamed returns a class or protocol.
func TypeNamed(name string) (*Type, bool) { t, ok := index().types[name]; return t, ok }

// EnumNamed returns an enumeration.
func EnumNamed(name string) (*Enum, bool) { e, ok := index().enums[name]; return e, ok }

// StructNamed returns a structure.
func StructNamed(name string) (*Struct, bool) { s, ok := index().structs[name]; return s, ok }

// Find returns the method that a message to a type's instances, or to the class
// itself, means: of the type or of what it inherits.
func Find(typeName, selector string, class bool) (*Method, bool) {
	t, ok := TypeNamed(typeName)
	if !ok {
		return nil, false
	}
	for i := range t.Methods {
		if m := &t.Methods[i]; m.Selector == selector && m.Class == class {
			return m, true
		}
	}
	for _, parent := range t.Inherits {
		if m, ok := Find(parent, selector, class); ok {
			return m, true
		}
	}
	return nil, false
}

// Is reports whether a type is another or inherits from it.
func Is(typeName, ancestor string) bool {
	if typeName == ancestor {
		return true
	}
	t, ok := TypeNamed(typeName)
	if !ok {
		return false
	}
	for _, parent := range t.Inherits {
		if Is(parent, ancestor) {
			return true
		}
	}
	return false
}

type byName struct {
	types   map[string]*Type
	enums   map[string]*Enum
	structs map[string]*Struct
}

var index = sync.OnceValue(func() byName {
	n := byName{map[string]*Type{}, map[string]*Enum{}, map[string]*Struct{}}
	for i := range types {
		n.types[types[i].Name] = &types[i]
	}
	for i := range enums {
		n.enums[enums[i].Name] = &enums[i]
	}
	for i := range structs {
		n.structs[structs[i].Name] = &structs[i]
	}
	return n
})
