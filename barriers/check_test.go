package barriers

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// twoPasses draws a texture and reads it in a compute pass.
func twoPasses() *Frame {
	return &Frame{
		Encoders:  []Encoder{{RenderEncoder}, {ComputeEncoder}},
		Passes:    []Pass{{Name: "draw", Encoder: 0, Runs: metal.StageVertex | metal.StageFragment}, {Name: "blur", Encoder: 1}},
		Resources: []Resource{{Name: "color", Lifetime: Fresh}},
		Accesses: []Access{
			{Pass: 0, Resource: 0, Stages: metal.StageFragment, Write: true, Attachment: true},
			{Pass: 1, Resource: 0, Stages: metal.StageDispatch},
		},
	}
}

func right() Barrier {
	return Barrier{Kind: Consumer, Encoder: 1, Pass: 1, After: metal.StageFragment, Before: metal.StageDispatch, Visibility: metal.VisibilityDevice}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	cases := map[string]struct {
		change func(*Barrier)
		want   string
	}{
		"right": {func(*Barrier) {}, ""},
		"no flush": {
			func(b *Barrier) { b.Visibility = 0 },
			"readAfterWrite: the read of \"color\" by \"blur\" (dispatch) is ordered, but without a flush, after the write of \"color\" by \"draw\" (fragment); a consumer barrier before \"blur\", fragment -> dispatch, with visibility device, mends it\n" +
				"barrier 0 (consumer before blur: fragment -> dispatch, execution only): superfluous: nothing needs it",
		},
		"wrong stage": {
			func(b *Barrier) { b.After = metal.StageVertex },
			"readAfterWrite: the read of \"color\" by \"blur\" (dispatch) is not ordered after the write of \"color\" by \"draw\" (fragment); a consumer barrier before \"blur\", fragment -> dispatch, with visibility device, mends it\n" +
				"barrier 0 (consumer before blur: vertex -> dispatch, device): superfluous: nothing needs it",
		},
		"too many stages": {
			func(b *Barrier) { b.After |= metal.StageVertex | metal.StageTile; b.Before |= metal.StageBlit },
			"barrier 0 (consumer before blur: vertex|fragment|tile -> dispatch|blit, device): nothing needs to wait for vertex|tile; take one of these stages away, then check again\n" +
				"barrier 0 (consumer before blur: vertex|fragment|tile -> dispatch|blit, device): nothing needs blit to wait",
		},
		"no such pass": {
			func(b *Barrier) { b.Pass = 2 },
			"barrier 0 (consumer before pass 2: fragment -> dispatch, device): illegal: the frame has passes 0 to 1\n" +
				"readAfterWrite: the read of \"color\" by \"blur\" (dispatch) is not ordered after the write of \"color\" by \"draw\" (fragment); a consumer barrier before \"blur\", fragment -> dispatch, with visibility device, mends it",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := right()
			c.change(&b)
			report := Check(twoPasses(), []Barrier{b})
			require.Equal(t, c.want, report.String())
			require.Equal(t, c.want == "", report.OK())
		})
	}
}

func TestCheckRefusesIllegalBarriers(t *testing.T) {
	f := twoPasses()
	f.Passes = append(f.Passes, Pass{Name: "copy", Encoder: 1, Runs: metal.StageBlit}, Pass{Name: "show", Encoder: 2, Runs: metal.StageFragment}, Pass{Name: "ui", Encoder: 2, Runs: metal.StageFragment})
	f.Encoders = append(f.Encoders, Encoder{RenderEncoder})
	intra := Barrier{Kind: Intra, Encoder: 1, Pass: 2, After: metal.StageDispatch, Before: metal.StageBlit}
	cases := map[string]struct {
		change func(*Barrier)
		why    string
	}{
		"first pass":    {func(b *Barrier) { b.Pass = 1 }, "no work of the encoder comes before its first pass"},
		"alien stage":   {func(b *Barrier) { b.Before = metal.StageFragment }, "its encoder does not own fragment"},
		"fragment":      {func(b *Barrier) { b.Encoder, b.Pass, b.After, b.Before = 2, 4, metal.StageFragment, metal.StageVertex }, "nothing may wait for fragment or tile"},
		"wrong encoder": {func(b *Barrier) { b.Encoder = 0 }, "its encoder is 0, but that pass is in encoder 1"},
		"unknown kind":  {func(b *Barrier) { b.Kind = 7 }, "kind 7 is none of"},
		"visibility":    {func(b *Barrier) { b.Visibility = metal.VisibilityResourceAlias }, "visibility resourceAlias"},
		"negative pass": {func(b *Barrier) { b.Pass = -1 }, "the frame has passes 0 to 4"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := intra
			c.change(&b)
			report := Check(f, []Barrier{b})
			require.Len(t, report.Illegal, 1, "%v", &report)
			require.Contains(t, report.Illegal[0].String(), c.why)
		})
	}
}

// TestCheckLimitsConsumers shows the narrow reading: a consumer barrier of one
// encoder does not order another, a producer barrier does.
func TestCheckLimitsConsumers(t *testing.T) {
	f := twoPasses()
	f.Passes = append(f.Passes, Pass{Name: "sharpen", Encoder: 2})
	f.Encoders = append(f.Encoders, Encoder{ComputeEncoder})
	f.Accesses = append(f.Accesses, Access{Pass: 2, Resource: 0, Stages: metal.StageDispatch})
	report := Check(f, []Barrier{right()})
	require.Len(t, report.Unordered, 1)
	require.Equal(t, 2, report.Unordered[0].To)
	b := right()
	b.Kind, b.Encoder, b.Pass = Producer, 0, 0
	report = Check(f, []Barrier{b})
	require.True(t, report.OK(), "%v", &report)
}

