//go:build !windows

package objc

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"unsafe"

	"github.com/ebitengine/purego"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// library compiles testdata/abi.c with $CC, or gcc, and loads it.
func library(t testing.TB) func(name string) *Calls {
	t.Helper()
	cc := os.Getenv("CC")
	if cc == "" {
		cc = "gcc"
	}
	if _, err := exec.LookPath(cc); err != nil {
		t.Skipf("no C compiler: calls are not compared with C's (%v); make setup installs one", err)
	}
	so := filepath.Join(t.TempDir(), "abi.so")
	out, err := exec.Command(cc, "-shared", "-fPIC", "-O1", "-Wall", "-o", so, filepath.Join("testdata", "abi.c")).CombinedOutput()
	require.NoError(t, err, string(out))
	handle, err := purego.Dlopen(so, purego.RTLD_NOW)
	require.NoError(t, err)
	return func(name string) *Calls {
		at, err := purego.Dlsym(handle, name)
		require.NoError(t, err)
		return NewCalls(callee{sender: newSender(at), library: handle})
	}
}

// callee is a Runtime whose every message is one C function.
type callee struct {
	silent
	*sender
	library uintptr
}

func (c callee) Send(words []uintptr) uintptr                { return c.sender.Send(words) }
func (c callee) SendPair(words []uintptr) (uintptr, uintptr) { return c.sender.SendPair(words) }
func (c callee) SendFloats(o ID, s SEL, a []float32)         { c.sender.SendFloats(o, s, a) }
func (c callee) SendDoubles(o ID, s SEL, a []float64)        { c.sender.SendDoubles(o, s, a) }

// seen is what the C function has received, self and selector first.
func seen(t testing.TB, c *Calls, n int) []uint64 {
	t.Helper()
	at, err := purego.Dlsym(c.runtime.(callee).library, "seen")
	require.NoError(t, err)
	return unsafe.Slice((*uint64)(foreign(at, 0)), n)
}

func words(from, n uint64) []uint64 {
	w := make([]uint64, n)
	for i := range w {
		w[i] = from + uint64(i)
	}
	return w
}

const (
	self ID  = 1
	op   SEL = 2
)

// Every message arrives in C as the numbers 1, 2, 3... in their order: the
// words, the structures behind addresses, and those in two words.
func TestWordsArriveInC(t *testing.T) {
	c := library(t)
	high := uintptr(math.MaxUint64) - 100 // all 64 bits arrive
	calls := c("words13")
	calls.Send(self, op, high, 4, 5, 6, 7, 8, 9, 10, 11, 12, high)
	assert.Equal(t, append(append([]uint64{1, 2, uint64(high)}, words(4, 9)...), uint64(high)), seen(t, calls, 13))

	for name, test := range map[string]struct {
		words int
		send  func(c *Calls)
	}{
		"textureToTexture": {17, func(c *Calls) {
			c.Send(self, op, 3, 4, 5, c.Struct(6, 7, 8), c.Struct(9, 10, 11), 12, 13, 14, c.Struct(15, 16, 17))
		}},
		"textureToBuffer": {15, func(c *Calls) {
			c.Send(self, op, 3, 4, 5, c.Struct(6, 7, 8), c.Struct(9, 10, 11), 12, 13, 14, 15)
		}},
		"textureToBufferOptions": {16, func(c *Calls) {
			c.Send(self, op, 3, 4, 5, c.Struct(6, 7, 8), c.Struct(9, 10, 11), 12, 13, 14, 15, 16)
		}},
		"bufferToTexture": {15, func(c *Calls) {
			c.Send(self, op, 3, 4, 5, 6, c.Struct(7, 8, 9), 10, 11, 12, c.Struct(13, 14, 15))
		}},
		"resolveCounters": {9, func(c *Calls) { c.Send(self, op, 3, 4, 5, 6, 7, 8, 9) }},
		"bufferToTextureOptions": {16, func(c *Calls) {
			c.Send(self, op, 3, 4, 5, 6, c.Struct(7, 8, 9), 10, 11, 12, c.Struct(13, 14, 15), 16)
		}},
		"dispatch": {8, func(c *Calls) { c.Send(self, op, c.Struct(3, 4, 5), c.Struct(6, 7, 8)) }},
		"view": {8, func(c *Calls) {
			assert.Equal(t, ID(0x1122334455667788), c.SendID(self, op, 3, 4, 5, 6, 7, 8))
		}},
		"fill":    {6, func(c *Calls) { c.Send(self, op, 3, 4, 5, 6) }},
		"stencil": {3, func(c *Calls) { c.Send(self, op, 3) }},
		"commit":  {5, func(c *Calls) { c.Send(self, op, c.Struct(3, 4, 5), 3) }},
	} {
		calls := c(name)
		for range 3 { // the memory of one call is used again by the next
			test.send(calls)
			assert.Equal(t, words(1, uint64(test.words)), seen(t, calls, test.words), name)
		}
	}

	calls = c("drawIndexed")
	calls.Send(self, op, 3, 4, 5, 6, 7, 8, uintptr(math.MaxUint64), 10)
	assert.Equal(t, uint64(math.MaxUint64), seen(t, calls, 10)[8], "a base vertex of -1")
	assert.Equal(t, uint64(10), seen(t, calls, 10)[9])
}

