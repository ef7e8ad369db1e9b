package objc

import (
	"fmt"
	"math"
	"strings"
	"unsafe"
)

// Foundation makes and reads Foundation's objects. It may be used from several
// goroutines, each with Calls of its own.
type Foundation struct {
	stringClass, urlClass                 ID
	alloc, initWithUTF8String, utf8String SEL
	fileURLWithPath, count, objectAtIndex SEL
	localizedDescription, domain, code    SEL
	bytes, length, release                SEL
}

// NewFoundation resolves Foundation's classes and selectors.
func NewFoundation(r Runtime) *Foundation {
	return &Foundation{
		stringClass: r.Class("NSString"), urlClass: r.Class("NSURL"),
		alloc: r.Selector("alloc"), initWithUTF8String: r.Selector("initWithUTF8String:"),
		utf8String: r.Selector("UTF8String"), fileURLWithPath: r.Selector("fileURLWithPath:"),
		count: r.Selector("count"), objectAtIndex: r.Selector("objectAtIndex:"),
		localizedDescription: r.Selector("localizedDescription"),
		domain:               r.Selector("domain"), code: r.Selector("code"),
		bytes: r.Selector("bytes"), length: r.Selector("length"),
		release: r.Selector("release"),
	}
}

// NewString makes an NSString that the caller releases. What is not UTF-8 is
// replaced, for NSString would be nil; a NUL ends it.
func (f *Foundation) NewString(c *Calls, text string) ID {
	return c.SendID(c.SendID(f.stringClass, f.alloc), f.initWithUTF8String, c.Chars(strings.ToValidUTF8(text, "\uFFFD")))
}

// Text is what an NSString holds; "" for nil. A pool must be open: the bytes
// that it copies are autoreleased.
func (f *Foundation) Text(c *Calls, s ID) string {
	at := c.Send(s, f.utf8String)
	if at == 0 {
		return ""
	}
	n := 0
	for *(*byte)(foreign(at, n)) != 0 {
		n++
	}
	return string(unsafe.Slice((*byte)(foreign(at, 0)), n))
}

// foreign is the address of a byte of memory that is not Go's.
func foreign(base uintptr, offset int) unsafe.Pointer {
	base += uintptr(offset)
	return *(*unsafe.Pointer)(unsafe.Pointer(&base))
}

// Count is the number of elements of an NSArray; 0 for nil.
func (f *Foundation) Count(c *Calls, array ID) int { return int(c.Send(array, f.count)) }

// At is an element of an NSArray, which keeps it alive.
func (f *Foundation) At(c *Calls, array ID, i int) ID {
	return c.SendID(array, f.objectAtIndex, uintptr(i))
}

// FileURL makes an autoreleased NSURL of a path.
func (f *Foundation) FileURL(c *Calls, path string) ID {
	s := f.NewString(c, path)
	url := c.SendID(f.urlClass, f.fileURLWithPath, uintptr(s))
	f.Release(c, s)
	return url
}

// Data copies what an NSData holds; nil for nil.
func (f *Foundation) Data(c *Calls, data ID) []byte {
	n := c.Send(data, f.length)
	at := c.Send(data, f.bytes)
	if at == 0 || n == 0 || n > math.MaxInt {
		return nil
	}
	return append([]byte(nil), unsafe.Slice((*byte)(foreign(at, 0)), int(n))...)
}

// Release releases an object; nil does nothing.
func (f *Foundation) Release(c *Calls, object ID) {
	if object != 0 {
		c.Send(object, f.release)
	}
}

// Error is an NSError.
type Error struct {
	What        string // what was being done, with the label of the object
	Domain      string
	Code        int
	Description string
}

// Error names what failed, then what the system says of it.
func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s (%s %d)", e.What, e.Description, e.Domain, e.Code)
}

// Error reads an NSError, inside the pool that it was made in. A nil one is an
// error, too: the call has failed and said nothing.
func (f *Foundation) Error(c *Calls, err ID, what string) error {
	if err == 0 {
		return fmt.Errorf("%s: it failed without saying why", what)
	}
	return &Error{
		What: what, Code: int(c.Send(err, f.code)),
		Domain:      f.Text(c, c.SendID(err, f.domain)),
		Description: f.Text(c, c.SendID(err, f.localizedDescription)),
	}
}
