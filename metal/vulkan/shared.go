package vulkan

import (
	"crypto/sha256"
	"sync"
)

// shared holds objects that several pipelines use, each once, by the hash of
// what it is made of.
type shared[T any] struct {
	mu  sync.Mutex
	all map[[sha256.Size]byte]*share[T]
}

// share is one object, and how many use it.
type share[T any] struct {
	object T
	sum    [sha256.Size]byte
	users  int
	made   sync.Once
	err    error // of making it
}

// take returns the object of that hash, made if nobody has it. Whoever comes
// while it is being made waits. Each take that succeeds wants one give.
func (s *shared[T]) take(sum [sha256.Size]byte, create func() (T, error)) (*share[T], error) {
	s.mu.Lock()
	x := s.all[sum]
	if x == nil {
		if s.all == nil {
			s.all = map[[sha256.Size]byte]*share[T]{}
		}
		x = &share[T]{sum: sum}
		s.all[sum] = x
	}
	x.users++
	s.mu.Unlock()
	x.made.Do(func() { x.object, x.err = create() })
	if x.err != nil {
		s.give(x, func(T) {})
		return nil, x.err
	}
	return x, nil
}

// give ends one use; the last frees the object. nil is fine.
func (s *shared[T]) give(x *share[T], free func(T)) {
	if x == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.users--; x.users == 0 {
		delete(s.all, x.sum)
		free(x.object)
	}
}
