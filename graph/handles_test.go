package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// A handle of another graph, though a resource of this one has its index, names
// nothing here: not in declarations, not in frames, not in plans.
func TestHandlesOfAnotherGraph(t *testing.T) {
	d := device(t, record.Options{})
	queue, screen := queueOf(t, d), screenOf(t, d)
	other, g := New(), New()
	foreign := other.Texture("mine", rgba(64, 64), Imported)
	own := g.Texture("own", rgba(64, 64), Imported)
	assert.NotEqual(t, foreign, own)
	assert.Empty(t, g.NameOf(foreign))
	assert.Equal(t, "own", g.NameOf(own))
	assert.Zero(t, g.TextureDescriptor(foreign))

	asked := own
	g.Add(&testPass{
		declare: func(d *Declaration) {
			d.Name("clear")
			d.Kind(Render)
			d.Color(0, Attachment{Texture: own})
		},
		encode: func(f *Frame) error {
			f.Texture(asked)
			return nil
		},
	})
	plan, err := g.Compile(d)
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	assert.ErrorContains(t, plan.BindTexture(foreign, screen), "the texture handle is not of the plan's graph")
	require.NoError(t, plan.BindTexture(own, screen))
	require.NoError(t, plan.Run(queue))
	assert.Equal(t, screen, plan.Texture(own))
	assert.Nil(t, plan.Texture(foreign))
	asked = foreign
	assert.ErrorContains(t, plan.Run(queue), "asks for a resource that is not of this graph")

	for _, declare := range []func(d *Declaration){
		func(d *Declaration) { d.Read(foreign, 0) },
		func(d *Declaration) { d.Write(foreign, 0) },
		func(d *Declaration) { d.Color(0, Attachment{Texture: foreign}) },
		func(d *Declaration) { d.Color(0, Attachment{Texture: own, Resolve: foreign}) },
		func(d *Declaration) { d.Read(nil, 0) },
		func(d *Declaration) { d.Read((*struct{ Texture })(nil), 0) },
	} {
		g := New()
		own = g.Texture("own", rgba(64, 64), Imported)
		g.Add(&testPass{declare: func(d *Declaration) {
			d.Name("pass")
			d.Kind(Render)
			declare(d)
		}})
		_, err := g.Plan()
		assert.ErrorContains(t, err, "of this graph")
	}
}

// What is nil or comes too early is refused by name.
func TestMisuseOfDeclarations(t *testing.T) {
	g := New()
	b := g.Buffer("b", metal.BufferDescriptor{Length: 4}, Persistent)
	g.Add(nil)
	g.Add((*testPass)(nil))
	g.Add(&testPass{declare: func(d *Declaration) {
		d.Name("early")
		d.Write(b, 0)
		d.Kind(Compute)
	}})
	_, err := g.Plan()
	for _, want := range []string{
		"handles_test.go:",
		"Add: the node is nil: <nil>",
		"Add: the node is nil: *graph.testPass",
		`pass "early": resource "b": writes it in no stage, for the pass has no kind yet: call Kind before Read and Write`,
	} {
		assert.ErrorContains(t, err, want)
	}
	_, err = g.Plan(PreferMemory(), nil)
	assert.ErrorContains(t, err, "option 1 of the compilation is nil")
}
