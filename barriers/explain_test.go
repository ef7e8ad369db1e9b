package barriers

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The reasons of a frame's own barriers are those that Derive gives; and without
// a barrier, Check objects to each of the pairs that it is there for.
func TestExplain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapidDice(t)
		f := randomFrame(d, 1+d(7))
		derived := Derive(f)
		bare := slices.Clone(derived)
		for i := range bare {
			bare[i].Because = nil
		}
		require.Equal(t, derived, Explain(f, bare))
		for i, b := range derived {
			without := append(append([]Barrier(nil), derived[:i]...), derived[i+1:]...)
			missing := map[[3]int]bool{}
			for _, u := range Check(f, without).Unordered {
				missing[[3]int{u.From, u.To, u.Frames}] = true
			}
			for _, why := range b.Because {
				require.True(t, missing[[3]int{why.From, why.To, why.Frames}], "%v", why)
			}
		}
	})
	require.Nil(t, Explain(&Frame{Passes: []Pass{{Encoder: 3}}}, nil))
}
