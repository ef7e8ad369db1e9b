package standin

import (
	"unicode/utf8"
	"unsafe"
)

// natives are the messages of Foundation, and of arrays of descriptors.
var natives = map[string]func(*call){
	"NSObject alloc":               allocate,
	"NSObject new":                 allocate,
	"NSObjectProtocol retain":      retain,
	"NSObjectProtocol release":     func(c *call) { c.runtime.release(c.receiver, c.what()) },
	"NSString initWithUTF8String:": initWithUTF8String,
	"NSString UTF8String":          utf8String,
	"NSArray count":                func(c *call) { c.answer(uint64(len(c.receiver.list))) },
	"NSArray objectAtIndex:":       objectAtIndex,
	"NSData length":                func(c *call) { c.answer(uint64(len(c.receiver.bytes))) },
	"NSData bytes":                 func(c *call) { c.answer(addressOf(c.receiver.bytes)) },
	"NSURL fileURLWithPath:":       fileURLWithPath,

	"MTLRenderPassColorAttachmentDescriptorArray objectAtIndexedSubscript:":      subscript,
	"MTL4RenderPipelineColorAttachmentDescriptorArray objectAtIndexedSubscript:": subscript,
}

// addressOf is where bytes are that their object keeps.
func addressOf(b []byte) uint64 { return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) }

func allocate(c *call) {
	o := c.runtime.make(c.receiver.class, kindObject, c.made())
	o.owned, o.raw = 1, c.op == "alloc"
	c.give(o)
}

func retain(c *call) {
	if c.receiver.kind == kindObject {
		c.receiver.owned++
	}
	c.give(c.receiver)
}

// initWithUTF8String: copies the text; it is nil where that is not UTF-8.
func initWithUTF8String(c *call) {
	text, _ := readText(uintptr(c.word(0)))
	if !utf8.ValidString(text) {
		return
	}
	c.receiver.bytes = append([]byte(text), 0)
	c.give(c.receiver)
}

// utf8String returns a copy that lives as long as the innermost pool.
func utf8String(c *call) {
	inner := c.loose("NSData", nil)
	inner.bytes = append([]byte(nil), c.receiver.bytes...)
	c.answer(addressOf(inner.bytes))
}

func objectAtIndex(c *call) {
	if e := c.receiver.element(c.integer(0)); e != nil {
		c.give(e)
		return
	}
	c.fault("index %d of an array of %d: NSRangeException", c.integer(0), len(c.receiver.list))
}

func fileURLWithPath(c *call) {
	o := c.loose("NSURL", nil)
	o.bytes = append([]byte(nil), c.object(0).bytes...)
	c.give(o)
}
