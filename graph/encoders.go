package graph

import "weft/barriers"

// arrange groups the passes of the order into encoders, lowers the frame and
// derives its barriers. Compute and blit passes in a row share an encoder, and
// so do render passes in a row with the same attachments (see fitsTargets), unless
// a queue barrier falls between two of them.
//
// Where queue barriers fall is known only once barriers are derived: with all
// rows joined they are, rows are cut there, and they are derived again.
func (c *compilation) arrange() error {
	c.cut = resize(c.cut, len(c.order))
	clear(c.cut)
	c.join()
	c.lower()
	for round := 1; ; round++ {
		if err := c.deriveBarriers(); err != nil {
			return err
		}
		if !c.cutAtBarriers(round == 3) {
			break
		}
		c.join()
		c.lowerEncoders()
	}
	c.length = c.deriver.Makespan()
	c.atBound = c.length <= c.deriver.Bound()*(1+shorter)
	return nil
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

// fits reports whether a pass can join the encoder of the pass before it, which
// is of the same kind.
func (c *compilation) fits(i int) bool {
	switch c.pass(i).kind {
	case Render:
		why, _ := c.fitsTargets(i)
		return why == together
	case MachineLearning:
		return false
	}
	return true
}

// cutAtBarriers cuts where a queue barrier falls between two passes of an
// encoder, or all encoders if all is set, and reports whether there was one.
func (c *compilation) cutAtBarriers(all bool) bool {
	found := false
	for _, b := range c.derived {
		e, at := c.encoders[b.Encoder], b.Pass
		switch b.Kind {
		case barriers.Producer:
			at++
		case barriers.Intra:
			continue
		}
		if int(e.first) < at && at < int(e.end) {
			c.cut[at], found = true, true
		}
	}
	if found && all {
		for i := range c.cut {
			c.cut[i] = true
		}
	}
	return found
}
