package barriers

// spread looks from both ends of a need at the places between them: at each,
// which stages a draft could wait for to continue what is bound to come after
// the need's first event, and which it could hold back so that the second is
// bound to come after those.
type spread struct {
	sites []site // in the order of time
}

// site is one place, in one of the frames that a need spans.
type site struct {
	pass   int32
	behind bool // else ahead
	kind   Kind
	frame  int32 // since the need's first event
	// Stages that a draft of that kind there could wait for, or hold back.
	cover, lead set
	// Stages that others hold back there already, and those that others wait for.
	held, waited set
}

// find lists the sites of a need.
func (s *spread) find(b *board, c *need) { s.between(b, b, c) }

// between is find with the drafts of one board that go on from the first event,
// and of another that lead to the second.
func (s *spread) between(from, to *board, c *need) {
	s.sites = s.sites[:0]
	s.forward(from, c)
	s.backward(to, c)
	for i := range s.sites {
		if x := &s.sites[i]; !from.t.stands(x.kind, x.pass) {
			x.cover, x.lead = 0, 0
		}
	}
}

// forward does what board.chain does, without an end, and notes what is covered.
func (s *spread) forward(b *board, c *need) {
	var far, held, own, due set
	t := b.t
	near := set(1) << c.a
	for p, frame := c.from, int32(0); ; {
		s.sites = append(s.sites, site{pass: p, behind: true, kind: Producer, frame: frame, cover: near | far})
		for n := b.behind[p]; n >= 0; n = b.drafts[n].next {
			if d := &b.drafts[n]; !d.gone && (d.device || !c.flush) && d.after&(near|far) != 0 {
				due |= d.before
			}
		}
		s.sites[len(s.sites)-1].held = held | due
		if p == t.last[t.encoder[p]] {
			far, held = far|near, held|due
			near, own, due = 0, 0, 0
		}
		if p++; int(p) == len(t.runs) {
			p, frame = 0, frame+1
		}
		s.sites = append(s.sites, site{pass: p, kind: Consumer, frame: frame, cover: far})
		if t.first[t.encoder[p]] != p {
			s.sites = append(s.sites, site{pass: p, kind: Intra, frame: frame, cover: near &^ (fragment | tile)})
		}
		for n := b.ahead[p]; n >= 0; n = b.drafts[n].next {
			d := &b.drafts[n]
			if d.gone || c.flush && !d.device {
				continue
			}
			if d.kind == Consumer && d.after&far != 0 || d.kind == Intra && d.after&near != 0 {
				own |= d.before
			}
		}
		s.sites[len(s.sites)-1].held = held | own
		if t.first[t.encoder[p]] != p {
			s.sites[len(s.sites)-2].held = held | own
		}
		if p == c.to && frame == c.frames {
			return
		}
		near |= (held | own) & t.runs[p]
	}
}

// backward notes what leads to the second event, going through the sites from
// the last.
func (s *spread) backward(b *board, c *need) {
	t := b.t
	// Stages with an event that leads to the second one: in this encoder from
	// here on, in later ones. Stages whose events do if they are before this
	// place: in any encoder, in this one, in those before this one.
	var far, all, inner, due set
	near := set(1) << c.b
	for i := len(s.sites) - 1; i >= 0; i-- {
		x := &s.sites[i]
		p := x.pass
		switch {
		case x.kind == Intra:
			x.lead = near & t.frame.Encoders[t.encoder[p]].Kind.owns()
			continue // the consumer at the same place, next, says what is waited for
		case x.kind == Consumer:
			x.lead = near
			for n := b.ahead[p]; n >= 0; n = b.drafts[n].next {
				d := &b.drafts[n]
				if d.gone || c.flush && !d.device || d.before&near == 0 {
					continue
				}
				if d.kind == Consumer {
					due |= d.after
				} else {
					inner |= d.after
				}
			}
			x.waited = all | due
			if t.first[t.encoder[p]] != p {
				s.sites[i+1].waited = all | inner
			}
			continue
		}
		if p == t.last[t.encoder[p]] {
			far, all = far|near, all|due
			near, inner, due = 0, 0, 0
		}
		x.lead = far
		for n := b.behind[p]; n >= 0; n = b.drafts[n].next {
			if d := &b.drafts[n]; !d.gone && (d.device || !c.flush) && d.before&far != 0 {
				all |= d.after
			}
		}
		x.waited = all
		near |= (all | inner) & t.runs[p]
	}
}

func (k EncoderKind) owns() set { return pack(k.Owns()) }
