package barriers

import (
	"math/bits"

	"weft/metal"
)

// set is a set of stages, packed: Derive works with these. MTLStages uses bits 0
// to 4 and 26 to 30, and nothing runs in any other.
type set uint16

const stageCount = 10

const (
	fragment = set(metal.StageFragment)
	tile     = set(metal.StageTile)
)

func pack(s metal.Stages) set { return set(s&31 | s>>26&31<<5) }

func (s set) unpack() metal.Stages { return metal.Stages(s&31) | metal.Stages(s>>5)<<26 }

// lowest returns the first stage of a set that is not empty, and index its number
// from 0.
func (s set) lowest() set { return s & -s }
func (s set) index() int  { return bits.TrailingZeros16(uint16(s)) }

// planned packs the stages of an access. It adds fragment to tile: barriers on
// tile alone were seen to protect nothing.
func planned(s metal.Stages) set {
	p := pack(s)
	if p&tile != 0 {
		p |= fragment
	}
	return p
}

// timeline is a frame as Derive looks at it: which stages run where.
type timeline struct {
	runs    []set // of each pass
	encoder []int // of each pass
	first   []int // pass of each encoder
	last    []int // pass of each encoder
	history int   // the largest of any resource
}

func newTimeline(f *Frame) *timeline {
	t := &timeline{
		runs:    make([]set, len(f.Passes)),
		encoder: make([]int, len(f.Passes)),
		first:   make([]int, len(f.Encoders)),
		last:    make([]int, len(f.Encoders)),
	}
	for i := range f.Passes {
		e := f.Passes[i].Encoder
		t.runs[i], t.encoder[i] = pack(f.Passes[i].Runs), e
		if i == 0 || t.encoder[i-1] != e {
			t.first[e] = i
		}
		t.last[e] = i
	}
	for i := range f.Accesses {
		t.runs[f.Accesses[i].Pass] |= planned(f.Accesses[i].Stages)
	}
	for i := range f.Resources {
		t.history = max(t.history, f.Resources[i].History)
	}
	return t
}
