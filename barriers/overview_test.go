package barriers

import (
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// walks is what chain does without looking ahead: pass by pass.
func walks(b *board, c *need) bool {
	var far, held, own, due set
	t, near, wanted := b.t, set(1)<<c.a, set(1)<<c.b
	for p, frame := c.from, int32(0); ; p++ {
		if int(p) == len(t.runs) {
			p, frame = 0, frame+1
		}
		if p != c.from || frame > 0 {
			for n := b.ahead[p]; n >= 0; n = b.drafts[n].next {
				d := &b.drafts[n]
				over := near
				if d.kind == Consumer {
					over = far
				}
				if !d.gone && (d.device || !c.flush) && d.after&over != 0 {
					own |= d.before
				}
			}
			if p == c.to && frame == c.frames {
				return (held|own)&wanted != 0
			}
			near |= (held | own) & t.runs[p]
		}
		for n := b.behind[p]; n >= 0; n = b.drafts[n].next {
			if d := &b.drafts[n]; !d.gone && (d.device || !c.flush) && d.after&(near|far) != 0 {
				due |= d.before
			}
		}
		if p == t.last[t.encoder[p]] {
			far, held, near, own, due = far|near, held|due, 0, 0, 0
		}
	}
}

// TestOverview: in frames long enough for chain to skip passes, it finds what a
// walk through all of them finds, while drafts come, go and shrink; and every
// link that it leads through is one.
func TestOverview(t *testing.T) {
	const frames = 40
	found, skipped, missed := 0, 0, 0
	for i := range frames {
		d := dice(rand.New(rand.NewPCG(3, uint64(i))).IntN)
		f := randomFrame(d, searchable+1+d(400))
		var x Deriver
		x.Place(f)
		b := &x.board
		for n, few := 0, d.chance(70); few && n < len(b.drafts); n++ {
			b.drafts[n].gone = d.chance(95)
		}
		b.overview.built = false
		for range 60 {
			switch k := d(len(b.drafts) + 1); {
			case k == len(b.drafts): // a new one
				p := int32(1 + d(len(f.Passes)-1))
				kind := Kind(d(3))
				if kind == Intra && x.timeline.first[x.timeline.encoder[p]] == p {
					kind = Consumer
				}
				b.put(draft{kind: kind, pass: p, after: set(1) << d(stageCount), before: set(1) << d(stageCount), device: d.chance(50)})
			case d.chance(50):
				b.drafts[k].gone = !b.drafts[k].gone
				if b.drafts[k].gone {
					b.overview.shrunk(b, b.drafts[k].pass)
				} else {
					b.overview.widened(&b.drafts[k])
				}
			default:
				b.drafts[k].before &= b.drafts[k].before - 1
				b.overview.shrunk(b, b.drafts[k].pass)
			}
			for range 4 {
				c := need{from: int32(d(len(f.Passes))), to: int32(d(len(f.Passes))), flush: d.chance(50)}
				c.frames = int32(d(3))
				if c.frames == 0 && c.from >= c.to {
					c.frames = 1
				}
				c.a = uint8(pickStage(d, x.timeline.runs[c.from]))
				c.b = uint8(pickStage(d, x.timeline.runs[c.to]))
				last, ok := b.chain(&c)
				require.Equal(t, walks(b, &c), ok, "frame %d: %+v", i, c)
				if b.overview.built {
					skipped++
				}
				if !ok {
					missed++
					continue
				}
				found++
				stage := set(1) << c.b
				for ; last >= 0; last = b.links[last].previous {
					l := b.links[last]
					require.Equal(t, stage, l.before)
					require.NotZero(t, b.drafts[l.draft].after&l.after)
					require.NotZero(t, b.drafts[l.draft].before&l.before)
					stage = l.after
				}
				require.Equal(t, set(1)<<c.a, stage)
			}
		}
	}
	t.Logf("%d chains found, %d not; %d searches with the overview", found, missed, skipped)
	require.Greater(t, min(found, missed, skipped), frames*10)
}

func pickStage(d dice, from set) int {
	for k := d(bits.OnesCount16(uint16(from))); ; k-- {
		if k == 0 {
			return from.index()
		}
		from &= from - 1
	}
}

// TestOverviewKeepsItsMemory: after a short frame a long one costs no allocation.
func TestOverviewKeepsItsMemory(t *testing.T) {
	var o overview
	build := func(passes int) {
		o.build(&board{t: &timeline{
			runs: make([]set, passes), encoder: make([]int32, passes), last: []int32{int32(passes - 1)},
		}, ahead: make([]int32, passes), behind: make([]int32, passes), drafts: []draft{{next: -1, gone: true}}})
	}
	build(5000)
	long := &o.levels[2][0]
	build(100)
	require.Len(t, o.levels, 2)
	build(5000)
	require.Same(t, long, &o.levels[2][0])
}
