package standin

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal/apple/objc"
)

// client is who sends messages, in tests: by names, without caring for speed.
type client struct {
	t testing.TB
	*Runtime
	*objc.Calls
	foundation *objc.Foundation
}

func newClient(t testing.TB, o Options) *client {
	r := New(o)
	return &client{t, r, objc.NewCalls(r), objc.NewFoundation(r)}
}

// do sends a message and returns its result.
func (c *client) do(self objc.ID, selector string, arguments ...uintptr) objc.ID {
	return c.SendID(self, c.Selector(selector), arguments...)
}

// new makes an object of a class.
func (c *client) new(class string) objc.ID { return c.do(c.Class(class), "new") }

// device is the system's.
func (c *client) device() objc.ID { return objc.ID(c.Call(objc.CreateSystemDefaultDevice, nil)) }

// labeled gives an object a label, and returns it.
func (c *client) labeled(o objc.ID, label string) objc.ID {
	text := c.foundation.NewString(c.Calls, label)
	c.do(o, "setLabel:", uintptr(text))
	c.do(text, "release")
	return o
}

func (c *client) release(objects ...objc.ID) {
	for _, o := range objects {
		c.do(o, "release")
	}
}

// right demands that all was right, with nothing left.
func (c *client) right() {
	c.t.Helper()
	assert.Empty(c.t, c.Close())
}

// wrong demands these faults, and no other.
func (c *client) wrong(faults ...string) {
	c.t.Helper()
	assert.Equal(c.t, faults, c.Close())
}