func TestResultsArriveInGo(t *testing.T) {
	c := library(t)
	size, align := c("sizeAndAlign").SendPair(self, op, 1000, 500)
	assert.Equal(t, [2]uintptr{1001, 502}, [2]uintptr{size, align})
	assert.Zero(t, byte(c("no").Send(self, op)), "only the low byte of a BOOL counts")
	assert.Equal(t, byte(1), byte(c("yes").Send(self, op)))

	calls := c("fails")
	assert.Zero(t, calls.SendID(self, op, 3, calls.ErrorOut()))
	assert.Equal(t, ID(77), calls.Error())
	assert.Equal(t, words(1, 3), seen(t, calls, 3))

	calls = c("text")
	assert.Equal(t, ID(5), calls.SendID(self, op, calls.Chars("né")))
	assert.Equal(t, []uint64{1, 2, 'n', 0xc3, 0xa9, 0}, seen(t, calls, 6))
}

func TestFloatsArriveInC(t *testing.T) {
	c := library(t)
	check := func(name string, n int, send func(r Runtime)) {
		calls := c(name)
		send(calls.runtime)
		got := seen(t, calls, 2+n)
		assert.Equal(t, words(1, 2), got[:2], name)
		for i, bits := range got[2:] {
			assert.Equal(t, 0.5+float64(i), math.Float64frombits(bits), "%s %d", name, i)
		}
	}
	f, d := []float32{0.5, 1.5, 2.5, 3.5}, []float64{0.5, 1.5, 2.5, 3.5}
	for n, name := range []string{"floats1", "floats2", "floats3", "floats4"} {
		check(name, n+1, func(r Runtime) { r.SendFloats(self, op, f[:n+1]) })
	}
	for name, n := range map[string]int{"doubles1": 1, "doubles2": 2, "doubles4": 4} {
		check(name, n, func(r Runtime) { r.SendDoubles(self, op, d[:n]) })
	}

	calls := c("viewport")
	bits := make([]uint64, 6)
	for i := range bits {
		bits[i] = math.Float64bits(float64(i))
	}
	calls.Send(self, op, calls.Struct(bits...))
	assert.Equal(t, bits, seen(t, calls, 8)[2:])
}

// What a message points at stays where it is while the stack moves, and is not
// of a stack: others scribble over what the moved one has left.
func TestMessagesSurviveMovingStacks(t *testing.T) {
	c := library(t)("textureToTexture")
	for range 20 {
		good := make(chan bool)
		go func() {
			c := NewCalls(c.runtime)
			origin, size, to := c.Struct(6, 7, 8), c.Struct(9, 10, 11), c.Struct(15, 16, 17)
			scribble(200)
			var others sync.WaitGroup
			for range 100 {
				others.Go(func() { scribble(20) })
			}
			others.Wait()
			runtime.GC()
			c.Send(self, op, 3, 4, 5, origin, size, 12, 13, 14, to)
			good <- slices.Equal(words(1, 17), seen(t, c, 17))
		}()
		require.True(t, <-good)
	}
}

// scribble fills the stack to a depth of as many KiB.
func scribble(depth int) byte {
	var page [1024]byte
	for i := range page {
		page[i] = 0xaa
	}
	if depth > 0 {
		return page[depth] + scribble(depth-1)
	}
	return page[0]
}

func TestSendingAllocatesNothing(t *testing.T) {
	for name, calls := range map[string]*Calls{"C": library(t)("nothing"), "Go": NewCalls(silent{})} {
		assert.Zero(t, testing.AllocsPerRun(1000, func() { send11(calls) }), name)
		assert.Zero(t, testing.AllocsPerRun(1000, func() {
			calls.SendPair(self, op, calls.ErrorOut())
			calls.Send(self, op, calls.Chars("a label"))
		}), name)
		assert.Zero(t, testing.AllocsPerRun(1000, func() { defer calls.Push().Pop() }), name)
	}
}

func send11(c *Calls) {
	c.Send(self, op, 3, 4, 5, c.Struct(6, 7, 8), c.Struct(9, 10, 11), 12, 13, 14, c.Struct(15, 16, 17))
}

func BenchmarkSend(b *testing.B) {
	for _, m := range []struct {
		name string
		send func(c *Calls)
	}{
		{"3words", func(c *Calls) { c.Send(self, op, 3) }},
		{"11words", send11},
	} {
		for name, calls := range map[string]*Calls{"Go": NewCalls(silent{}), "C": library(b)("nothing")} {
			b.Run(m.name+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					m.send(calls)
				}
			})
		}
	}
	calls := library(b)("nothing")
	b.Run("4floats/C", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			calls.runtime.SendFloats(self, op, []float32{1, 2, 3, 4})
		}
	})
}
