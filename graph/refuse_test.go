package graph

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal/record"
)

func TestRunRefuses(t *testing.T) {
	d := device(t, record.Options{})
	queue, screen := queueOf(t, d), screenOf(t, d)
	f := newTestFrame()
	broken := errors.New("out of triangles")
	var encode func(f *Frame) error
	f.g.Add(&testPass{
		declare: func(d *Declaration) { d.Name("last"); d.Kind(Compute); d.SideEffect() },
		encode:  func(f *Frame) error { return encode(f) },
	})
	plan, err := f.g.Compile(d)
	require.NoError(t, err)
	t.Cleanup(plan.Release)

	assert.ErrorContains(t, plan.Run(queue), `resource "screen": nothing is bound for frame 0`)
	assert.ErrorContains(t, plan.BindTexture(f.history, screen), `"history"`)
	assert.ErrorContains(t, plan.BindTexture(f.screen, nil), `"screen": bound to nil`)
	small, err := d.NewTexture(rgba(32, 64))
	require.NoError(t, err)
	t.Cleanup(small.Release)
	assert.ErrorContains(t, plan.BindTexture(f.screen, small), "32x64")

	require.NoError(t, plan.BindTexture(f.screen, screen))
	for _, c := range []struct {
		want   string
		encode func(f *Frame) error
	}{
		{"out of triangles", func(*Frame) error { return broken }},
		{`uses resource "history" and does not declare it`, func(fr *Frame) error { fr.Texture(f.history).Descriptor(); return nil }},
		{"asks for a render encoder and is a compute pass", func(fr *Frame) error { fr.Render().SetCullMode(0); return nil }},
		{"not of this graph", func(fr *Frame) error { fr.Buffer(Buffer{}); return nil }},
	} {
		encode = c.encode
		err := plan.Run(queue)
		assert.ErrorContains(t, err, c.want)
		assert.ErrorContains(t, err, `pass "last"`)
		assert.ErrorContains(t, err, "refuse_test.go:")
	}
	encode = func(*Frame) error { return broken }
	assert.ErrorIs(t, plan.Run(queue), broken)
	encode = func(*Frame) error { return nil }
	assert.NoError(t, plan.Run(queue), "a frame that failed leaves the plan usable")

	none, err := newTestFrame().g.Plan()
	require.NoError(t, err)
	assert.ErrorIs(t, none.Run(queue), errNoDevice)
}

// A pass that cannot be prepared fails the compilation, and what was made before
// it is given back: the device would object at its release.
func TestFailedCompileGivesBack(t *testing.T) {
	d := device(t, record.Options{})
	f := newTestFrame()
	f.g.Add(&unprepared{})
	_, err := f.g.Compile(d)
	assert.ErrorContains(t, err, `pass "unprepared": no pipelines today`)
	_, err = f.g.Compile(d)
	assert.ErrorContains(t, err, "no pipelines today", "the graph may be compiled again")
}

type unprepared struct{}

func (*unprepared) Declare(d *Declaration)     { d.Name("unprepared"); d.Kind(Compute); d.SideEffect() }
func (*unprepared) Prepare(*Preparation) error { return fmt.Errorf("no pipelines today") }
func (*unprepared) Encode(*Frame) error        { return nil }
