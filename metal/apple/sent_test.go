package apple_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/apple/sdk"
	"weft/metal/metaltest"
	"weft/shaders"
)

// Every message of the table is sent, and so checked and carried out: what
// nobody sends is proven by nothing, and should not be in the table.
func TestEveryMessageIsSent(t *testing.T) {
	sent := map[string]int{}
	count := func(_ *testing.T, d metal.Device) {
		for message, n := range d.(*standIn).runtime.Sent() {
			sent[message] += n
		}
	}
	metaltest.Run(t, func(t *testing.T) metal.Device { return open(t) }, metaltest.Options{
		Executes: true, Strict: true, Untried: untried(t), Check: count,
	})
	rest(t, count)
	for message, n := range presents(t).Sent() {
		sent[message] += n
	}
	messages := 0
	for _, x := range sdk.Types() {
		for _, m := range x.Methods {
			message := x.Name + " " + m.Selector
			assert.Positive(t, sent[message], "%s is sent by nobody: send it here, or take it from uses.txt", message)
			messages++
		}
	}
	t.Logf("%d messages", messages)
}

// rest does what neither the suite nor a layer has to.
func rest(t *testing.T, count func(*testing.T, metal.Device)) {
	s := open(t)
	defer s.Release()
	defer count(t, s)
	q, other := made[metal.CommandQueue](t)(s.NewCommandQueue("main")), made[metal.CommandQueue](t)(s.NewCommandQueue("other"))
	a := made[metal.CommandAllocator](t)(s.NewCommandAllocator("ring"))
	b := made[metal.CommandBuffer](t)(s.NewCommandBuffer("frame"))
	e := made[metal.SharedEvent](t)(s.NewSharedEvent("go"))
	set := made[metal.ResidencySet](t)(s.NewResidencySet("resident"))
	p := made[metal.RenderPipeline](t)(s.NewRenderPipeline(metal.RenderPipelineDescriptor{
		Label: "coverage", Vertex: shaders.FullscreenVert, Fragment: shaders.PresentFrag, Topology: metal.PrimitiveTypeTriangle,
		Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Samples: 4, AlphaToCoverage: true,
	}))
	q.AddResidencySet(set)
	q.RemoveResidencySet(set)
	// The system's own error: it has no such network.
	n := metal.Network{Name: "unknown"}
	n.Compiled = s.compiled(n)
	delete(s.networks, n.Compiled)
	_, err := s.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Label: "x", Network: n})
	assert.ErrorContains(t, err, "library not found")
	// Commits whose feedback does not come in: so many that of the last none is
	// asked for.
	require.NoError(t, q.WaitForEvent(e, 1))
	for range 65 {
		require.NoError(t, b.Begin(a))
		c, err := b.ComputeEncoder("grouped")
		require.NoError(t, err)
		c.PushDebugGroup("group")
		c.PopDebugGroup()
		c.EndEncoding()
		require.NoError(t, b.End())
		require.NoError(t, q.Commit([]metal.CommandBuffer{b}))
	}
	require.NoError(t, other.SignalEvent(e, 1))
	require.NoError(t, q.SignalEvent(e, 2))
	require.True(t, e.Wait(2, 20*time.Second))
	for _, o := range []metal.Object{p, set, e, b, a, q, other} {
		o.Release()
	}
}
