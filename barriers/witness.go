package barriers

// proof says what of a draft is known to be needed.
type proof struct {
	whole, flush  bool
	after, before set
}

// witnesses counts drafts along the frame. If a need has but one draft between
// its two passes that can begin, or end, a chain, that draft is needed, and the
// need is its witness: no chain has to be looked for. Nearly all drafts of long
// frames are proven needed in this way.
type witnesses struct {
	rank   []int32 // of each place: drafts at earlier places. Place 2p is ahead of pass p, 2p+1 behind it
	counts []count // of each rank: drafts before it
}

type count struct {
	all, intra    int32
	after, before [stageCount]int32 // by stage
}

// prove looks for witnesses among the needs that one draft meets.
func (r *reduction) prove() {
	r.count()
	r.proven = resize(r.proven, len(r.b.drafts))
	clear(r.proven)
	for i := range r.needs {
		c, n := &r.needs[i], r.certs[i].draft
		if n < 0 {
			continue
		}
		d, known := &r.b.drafts[n], &r.proven[n]
		if known.whole && known.after == d.after && known.before == d.before && known.flush == d.device {
			continue
		}
		one, two, all := r.between(c)
		sum := func(of func(*count) int32) int32 { return of(two) - of(one) + of(all) }
		total, intra := sum(func(x *count) int32 { return x.all }), sum(func(x *count) int32 { return x.intra })
		begins := sum(func(x *count) int32 { return x.after[c.a] }) == 1
		ends := sum(func(x *count) int32 { return x.before[c.b] }) == 1
		alone := total == 1 || intra == 1 && d.kind == Intra
		if !alone && !begins && !ends && (d.kind == Intra || total-intra != 1) {
			continue
		}
		known.whole = true
		known.flush = known.flush || c.flush
		if alone || begins || d.after&(d.after-1) == 0 {
			known.after |= 1 << c.a
		}
		if alone || ends || d.before&(d.before-1) == 0 {
			known.before |= 1 << c.b
		}
	}
}

// count fills the tables.
func (r *reduction) count() {
	b := r.b
	passes := len(b.t.runs)
	r.rank = resize(r.rank, 2*passes+1)
	r.counts = append(r.counts[:0], count{})
	now := count{}
	add := func(head int32) {
		for n := head; n >= 0; n = b.drafts[n].next {
			d := &b.drafts[n]
			if d.gone {
				continue
			}
			now.all++
			if d.kind == Intra {
				now.intra++
			}
			for s := d.after; s != 0; s &= s - 1 {
				now.after[s.index()]++
			}
			for s := d.before; s != 0; s &= s - 1 {
				now.before[s.index()]++
			}
			r.counts = append(r.counts, now)
		}
	}
	for p := range passes {
		r.rank[2*p] = now.all
		add(b.ahead[p])
		r.rank[2*p+1] = now.all
		add(b.behind[p])
	}
	r.rank[2*passes] = now.all
}

var none count

// between returns three counts: the second less the first plus the third counts
// the drafts, each once, that stand between the passes of a need.
func (r *reduction) between(c *need) (one, two, all *count) {
	from, to := r.rank[2*c.from+1], r.rank[2*c.to+1]
	one, two, all = &r.counts[from], &r.counts[to], &none
	if c.frames > 0 {
		all = &r.counts[len(r.counts)-1]
		if c.frames > 1 || to > from {
			one, two = &none, &none
		}
	}
	return one, two, all
}
