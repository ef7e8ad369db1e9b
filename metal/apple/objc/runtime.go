package objc

// ID is an object, a class or a block; 0 is nil.
type ID uintptr

// SEL is a selector that a Runtime has registered.
type SEL uintptr

// Function is a C function that a Runtime calls besides messages.
type Function int

// The functions, with C's names and types.
const (
	// id<MTLDevice> MTLCreateSystemDefaultDevice(void), +1
	CreateSystemDefaultDevice Function = iota
	// void *objc_autoreleasePoolPush(void)
	AutoreleasePoolPush
	// void objc_autoreleasePoolPop(void *pool)
	AutoreleasePoolPop
	// dispatch_queue_t dispatch_queue_create(const char *label, dispatch_queue_attr_t attr), +1
	DispatchQueueCreate
	// void dispatch_release(dispatch_object_t object)
	DispatchRelease

	Functions // how many there are
)

// Runtime is an Objective-C runtime: the one of macOS (System), or one that
// stands in for it in tests. Its methods may be called from several goroutines.
//
// Arguments are words, as the arm64 procedure call standard passes them: an
// integer, a BOOL or an object is one word; a structure of 16 bytes, such as
// NSRange or MTL4BufferRange, is two; a larger one, such as MTLSize, is the
// address of a copy that the callee may change. Memory whose address is in the
// words stays where it is, reachable from Go, until the call has returned; what
// the callee keeps must not be Go memory.
type Runtime interface {
	// Class returns the class of that name, nil where there is none.
	Class(name string) ID
	// Selector registers a selector.
	Selector(name string) SEL
	// Send sends words[1] to words[0] with the rest as arguments, and returns
	// the first word of the result. Of a BOOL only the low byte is defined.
	// Larger structures, floats and doubles cannot be returned.
	Send(words []uintptr) uintptr
	// SendPair is Send for a result of two words, which come back in two
	// registers: an MTLSizeAndAlign.
	SendPair(words []uintptr) (first, second uintptr)
	// SendFloats sends a message whose arguments are all float.
	SendFloats(self ID, op SEL, arguments []float32)
	// SendDoubles sends a message whose arguments are all double, such as the
	// four of an MTLClearColor or the two of a CGSize, which travel in registers
	// of their own.
	SendDoubles(self ID, op SEL, arguments []float64)
	// Call calls a C function.
	Call(f Function, words []uintptr) uintptr
	// NewBlock makes a block that takes one object and returns nothing. It may
	// be called on any thread.
	NewBlock(call func(argument ID)) ID
	// ReleaseBlock gives a block of NewBlock back.
	ReleaseBlock(block ID)
}
