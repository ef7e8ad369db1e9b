package barriers

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// TestChainsOfOneStage: chain finds what a walk finds where few drafts stand far
// apart, many of which hold back the stage that they wait for: such a link
// reaches no new stage, and yet may be the one that is wanted.
func TestChainsOfOneStage(t *testing.T) {
	found, missed := 0, 0
	for i := range 3000 {
		d := dice(rand.New(rand.NewPCG(5, uint64(i))).IntN)
		stages := []metal.Stages{metal.StageDispatch, metal.StageBlit, metal.StageAccelerationStructure}[:1+d(3)]
		f := &Frame{}
		for longest := 1 + d(200); len(f.Passes) <= searchable+d(100); {
			f.Encoders = append(f.Encoders, Encoder{Kind: ComputeEncoder})
			for range 1 + d(longest) {
				f.Passes = append(f.Passes, Pass{Encoder: len(f.Encoders) - 1, Runs: stages[d(len(stages))]})
			}
		}
		var line timeline
		line.load(f)
		var b board
		b.reset(&line)
		one := func() set { return pack(stages[d(len(stages))]) }
		for range 1 + d(8) {
			p := int32(1 + d(len(f.Passes)-1))
			x := draft{kind: Kind(d(3)), pass: p, after: one(), before: one(), device: d.chance(80)}
			if x.kind == Intra && line.first[line.encoder[p]] == p {
				x.kind = Consumer
			}
			b.put(x)
		}
		for range 20 {
			c := need{from: int32(d(len(f.Passes))), to: int32(d(len(f.Passes))), frames: int32(d(3)), flush: d.chance(30)}
			if c.frames == 0 && c.from >= c.to {
				c.frames = 1
			}
			c.a, c.b = uint8(line.runs[c.from].index()), uint8(line.runs[c.to].index())
			_, ok := b.chain(&c)
			require.Equal(t, walks(&b, &c), ok, "frame %d: %+v", i, c)
			if ok {
				found++
			} else {
				missed++
			}
		}
	}
	t.Logf("%d chains found, %d not", found, missed)
	require.Greater(t, min(found, missed), 2000)
}

// TestReasonsOfLongFrames: barriers of frames that are not searched are enough, none can
// go, and each is needed for what is given as its reason.
func TestReasonsOfLongFrames(t *testing.T) {
	for i := range 500 {
		d := dice(rand.New(rand.NewPCG(7, uint64(i))).IntN)
		kinds := [][]EncoderKind{{ComputeEncoder}, {ComputeEncoder, RenderEncoder}, {ComputeEncoder, RenderEncoder, MachineLearningEncoder}}[d(3)]
		stages := map[EncoderKind]metal.Stages{ComputeEncoder: metal.StageDispatch, RenderEncoder: metal.StageFragment, MachineLearningEncoder: metal.StageMachineLearning}
		f := &Frame{Resources: make([]Resource, 1+d(3))}
		for r := range f.Resources {
			f.Resources[r].Lifetime = Persistent
		}
		long := int64(2 + d(500))
		for p := range searchable + 1 + d(150) {
			kind := kinds[d(len(kinds))]
			if p == 0 || kind == RenderEncoder || f.Encoders[len(f.Encoders)-1].Kind != kind {
				f.Encoders = append(f.Encoders, Encoder{Kind: kind})
			}
			f.Passes = append(f.Passes, Pass{Encoder: len(f.Encoders) - 1, Runs: stages[kind]})
			for k := range 1 + d(2) {
				first := int64(d(3000))
				f.Accesses = append(f.Accesses, Access{
					Pass: p, Resource: d(len(f.Resources)), Stages: stages[kind], Write: k == 0,
					Part: Part{Bytes: Range{first, first + 1 + int64(d(int(long)))}},
				})
			}
		}
		list := Derive(f)
		report := Check(f, list)
		require.True(t, report.OK(), "frame %d: %v", i, report)
		require.Empty(t, CheckReasons(f, Explain(f, list)), "frame %d", i)
	}
}
