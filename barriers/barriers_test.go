package barriers

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func rapidDice(t *rapid.T) dice {
	return func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "d") }
}

func TestDeriveIsSufficientAndIrredundant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapidDice(t)
		f := randomFrame(d, 1+d(7))
		require.NoError(t, f.Validate())
		barriers := Derive(f)
		report := Check(f, barriers)
		require.True(t, report.OK(), "%v\n%v", dump(f, barriers), &report)
		q := newModelQueue(f, modelFrames(f))
		require.Empty(t, q.judge(barriers), "%v", dump(f, barriers))
		require.Empty(t, q.spares(barriers), "%v", dump(f, barriers))
		for _, b := range barriers {
			require.NotEmpty(t, b.Because)
		}
		require.Equal(t, barriers, Derive(f), "the same frame gets the same barriers")
	})
}

// dump shows a frame and its barriers in full, when it is printed.
func dump(f *Frame, barriers []Barrier) fmt.Stringer { return dumped{f, barriers} }

type dumped struct {
	f        *Frame
	barriers []Barrier
}

func (d dumped) String() string {
	s := ""
	for _, p := range d.f.Passes {
		s += fmt.Sprintf("%s encoder %d (%v) runs %v\n", p.Name, p.Encoder, d.f.Encoders[p.Encoder].Kind, p.Runs)
	}
	for _, r := range d.f.Resources {
		s += fmt.Sprintf("%+v\n", r)
	}
	for _, a := range d.f.Accesses {
		s += fmt.Sprintf("%+v\n", a)
	}
	for n := range d.barriers {
		s += describe(d.f, d.barriers, n) + "\n"
	}
	return s
}
