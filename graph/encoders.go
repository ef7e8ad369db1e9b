package graph

import "weft/barriers"

// encoders groups the passes. Compute and blit passes in a row share an encoder
// unless a queue barrier falls between two of them; every other pass has one of
// its own.
//
// Where queue barriers fall is known only once barriers are derived: with all
// rows joined they are, the rows are split there, and if any was, they are
// derived again.
func encoders(c *compilation) error {
	c.join()
	c.lower()
	if err := c.deriveBarriers(); err != nil {
		return err
	}
	if c.split() {
		return c.deriveBarriers()
	}
	return nil
}

// join puts passes of compute encoders that are neighbours into one.
func (c *compilation) join() {
	c.encoders = c.encoders[:0]
	for i := range c.order {
		kind := encoderKind(c.pass(i).kind)
		if n := len(c.encoders); kind == barriers.ComputeEncoder && n > 0 && c.encoders[n-1].kind == kind {
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

// split ends encoders where a queue barrier falls between two of their passes
// and reports whether there was one.
func (c *compilation) split() bool {
	cut := make([]bool, len(c.order)+1) // before this position
	any := false
	for _, b := range c.derived {
		e := c.encoders[b.Encoder]
		switch {
		case b.Kind == barriers.Consumer && b.Pass > int(e.first):
			cut[b.Pass], any = true, true
		case b.Kind == barriers.Producer && b.Pass+1 < int(e.end):
			cut[b.Pass+1], any = true, true
		}
	}
	if !any {
		return false
	}
	var out []encoder
	for _, e := range c.encoders {
		for first := e.first; first < e.end; {
			end := first + 1
			for end < e.end && !cut[end] {
				end++
			}
			out = append(out, encoder{e.kind, first, end})
			first = end
		}
	}
	c.encoders = out
	c.lowerEncoders()
	return true
}
