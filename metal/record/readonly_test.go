package record_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// What is attached read-only is loaded, stored and not written by draws; the
// log says so.
func TestReadOnlyAttachments(t *testing.T) {
	h := newHarness(t, record.Options{Log: true})
	const format = metal.PixelFormatDepth32FloatStencil8
	both := h.texture(metal.TextureDescriptor{Label: "both", Format: format, Width: 16, Height: 16, Usage: metal.TextureUsageRenderTarget})
	h.set.Add(both)
	h.set.Commit()
	table := one[metal.ArgumentTable](h)(h.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "arguments", Buffers: 2}))
	table.SetBuffer(h.buffer, 0, 0)
	table.SetBuffer(h.buffer, 2048, 1)
	p := one[metal.RenderPipeline](h)(h.NewRenderPipeline(metal.RenderPipelineDescriptor{
		Label: "plain", Vertex: function(h, "mesh.vert", metal.Size{}), Topology: metal.PrimitiveTypeTriangle, DepthStencilFormat: format,
	}))
	face := metal.StencilDescriptor{Compare: metal.CompareFunctionEqual, ReadMask: 255, WriteMask: 255}
	state := func(label string, depth bool, pass metal.StencilOperation) metal.DepthStencilState {
		f := face
		f.Pass = pass
		return one[metal.DepthStencilState](h)(h.NewDepthStencilState(metal.DepthStencilDescriptor{
			Label: label, DepthCompare: metal.CompareFunctionLess, DepthWrite: depth, Stencil: true, Front: face, Back: f,
		}))
	}
	load := metal.Attachment{Texture: both, Load: metal.LoadActionLoad, Store: metal.StoreActionStore}
	clear := load
	clear.Load = metal.LoadActionClear
	discard := load
	discard.Store = metal.StoreActionDontCare
	tests := state("tests", false, metal.StencilOperationKeep)
	for _, c := range []struct {
		name           string
		depth, stencil metal.DepthStencilAttachment
		state          metal.DepthStencilState
		fault          string
	}{
		{"only tests", metal.DepthStencilAttachment{Attachment: load, ReadOnly: true}, metal.DepthStencilAttachment{Attachment: load, ReadOnly: true}, tests, ""},
		{"writes what it may", metal.DepthStencilAttachment{Attachment: load}, metal.DepthStencilAttachment{Attachment: load, ReadOnly: true}, state("depth", true, metal.StencilOperationKeep), ""},
		{"depth", metal.DepthStencilAttachment{Attachment: load, ReadOnly: true}, metal.DepthStencilAttachment{Attachment: load}, state("depth", true, metal.StencilOperationZero), `depth-stencil state "depth" writes depth: the pass has a read-only depth attachment`},
		{"stencil", metal.DepthStencilAttachment{Attachment: load}, metal.DepthStencilAttachment{Attachment: load, ReadOnly: true}, state("mark", true, metal.StencilOperationZero), `depth-stencil state "mark" writes stencils: the pass has a read-only stencil attachment`},
		{"cleared", metal.DepthStencilAttachment{Attachment: clear, ReadOnly: true}, metal.DepthStencilAttachment{Attachment: load}, tests, `texture "both" is attached read-only: its load action must be load, its store action store (load clear, store store)`},
		{"discarded", metal.DepthStencilAttachment{Attachment: load}, metal.DepthStencilAttachment{Attachment: discard, ReadOnly: true}, tests, `(load load, store dontCare)`},
	} {
		h.ClearCalls()
		d := &metal.RenderPassDescriptor{Label: "test", Depth: c.depth, Stencil: c.stencil}
		err := h.record(func(b metal.CommandBuffer) {
			e, err := b.RenderEncoder(d)
			if err != nil {
				return // End says it again
			}
			e.SetDepthStencilState(c.state)
			triangle(p, table)(e)
			e.EndEncoding()
		})
		if c.fault != "" {
			assert.ErrorContains(t, err, c.fault, c.name)
			continue
		}
		require.NoError(t, err, c.name)
		log := record.Text(h.Calls())
		assert.Equal(t, c.depth.ReadOnly, strings.Contains(log, `depth=(texture "both" load store read-only)`), log)
		assert.Equal(t, c.stencil.ReadOnly, strings.Contains(log, `stencil=(texture "both" load store read-only)`), log)
	}
}
