package barriers

// placer places drafts for needs. It stabs intervals: a need that nothing meets
// yet gets a barrier at the last point that can help, just before its second
// access, where most later needs can use it too.
//
// Going through the passes of a frame, it knows for each pair of stages the
// latest draft that orders them, so that one look tells whether a need is met by
// a single draft. Only if none does, board.chain looks for several.
type placer struct {
	b  *board
	at int32 // the pass that the tables are for, -1 before the first

	// Numbers of drafts + 1. Each table has a part for needs that want order and
	// one for those that want a flush.
	queue  pairs // producers in earlier encoders of this frame: the last
	frames pairs // producers in the frames before: the last
	ahead  pairs // consumers in some encoder before the pass, the latest: look which
	intra  pairs // the same for barriers inside an encoder
}

type pairs [2][stageCount][stageCount]int32

func (x *pairs) note(n int32, d *draft) {
	for a := d.after; a != 0; a &= a - 1 {
		for b := d.before; b != 0; b &= b - 1 {
			x[0][a.index()][b.index()] = n + 1
			if d.device {
				x[1][a.index()][b.index()] = n + 1
			}
		}
	}
}

func (x *pairs) find(c *need) int32 {
	flush := 0
	if c.flush {
		flush = 1
	}
	return x[flush][c.a][c.b] - 1
}

// meet shows for each need the draft that meets it alone, or -1; then the last
// link of the chain that does is in b.links, if any. With add it places drafts
// so that each is met.
func (p *placer) meet(b *board, needs []need, add bool, show func(i int, draft, chain int32)) {
	p.b, p.at = b, -1
	p.queue, p.frames, p.ahead, p.intra = pairs{}, pairs{}, pairs{}, pairs{}
	for i := range needs {
		c := &needs[i]
		if i > 0 && c.frames != needs[i-1].frames {
			p.nextFrame()
		} else if i == 0 && c.frames > 0 {
			p.nextFrame()
		}
		p.advance(c.to)
		n, chain := p.single(c), int32(-1)
		if n < 0 {
			last, ok := b.chain(c)
			if ok {
				chain = last
			} else if add {
				n = p.add(c)
			}
		}
		show(i, n, chain)
	}
}

// nextFrame goes on to the end of the frame and to the start of the next.
func (p *placer) nextFrame() {
	last := int32(len(p.b.t.runs) - 1)
	p.advance(last)
	p.encoderEnds(last)
	p.frames, p.queue, p.ahead, p.at = p.queue, pairs{}, pairs{}, -1
}

func (p *placer) advance(to int32) {
	t := p.b.t
	for ; p.at < to; p.at++ {
		next := p.at + 1
		if next > 0 && t.encoder[next] != t.encoder[p.at] {
			p.encoderEnds(p.at)
		}
		for n := p.b.ahead[next]; n >= 0; n = p.b.drafts[n].next {
			if d := &p.b.drafts[n]; d.gone {
				continue
			} else if d.kind == Consumer {
				p.ahead.note(n, d)
			} else {
				p.intra.note(n, d)
			}
		}
	}
}

// encoderEnds: producers of the encoder that ends with a pass hold from now on.
func (p *placer) encoderEnds(last int32) {
	t := p.b.t
	for q := t.first[t.encoder[last]]; q <= last; q++ {
		for n := p.b.behind[q]; n >= 0; n = p.b.drafts[n].next {
			if d := &p.b.drafts[n]; !d.gone {
				p.queue.note(n, d)
			}
		}
	}
}

// single returns a draft that meets the need alone, or -1.
func (p *placer) single(c *need) int32 {
	t, drafts := p.b.t, p.b.drafts
	e := t.encoder[c.to]
	if c.frames == 0 && t.encoder[c.from] == e {
		if n := p.intra.find(c); n >= 0 && drafts[n].pass > c.from && t.encoder[drafts[n].pass] == e {
			return n
		}
		return -1
	}
	if n := p.queue.find(c); n >= 0 && (c.frames > 0 || drafts[n].pass >= c.from) {
		return n
	}
	if n := p.ahead.find(c); n >= 0 && t.encoder[drafts[n].pass] == e {
		return n
	}
	if n := p.frames.find(c); n >= 0 && (c.frames > 1 || c.frames == 1 && drafts[n].pass >= c.from) {
		return n
	}
	return -1
}

// add places a draft that meets one need, or widens one that is there: if both
// wait for the same stages, or make the same stages wait, that costs nothing.
func (p *placer) add(c *need) int32 {
	b, t := p.b, p.b.t
	e := t.encoder[c.to]
	wanted := draft{kind: Consumer, pass: c.to, after: 1 << c.a, before: 1 << c.b, device: c.flush}
	switch {
	case c.frames == 0 && t.encoder[c.from] == e:
		wanted.kind = Intra
	case t.first[e] == c.to, !t.stands(Consumer, c.to):
		wanted.kind, wanted.pass = Producer, t.before(t.first[e])
	}
	n := int32(-1)
	for m := *b.place(&wanted); m >= 0; m = b.drafts[m].next {
		d := &b.drafts[m]
		if d.kind == wanted.kind && !d.gone && (d.after == wanted.after || d.before == wanted.before) {
			n = m
			*d = d.with(&wanted)
			b.overview.widened(d)
			break
		}
	}
	if n < 0 {
		n = b.put(wanted)
	}
	switch d := &b.drafts[n]; {
	case d.kind == Intra:
		p.intra.note(n, d)
	case d.kind == Consumer:
		p.ahead.note(n, d)
	case e == 0:
		p.frames.note(n, d)
	default:
		p.queue.note(n, d)
	}
	return n
}

// before is the pass encoded before the first one of an encoder. A producer
// barrier behind it is as late as a consumer barrier there, and serves all later
// encoders.
func (t *timeline) before(first int32) int32 {
	n := int32(len(t.runs))
	return (first + n - 1) % n
}
