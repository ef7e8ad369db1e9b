package barriers

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

var fuzzSeeds = []string{"", "draw, compute, copy, infer", "\x03\x01\x04\x01\x05\x09\x02\x06\x05\x03\x05\x08\x09\x07\x09\x03", "\xff\x80\x40\x20\x10\x08\x04\x02\x01\xfe\xdc\xba\x98"}

// diceOf draws from a fuzzer's bytes, and something where they end.
func diceOf(data []byte) dice {
	next := 0
	return func(n int) int {
		next++
		if next > len(data) {
			return (next * 7) % n
		}
		return int(data[next-1]) % n
	}
}

// FuzzDerive has Check judge what Derive makes of any frame, and the model judge
// Check. A Deriver that was used makes the same as a new one.
func FuzzDerive(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := diceOf(data)
		frame := randomFrame(d, 1+d(12))
		barriers := Derive(frame)
		if report := Check(frame, barriers); !report.OK() {
			t.Fatalf("%v\n%s", &report, dump(frame, barriers))
		}
		for range 2 {
			list := broken(d, frame, barriers)
			if len(frame.Passes) <= 6 {
				agree(t, frame, list)
			}
		}
		var used Deriver
		used.Derive(randomFrame(d, 1+d(12)))
		require.Equal(t, unreasoned(barriers), unreasoned(used.Derive(frame)), "%v", dump(frame, barriers))
		require.Equal(t, Makespan(frame, barriers), used.Makespan(), "%v", dump(frame, barriers))
		require.LessOrEqual(t, used.Bound(), used.Makespan(), "%v", dump(frame, barriers))
	})
}

// unreasoned is barriers without their reasons.
func unreasoned(barriers []Barrier) []string {
	var list []string
	for _, b := range barriers {
		b.Because = nil
		list = append(list, fmt.Sprint(b))
	}
	return list
}

// FuzzCheck gives Check, and all else that takes a frame, frames and barriers
// that make no sense. Frames that Validate accepts are derived and judged.
func FuzzCheck(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := diceOf(data)
		frame := nonsense(d)
		var list []Barrier
		for range d(6) {
			list = append(list, Barrier{
				Kind: Kind(d(5)), Encoder: wild(d, 4), Pass: wild(d, 4), After: wildStages(d), Before: wildStages(d),
				Visibility: pick(d, metal.VisibilityNone, metal.VisibilityDevice, metal.VisibilityResourceAlias, ^metal.VisibilityNone),
			})
		}
		report := Check(frame, list)
		require.NotEmpty(t, fmt.Sprint(report.OK(), report.Sufficient(), &report, Makespan(frame, list)))
		if report.Invalid != nil {
			require.Error(t, frame.Validate())
			require.Nil(t, Derive(frame))
			return
		}
		for i := range list {
			_ = list[i].Describe(frame)
		}
		for _, u := range report.Unordered {
			_ = u.Describe(frame)
		}
		barriers := Derive(frame)
		report = Check(frame, barriers)
		require.Empty(t, report.Superfluous, "%v", dump(frame, barriers))
		require.Empty(t, report.Illegal, "%v", dump(frame, barriers))
		// Where no barrier can order a conflict, others that follow from it are
		// left, too.
		unorderable := func(u Unordered) bool {
			return u.Frames == 0 && frame.Passes[u.From].Encoder == frame.Passes[u.To].Encoder && u.FromStages&(metal.StageFragment|metal.StageTile) != 0
		}
		require.True(t, len(report.Unordered) == 0 || slices.ContainsFunc(report.Unordered, unorderable), "%v\n%v", &report, dump(frame, barriers))
	})
}

// nonsense draws a frame in which anything can be wrong, but little of it is.
func nonsense(d dice) *Frame {
	f := &Frame{}
	for range d(4) {
		f.Encoders = append(f.Encoders, Encoder{EncoderKind(d(4))})
	}
	for i := range d(6) {
		p := Pass{Name: fmt.Sprint("p", i), Encoder: min(i, len(f.Encoders)-1), Runs: wildStages(d)}
		if d.chance(50) && p.Encoder >= 0 {
			p.Runs &= f.Encoders[p.Encoder].Kind.Owns()
		}
		if d.chance(3) {
			p.Encoder = wild(d, 4)
		}
		if d.chance(30) {
			p.Cost = []StageCost{{wildStages(d), pick(d, 0, 1, 2.5, -1, math.NaN(), math.Inf(1), math.MaxFloat64)}}
		}
		f.Passes = append(f.Passes, p)
	}
	for i := range d(5) {
		r := Resource{Name: fmt.Sprint("r", i), Lifetime: Lifetime(d(5))}
		if d.chance(30) {
			r.History = wild(d, 3)
		}
		if d.chance(40) {
			r.Memory = Placement{wild(d, 2), int64(wild(d, 3)), int64(wild(d, 3))}
		}
		f.Resources = append(f.Resources, r)
	}
	for range d(9) {
		a := Access{Pass: wild(d, max(len(f.Passes), 1)), Resource: wild(d, max(len(f.Resources), 1)), Write: d.chance(50), Attachment: d.chance(20)}
		a.Stages = wildStages(d)
		if a.Pass >= 0 && a.Pass < len(f.Passes) && d.chance(95) {
			if e := f.Passes[a.Pass].Encoder; e >= 0 && e < len(f.Encoders) {
				a.Stages &= f.Encoders[e].Kind.Owns()
			}
		}
		if d.chance(20) {
			a.Frame = -wild(d, 3)
		}
		for _, r := range []*Range{&a.Part.Mips, &a.Part.Layers, &a.Part.Bytes} {
			if d.chance(20) {
				r.First = int64(wild(d, 3))
				r.End = r.First + int64(wild(d, 3))
			}
		}
		f.Accesses = append(f.Accesses, a)
	}
	return f
}

// wild draws a number below n, rarely one that is far out.
func wild(d dice, n int) int {
	if d.chance(97) {
		return d(n)
	}
	return pick(d, -1, n, math.MaxInt, math.MinInt, math.MaxInt32, 1<<40)
}

func wildStages(d dice) metal.Stages {
	if d.chance(5) {
		return pick(d, 0, metal.StageAll, ^metal.Stages(0), metal.StageResourceState, 1<<40)
	}
	var s metal.Stages
	for range 1 + d(2) {
		s |= pick(d, metal.StageVertex, metal.StageFragment, metal.StageTile, metal.StageObject, metal.StageMesh,
			metal.StageDispatch, metal.StageBlit, metal.StageAccelerationStructure, metal.StageMachineLearning)
	}
	return s
}
