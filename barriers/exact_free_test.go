package barriers

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFreeParts holds what the search takes for free against the schedule: with
// such a part, nothing ends later, whatever the costs are.
func TestFreeParts(t *testing.T) {
	free, others := 0, 0
	for i := range 1000 {
		d := dice(rand.New(rand.NewPCG(11, uint64(i))).IntN)
		f := randomFrame(d, 1+d(8))
		var x Deriver
		x.Place(f)
		x.improvement.load(&x.board, &x.estimate, x.hazards.needs)
		parts := x.improvement.parts(nil)
		for n := range x.board.drafts { // some of what Place put down, and some more
			x.board.drafts[n].gone = d.chance(50)
		}
		x.improvement.put(keep(nil, &x.board))
		for range d(4) {
			if len(parts) > 0 {
				x.board.put(parts[d(len(parts))].draft())
			}
		}
		var w waits
		w.find(&x.estimate, &x.board, x.hazards.needs)
		for _, p := range parts {
			if !w.free(&x.estimate, &p) {
				others++
				continue
			}
			free++
			for range 3 {
				for k := range x.estimate.work {
					x.estimate.work[k].time = float64(d(9) * d(9))
				}
				x.estimate.forward(&x.board, x.hazards.needs)
				ends := slices.Clone(x.estimate.ends)
				kept := len(x.board.drafts)
				x.board.put(p.draft())
				x.estimate.forward(&x.board, x.hazards.needs)
				x.board.take(kept)
				require.Equal(t, ends, x.estimate.ends, "frame %d, %+v: %v", i, p.step, dump(f, nil))
			}
		}
	}
	t.Logf("%d parts are free, %d are not", free, others)
	require.Greater(t, free, others/10)
}
