package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// reader reads JSON piece by piece and knows where it is, so that every error
// names its place.
type reader struct {
	data []byte
	dec  *json.Decoder
	path []string
}

func newReader(data []byte) *reader {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return &reader{data: data, dec: dec}
}

// errorf is an error at the current place.
func (r *reader) errorf(format string, args ...any) error {
	line := 1 + bytes.Count(r.data[:min(int(r.dec.InputOffset()), len(r.data))], []byte("\n"))
	place := strings.TrimPrefix(strings.Join(r.path, ""), ".")
	if place == "" {
		place = "document"
	}
	return fmt.Errorf("graph: line %d: %s: %s", line, place, fmt.Sprintf(format, args...))
}

func (r *reader) token() (json.Token, error) {
	t, err := r.dec.Token()
	switch {
	case err == nil:
		return t, nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, r.errorf("the document ends too early")
	}
	return nil, r.errorf("%v", err)
}

// open reads a delimiter, { or [.
func (r *reader) open(d json.Delim, what string) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	if t != d {
		return r.errorf("must be %s, is %s", what, tokenKind(t))
	}
	return nil
}

// object reads an object and calls read at the value of each key. Keys that are
// not allowed, or come twice, are errors.
func (r *reader) object(allowed []string, read func(key string) error) error {
	if err := r.open('{', "an object"); err != nil {
		return err
	}
	var seen []string
	for r.dec.More() {
		t, err := r.token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		r.path = append(r.path, "."+key)
		switch {
		case !slices.Contains(allowed, key):
			return r.errorf("unknown key: use %s", strings.Join(allowed, ", "))
		case slices.Contains(seen, key):
			return r.errorf("comes twice")
		}
		seen = append(seen, key)
		if err := read(key); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
	_, err := r.token()
	return err
}

// array reads an array and calls read at each element.
func (r *reader) array(read func(i int) error) error {
	if err := r.open('[', "an array"); err != nil {
		return err
	}
	for i := 0; r.dec.More(); i++ {
		r.path = append(r.path, "["+strconv.Itoa(i)+"]")
		if err := read(i); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
	_, err := r.token()
	return err
}

// end checks that nothing follows.
func (r *reader) end() error {
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return r.errorf("something follows the document")
	}
	return nil
}

func (r *reader) text(into *string) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	s, ok := t.(string)
	if !ok {
		return r.errorf("must be a string, is %s", tokenKind(t))
	}
	if s == "" {
		return r.errorf("must not be empty")
	}
	*into = s
	return nil
}

// word reads one of a few words.
func (r *reader) word(into *string, words ...string) error {
	if err := r.text(into); err != nil {
		return err
	}
	if !slices.Contains(words, *into) {
		return r.errorf("%q: use %s", *into, strings.Join(words, ", "))
	}
	return nil
}

func (r *reader) truth(into *bool) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	b, ok := t.(bool)
	if !ok {
		return r.errorf("must be true or false, is %s", tokenKind(t))
	}
	*into = b
	return nil
}

// whole reads an integer between low and high.
func (r *reader) whole(into *int, low, high int) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	n, ok := t.(json.Number)
	if !ok {
		return r.errorf("must be a whole number, is %s", tokenKind(t))
	}
	v, err := strconv.ParseInt(n.String(), 10, 64)
	if err != nil || v < int64(low) || v > int64(high) {
		return r.errorf("%s: must be a whole number from %d to %d", n, low, high)
	}
	*into = int(v)
	return nil
}

// number reads a number that is at least 0.
func (r *reader) number(into *float64) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	n, ok := t.(json.Number)
	if !ok {
		return r.errorf("must be a number, is %s", tokenKind(t))
	}
	v, err := n.Float64()
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

func tokenKind(t json.Token) string {
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return "an object"
		}
		return "an array"
	case string:
		return "a string"
	case bool:
		return "true or false"
	case json.Number:
		return "a number"
	}
	return "null"
}
