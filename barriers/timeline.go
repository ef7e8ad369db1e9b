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
	frame   *Frame
	runs    []set   // of each pass
	encoder []int32 // of each pass
	first   []int32 // pass of each encoder
	last    []int32 // pass of each encoder
	history int     // the largest of any resource
	whole   bool    // see Deriver.Whole

	accesses []int32 // in order of passes; nil if the frame lists them so
	starts   []int32 // of each pass, and the end: where its accesses begin
}

func (t *timeline) load(f *Frame) {
	t.frame, t.history = f, 0
	t.runs, t.encoder = resize(t.runs, len(f.Passes)), resize(t.encoder, len(f.Passes))
	t.first, t.last = resize(t.first, len(f.Encoders)), resize(t.last, len(f.Encoders))
	for i := range f.Passes {
		e := int32(f.Passes[i].Encoder)
		t.runs[i], t.encoder[i] = pack(f.Passes[i].Runs), e
		if i == 0 || t.encoder[i-1] != e {
			t.first[e] = int32(i)
		}
		t.last[e] = int32(i)
	}
	for i := range f.Resources {
		t.history = max(t.history, f.Resources[i].History)
	}
	t.sortAccesses()
}

// sortAccesses finds each pass's accesses, by counting.
func (t *timeline) sortAccesses() {
	f := t.frame
	t.starts = resize(t.starts, len(f.Passes)+1)
	clear(t.starts)
	sorted, before := true, 0
	for i := range f.Accesses {
		a := &f.Accesses[i]
		t.runs[a.Pass] |= planned(a.Stages)
		t.starts[a.Pass+1]++
		sorted = sorted && before <= a.Pass
		before = a.Pass
	}
	for p := range f.Passes {
		t.starts[p+1] += t.starts[p]
	}
	t.accesses = t.accesses[:0]
	if sorted {
		return
	}
	t.accesses = resize(t.accesses, len(f.Accesses))
	for i := range f.Accesses {
		p := f.Accesses[i].Pass
		t.accesses[t.starts[p]] = int32(i)
		t.starts[p]++
	}
	copy(t.starts[1:], t.starts)
	t.starts[0] = 0
}

// access returns the access at a place in the order of passes.
func (t *timeline) access(i int32) (*Access, int32) {
	if len(t.accesses) > 0 {
		i = t.accesses[i]
	}
	return &t.frame.Accesses[i], i
}

// outward returns the stages from which every chain that leaves the pass begins
// with a barrier between encoders, which waits for that stage in all encoders
// before as well. One inside an encoder may follow any pass but the encoder's
// last, and never waits for fragment or tile.
func (t *timeline) outward(p int32) set {
	if t.last[t.encoder[p]] == p {
		return ^set(0)
	}
	return fragment | tile
}

// stands reports whether a barrier may stand ahead of or behind a pass.
func (t *timeline) stands(kind Kind, p int32) bool {
	e := t.encoder[p]
	switch {
	case !t.whole || kind == Intra || t.frame.Encoders[e].Kind != RenderEncoder:
		return true
	case kind == Consumer:
		return t.first[e] == p
	}
	return t.last[e] == p
}

// resize returns a slice of n elements, with the memory of s if that is enough.
// What they hold is left over from before.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}
