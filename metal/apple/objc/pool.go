package objc

import (
	"fmt"
	"runtime"
)

// Pool is an open autorelease pool. It ends by Pop, on the goroutine that opened
// it, and pools of one goroutine end in the opposite order of their opening.
type Pool struct {
	calls *Calls
	depth int
}

// Push opens an autorelease pool and keeps the goroutine on its thread until
// the pool is popped: pools belong to a thread.
//
//	defer calls.Push().Pop()
func (c *Calls) Push() Pool {
	if c.depth == maxPools {
		panic(fmt.Sprintf("BUG: %d autorelease pools are open and none is popped", maxPools))
	}
	runtime.LockOSThread()
	c.pools[c.depth] = c.runtime.Call(AutoreleasePoolPush, nil)
	c.depth++
	return Pool{c, c.depth}
}

// Pop releases what was autoreleased since the pool was opened.
func (p Pool) Pop() {
	c := p.calls
	if c.depth != p.depth {
		panic(fmt.Sprintf("BUG: autorelease pool %d is popped while pool %d is the innermost", p.depth, c.depth))
	}
	c.depth--
	c.words[0] = c.pools[c.depth]
	c.runtime.Call(AutoreleasePoolPop, c.words[:1])
	runtime.UnlockOSThread()
}
