package barriers

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// After each step barriers are sufficient and irredundant, and the frame no longer
// than after the one before; all steps give what Derive gives. A Deriver that is
// told so keeps queue barriers out of render encoders.
func TestDeriverStepByStep(t *testing.T) {
	var shorter, fewer, inside, moved int
	rapid.Check(t, func(t *rapid.T) {
		dice := rapidDice(t)
		f := randomFrame(dice, 1+dice(12))
		var free Deriver
		d := Deriver{Whole: dice.chance(50)}
		length, count := math.Inf(1), 0
		look := func(step string, list []Barrier) {
			report := Check(f, list)
			require.True(t, report.OK(), "%s: %v\n%v", step, report, dump(f, list))
			require.InDelta(t, Makespan(f, list), d.Makespan(), 1e-9, step)
			require.LessOrEqual(t, d.Makespan(), length+1e-9, "%s: %v", step, dump(f, list))
			require.LessOrEqual(t, d.Bound(), d.Makespan()+1e-9, step)
			if d.Whole {
				require.Zero(t, insideRender(f, list), "%s: %v", step, dump(f, list))
			}
			if d.Makespan() < length-1e-9 && length < math.Inf(1) {
				shorter++
			}
			if len(list) < count {
				fewer++
			}
			length, count = d.Makespan(), len(list)
		}
		look("placed", d.Place(f))
		look("routed", d.Route())
		look("shortened", d.Shorten())
		look("thinned", d.Thin())
		if all := free.Derive(f); insideRender(f, all) > 0 {
			inside++
			if d.Whole {
				moved++
			}
		}
	})
	t.Logf("shorter %d times, fewer %d times; queue barriers inside render encoders in %d frames, kept out of %d", shorter, fewer, inside, moved)
	if !testing.Short() { // few frames may have none of what these count
		require.Positive(t, min(shorter, fewer, moved))
	}
}

// insideRender counts the queue barriers between two passes of a render encoder.
func insideRender(f *Frame, list []Barrier) (n int) {
	for _, b := range list {
		next := b.Pass + 1
		if b.Kind == Consumer {
			next = b.Pass - 1
		}
		if b.Kind != Intra && f.Encoders[b.Encoder].Kind == RenderEncoder &&
			next >= 0 && next < len(f.Passes) && f.Passes[next].Encoder == b.Encoder {
			n++
		}
	}
	return n
}
