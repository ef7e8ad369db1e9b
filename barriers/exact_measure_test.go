package barriers

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	prove      = flag.Bool("prove", false, "run the long proofs")
	frameCount = flag.Int("frames", 0, "how many random frames TestAgainstTheOptimum solves")
	worstFile  = flag.String("worst", "", "the file to which TestAgainstTheOptimum writes the worst frames")
)

// How far from the optimum Derive may be.
const (
	meanRatio  = 1.01
	worstRatio = 1.10
	moreThan   = 1 // barriers more than the fewest among plans that are no slower
)

// measured is a frame with the barriers derived for it, beside the optimum.
type measured struct {
	seed          int
	frame         *Frame
	ours          []Barrier
	length, least float64   // makespans: ours, the shortest there is
	shortest      []Barrier // that have it
	fewest        []Barrier // of barriers no slower than ours
}

func (m *measured) ratio() float64 {
	if m.length == m.least {
		return 1
	}
	return m.length / m.least
}

func (m *measured) more() int { return len(m.ours) - len(m.fewest) }

// TestBound holds the bound that a Deriver gives against the longest path through
// the conflicts, which it may surpass, for barriers wait for more than that, and its makespan against Makespan.
func TestBound(t *testing.T) {
	var deriver Deriver
	equal := 0
	const frames = 1000
	for i := range frames {
		d := dice(rand.New(rand.NewPCG(10, uint64(i))).IntN)
		f := randomFrame(d, 1+d(7))
		list := deriver.Derive(f)
		require.InDelta(t, Makespan(f, list), deriver.Makespan(), 1e-9, "frame %d: %v", i, dump(f, list))
		bound := newPuzzle(f).bound()
		require.LessOrEqual(t, deriver.Bound(), deriver.Makespan()+1e-9, "frame %d: %v", i, dump(f, list))
		if deriver.Bound() > bound-1e-9 {
			equal++
		}
	}
	t.Logf("the bound is the longest path, or longer, in %d of %d frames", equal, frames)
	require.Greater(t, equal, frames*95/100)
}

// measure solves a frame; ok is false if that takes too long. Check judges what
// the solver calls better.
func measure(t *testing.T, seed int, f *Frame) (m measured, ok bool) {
	const nodes = 20000
	m = measured{seed: seed, frame: f, ours: Derive(f)}
	m.length = Makespan(f, m.ours)
	m.least, m.shortest, m.fewest = m.length, m.ours, m.ours
	better := func(barriers []Barrier, length float64) {
		report := Check(f, barriers)
		require.True(t, report.Sufficient(), "frame %d: %v\n%v", seed, &report, dump(f, barriers))
		require.LessOrEqual(t, Makespan(f, barriers), length+1e-9, "frame %d: %v", seed, dump(f, barriers))
	}
	z := newPuzzle(f)
	s := z.exactly(m.length, nodes)
	if s.ok {
		m.least, m.shortest = s.best, s.barriers()
		better(m.shortest, m.least)
	}
	gaveUp := s.gaveUp
	if !gaveUp {
		var d Deriver
		d.Derive(f)
		require.LessOrEqual(t, d.Bound(), m.least+1e-9, "frame %d: %v", seed, dump(f, m.ours))
	}
	for {
		c := z.fewest(len(m.fewest)-1, m.length, nodes)
		gaveUp = gaveUp || c.gaveUp
		if !c.ok {
			return m, !gaveUp
		}
		m.fewest = c.barriers()
		better(m.fewest, m.length)
	}
}

// TestAgainstTheOptimum holds Derive against the shortest frames that any
// sufficient barriers make, and against the fewest barriers that make a frame
// no longer than it did.
func TestAgainstTheOptimum(t *testing.T) {
	frames := 2000
	switch {
	case *frameCount > 0:
		frames = *frameCount
	case *prove:
		frames = 10000
	case testing.Short():
		frames = 500
	}
	var list []measured
	var sum float64
	for i := range frames {
		d := dice(rand.New(rand.NewPCG(7, uint64(i))).IntN)
		if m, ok := measure(t, i, randomFrame(d, 1+d(7))); ok {
			list = append(list, m)
			sum += m.ratio()
		}
	}
	mean := sum / float64(len(list))
	text := fmt.Sprintf("%d frames, %d given up: makespan ratio mean %.4f", len(list), frames-len(list), mean) + distribution(list)
	t.Log(text)
	if *worstFile != "" {
		require.NoError(t, os.WriteFile(*worstFile, []byte(text+worst(list)), 0o666))
	}
	require.Less(t, 100*(frames-len(list)), max(frames, 1), "frames given up")
	require.LessOrEqual(t, mean, meanRatio)
	for i := range list {
		require.LessOrEqual(t, list[i].ratio(), worstRatio, list[i].String())
		require.LessOrEqual(t, list[i].more(), moreThan, list[i].String())
	}
}

