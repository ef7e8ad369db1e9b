package objc

import (
	"runtime"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fake is a Runtime with as much of Foundation as Foundation asks for. Its
// objects are Go values, and their numbers are IDs.
type fake struct {
	Runtime
	selectors []string
	objects   []any // by ID; a string, a fakeError, a []ID, a []byte or a class's name
	releases  []ID
	pools     []string
}

type fakeError struct{ description, domain ID }

func (f *fake) add(object any) ID {
	f.objects = append(f.objects, object)
	return ID(len(f.objects) - 1)
}

func (f *fake) Class(name string) ID { return f.add(name) }

func (f *fake) Selector(name string) SEL {
	if !slices.Contains(f.selectors, name) {
		f.selectors = append(f.selectors, name)
	}
	return SEL(slices.Index(f.selectors, name))
}

func (f *fake) Send(words []uintptr) uintptr {
	self := f.objects[words[0]]
	switch name := f.selectors[words[1]]; name {
	case "alloc", "retain":
		return words[0]
	case "release":
		f.releases = append(f.releases, ID(words[0]))
	case "initWithUTF8String:":
		n := 0
		for *(*byte)(foreign(words[2], n)) != 0 {
			n++
		}
		return uintptr(f.add(string(unsafe.Slice((*byte)(foreign(words[2], 0)), n))))
	case "UTF8String":
		if self == nil {
			return 0
		}
		chars := append([]byte(self.(string)), 0)
		f.objects = append(f.objects, chars) // keeps it
		return uintptr(unsafe.Pointer(&chars[0]))
	case "fileURLWithPath:":
		return uintptr(f.add("file://" + f.objects[words[2]].(string)))
	case "code":
		return ^uintptr(2) // -3
	case "domain":
		return uintptr(self.(fakeError).domain)
	case "localizedDescription":
		return uintptr(self.(fakeError).description)
	case "count":
		return uintptr(len(self.([]ID)))
	case "objectAtIndex:":
		return uintptr(self.([]ID)[words[2]])
	case "length":
		return uintptr(len(self.([]byte)))
	case "bytes":
		return uintptr(unsafe.Pointer(unsafe.SliceData(self.([]byte))))
	}
	return 0
}

func (f *fake) Call(function Function, words []uintptr) uintptr {
	switch function {
	case AutoreleasePoolPush:
		f.pools = append(f.pools, "push")
		return uintptr(len(f.pools))
	case AutoreleasePoolPop:
		f.pools = append(f.pools, "pop")
		return words[0]
	}
	return 0
}

func foundation() (*fake, *Foundation, *Calls) {
	r := &fake{objects: []any{nil}}
	return r, NewFoundation(r), NewCalls(r)
}

func TestStringsAndURLs(t *testing.T) {
	r, f, c := foundation()
	for _, text := range []string{"", "a label", "größer 🙂"} {
		assert.Equal(t, text, f.Text(c, f.NewString(c, text)))
	}
	assert.Equal(t, "a\uFFFDb", f.Text(c, f.NewString(c, "a\xffb")))
	assert.Empty(t, f.Text(c, 0), "nil is no text")
	url := f.FileURL(c, "/tmp/a b")
	assert.Equal(t, "file:///tmp/a b", f.Text(c, url))
	assert.Len(t, r.releases, 1, "the path's string is released, the URL is not ours")
}

func TestErrorsNameWhatFailed(t *testing.T) {
	r, f, c := foundation()
	nserror := r.add(fakeError{r.add("out of memory"), r.add("MTLHeapErrorDomain")})
	err := f.Error(c, nserror, `heap "targets"`)
	require.EqualError(t, err, `heap "targets": out of memory (MTLHeapErrorDomain -3)`)
	assert.Equal(t, -3, err.(*Error).Code)
	assert.EqualError(t, f.Error(c, 0, `heap "targets"`), `heap "targets": it failed without saying why`)
	assert.EqualError(t, f.Error(c, r.add(fakeError{}), "x"), "x:  ( -3)")
}

func TestArraysAndData(t *testing.T) {
	r, f, c := foundation()
	array := r.add([]ID{7, 8})
	assert.Equal(t, 2, f.Count(c, array))
	assert.Equal(t, ID(8), f.At(c, array, 1))
	memory := []byte{1, 2, 3}
	data := f.Data(c, r.add(memory))
	memory[0] = 9
	assert.Equal(t, []byte{1, 2, 3}, data, "a copy")
	assert.Nil(t, f.Data(c, r.add([]byte{})))
}

func TestPoolsNest(t *testing.T) {
	r, _, c := foundation()
	outer := c.Push()
	func() {
		defer c.Push().Pop()
	}()
	outer.Pop()
	assert.Equal(t, []string{"push", "push", "pop", "pop"}, r.pools)

	outer, inner := c.Push(), c.Push()
	assert.PanicsWithValue(t, "BUG: autorelease pool 1 is popped while pool 2 is the innermost", outer.Pop)
	inner.Pop()
	outer.Pop()
	assert.PanicsWithValue(t, "BUG: autorelease pool 1 is popped while pool 0 is the innermost", outer.Pop, "twice")
	assert.Panics(t, func() {
		for range maxPools + 1 {
			defer runtime.UnlockOSThread()
			c.Push()
		}
	})
}

// silent is a Runtime that does nothing: what is left is our own cost.
type silent struct{ Runtime }

func (silent) Send([]uintptr) uintptr                { return 0 }
func (silent) SendPair([]uintptr) (uintptr, uintptr) { return 0, 0 }
func (silent) Call(Function, []uintptr) uintptr      { return 0 }

func TestTooLongMessagesAreBugs(t *testing.T) {
	c := NewCalls(silent{})
	assert.PanicsWithValue(t, "BUG: a message with 15 words of arguments, at most 14", func() { c.Send(1, 2, make([]uintptr, 15)...) })
	assert.PanicsWithValue(t, "BUG: a message with more than 64 words of structures", func() { c.Struct(make([]uint64, 65)...) })
}
