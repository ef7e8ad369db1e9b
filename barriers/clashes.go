package barriers

// clashes holds, while all events walk, what they did before: on each sheet of
// each place its reads and its writes, by crowd. So a later access sees in one
// look a whole crowd that it conflicts with, and whether all of it comes before.
type clashes struct {
	frame   *Frame
	reach   int // how many frames apart conflicts are looked for
	places  *places
	slots   []slotSet // by access: its stages
	byPass  []int32   // accesses in the order of passes
	since   []int32   // by pass: the first of its accesses in byPass
	first   []int32   // by sheet and write: the newest run, or -1
	runs    []run
	free    int32 // a run that is no longer in use, or -1
	entries []entry
	seen    []int32 // by crowd: scratch of gather
}

// run is what one crowd did on one sheet.
type run struct {
	crowd             int32
	next              int32 // run of the sheet, or -1
	head, tail, count int32 // entries
	resource, encoder int32 // of all the entries, or -1 if they differ
}

// entry is one access in one stage.
type entry struct {
	access, next int32
	stage        slotSet
}

func newClashes(f *Frame, few int) *clashes {
	c := &clashes{
		frame: f, reach: 1, places: newPlaces(f, few), slots: make([]slotSet, len(f.Accesses)),
		byPass: make([]int32, len(f.Accesses)), since: make([]int32, len(f.Passes)+1), free: -1,
	}
	for i := range f.Accesses {
		c.slots[i] = slotsOf(withTile(f.Accesses[i].Stages))
		c.since[f.Accesses[i].Pass+1]++
	}
	for p := range f.Passes {
		c.since[p+1] += c.since[p]
	}
	at := append([]int32(nil), c.since...)
	for i := range f.Accesses {
		p := f.Accesses[i].Pass
		c.byPass[at[p]] = int32(i)
		at[p]++
	}
	entries := 0
	for i := range f.Accesses {
		for _, place := range [2]int32{c.places.of[i], c.places.memory[f.Accesses[i].Resource]} {
			if place >= 0 {
				entries += c.slots[i].count() * int(c.places.spans[place].from-c.places.spans[place].into)
			}
		}
	}
	c.entries = make([]entry, 0, entries)
	for i := range f.Resources {
		c.reach = max(c.reach, 1+f.Resources[i].History)
	}
	c.first = make([]int32, 2*len(c.places.sheets))
	for i := range c.first {
		c.first[i] = -1
	}
	return c
}

// of lists the accesses of a pass.
func (c *clashes) of(pass int) []int32 { return c.byPass[c.since[pass]:c.since[pass+1]] }

// idle says that an access conflicts with nothing, ever.
func (c *clashes) idle(access int32) bool {
	return c.places.of[access] < 0 && c.places.memory[c.frame.Accesses[access].Resource] < 0
}

// list is the index in first of what was read or written on a sheet.
func list(sheet int32, writes bool) int32 { return 2*sheet + int32(digit(writes)) }

// note writes down that a crowd made an access in one stage.
func (c *clashes) note(crowds *crowds, access int32, stage slotSet, crowd int32) {
	a := &c.frame.Accesses[access]
	for _, place := range []int32{c.places.of[access], c.places.memory[a.Resource]} {
		if place < 0 {
			continue
		}
		s := c.places.spans[place]
		for _, sheet := range c.places.pool[s.into:s.from] {
			c.entries = append(c.entries, entry{access, -1, stage})
			e := int32(len(c.entries) - 1)
			r := run{crowd, -1, e, e, 1, int32(a.Resource), int32(c.frame.Passes[a.Pass].Encoder)}
			at := &c.first[list(sheet, a.Write)]
			if *at >= 0 && crowds.find(c.runs[*at].crowd) == crowd {
				c.add(*at, &r)
				continue
			}
			r.next = *at
			if c.free >= 0 {
				*at = c.free
				c.free = c.runs[c.free].next
				c.runs[*at] = r
			} else {
				*at = int32(len(c.runs))
				c.runs = append(c.runs, r)
			}
		}
	}
}

// add appends the entries of one run to another.
func (c *clashes) add(to int32, r *run) {
	t := &c.runs[to]
	c.entries[t.tail].next = r.head
	t.tail, t.count = r.tail, t.count+r.count
	if t.resource != r.resource {
		t.resource = -1
	}
	if t.encoder != r.encoder {
		t.encoder = -1
	}
}

// gather makes one run of those whose crowds have become one.
func (c *clashes) gather(crowds *crowds, at int32) {
	for len(c.seen) < len(crowds.parent) {
		c.seen = append(c.seen, -1)
	}
	last := int32(-1)
	for i := c.first[at]; i >= 0; {
		r := &c.runs[i]
		r.crowd = crowds.find(r.crowd)
		next := r.next
		if same := c.seen[r.crowd]; same >= 0 {
			c.add(same, r)
			c.runs[last].next = next
			r.next, c.free = c.free, i
		} else {
			c.seen[r.crowd] = i
			last = i
		}
		i = next
	}
	for i := c.first[at]; i >= 0; i = c.runs[i].next {
		c.seen[c.runs[i].crowd] = -1
	}
}