// TestUnorderable: what no barrier may order is left and reported, with advice.
func TestUnorderable(t *testing.T) {
	f := twoPasses()
	f.Passes[1] = Pass{Name: "read", Encoder: 0, Runs: metal.StageVertex}
	f.Encoders = f.Encoders[:1]
	f.Accesses[1].Stages = metal.StageFragment
	report := Check(f, Derive(f))
	require.Equal(t, `readAfterWrite: the read of "color" by "read" (fragment) is not ordered after the write of "color" by "draw" (fragment); inside an encoder no barrier may wait for fragment: put "read" into another encoder`, report.String())
}

// TestCheckMergedAttachments: Metal orders attachments among the passes of one
// encoder, and of no other, also where nothing tells the passes apart.
func TestCheckMergedAttachments(t *testing.T) {
	f := &Frame{Encoders: []Encoder{{RenderEncoder}, {RenderEncoder}}, Resources: []Resource{{Name: "color", Lifetime: Fresh}}}
	for p, encoder := range []int{0, 0, 1, 1} {
		f.Passes = append(f.Passes, Pass{Name: string(rune('a' + p)), Encoder: encoder, Runs: metal.StageFragment})
		f.Accesses = append(f.Accesses, Access{Pass: p, Stages: metal.StageFragment, Write: true, Attachment: true})
	}
	agree(t, f, nil)
	report := Check(f, nil)
	require.Len(t, report.Unordered, 4)
	agree(t, f, everything(f))
}

func TestInvalidFrames(t *testing.T) {
	cases := map[string]struct {
		change func(*Frame)
		want   string
	}{
		"pass of access":  {func(f *Frame) { f.Accesses[0].Pass = 9 }, "no pass 9"},
		"resource":        {func(f *Frame) { f.Accesses[0].Resource = -1 }, "no resource -1"},
		"stage":           {func(f *Frame) { f.Accesses[1].Stages = metal.StageVertex }, `"blur" accesses "color" in vertex, which a compute encoder does not own`},
		"no stage":        {func(f *Frame) { f.Accesses[1].Stages = 0 }, "in no stage"},
		"runs":            {func(f *Frame) { f.Passes[0].Runs = metal.StageBlit }, `"draw" runs blit`},
		"encoder":         {func(f *Frame) { f.Passes[0].Encoder = 5 }, "encoder 5"},
		"encoding order":  {func(f *Frame) { f.Passes[0].Runs, f.Passes[0].Encoder, f.Passes[1].Encoder = 0, 1, 0 }, "encoding order"},
		"empty encoder":   {func(f *Frame) { f.Encoders = append(f.Encoders, Encoder{}) }, "encoder 2 holds no pass"},
		"history":         {func(f *Frame) { f.Resources[0].History = 1 }, "only persistent resources"},
		"long history":    {func(f *Frame) { f.Resources[0].Lifetime, f.Resources[0].History = Persistent, 1<<62 }, "at most 1024"},
		"lifetime":        {func(f *Frame) { f.Resources[0].Lifetime = 4 }, "none of transient"},
		"frame":           {func(f *Frame) { f.Accesses[1].Frame = -1 }, "of frame -1"},
		"part":            {func(f *Frame) { f.Accesses[1].Part.Mips = Range{3, 2} }, "mips [3, 2)"},
		"attachment":      {func(f *Frame) { f.Accesses[1].Attachment = true }, "attachments are accessed in fragment"},
		"shared lifetime": {func(f *Frame) { f.Resources[0].Memory.Size = 4 }, "only transients"},
		"memory":          {func(f *Frame) { f.Resources[0].Memory.Offset = -4 }, "is no range"},
		"cost":            {func(f *Frame) { f.Passes[0].Cost = []StageCost{{metal.StageFragment, -1}} }, "at least 0"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := twoPasses()
			c.change(f)
			require.ErrorContains(t, f.Validate(), c.want)
			require.Nil(t, Derive(f))
			require.Zero(t, Makespan(f, nil))
			report := Check(f, nil)
			require.ErrorContains(t, report.Invalid, c.want)
			require.False(t, report.OK())
		})
	}
	require.Empty(t, Derive(&Frame{}))
	report := Check(&Frame{}, nil)
	require.True(t, report.OK())
}

// TestLongFrames lets Check judge Derive on frames that the model is too slow
// for.
func TestLongFrames(t *testing.T) {
	for i := range 40 {
		d := dice(rand.New(rand.NewPCG(3, uint64(i))).IntN)
		passes := 10 + d(40)
		if i%4 == 0 {
			passes += 2 * searchable
		}
		f := randomFrame(d, passes)
		report := Check(f, Derive(f))
		require.True(t, report.OK(), "%d: %v", i, &report)
	}
	for _, f := range []*Frame{layeredFrame(300), chainFrame(300)} {
		barriers := Derive(f)
		report := Check(f, barriers)
		require.True(t, report.OK(), "%v", &report)
		report = Check(f, barriers[1:])
		require.NotEmpty(t, report.Unordered)
	}
}
