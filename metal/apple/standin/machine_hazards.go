package standin

import (
	"fmt"
	"slices"

	"weft/barriers"
	"weft/metal"
)

// Metal says nothing when a barrier is missing, so the machine keeps what each
// command accesses, in which stage, and lets package barriers judge it.

// access is one thing that a command does to memory.
type access struct {
	what       *allocation // a heap, a buffer, a texture that is no view
	part       barriers.Part
	stage      metal.Stages
	write      bool
	attachment bool
	// open says that part is a guess: the argument of a function goes on to the
	// end of the buffer, if nothing else begins there.
	open bool
}

// command is what one draw, dispatch, copy or network does.
type command struct {
	name     string
	runs     metal.Stages
	accesses []access
}

// pass is what one encoder encodes.
type pass struct {
	kind     barriers.EncoderKind
	encoder  *encoder
	label    string
	commands []command
	barriers []ordering
	fences   []fencing
	cut      int // commands before the last barrier or fence
}

// ordering is a barrier, encoded before command number at.
type ordering struct {
	kind          barriers.Kind
	at            int
	after, before metal.Stages
	visibility    metal.VisibilityOptions
}

func (p *pass) order(kind barriers.Kind, after, before metal.Stages, v metal.VisibilityOptions) {
	p.barriers = append(p.barriers, ordering{kind, len(p.commands), after, before, v})
	p.cut = len(p.commands)
}

// name is the encoder's label, or what it is where it has none.
func (p *pass) name() string {
	if p.label == "" {
		return fmt.Sprintf("an unnamed %v encoder", p.kind)
	}
	return p.label
}

// add keeps a command; one that only reads, as the one before it, is one with
// it where no barrier or fence is between.
func (p *pass) add(c command) {
	n := len(p.commands)
	if p.cut < n && reads(c) && sameAccesses(p.commands[n-1], c) {
		return
	}
	p.commands = append(p.commands, c)
}

func reads(c command) bool {
	for _, a := range c.accesses {
		if a.write {
			return false
		}
	}
	return true
}

func sameAccesses(a, b command) bool {
	if a.runs != b.runs || len(a.accesses) != len(b.accesses) {
		return false
	}
	for i := range a.accesses {
		if a.accesses[i] != b.accesses[i] {
			return false
		}
	}
	return true
}

// attach adds an access to an attachment.
func (c *command) attach(t *texture, level, slice int, write bool) {
	c.runs |= metal.StageFragment
	c.accesses = append(c.accesses, access{what: &t.root.allocation, part: t.part(level, slice), stage: metal.StageFragment, write: write, attachment: true})
}

// history is commits as package barriers takes them: a frame, and its barriers.
type history struct {
	starts    map[*allocation][]int64 // where arguments begin in buffers, in order
	frame     barriers.Frame
	barriers  []barriers.Barrier
	resources map[*allocation]int
	heaps     map[*heap]int
	updates   map[*fence]link // the last of each
	links     []link          // the fences that are waited for
}

// add appends an encoder.
func (h *history) add(p *pass) {
	f := &h.frame
	encoder := len(f.Encoders)
	first := len(f.Passes)
	// A producer barrier before the first command covers the encoders before:
	// it stands after a pass that does nothing.
	early := 0
	for _, b := range p.barriers {
		if b.at == 0 && b.kind == barriers.Producer {
			early = 1
		}
	}
	if len(p.commands) == 0 && early == 0 {
		h.fence(p, first, first)
		return
	}
	f.Encoders = append(f.Encoders, barriers.Encoder{Kind: p.kind})
	if early == 1 {
		f.Passes = append(f.Passes, barriers.Pass{Name: fmt.Sprintf("start of %s", p.name()), Encoder: encoder})
	}
	for i := range p.commands {
		c := &p.commands[i]
		f.Passes = append(f.Passes, barriers.Pass{Name: fmt.Sprintf("%s, command %d (%s)", p.name(), i, c.name), Encoder: encoder, Runs: c.runs})
		for _, a := range c.accesses {
			f.Accesses = append(f.Accesses, barriers.Access{
				Pass: len(f.Passes) - 1, Resource: h.resource(a.what), Stages: a.stage, Write: a.write, Part: h.part(&a), Attachment: a.attachment,
			})
		}
	}
	h.fence(p, first+early, len(f.Passes))
	for _, b := range p.barriers {
		at := first + early + b.at
		switch {
		case b.kind == barriers.Producer:
			at--
		case b.at == len(p.commands): // nothing of the encoder comes after it
			continue
		case b.kind == barriers.Intra && b.at == 0:
			continue // nothing of the encoder comes before it
		}
		h.barriers = append(h.barriers, barriers.Barrier{
			Kind: b.kind, Encoder: encoder, Pass: at, After: b.after, Before: b.before, Visibility: b.visibility & metal.VisibilityDevice,
		})
	}
}

