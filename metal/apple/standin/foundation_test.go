package standin

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStringsAreText(t *testing.T) {
	c := newClient(t, Options{})
	pool := c.Push()
	for _, text := range []string{"", "a label", "größer 🙂"} {
		s := c.foundation.NewString(c.Calls, text)
		assert.Equal(t, text, c.foundation.Text(c.Calls, s))
		c.release(s)
	}
	s := c.do(c.Class("NSString"), "alloc")
	assert.Zero(t, c.do(s, "initWithUTF8String:", c.Chars("\xff")), "not UTF-8: nil, and what alloc made is gone")
	url := c.foundation.FileURL(c.Calls, "/a/b")
	assert.Equal(t, "/a/b", c.named(uintptr(url)).path())
	pool.Pop()
	c.right()
}

func TestDescriptorsKeepWhatIsSet(t *testing.T) {
	c := newClient(t, Options{})
	d := c.new("MTLTextureDescriptor")
	o := c.named(uintptr(d))
	assert.Equal(t, 1, o.integer("mipmapLevelCount", 7), "Metal's default, not ours")
	c.do(d, "setMipmapLevelCount:", 3)
	assert.Equal(t, 3, o.integer("mipmapLevelCount", 7))
	c.release(d)
	require.Empty(t, c.Faults())
}
