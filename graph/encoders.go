package graph

import "weft/barriers"

// arrange groups the passes of the order into encoders, lowers the frame and
// derives its barriers. Compute and blit passes in a row share an encoder, and
// so do render passes in a row with the same attachments (see fitsTargets).
//
// Where queue barriers fall is known only once barriers are derived. A compute
// encoder is cut where one falls between two of its passes, unless that makes the
// frame longer. Of render encoders they are kept out, or they are cut there,
// whichever makes the frame shorter.
func (c *compilation) arrange() error {
	c.joined = 0
	if err := c.arrangeJoined(routed); err != nil {
		return err
	}
	if c.sharesTargets() {
		joined := c.length()
		c.deriver.Whole = false
		if err := c.deriveBarriers(routed); err != nil {
			return err
		}
		if err := c.cutWhere(barriers.RenderEncoder, joined*(1-shorter)); err != nil {
			return err
		}
		if c.length() < joined*(1-shorter) {
			c.joined = joined
		}
	}
	for i := range c.derived {
		if _, inside := c.inside(&c.derived[i], barriers.ComputeEncoder); inside {
			if err := c.cutWhere(barriers.ComputeEncoder, c.length()*(1+shorter)); err != nil {
				return err
			}
			break
		}
	}
	c.deepen(shortened)
	return nil
}

// cutWhere cuts encoders of a kind where queue barriers fall between their passes,
// if the frame takes no longer than so much then.
func (c *compilation) cutWhere(kind barriers.EncoderKind, most float64) error {
	c.rounds = 0
	c.cuts = append(c.cuts[:0], c.cut...)
	for c.cutAt(kind) {
		if err := c.deriveCut(placed); err != nil {
			return err
		}
		if len(c.order) <= looked && c.deriver.Bound() > most {
			break
		}
		c.deepen(routed)
	}
	c.deriver.Whole = true
	if c.length() <= most {
		return nil
	}
	copy(c.cut, c.cuts)
	return c.deriveCut(routed)
}

// sharesTargets reports whether a render encoder has several passes.
func (c *compilation) sharesTargets() bool {
	for _, e := range c.encoders {
		if e.kind == barriers.RenderEncoder && e.end-e.first > 1 {
			return true
		}
	}
	return false
}

// arrangeJoined cuts nothing.
func (c *compilation) arrangeJoined(d depth) error {
	c.cut = zeroed(c.cut, len(c.order))
	c.join()
	c.lower()
	c.deriver.Whole = true
	return c.deriveBarriers(d)
}

// deriveCut derives barriers for the passes as they are cut.
func (c *compilation) deriveCut(d depth) error {
	c.join()
	c.lowerEncoders()
	return c.deriveBarriers(d)
}

// join puts neighbours into one encoder.
func (c *compilation) join() {
	c.encoders = c.encoders[:0]
	for i := range c.order {
		kind := encoderKind(c.pass(i).kind)
		if n := len(c.encoders); n > 0 && !c.cut[i] && c.encoders[n-1].kind == kind && c.fits(i) {
			c.encoders[n-1].end = int32(i + 1)
			continue
		}
		c.encoders = append(c.encoders, encoder{kind, int32(i), int32(i + 1)})
	}
}

func encoderKind(k Kind) barriers.EncoderKind {
	switch k {
	case Render:
		return barriers.RenderEncoder
	case MachineLearning:
		return barriers.MachineLearningEncoder
	}
	return barriers.ComputeEncoder
}

// fits reports whether a pass can join the encoder that was begun last, of the
// pass before it, which is of the same kind.
func (c *compilation) fits(i int) bool {
	switch c.pass(i).kind {
	case Render:
		c.loadTiles(&c.encoders[len(c.encoders)-1])
		why, _ := c.fitsTargets(i)
		return why == together
	case MachineLearning:
		return false
	}
	return true
}

// loadTiles adds what the last pass of an encoder accesses, after the others.
func (c *compilation) loadTiles(e *encoder) {
	if e.end == e.first+1 {
		c.tiles.reset(len(c.g.resources))
	}
	c.tiles.add(c.g.accessesOf(c.pass(int(e.end - 1))))
}

// maxRounds is how often barriers are derived before encoders that still have
// queue barriers inside are cut everywhere.
const maxRounds = 4

// cutAt cuts encoders of a kind where queue barriers fall between two of their
// passes, and reports whether there are any.
func (c *compilation) cutAt(kind barriers.EncoderKind) bool {
	found := false
	c.rounds++
	for i := range c.derived {
		at, inside := c.inside(&c.derived[i], kind)
		if !inside {
			continue
		}
		c.cut[at], found = true, true
		e := c.encoders[c.derived[i].Encoder]
		for k := e.first; k < e.end && c.rounds > maxRounds; k++ {
			c.cut[k] = true
		}
	}
	return found
}

// inside reports whether a queue barrier falls between two passes of an encoder
// of a kind, and before which.
func (c *compilation) inside(b *barriers.Barrier, kind barriers.EncoderKind) (at int, inside bool) {
	e := c.encoders[b.Encoder]
	at = b.Pass
	if b.Kind == barriers.Producer {
		at++
	}
	return at, b.Kind != barriers.Intra && e.kind == kind && at != int(e.first) && at != int(e.end)
}
