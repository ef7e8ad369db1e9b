package barriers

import (
	"cmp"
	"slices"

	"weft/metal"
)

// listed returns the pairs that were found, near ones first, and says of those
// that are not flushed whether execution is ordered at least.
func (j *judge) listed() []Unordered {
	list := make([]Unordered, 0, len(j.found))
	for h := range j.found {
		list = append(list, Unordered{Hazard: h, frame: j.frame})
	}
	slices.SortFunc(list, func(x, y Unordered) int {
		return cmp.Or(cmp.Compare(x.Frames, y.Frames), cmp.Compare(x.To, y.To), cmp.Compare(x.From, y.From),
			cmp.Compare(x.FromStages, y.FromStages), cmp.Compare(digit(x.Kind != WriteAfterRead), digit(y.Kind != WriteAfterRead)),
			cmp.Compare(x.ToStages, y.ToStages), cmp.Compare(x.Resource, y.Resource),
			cmp.Compare(x.FromResource, y.FromResource), cmp.Compare(x.Kind, y.Kind))
	})
	e := execution{queue: j.queue, rest: list, begun: map[source]int32{}}
	for _, u := range list {
		if u.Kind != WriteAfterRead {
			e.begun[source{u.From, u.FromStages}] = -1
		}
	}
	if len(e.begun) > 0 {
		e.crowds.march(j.queue, list[len(list)-1].Frames, &e)
	}
	return list
}

// execution walks over barriers of any visibility from the writes that were
// found not to be flushed.
type execution struct {
	*queue
	crowds crowds
	rest   []Unordered // not yet come to
	begun  map[source]int32
}

type source struct {
	pass  int
	stage metal.Stages
}

func (e *execution) before([]int32, int, int, bool) {}

func (e *execution) at(pass, frame int) {
	for ; len(e.rest) > 0 && e.rest[0].To == pass && e.rest[0].Frames == frame; e.rest = e.rest[1:] {
		if u := &e.rest[0]; u.Kind != WriteAfterRead {
			crowd := e.crowds.find(e.begun[source{u.From, u.FromStages}])
			u.Unflushed = slotsOf(u.ToStages)&e.crowds.walkOf(crowd).bound() != 0
		}
	}
}

func (e *execution) begin(pass int) {
	for rest := e.passes[pass].runs; rest != 0; rest &= rest - 1 {
		s := rest.lowest()
		if _, wanted := e.begun[source{pass, s.stages()}]; wanted {
			e.begun[source{pass, s.stages()}] = e.crowds.start(s&e.named, false)
		}
	}
}