// clash is a run that may conflict with an access of a later pass.
type clash struct {
	run, sheet int32
}

// each shows the runs of reads, or of writes, that access b may conflict with
// some frames later, as long as show wants more. It says whether it was stopped.
func (c *clashes) each(crowds *crowds, b int32, frames int, writes bool, show func(clash) bool) bool {
	a := &c.frame.Accesses[b]
	r := &c.frame.Resources[a.Resource]
	copies := 1 + r.History
	for _, place := range [2]int32{c.places.of[b], c.places.memory[a.Resource]} {
		if place < 0 || frames > copies || frames > 0 && r.Lifetime == Fresh {
			continue
		}
		s := c.places.spans[place]
		for _, n := range c.places.pool[s.from:s.end] {
			at := list(n, writes)
			if c.first[at] < 0 || (frames+a.Frame-int(c.places.sheets[n].frame))%copies != 0 {
				continue // untouched, or another copy
			}
			if c.runs[c.first[at]].next >= 0 {
				c.gather(crowds, at)
			}
			for i := c.first[at]; i >= 0; i = c.runs[i].next {
				c.runs[i].crowd = crowds.find(c.runs[i].crowd)
				if show(clash{i, n}) {
					return true
				}
			}
		}
	}
	return false
}

// extent is how much of a run conflicts with an access.
type extent uint8

const (
	noneOf extent = iota
	someOf        // perhaps none: see each entry
	allOf
)

// extent tells without a look at the entries how much of a run conflicts with
// access b.
func (c *clashes) extent(x clash, b int32, frames int) extent {
	a, s, r := &c.frame.Accesses[b], &c.places.sheets[x.sheet], &c.runs[x.run]
	switch {
	case s.memory && r.resource == int32(a.Resource):
		return noneOf
	case s.memory && r.resource < 0, s.loose:
		return someOf
	case !s.memory && s.attachment && a.Attachment && frames == 0:
		if r.encoder == int32(c.frame.Passes[a.Pass].Encoder) {
			return noneOf
		} else if r.encoder < 0 {
			return someOf
		}
	}
	return allOf
}

// conflict says whether access b, some frames after a, conflicts with it. That
// one of them writes, and that the copies are the same, is known.
func (c *clashes) conflict(a, b int32, frames int) bool {
	x, y := &c.frame.Accesses[a], &c.frame.Accesses[b]
	if x.Resource != y.Resource {
		return true // in overlapping memory
	}
	if frames == 0 && x.Attachment && y.Attachment && c.frame.Passes[x.Pass].Encoder == c.frame.Passes[y.Pass].Encoder {
		return false // merged render passes: Metal orders these
	}
	return x.Part.meets(&y.Part)
}

// same says whether the accesses of two passes, frames apart, touch one thing.
// That one of them writes is known.
func (c *clashes) same(a, b int32, frames int) bool {
	x, y := &c.frame.Accesses[a], &c.frame.Accesses[b]
	r, s := &c.frame.Resources[x.Resource], &c.frame.Resources[y.Resource]
	switch {
	case frames == 0 && x.Pass >= y.Pass:
		return false
	case x.Resource != y.Resource:
		m, n := &r.Memory, &s.Memory
		return min(m.Size, n.Size) > 0 && m.Heap == n.Heap && m.Offset < n.Offset+n.Size && n.Offset < m.Offset+m.Size
	case frames > 0 && r.Lifetime == Fresh:
		return false
	}
	return (frames+y.Frame-x.Frame)%(1+r.History) == 0 && c.conflict(a, b, frames)
}

// any says whether something of a run conflicts with access b.
func (c *clashes) any(x clash, b int32, frames int) bool {
	switch extent := c.extent(x, b, frames); extent {
	case someOf:
		for e := c.runs[x.run].head; e >= 0; e = c.entries[e].next {
			if c.meets(x, e, b, frames) {
				return true
			}
		}
		return false
	default:
		return extent == allOf
	}
}

// meets says whether an entry on a sheet conflicts with access b.
func (c *clashes) meets(x clash, e, b int32, frames int) bool {
	a := c.entries[e].access
	if c.places.sheets[x.sheet].memory && c.frame.Accesses[a].Resource == c.frame.Accesses[b].Resource {
		return false // on a sheet of its resource if it does
	}
	return c.conflict(a, b, frames)
}

// hazard words the conflict of one stage of an entry and one of access b.
func (c *clashes) hazard(e, b int32, stage slotSet, frames int) Hazard {
	x, y := &c.frame.Accesses[c.entries[e].access], &c.frame.Accesses[b]
	h := Hazard{
		Kind: WriteAfterWrite, From: x.Pass, To: y.Pass, Frames: frames,
		FromStages: c.entries[e].stage.stages(), ToStages: stage.stages(),
		Resource: y.Resource, FromResource: x.Resource, Aliasing: x.Resource != y.Resource,
	}
	if !y.Write {
		h.Kind = ReadAfterWrite
	} else if !x.Write {
		h.Kind = WriteAfterRead
	}
	return h
}
