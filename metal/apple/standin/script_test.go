package standin

import (
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"weft/metal/apple/objc"
	"weft/metal/vulkan"
)

// frame is a client that does everything right: it fills a buffer, copies it
// and waits for the GPU. A line is a message; what its result is called comes
// first. A name is an object, or a class if it begins with a capital; a number
// is a word, [] an array of objects, {} a structure of words, "" a C string,
// and error the address of an NSError *.
const frame = `
device = MTLCreateSystemDefaultDevice
source = device newBufferWithLength:options: 1024 0
text = NSString alloc
text = text initWithUTF8String: "source"
source setLabel: text
text release
target = device newBufferWithLength:options: 1024 32
text = NSString alloc
text = text initWithUTF8String: "target"
target setLabel: text
text release
fresh = MTL4CommandQueueDescriptor new
queue = device newMTL4CommandQueueWithDescriptor:error: fresh error
fresh release
fresh = MTL4CommandAllocatorDescriptor new
allocator = device newCommandAllocatorWithDescriptor:error: fresh error
fresh release
fresh = MTLResidencySetDescriptor new
set = device newResidencySetWithDescriptor:error: fresh error
fresh release
set addAllocation: source
set addAllocation: target
set commit
queue addResidencySet: set
event = device newSharedEvent
commands = device newCommandBuffer
commands beginCommandBufferWithAllocator: allocator
pool = push
encoder = commands computeCommandEncoder
encoder retain
pop pool
encoder fillBuffer:range:value: source 0 1024 7
encoder barrierAfterEncoderStages:beforeEncoderStages:visibilityOptions: 268435456 268435456 1
encoder copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size: source 0 target 256 512
encoder endEncoding
encoder release
commands endCommandBuffer
queue commit:count: [commands] 1
queue signalEvent:value: event 1
event waitUntilSignaledValue:timeoutMS: 1 10000
allocator reset
view = MTLTextureDescriptor new
view setPixelFormat: 70
view setWidth: 16
view setHeight: 16
view setResourceOptions: 32
texture = device newTextureWithDescriptor: view
view release
sampler = MTLSamplerDescriptor new
sampler setLodMaxClamp: 4f
sampler release
texture release
event release
commands release
set release
allocator release
queue release
target release
source release
device release
`

// lines of a script, without empty ones.
func lines(script string) []string {
	return slices.DeleteFunc(strings.Split(script, "\n"), func(l string) bool { return l == "" })
}

// gpu is a device to play on. It is not released: wrong scripts leave things.
func gpu(t testing.TB) *vulkan.Device {
	t.Helper()
	d, err := vulkan.Open(vulkan.Options{})
	require.NoError(t, err, "these tests need Vulkan: run make setup")
	return d
}

// play runs a script on a new runtime and returns what was wrong. Whatever it
// is, nothing panics.
func play(t testing.TB, beneath *vulkan.Device, script []string) []string {
	t.Helper()
	r := New(Options{Device: beneath})
	c := player{r, objc.NewCalls(r), map[string]uintptr{"nil": 0}}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, line := range script {
		c.line(t, line)
	}
	return r.Close()
}

type player struct {
	runtime *Runtime
	calls   *objc.Calls
	named   map[string]uintptr
}

func (p *player) line(t testing.TB, line string) {
	t.Helper()
	result, rest, assigns := strings.Cut(line, " = ")
	if !assigns {
		rest = line
	}
	w := strings.Fields(rest)
	var got uintptr
	switch w[0] {
	case "MTLCreateSystemDefaultDevice":
		got = p.runtime.Call(objc.CreateSystemDefaultDevice, nil)
	case "push":
		got = p.runtime.Call(objc.AutoreleasePoolPush, nil)
	case "pop":
		p.runtime.Call(objc.AutoreleasePoolPop, []uintptr{p.named[w[1]]})
	default:
		got = p.send(t, w)
	}
	if assigns {
		p.named[result] = got
	}
}

func (p *player) send(t testing.TB, w []string) uintptr {
	t.Helper()
	self, ok := p.named[w[0]]
	if !ok && strings.ToUpper(w[0][:1]) == w[0][:1] {
		self = uintptr(p.runtime.Class(w[0]))
	}
	op := p.runtime.Selector(w[1])
	words := []uintptr{self, uintptr(op)}
	var floats []float32
	var kept []any
	for i := 2; i < len(w); i++ {
		switch a := w[i]; {
		case a == "error":
			words = append(words, p.calls.ErrorOut())
		case strings.HasPrefix(a, `"`):
			words = append(words, p.calls.Chars(strings.Trim(a, `"`)))
		case strings.HasPrefix(a, "["):
			id := &[1]uintptr{p.named[strings.Trim(a, "[]")]}
			kept = append(kept, id)
			words = append(words, uintptr(unsafe.Pointer(id)))
		case strings.HasSuffix(a, "f") && a[0] <= '9':
			f, err := strconv.ParseFloat(strings.TrimSuffix(a, "f"), 32)
			require.NoError(t, err)
			floats = append(floats, float32(f))
		default:
			n, err := strconv.ParseUint(a, 0, 64)
			if err != nil { // a name; nil before it is given
				n = uint64(p.named[a])
			}
			words = append(words, uintptr(n))
		}
	}
	defer runtime.KeepAlive(kept)
	if floats != nil {
		p.runtime.SendFloats(objc.ID(self), op, floats)
		return 0
	}
	return p.runtime.Send(words)
}

// edit is a script with a line replaced; by nothing, if with is empty.
func edit(t testing.TB, script []string, line string, with ...string) []string {
	t.Helper()
	i := slices.Index(script, line)
	require.GreaterOrEqual(t, i, 0, "no line %q", line)
	return slices.Concat(script[:i], with, script[i+1:])
}

func TestFrameIsRight(t *testing.T) {
	require.Empty(t, play(t, gpu(t), lines(frame)))
}
