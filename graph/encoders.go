package graph

import "weft/barriers"

// arrange groups the passes of the order into encoders, lowers the frame and
// derives its barriers. Compute and blit passes in a row share an encoder, and
// so do render passes in a row with the same attachments (see fitsTargets).
//
// Where queue barriers fall is known only once barriers are derived. A render
// encoder is cut where one falls between two of its passes; a compute encoder,
// too, unless that makes the frame longer.
func (c *compilation) arrange() error {
	if err := c.arrangeJoined(); err != nil {
		return err
	}
	c.joined = c.length
	c.cuts = append(c.cuts[:0], c.cut...)
	for c.cutAt(barriers.ComputeEncoder) {
		if err := c.deriveCut(); err != nil {
			return err
		}
	}
	if c.length <= c.joined*(1+shorter) {
		return nil
	}
	copy(c.cut, c.cuts)
	return c.deriveCut()
}

// arrangeJoined cuts nothing but what has to be cut.
func (c *compilation) arrangeJoined() error {
	c.cut = resize(c.cut, len(c.order))
	clear(c.cut)
	c.rounds = 0
	c.join()
	c.lower()
	if err := c.deriveBarriers(); err != nil {
		return err
	}
	return c.cutRender()
}

// deriveCut derives barriers for the passes as they are cut.
func (c *compilation) deriveCut() error {
	c.join()
	c.lowerEncoders()
	if err := c.deriveBarriers(); err != nil {
		return err
	}
	return c.cutRender()
}

// cutRender cuts render encoders where queue barriers fall.
func (c *compilation) cutRender() error {
	for c.cutAt(barriers.RenderEncoder) {
		c.join()
		c.lowerEncoders()
		if err := c.deriveBarriers(); err != nil {
			return err
		}
	}
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
		b := &c.derived[i]
		e, at := c.encoders[b.Encoder], b.Pass
		if b.Kind == barriers.Producer {
			at++
		}
		if b.Kind == barriers.Intra || e.kind != kind || at == int(e.first) || at == int(e.end) {
			continue
		}
		c.cut[at], found = true, true
		for k := e.first; k < e.end && c.rounds > maxRounds; k++ {
			c.cut[k] = true
		}
	}
	return found
}
