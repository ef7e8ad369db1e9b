package standin

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seeds are mistakes in the frame, each alone: a line and what stands in its
// place. What they say is listed in doc.go.
var seeds = []struct {
	name string
	line string
	with []string
}{
	{"a wrong selector", "commands endCommandBuffer", []string{"commands endCommandBufer"}},
	{"a method of the class, sent to an object", "view setWidth: 16", []string{"view setWidth: 16", "view new"}},
	{"a message to nil", "set commit", []string{"nil commit"}},
	{"a missing argument", "queue commit:count: [commands] 1", []string{"queue commit:count: [commands]"}},
	{"an extra argument", "queue commit:count: [commands] 1", []string{"queue commit:count: [commands] 1 0"}},
	{"an argument of another class", "set addAllocation: source", []string{"set addAllocation: queue"}},
	{"nil where an object must be", "set addAllocation: source", []string{"set addAllocation: nil"}},
	{"a wrong enumeration value", "view setPixelFormat: 70", []string{"view setPixelFormat: 77"}},
	{"a wrong flag", "view setResourceOptions: 32", []string{"view setResourceOptions: 64"}},
	{"a value of a later system", "view release", []string{"view release", "view = MTLTensorDescriptor new", "view setDataType: 143", "view release"}},
	{"a BOOL of 2", "sampler release", []string{"sampler setSupportArgumentBuffers: 2", "sampler release"}},
	{"a number that needs more bits", "encoder fillBuffer:range:value: source 0 1024 7", []string{"encoder fillBuffer:range:value: source 0 1024 263"}},
	{"a float in an integer word", "sampler setLodMaxClamp: 4f", []string{"sampler setLodMaxClamp: 1082130432"}},
	{"alloc without init", "text = text initWithUTF8String: \"source\"", nil},
	{"a leak", "event release", nil},
	{"an over-release", "event release", []string{"event release", "event release"}},
	{"a release of what is another's", "pool = push", []string{"pool = push", "encoder = commands computeCommandEncoder", "encoder endEncoding", "encoder release"}},
	{"a use after release", "view release", []string{"view release", "view setWidth: 32"}},
	{"an argument after its release", "commands beginCommandBufferWithAllocator: allocator", []string{"allocator release", "commands beginCommandBufferWithAllocator: allocator"}},
	{"a forgotten retain of an encoder", "encoder retain", nil},
	{"no pool", "pool = push", []string{"view = commands computeCommandEncoder", "view endEncoding", "pool = push"}},
	{"pools popped out of order", "pool = push", []string{"pool = push", "inner = push"}},
	{"a pool that stays open", "pop pool", nil},
	{"a forgotten residency", "set addAllocation: target", nil},
	{"a dropped barrier", "encoder barrierAfterEncoderStages:beforeEncoderStages:visibilityOptions: 268435456 268435456 1", nil},
	{"an encoder left open", "encoder endEncoding", nil},
	{"an allocator reset while in flight", "queue signalEvent:value: event 1", []string{"allocator reset", "queue signalEvent:value: event 1"}},
}

var update = flag.Bool("update", false, "write what is said of the seeds into doc.go")

// Each seed is caught, and doc.go lists what is said of it first.
func TestSeeds(t *testing.T) {
	beneath := gpu(t)
	var list strings.Builder
	for _, s := range seeds {
		faults := play(t, beneath, edit(t, lines(frame), s.line, s.with...))
		require.NotEmpty(t, faults, s.name)
		list.WriteString("//   - " + s.name + ": " + faults[0] + "\n")
	}
	const heading, end = "// # Mistakes, and what is said of them\n//\n", "package standin\n"
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(doc), heading)
	require.True(t, ok)
	listed, _, _ := strings.Cut(rest, end)
	if *update {
		require.NoError(t, os.WriteFile("doc.go", []byte(before+heading+list.String()+end), 0o644))
		return
	}
	assert.Equal(t, list.String(), listed, "make golden, and look at the difference")
}
