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

	Unordered   []Unordered
	Superfluous []Superfluous
	Illegal     []Illegal
}

// OK says whether the barriers are legal, enough, and none too many.
func (r *Report) OK() bool {
	return r.Invalid == nil && len(r.Unordered)+len(r.Superfluous)+len(r.Illegal) == 0
}

// Sufficient says whether the barriers are legal and enough.
func (r *Report) Sufficient() bool {
	return r.Invalid == nil && len(r.Unordered)+len(r.Illegal) == 0
}

// String lists all findings, one a line; "" when there are none.
func (r *Report) String() string {
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
	f := u.frame
	what := "is not ordered"
	if u.Unflushed {
		what = "is ordered but not flushed"
	}
	return fmt.Sprintf("%s: %s, %s.", wording(f, &u.Hazard), what, u.mend())
}

// wording words a hazard: what To does, after what From did.
func wording(f *Frame, h *Hazard) string {
	var now, then string
	switch h.Kind {
	case ReadAfterWrite:
		now, then = "read", "write"
	case WriteAfterRead:
		now, then = "write", "read"
	case WriteAfterWrite:
		now, then = "write", "write"
	}
	of := fmt.Sprintf("%q", f.Resources[h.FromResource].Name)
	if h.Aliasing {
		of += " in the same memory"
	}
	return fmt.Sprintf("%v: %s of %q by %q (%v) after the %s of %s by %q (%v)%s",
		h.Kind, now, f.Resources[h.Resource].Name, f.Passes[h.To].Name, h.ToStages,
		then, of, f.Passes[h.From].Name, h.FromStages, framesBefore(h.Frames))
}

func framesBefore(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " one frame before"
	}
	return fmt.Sprintf(" %d frames before", n)
}

func (u *Unordered) mend() string {
	f, h := u.frame, &u.Hazard
	visibility := "execution order suffices"
	if h.Kind != WriteAfterRead {
		visibility = "visibility device"
	}
	sameEncoder := h.Frames == 0 && f.Passes[h.From].Encoder == f.Passes[h.To].Encoder
	switch {
	case sameEncoder && h.FromStages&(metal.StageFragment|metal.StageTile) != 0:
		return fmt.Sprintf("and no barrier inside an encoder may wait for %v: put %q into an encoder of its own", h.FromStages, f.Passes[h.To].Name)
	case sameEncoder:
		return fmt.Sprintf("an intra-pass barrier before %q, after %v before %v, mends it (%s)", f.Passes[h.To].Name, h.FromStages, h.ToStages, visibility)
	}
	return fmt.Sprintf("a consumer barrier before %q, after %v before %v, mends it (%s)", f.Passes[h.To].Name, h.FromStages, h.ToStages, visibility)
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
	b := describe(s.frame, &s.barriers[s.Barrier], s.Barrier)
	switch {
	case s.Visibility:
		return fmt.Sprintf("%s: no write needs its visibility device: execution order suffices.", b)
	case s.After != 0:
		return fmt.Sprintf("%s: nothing needs after %v: take any one of these stages away.", b, s.After)
	case s.Before != 0:
		return fmt.Sprintf("%s: nothing needs before %v: take any one of these stages away.", b, s.Before)
	}
	return fmt.Sprintf("%s: superfluous: take it away.", b)
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
	return fmt.Sprintf("%s: illegal: %s.", describe(i.frame, &i.barriers[i.Barrier], i.Barrier), i.Why)
}

// describe names a barrier by its number and place.
func describe(f *Frame, b *Barrier, n int) string {
	where := fmt.Sprintf("pass %d", b.Pass)
	if b.Pass >= 0 && b.Pass < len(f.Passes) {
		where = fmt.Sprintf("%q", f.Passes[b.Pass].Name)
	}
	side := "before"
	if b.Kind == Producer {
		side = "after"
	}
	return fmt.Sprintf("barrier %d (%v, %s %s, after %v before %v, %v)", n, b.Kind, side, where, b.After, b.Before, b.Visibility)
}
