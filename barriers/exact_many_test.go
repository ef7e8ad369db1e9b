package barriers

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryFeature has Check judge what Derive makes of many frames with every
// feature: enough and nothing too much. Check looks as far as hazards reach; on
// every tenth frame the model queue looks at all of 3 + the largest history.
func TestEveryFeature(t *testing.T) {
	frames := 10000
	switch {
	case *prove:
		frames = 100000
	case testing.Short():
		frames = 1000
	}
	total := 0
	for i := range frames {
		d := dice(rand.New(rand.NewPCG(9, uint64(i))).IntN)
		f := randomFrame(d, 1+d(12))
		barriers := Derive(f)
		report := Check(f, barriers)
		require.True(t, report.OK(), "frame %d: %v\n%v", i, &report, dump(f, barriers))
		if i%10 == 0 {
			require.Empty(t, newModelQueue(f, modelFrames(f)).judge(barriers), "frame %d: %v", i, dump(f, barriers))
		}
		total += len(barriers)
	}
	t.Logf("%d frames with %d barriers", frames, total)
}
