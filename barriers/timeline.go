package barriers

import "weft/metal"

// timeline is a frame as Derive looks at it: which stages run where.
type timeline struct {
	runs    []metal.Stages // of each pass
	encoder []int          // of each pass
	first   []int          // pass of each encoder
	last    []int          // pass of each encoder
	history int            // the largest of any resource
}

func newTimeline(f *Frame) *timeline {
	t := &timeline{
		runs:    make([]metal.Stages, len(f.Passes)),
		encoder: make([]int, len(f.Passes)),
		first:   make([]int, len(f.Encoders)),
		last:    make([]int, len(f.Encoders)),
	}
	for i := range f.Passes {
		e := f.Passes[i].Encoder
		t.runs[i], t.encoder[i] = f.Passes[i].Runs, e
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

// planned adds fragment to tile: barriers on tile alone were seen to protect
// nothing.
func planned(s metal.Stages) metal.Stages {
	if s&metal.StageTile != 0 {
		s |= metal.StageFragment
	}
	return s
}