// note keeps where arguments begin.
func (h *history) note(p *pass) {
	for i := range p.commands {
		for _, a := range p.commands[i].accesses {
			list := h.starts[a.what]
			if n, ok := slices.BinarySearch(list, a.part.Bytes.First); a.open && !ok {
				h.starts[a.what] = slices.Insert(list, n, a.part.Bytes.First)
			}
		}
	}
}

// part of an access ends, where nobody says how far it goes, at the place where
// another argument begins: buffers that are bound at several offsets are used
// in parts. What is reported must be true, and this misses what runs over.
func (h *history) part(a *access) barriers.Part {
	part := a.part
	if a.open {
		list := h.starts[a.what]
		if n, _ := slices.BinarySearch(list, part.Bytes.First); n+1 < len(list) {
			part.Bytes.End = min(part.Bytes.End, list[n+1])
		}
	}
	return part
}

// resource is the number of some memory in the frame.
func (h *history) resource(a *allocation) int {
	if n, ok := h.resources[a]; ok {
		return n
	}
	r := barriers.Resource{Name: a.String(), Lifetime: barriers.Imported}
	in, offset, size := a.heap, a.offset, a.metal.AllocatedSize()
	if x, ok := a.object.state.(*heap); ok {
		in, offset, size = x, 0, x.size
	}
	if in != nil {
		if _, ok := h.heaps[in]; !ok {
			h.heaps[in] = len(h.heaps)
		}
		r.Lifetime = barriers.Transient
		r.Memory = barriers.Placement{Heap: h.heaps[in], Offset: int64(offset), Size: int64(size)}
	}
	n := len(h.frame.Resources)
	h.frame.Resources = append(h.frame.Resources, r)
	h.resources[a] = n
	return n
}

// judge reports the accesses of the last commit that no barrier orders after
// those of it, or of earlier ones that may still run. Check takes a frame to
// repeat; a barrier over everything at its end keeps the repetitions apart.
func (q *queue) judge(c *call) {
	h := &history{resources: map[*allocation]int{}, heaps: map[*heap]int{}, starts: map[*allocation][]int64{}, updates: map[*fence]link{}}
	for _, w := range q.history {
		for _, p := range w.passes {
			h.note(p)
		}
	}
	last := 0
	for i, w := range q.history {
		if i == len(q.history)-1 {
			last = len(h.frame.Passes)
		}
		for _, p := range w.passes {
			h.add(p)
		}
	}
	n := len(h.frame.Passes)
	if n == 0 || last == n {
		return
	}
	h.barriers = append(h.barriers, barriers.Barrier{
		Kind: barriers.Producer, Encoder: len(h.frame.Encoders) - 1, Pass: n - 1, After: known, Before: known, Visibility: metal.VisibilityDevice,
	})
	report := barriers.Check(&h.frame, h.barriers)
	if report.Invalid != nil {
		c.fault("BUG in the stand-in's history: %v", report.Invalid)
		return
	}
	for _, bad := range report.Illegal {
		c.fault("%v", bad)
	}
	for _, u := range report.Unordered {
		if u.To >= last && u.Frames == 0 && !h.ordered(&u.Hazard) {
			c.fault("%v", u)
		}
	}
}
