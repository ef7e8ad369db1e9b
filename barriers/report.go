package barriers

import (
	"fmt"
	"strings"

	"weft/metal"
)

// A Report is what Check found. The zero Report has nothing to object to.
type Report struct {
	// Invalid is why the frame itself could not be judged, or nil.
	Invalid error

	// Unordered holds at most 10,000 pairs, near ones before far ones. Omitted is
	// about how many more there are: it counts pairs of accesses that come to one
	// and the same hazard each, and stops where counting takes long. Where it
	// is 0, Unordered holds all.
	Unordered []Unordered
	Omitted   int

	Superfluous []Superfluous
	Illegal     []Illegal
}

// OK says whether the barriers are legal, enough, and none too many.
func (r Report) OK() bool {
	return r.Invalid == nil && len(r.Unordered)+len(r.Superfluous)+len(r.Illegal) == 0
}

// Sufficient says whether the barriers are legal and enough.
func (r Report) Sufficient() bool {
	return r.Invalid == nil && len(r.Unordered)+len(r.Illegal) == 0
}

// String lists all findings, one a line; "" when there are none.
func (r Report) String() string {
	var lines []string
	if r.Invalid != nil {
		lines = append(lines, r.Invalid.Error())
	}
	for _, x := range r.Illegal {
		lines = append(lines, x.String())
	}
	for _, x := range r.Unordered {
		lines = append(lines, x.String())
	}
	if r.Omitted > 0 {
		lines = append(lines, fmt.Sprintf("about %d more pairs are not ordered or not flushed", r.Omitted))
	}
	for _, x := range r.Superfluous {
		lines = append(lines, x.String())
	}
	return strings.Join(lines, "\n")
}

// Unordered is a conflicting pair of accesses that no chain of barriers orders,
// or none whose every link flushes.
type Unordered struct {
	Hazard

	// Unflushed says that execution is ordered, but what From writes may not be
	// visible: no chain has device visibility on every link.
	Unflushed bool

	frame *Frame
}

// String says what is unordered and what would mend it.
func (u Unordered) String() string {
	f, h := u.frame, &u.Hazard
	what := "is not ordered after"
	if u.Unflushed {
		what = "is ordered, but without a flush, after"
	}
	now, then := "write", "write"
	switch h.Kind {
	case ReadAfterWrite:
		now = "read"
	case WriteAfterRead:
		then = "read"
	}
	memory := ""
	if h.Aliasing {
		memory = ", which shares its memory,"
	}
	return fmt.Sprintf("%v: the %s of %q by %q (%v) %s the %s of %q%s by %q (%v)%s; %s",
		h.Kind, now, f.Resources[h.Resource].Name, f.Passes[h.To].Name, h.ToStages, what,
		then, f.Resources[h.FromResource].Name, memory, f.Passes[h.From].Name, h.FromStages,
		framesBefore(h.Frames), u.mend())
}

func framesBefore(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " of the frame before"
	}
	return fmt.Sprintf(" of %d frames before", n)
}

// mend says what would order the pair, and flush it if that is needed.
func (u *Unordered) mend() string {
	f, h := u.frame, &u.Hazard
	kind := "a consumer barrier"
	if h.Frames == 0 && f.Passes[h.From].Encoder == f.Passes[h.To].Encoder {
		if h.FromStages&(metal.StageFragment|metal.StageTile) != 0 {
			return fmt.Sprintf("inside an encoder no barrier may wait for %v: put %q into another encoder", h.FromStages, f.Passes[h.To].Name)
		}
		kind = "an intra-pass barrier"
	}
	flush := "with visibility device"
	if h.Kind == WriteAfterRead {
		flush = "for execution only"
	}
	return fmt.Sprintf("%s before %q, %v -> %v, %s, mends it", kind, f.Passes[h.To].Name, h.FromStages, h.ToStages, flush)
}

// Superfluous is something of a barrier that can go, everything else being as
// it is: the whole barrier if no field else is set, each one stage of After or
// of Before, or its Visibility.
type Superfluous struct {
	Barrier       int // index into what Check was given
	After, Before metal.Stages
	Visibility    bool

	frame    *Frame
	barriers []Barrier
}

// String says what can go.
func (s Superfluous) String() string {
	b := describe(s.frame, s.barriers, s.Barrier)
	switch {
	case s.Visibility:
		return fmt.Sprintf("%s: nothing needs its flush: execution order suffices", b)
	case s.After != 0:
		return fmt.Sprintf("%s: nothing needs to wait for %v%s", b, s.After, oneByOne(s.After))
	case s.Before != 0:
		return fmt.Sprintf("%s: nothing needs %v to wait%s", b, s.Before, oneByOne(s.Before))
	}
	return fmt.Sprintf("%s: superfluous: nothing needs it", b)
}

func oneByOne(s metal.Stages) string {
	if s&(s-1) == 0 {
		return ""
	}
	return "; take one of these stages away, then check again"
}

// Illegal is a barrier that Metal 4 does not allow. Check judges the frame as if
// it were not there.
type Illegal struct {
	Barrier int    // index into what Check was given
	Why     string // what is wrong and what is allowed

	frame    *Frame
	barriers []Barrier
}

// String says which barrier is illegal and why.
func (i Illegal) String() string {
	return fmt.Sprintf("%s: illegal: %s", describe(i.frame, i.barriers, i.Barrier), i.Why)
}

// describe names a barrier by its number and place.
func describe(f *Frame, barriers []Barrier, n int) string {
	return fmt.Sprintf("barrier %d (%s)", n, barriers[n].Describe(f))
}