// distribution counts frames by how far they are from the optimum.
func distribution(list []measured) string {
	bounds := []float64{1, 1.01, 1.02, 1.05, 1.10, 1.25, 1.5, 2, 4}
	ratios, counts := make([]int, len(bounds)), make([]int, 8)
	var worst float64
	histories := make([]struct {
		frames int
		sum    float64
	}, 4)
	for i := range list {
		m := &list[i]
		worst = max(worst, m.ratio())
		at := slices.IndexFunc(bounds, func(b float64) bool { return m.ratio() <= b })
		ratios[at]++
		counts[min(m.more(), len(counts)-1)]++
		h := &histories[modelFrames(m.frame)-3]
		h.frames++
		h.sum += m.ratio()
	}
	s := fmt.Sprintf(", worst %.4f\n", worst)
	for i, n := range ratios {
		if n > 0 {
			s += fmt.Sprintf("  up to %.2f: %d\n", bounds[i], n)
		}
	}
	for h, x := range histories {
		s += fmt.Sprintf("  largest history %d: mean %.4f of %d\n", h, x.sum/float64(max(x.frames, 1)), x.frames)
	}
	s += "barriers more than the fewest that are no slower\n"
	for more, n := range counts {
		if n > 0 {
			s += fmt.Sprintf("  %d: %d\n", more, n)
		}
	}
	return s
}

// worst shows the frames that are furthest from the optimum.
func worst(list []measured) string {
	var s strings.Builder
	show := func(title string, some []measured, order func(x, y measured) int) {
		slices.SortStableFunc(some, order)
		fmt.Fprintf(&s, "\n# %s\n", title)
		for _, m := range some[:min(10, len(some))] {
			if m.ratio() > 1 || m.more() > 0 {
				fmt.Fprintf(&s, "\n%s", &m)
			}
		}
	}
	byRatio := func(x, y measured) int { return cmp.Compare(y.ratio(), x.ratio()) }
	for h := range 3 {
		some := slices.DeleteFunc(slices.Clone(list), func(m measured) bool { return modelFrames(m.frame)-3 != h })
		show(fmt.Sprintf("The longest beside the shortest, largest history %d", h), some, byRatio)
	}
	show("The most barriers beside the fewest", list, func(x, y measured) int { return y.more() - x.more() })
	return s.String()
}

// String shows the frame, our barriers and the better ones.
func (m *measured) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "## frame %d: makespan %v, shortest %v, ratio %.4f; %d barriers, fewest %d\n", m.seed, m.length, m.least, m.ratio(), len(m.ours), len(m.fewest))
	q := newModelQueue(m.frame, 1)
	for i, p := range m.frame.Passes {
		fmt.Fprintf(&s, "%s [%d %v] runs", p.Name, p.Encoder, m.frame.Encoders[p.Encoder].Kind)
		for _, e := range q.events {
			if e.pass == i {
				fmt.Fprintf(&s, " %v", e.stage)
				for _, c := range p.Cost {
					if c.Stage == e.stage {
						fmt.Fprintf(&s, " (cost %v)", c.Time)
					}
				}
			}
		}
		fmt.Fprintln(&s)
		for _, a := range m.frame.Accesses {
			if a.Pass == i {
				fmt.Fprintf(&s, "    %s\n", wordAccess(m.frame, &a))
			}
		}
	}
	for _, r := range m.frame.Resources {
		fmt.Fprintf(&s, "%s: %v, history %d", r.Name, r.Lifetime, r.History)
		if r.Memory.Size > 0 {
			fmt.Fprintf(&s, ", heap %d at %d to %d", r.Memory.Heap, r.Memory.Offset, r.Memory.Offset+r.Memory.Size)
		}
		fmt.Fprintln(&s)
	}
	show := func(title string, barriers []Barrier) {
		fmt.Fprintf(&s, "%s:\n", title)
		for _, b := range barriers {
			fmt.Fprintf(&s, "    %s\n", b.Describe(m.frame))
		}
	}
	show("ours", m.ours)
	if m.ratio() > 1 {
		show("shortest", m.shortest)
	}
	if m.more() > 0 {
		show("fewest that are no slower", m.fewest)
	}
	return s.String()
}

func wordAccess(f *Frame, a *Access) string {
	s := "reads "
	if a.Write {
		s = "writes "
	}
	s += fmt.Sprintf("%s in %v", f.Resources[a.Resource].Name, a.Stages)
	if a.Attachment {
		s += ", attachment"
	}
	if a.Frame != 0 {
		s += fmt.Sprintf(", frame %d", a.Frame)
	}
	for i, r := range []Range{a.Part.Mips, a.Part.Layers, a.Part.Bytes} {
		if !r.Whole() {
			s += fmt.Sprintf(", %s %d-%d", []string{"mips", "layers", "bytes"}[i], r.First, r.End)
		}
	}
	return s
}
