package graph

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/metal"
	"weft/metal/record"
)

func jsonOf(t require.TestingT, p *Plan) string {
	var out bytes.Buffer
	require.NoError(t, p.WriteJSON(&out))
	return out.String()
}

// edit changes a frame somewhere, or nowhere.
func (g *randomGraph) edit(t *rapid.T) {
	i := rapid.IntRange(0, len(g.passes)-1).Draw(t, "edited")
	switch rapid.SampledFrom([]string{"nothing", "nothing", "size", "size", "size", "effect", "name", "scratch", "swap", "remove", "cost"}).Draw(t, "edit") {
	case "size":
		for i := range g.resources {
			if r := &g.resources[i]; r.kind != kindTexture && rapid.Bool().Draw(t, "resize") {
				r.size = rapid.IntRange(1, 9).Draw(t, "size")
			} else if rapid.Bool().Draw(t, "widen") {
				r.wide = rapid.IntRange(0, 9).Draw(t, "width")
			}
		}
	case "effect":
		g.passes[i].sideEffect = !g.passes[i].sideEffect
	case "name":
		g.passes[i].name += "'"
	case "scratch":
		if p := &g.passes[i]; p.kind == MachineLearning {
			p.scratch += 700
		}
	case "swap":
		j := rapid.IntRange(0, len(g.passes)-1).Draw(t, "with")
		g.passes[i], g.passes[j] = g.passes[j], g.passes[i]
	case "remove":
		if len(g.passes) > 1 {
			g.passes = append(g.passes[:i:i], g.passes[i+1:]...)
		}
	case "cost":
		g.passes[i].cost++
	}
}

// Whatever a graph answers by, its plan is that of a new graph.
func TestPlansAreThoseOfNewGraphs(t *testing.T) {
	same, sized, cases := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		cases++
		r := drawFrame(t, 9)
		g := New()
		r.declare(g, asIs)
		var before *Plan
		memory := rapid.Bool().Draw(t, "memory")
		for range 8 {
			var option []Option
			if (rapid.IntRange(0, 3).Draw(t, "other") == 0) != memory {
				option = append(option, PreferMemory())
			}
			fresh := r.build(asIs)
			want, wantErr := fresh.Plan(option...)
			got, err := g.Plan(option...)
			if wantErr != nil {
				require.Error(t, err)
			} else {
				require.NoError(t, err)
				if got == before {
					same++
				}
				require.Equal(t, jsonOf(t, want), jsonOf(t, got))
				require.Equal(t, want.Explained(), got.Explained())
				if before = got; rapid.Bool().Draw(t, "release") {
					got.Release()
				}
			}
			r.edit(t)
			g.Reset()
			r.declare(g, asIs)
			if c := g.planned[0]; slices.Contains(g.idle, c) && g.changeSince(c) == sizes {
				sized++
			}
		}
	})
	assert.Greater(t, same, cases/5, "hardly a plan was used again: the test is empty")
	assert.Greater(t, sized, cases/5, "hardly a change was one of sizes: the test is empty")
}

// A frame that is declared again and planned allocates nothing, changed or not.
func TestPlanningAgainAllocatesNothing(t *testing.T) {
	for _, x := range samples {
		for _, n := range []int{10, 100} {
			t.Run(fmt.Sprintf("%s/%d", x.name, n), func(t *testing.T) {
				s, g := x.build(n), New()
				frame := func(forget, release bool, option ...Option) func() {
					return func() {
						g.Reset()
						if forget {
							g.forget()
						}
						s.declare(g)
						p, err := g.Plan(option...)
						if err != nil {
							t.Fatal(err)
						}
						if release {
							p.Release()
						}
					}
				}
				resize := func() {
					s.resources[0].texture.Width ^= 64
					frame(false, true)()
				}
				for name, f := range map[string]func(){
					"unchanged, held": frame(false, false), "unchanged, released": frame(false, true),
				} {
					f()
					f()
					assert.Zero(t, testing.AllocsPerRun(10, f), name)
				}
				_ = resize
			})
		}
	}
}

// A graph has one plan for a device: the same while nothing changes, another
// when something has.
func TestCompileAgain(t *testing.T) {
	d := device(t, record.Options{})
	queue := queueOf(t, d)
	g := New()
	held, name, size := new(holder), "held", 64
	var plain *testPass
	encoded := 0
	declare := func() {
		g.Reset()
		x := g.Buffer("x", metal.BufferDescriptor{Length: size}, Persistent)
		g.Add(held)
		plain = &testPass{
			declare: func(d *Declaration) { d.Name("plain"); d.Kind(Compute); d.Read(x, 0); d.SideEffect() },
			encode:  func(*Frame) error { encoded++; return nil },
		}
		g.Add(plain)
		held.declare = func(d *Declaration) { d.Name(name); d.Kind(Compute); d.Write(x, 0) }
	}
	held.declare = func(d *Declaration) {}
	declare()
	declare()
	first, err := g.Compile(d)
	require.NoError(t, err)
	require.NoError(t, first.Run(queue))

	old := plain
	declare()
	again, err := g.Compile(d)
	require.NoError(t, err)
	assert.Same(t, first, again)
	assert.Same(t, plain, again.machine.steps[1].pass.node, "the new node encodes")
	assert.NotSame(t, old, plain)
	require.NoError(t, again.Run(queue))
	assert.Equal(t, 2, encoded)
	assert.Zero(t, held.released)

	none, err := g.Plan()
	require.NoError(t, err)
	assert.NotSame(t, first, none, "a plan without a device is another")

	name = "" // a fault
	declare()
	_, err = g.Compile(d)
	require.ErrorContains(t, err, "has no name")
	assert.Zero(t, held.released)
	require.NoError(t, first.Run(queue), "the plan before stays")

	name, size = "held", 128
	declare()
	second, err := g.Compile(d)
	require.NoError(t, err)
	assert.NotSame(t, first, second)
	assert.Equal(t, 1, held.released)
	assert.ErrorIs(t, first.Run(queue), errNoDevice)
	first.Release()
	assert.Equal(t, 1, held.released)
	require.NoError(t, second.Run(queue))

	other := new(holder)
	other.declare, held = held.declare, other
	declare()
	third, err := g.Compile(d)
	require.NoError(t, err)
	assert.NotSame(t, second, third, "what holds objects is another")

	fourth, err := g.Compile(d, Timestamps())
	require.NoError(t, err)
	assert.NotSame(t, third, fourth, "options are others")
	fourth.Release()
	fourth.Release()
	fifth, err := g.Compile(d)
	require.NoError(t, err)
	require.NoError(t, fifth.Run(queue))
	fifth.Release()
}
