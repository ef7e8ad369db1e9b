package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"
)

// peek returns the first byte that is no white space, and goes there; 0 at the
// end.
func (r *reader) peek() byte {
	for ; r.at < len(r.data); r.at++ {
		switch c := r.data[r.at]; c {
		case ' ', '\n', '\r', '\t':
		default:
			return c
		}
	}
	return 0
}

// take reads one byte that must be there, such as a brace.
func (r *reader) take(c byte) error {
	if r.peek() != c {
		return r.unexpected(fmt.Sprintf("%q", c))
	}
	r.at++
	return nil
}

// unexpected says what is not JSON, or not the value that it must be.
func (r *reader) unexpected(want string) error {
	r.peek()
	kind := kindOfValue(r.data[r.at:])
	switch {
	case r.at >= len(r.data):
		return r.errorf("the document ends too early")
	case kind == "":
		next, _ := utf8.DecodeRune(r.data[r.at:])
		return r.errorf("invalid character %q: must be %s", next, want)
	}
	return r.errorf("must be %s, is %s", want, kind)
}

// kindOfValue is what data begins with, "" if it is no value.
func kindOfValue(data []byte) string {
	for _, k := range [...]struct{ start, kind string }{
		{"{", "an object"}, {"[", "an array"}, {`"`, "a string"}, {"true", "true or false"}, {"false", "true or false"}, {"null", "null"},
	} {
		if bytes.HasPrefix(data, []byte(k.start)) {
			return k.kind
		}
	}
	if len(data) > 0 && startsNumber(data[0]) {
		return "a number"
	}
	return ""
}

func startsNumber(c byte) bool { return c == '-' || c >= '0' && c <= '9' }

// raw reads a string and returns it with its quotes, and whether it stands for
// its bytes as they are.
func (r *reader) raw() (quoted []byte, plain bool, err error) {
	if r.peek() != '"' {
		return nil, false, r.unexpected("a string")
	}
	plain = true
	for i := r.at + 1; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '"':
			quoted = r.data[r.at : i+1]
			r.at = i + 1
			return quoted, plain, nil
		case c == '\\':
			plain = false
			i++
		case c < ' ':
			return nil, false, r.errorf("invalid character %q in a string: escape it", c)
		}
	}
	r.at = len(r.data)
	return nil, false, r.errorf("the document ends too early")
}

// str reads a string.
func (r *reader) str() (s string, err error) {
	quoted, plain, err := r.raw()
	switch {
	case err != nil:
	case !utf8.Valid(quoted):
		err = r.errorf("%q: must be UTF-8", quoted)
	case plain:
		s = string(quoted[1 : len(quoted)-1])
	case json.Unmarshal(quoted, &s) != nil:
		err = r.errorf("%s: an escape that JSON does not have", quoted)
	}
	return s, err
}

// one reads a string that must be one of a few, and returns which; -1 and the
// string if it is none.
func (r *reader) one(words []string) (int, string, error) {
	from := r.at
	quoted, plain, err := r.raw()
	if err != nil {
		return -1, "", err
	}
	if plain {
		for i, w := range words {
			if string(quoted[1:len(quoted)-1]) == w {
				return i, w, nil
			}
		}
	}
	r.at = from
	s, err := r.str()
	return slices.Index(words, s), s, err
}

// digits reads a number and returns it as it is written.
func (r *reader) digits(want string) ([]byte, error) {
	if !startsNumber(r.peek()) {
		return nil, r.unexpected(want)
	}
	end := r.at
	for end < len(r.data) && bytes.IndexByte([]byte("+-.0123456789Ee"), r.data[end]) >= 0 {
		end++
	}
	n := r.data[r.at:end]
	r.at = end
	if !json.Valid(n) {
		return nil, r.errorf("%s: is no number as JSON writes it", n)
	}
	return n, nil
}
