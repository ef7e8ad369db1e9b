package standin

import (
	"fmt"
	"sync"

	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/apple/sdk"
)

// Options is what a Runtime stands on.
type Options struct {
	Device    metal.Device             // carries out what is committed
	Functions []metal.Function         // what the MSL compiler knows, found by their MSL text
	Networks  map[string]metal.Network // what newLibraryWithURL: finds, by path
	// WithoutMetal4 makes the device one that is older than Metal 4.
	WithoutMetal4 bool
	// Log keeps what every commit encodes.
	Log bool
	// Trace, if set, is called with each message that was let through, in their
	// order, while nothing else runs.
	Trace func(message string)
}

// Runtime is an objc.Runtime. Its methods may be called from several
// goroutines; messages are carried out one at a time.
type Runtime struct {
	options Options
	machine *machine

	mu        sync.Mutex // guards what follows
	objects   []*object  // by their number; all that ever lived
	classes   map[string]*object
	device    *object // the system's, while it lives
	selectors map[string]objc.SEL
	names     []string // of selectors, from 1 on
	methods   map[methodKey]*method
	pools     map[thread][]*pool
	pushed    int
	faults    []string
	sent      int
	counts    map[string]int
	closed    bool
}

var _ objc.Runtime = (*Runtime)(nil)

// New returns a runtime in which nothing lives yet.
func New(o Options) *Runtime {
	r := &Runtime{
		options: o, objects: []*object{nil}, classes: map[string]*object{}, selectors: map[string]objc.SEL{}, names: []string{""},
		methods: map[methodKey]*method{}, pools: map[thread][]*pool{}, counts: map[string]int{},
	}
	r.machine = newMachine(&r.options)
	r.machine.apart, r.machine.own, r.machine.deliver = r.apart, r.own, r.deliver
	return r
}

// Faults is what was wrong so far, in the order of the messages: each with the
// receiver, the message and what would be right.
func (r *Runtime) Faults() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.faults...)
}

// Messages is how many messages were checked, and Sent how many of each were
// let through, by the type that declares it and the selector.
func (r *Runtime) Messages() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent
}

// Sent is how often each message was let through: "MTLBuffer contents".
func (r *Runtime) Sent() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	sent := make(map[string]int, len(r.counts))
	for k, n := range r.counts {
		sent[k] = n
	}
	return sent
}

// Close ends the runtime: what it still owes is called back, then what the
// client has left is a fault. It returns all faults.
func (r *Runtime) Close() []string {
	r.machine.close()
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		r.faults = append(r.faults, r.left()...)
	}
	r.mu.Unlock()
	return r.Faults()
}

func (r *Runtime) fault(format string, arguments ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, arguments...))
}

// apart runs f, which may take long, while other threads send messages.
func (r *Runtime) apart(f func()) {
	r.mu.Unlock()
	defer r.mu.Lock()
	f()
}

// Class implements objc.Runtime.
func (r *Runtime) Class(name string) objc.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o, ok := r.classes[name]; ok {
		return o.id
	}
	switch t, ok := sdk.TypeNamed(name); {
	case !ok:
		r.fault("no class %s: the SDK's table has none of that name", name)
		return 0
	case t.Protocol:
		r.fault("no class %s: that is a protocol", name)
		return 0
	}
	o := r.make(name, kindClass, "")
	o.held = 1
	r.classes[name] = o
	return o.id
}

// Selector implements objc.Runtime.
func (r *Runtime) Selector(name string) objc.SEL {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.selectors[name]
	if !ok {
		s = objc.SEL(firstSelector + len(r.names))
		r.names = append(r.names, name)
		r.selectors[name] = s
	}
	return s
}

// firstSelector keeps selectors apart from objects and from numbers that mean
// something else.
const firstSelector = 0x5e1_0000_0000

// selector is the name of a selector, "" for what is none.
func (r *Runtime) selector(s uintptr) string {
	if i := int(s) - firstSelector; i > 0 && i < len(r.names) {
		return r.names[i]
	}
	return ""
}

// Send implements objc.Runtime.
func (r *Runtime) Send(words []uintptr) uintptr {
	first, _ := r.message(message{words: words})
	return first
}

// SendPair implements objc.Runtime.
func (r *Runtime) SendPair(words []uintptr) (first, second uintptr) {
	return r.message(message{words: words, pair: true})
}

// SendFloats implements objc.Runtime.
func (r *Runtime) SendFloats(self objc.ID, op objc.SEL, arguments []float32) {
	r.message(message{words: []uintptr{uintptr(self), uintptr(op)}, floats: arguments})
}

// SendDoubles implements objc.Runtime.
func (r *Runtime) SendDoubles(self objc.ID, op objc.SEL, arguments []float64) {
	r.message(message{words: []uintptr{uintptr(self), uintptr(op)}, doubles: arguments})
}

// Call implements objc.Runtime.
func (r *Runtime) Call(f objc.Function, words []uintptr) uintptr {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f < 0 || f >= objc.Functions {
		r.fault("function %d: there are %d", f, objc.Functions)
		return 0
	}
	if want := functionWords[f]; len(words) != want {
		r.fault("%s: %d words, must be %d", functionNames[f], len(words), want)
		return 0
	}
	switch f {
	case objc.CreateSystemDefaultDevice:
		if r.device == nil || r.device.ended != "" {
			r.device = r.make("MTLDevice", kindObject, functionNames[f])
		}
		r.device.owned++
		return uintptr(r.device.id)
	case objc.AutoreleasePoolPush:
		return r.push()
	case objc.AutoreleasePoolPop:
		r.pop(words[0])
	case objc.DispatchQueueCreate:
		o := r.make("dispatch_queue_t", kindHandle, functionNames[f])
		o.owned = 1
		if text, ok := readText(words[0]); ok {
			o.name = fmt.Sprintf("dispatch_queue_t %q", text)
		} else if words[0] != 0 {
			r.fault("%s: the label at %#x cannot be read", functionNames[f], words[0])
		}
		if words[1] != 0 {
			r.fault("%s: attributes %#x: this stand-in makes serial queues (0)", functionNames[f], words[1])
		}
		return uintptr(o.id)
	case objc.DispatchRelease:
		if o := r.alive(words[0], functionNames[f]); o != nil {
			if o.kind != kindHandle {
				r.fault("%s: %s is no dispatch object: send it release", functionNames[f], o)
				return 0
			}
			r.release(o, functionNames[f])
		}
	}
	return 0
}

var functionNames = [objc.Functions]string{
	objc.CreateSystemDefaultDevice: "MTLCreateSystemDefaultDevice",
	objc.AutoreleasePoolPush:       "objc_autoreleasePoolPush",
	objc.AutoreleasePoolPop:        "objc_autoreleasePoolPop",
	objc.DispatchQueueCreate:       "dispatch_queue_create",
	objc.DispatchRelease:           "dispatch_release",
}

var functionWords = [objc.Functions]int{objc.AutoreleasePoolPop: 1, objc.DispatchQueueCreate: 2, objc.DispatchRelease: 1}
