package standin

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal/apple/sdk"
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
	assert.Equal(t, 1, o.integer("mipmapLevelCount"), "Metal's default, not ours")
	c.do(d, "setMipmapLevelCount:", 3)
	assert.Equal(t, 3, o.integer("mipmapLevelCount"))
	c.release(d)
	require.Empty(t, c.Faults())
}

// Every default is of a property that clients can set.
func TestDefaultsAreOfProperties(t *testing.T) {
	for class, properties := range defaults {
		for p := range properties {
			_, ok := sdk.Find(class, "set"+strings.ToUpper(p[:1])+p[1:]+":", false)
			assert.True(t, ok, "%s has no property %s in the table: the default is dead", class, p)
		}
	}
	for key := range natives {
		of, selector, _ := strings.Cut(key, " ")
		_, instance := sdk.Find(of, selector, false)
		_, class := sdk.Find(of, selector, true)
		assert.True(t, instance || class, "%s is no message of the table: what handles it is dead", key)
	}
}
