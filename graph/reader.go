package graph

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// reader reads JSON piece by piece and knows where it is, so that every error
// names its place.
type reader struct {
	data []byte
	at   int // what is read next
	path []crumb

	counted, lines int // bytes, and the ends of lines in them
}

// crumb is a key or, if that is "", an index.
type crumb struct {
	key   string
	index int
}

func newReader(data []byte) *reader { return &reader{data: data} }

// errorf is an error at the current place.
func (r *reader) errorf(format string, args ...any) error {
	var place strings.Builder
	for _, c := range r.path {
		switch {
		case c.key == "":
			fmt.Fprintf(&place, "[%d]", c.index)
		case place.Len() > 0:
			place.WriteString("." + c.key)
		default:
			place.WriteString(c.key)
		}
	}
	if place.Len() == 0 {
		place.WriteString("document")
	}
	return fmt.Errorf("graph: line %d: %s: %s", r.line(), &place, fmt.Sprintf(format, args...))
}

// line is the line of what was read last, from 1.
func (r *reader) line() int {
	if r.at < r.counted {
		r.counted, r.lines = 0, 0
	}
	r.lines += bytes.Count(r.data[r.counted:r.at], []byte("\n"))
	r.counted = r.at
	return 1 + r.lines
}

// next is the line of what is read next.
func (r *reader) next() int {
	r.peek()
	return r.line()
}

// object reads an object and calls read at the value of each key. Keys that are
// not allowed, or come twice, are errors.
func (r *reader) object(allowed []string, read func(key string) error) error {
	if r.peek() != '{' {
		return r.unexpected("an object")
	}
	r.at++
	if r.peek() == '}' {
		r.at++
		return nil
	}
	var seen uint64
	for {
		i, key, err := r.one(allowed)
		if err != nil {
			return err
		}
		r.path = append(r.path, crumb{key: key})
		switch {
		case i < 0:
			return r.errorf("unknown key: use %s", strings.Join(allowed, ", "))
		case seen&(1<<i) != 0:
			return r.errorf("comes twice")
		}
		seen |= 1 << i
		if err := r.take(':'); err != nil {
			return err
		}
		if err := read(key); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
		if end, err := r.more('}'); end || err != nil {
			return err
		}
	}
}

// array reads an array and calls read at each element.
func (r *reader) array(read func(i int) error) error {
	if r.peek() != '[' {
		return r.unexpected("an array")
	}
	r.at++
	if r.peek() == ']' {
		r.at++
		return nil
	}
	for i := 0; ; i++ {
		r.path = append(r.path, crumb{index: i})
		if err := read(i); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
		if end, err := r.more(']'); end || err != nil {
			return err
		}
	}
}

// more reads what follows an element: a comma, or the end.
func (r *reader) more(close byte) (end bool, err error) {
	switch r.peek() {
	case ',':
		r.at++
		return false, nil
	case close:
		r.at++
		return true, nil
	}
	return false, r.unexpected(fmt.Sprintf("',' or %q", close))
}

// end checks that nothing follows.
func (r *reader) end() error {
	if r.peek(); r.at < len(r.data) {
		return r.errorf("something follows the document")
	}
	return nil
}

func (r *reader) text(into *string) error {
	s, err := r.str()
	switch {
	case err != nil:
		return err
	case s == "":
		return r.errorf("must not be empty")
	}
	*into = s
	return nil
}

// word reads one of a few words.
func (r *reader) word(into *string, words ...string) error {
	i, s, err := r.one(words)
	switch {
	case err != nil:
		return err
	case i < 0:
		return r.errorf("%q: use %s", s, strings.Join(words, ", "))
	}
	*into = words[i]
	return nil
}

func (r *reader) truth(into *bool) error {
	r.peek()
	for _, word := range [...]string{"true", "false"} {
		if bytes.HasPrefix(r.data[r.at:], []byte(word)) {
			*into = word == "true"
			r.at += len(word)
			return nil
		}
	}
	return r.unexpected("true or false")
}

// whole reads an integer between low and high.
func (r *reader) whole(into *int, low, high int) error {
	n, err := r.digits("a whole number")
	if err != nil {
		return err
	}
	v, err := strconv.ParseInt(string(n), 10, 64)
	if err != nil || v < int64(low) || v > int64(high) {
		return r.errorf("%s: must be a whole number from %d to %d", n, low, high)
	}
	*into = int(v)
	return nil
}

// number reads a number that is at least 0.
func (r *reader) number(into *float64) error {
	n, err := r.digits("a number")
	if err != nil {
		return err
	}
	v, err := strconv.ParseFloat(string(n), 64)
	if err != nil || v < 0 || math.IsInf(v, 0) {
		return r.errorf("%s: must be a number from 0 on", n)
	}
	*into = v
	return nil
}

// span reads a range: [first, end], end exclusive.
func (r *reader) span(into *Range) error {
	ends := [2]int{}
	count := 0
	err := r.array(func(i int) error {
		count = i + 1
		if i > 1 {
			return r.errorf("a range has two numbers, the first and the end")
		}
		return r.whole(&ends[i], 0, 1<<40)
	})
	if err != nil {
		return err
	}
	if count != 2 || ends[0] >= ends[1] {
		return r.errorf("must be [first, end] with first < end; the end is exclusive")
	}
	*into = Range{ends[0], ends[1]}
	return nil
}
