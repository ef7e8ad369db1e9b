package standin

import (
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal/apple/objc"
)

// Pools belong to a thread.
func TestPoolsKeepToTheirThread(t *testing.T) {
	c := newClient(t, Options{})
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pool := c.Call(objc.AutoreleasePoolPush, nil)
	done := make(chan bool)
	go func() {
		runtime.LockOSThread() // a thread of its own; it ends with the goroutine
		c.Call(objc.AutoreleasePoolPop, []uintptr{pool})
		close(done)
	}()
	<-done
	c.Call(objc.AutoreleasePoolPop, []uintptr{pool})
	c.Call(objc.AutoreleasePoolPop, []uintptr{pool})
	c.Call(objc.AutoreleasePoolPop, []uintptr{7})
	c.wrong(
		"objc_autoreleasePoolPop: pool 1 is not open on this thread: it is of another thread: keep the goroutine on its thread from push to pop (runtime.LockOSThread)",
		"objc_autoreleasePoolPop: pool 1 is not open on this thread: it was popped before",
		"objc_autoreleasePoolPop: 0x7 is no pool",
	)
}

func TestGoroutinesShareARuntime(t *testing.T) {
	c := newClient(t, Options{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			mine := &client{t, c.Runtime, objc.NewCalls(c.Runtime), c.foundation}
			for range 100 {
				pool := mine.Push()
				d := mine.labeled(mine.new("MTLSamplerDescriptor"), "mine")
				mine.SendFloats(d, mine.Selector("setLodMaxClamp:"), []float32{4})
				assert.NotZero(t, mine.foundation.FileURL(mine.Calls, "/a"))
				mine.release(d)
				pool.Pop()
			}
		})
	}
	all.Wait()
	assert.Equal(t, 800, c.Sent()["MTLSamplerDescriptor setLodMaxClamp:"])
	c.right()
}

// A descriptor holds what it is made of, as it was when it was set.
func TestPropertiesCopyDescriptors(t *testing.T) {
	c := newClient(t, Options{})
	library, options := c.new("MTL4LibraryDescriptor"), c.new("MTLCompileOptions")
	set := func(v uintptr) { c.do(options, "setLanguageVersion:", v) }
	set(4 << 16)
	c.do(library, "setOptions:", uintptr(options))
	set(3 << 16)
	held := c.named(uintptr(library)).child("options")
	assert.Equal(t, 4<<16, held.integer("languageVersion"))
	c.release(options)
	assert.Empty(t, held.ended)
	c.release(library)
	assert.NotEmpty(t, held.ended, "what only a descriptor held goes with it")
	c.right()
}

func TestBlocksAndQueuesAreReleasedOnce(t *testing.T) {
	c := newClient(t, Options{})
	block := c.NewBlock(func(objc.ID) {})
	c.ReleaseBlock(block)
	c.ReleaseBlock(block)
	left := c.NewBlock(func(objc.ID) {})
	queue := c.Call(objc.DispatchQueueCreate, []uintptr{c.Chars("feedback"), 0})
	c.do(objc.ID(queue), "release")
	c.ReleaseBlock(objc.ID(queue))
	c.Call(objc.DispatchRelease, []uintptr{queue})
	c.Call(objc.DispatchRelease, []uintptr{uintptr(left)})
	c.wrong(
		"ReleaseBlock: block, made by NewBlock, is used after its end: ReleaseBlock took the last reference",
		`[dispatch_queue_t "feedback" release]: no message can be sent to it`,
		`ReleaseBlock: dispatch_queue_t "feedback" is no block`,
		"dispatch_release: block is no dispatch object: send it release",
		"leak: 1 of block, made by NewBlock, never released: block",
	)
}

// Who reads a string after its pool finds no text.
func TestBytesEndWithTheirPool(t *testing.T) {
	c := newClient(t, Options{})
	s := c.foundation.NewString(c.Calls, "text")
	pool := c.Push()
	at := c.do(s, "UTF8String")
	text, ok := readText(uintptr(at))
	assert.True(t, ok)
	assert.Equal(t, "text", text)
	pool.Pop()
	assert.Equal(t, byte(poison), *(*byte)(pointer(uintptr(at))))
	c.release(s)
	c.right()
}

func TestWordsInPairs(t *testing.T) {
	c := newClient(t, Options{Device: gpu(t)})
	device := c.device()
	op := c.Selector("heapBufferSizeAndAlignWithLength:options:")
	c.Calls.Send(device, op, 1024, 0)
	c.Calls.SendPair(device, c.Selector("maxBufferLength"))
	size, align := c.Calls.SendPair(device, op, 1024, 0)
	assert.GreaterOrEqual(t, size, uintptr(1024))
	assert.Positive(t, align)
	c.release(device)
	c.wrong(
		"[MTLDevice heapBufferSizeAndAlignWithLength:options:]: it returns MTLSizeAndAlign, two words: use SendPair",
		"[MTLDevice maxBufferLength]: it returns NSUInteger, which is not two words: use Send",
	)
}

// Whatever stands where an address should, nothing crashes.
func TestNoAddressIsTrusted(t *testing.T) {
	for _, at := range []uintptr{0, 8, 4096, 1 << 40, 1<<63 + 8, ^uintptr(7)} {
		_, ok := readText(at)
		assert.False(t, ok, "%#x", at)
		_, ok = readWords(at, 1)
		assert.False(t, ok, "%#x", at)
	}
}
