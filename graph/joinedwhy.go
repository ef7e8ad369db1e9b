package graph

import (
	"fmt"

	"weft/barriers"
)

// whyEncoders says for neighbours of one kind of encoder why they do not share
// one.
func whyEncoders(c *compilation) []Reason {
	var list []Reason
	left := 0
	for n := 1; n < len(c.encoders); n++ {
		before, e := c.encoders[n-1], c.encoders[n]
		if before.kind != e.kind {
			continue
		}
		if len(list) == whyMost {
			left++
			continue
		}
		a, b := c.pass(int(e.first-1)).name, c.pass(int(e.first)).name
		list = append(list, Reason{
			Subject: fmt.Sprintf("%s and %s share no encoder", a, b),
			Text:    c.whyCut(n, a, b),
		})
	}
	if left > 0 {
		list = append(list, Reason{"encoders", fmt.Sprintf("%d more neighbours share none; the first %d are listed", left, whyMost)})
	}
	return list
}

// whyCut says why encoder n begins where it does.
func (c *compilation) whyCut(n int, a, b string) string {
	e := c.encoders[n]
	switch e.kind {
	case barriers.MachineLearningEncoder:
		return "a machineLearning encoder holds one network"
	case barriers.RenderEncoder:
		before := c.encoders[n-1]
		for end := before.first + 1; end <= before.end; end++ {
			c.loadTiles(&encoder{before.kind, before.first, end})
		}
		if why, r := c.fitsTargets(int(e.first)); why != together {
			return c.describeApart(why, r, a, b)
		}
	}
	if c.joined > c.length()*(1+shorter) {
		return fmt.Sprintf("with as few encoders as possible the frames take %.6g, as they are %.6g", c.joined, c.length())
	}
	for _, x := range c.plan.Barriers() {
		if x.Kind == Producer && x.AfterPass == a || x.Kind == Consumer && x.BeforePass == b {
			why := x.Because[0]
			return fmt.Sprintf("a queue barrier stands between them (%s: %s -> %s)", why.Resource, why.From, why.To)
		}
	}
	return "a queue barrier would stand between them"
}

// describeApart is the sentence for why b cannot follow a in a render encoder.
func (c *compilation) describeApart(why apart, resource int32, a, b string) string {
	name := c.g.nameOf(resource)
	switch why {
	case notLoaded:
		return fmt.Sprintf("%s does not load its attachment %s", b, name)
	case notStored:
		return fmt.Sprintf("%s discards its attachment %s", a, name)
	case isResolved:
		return fmt.Sprintf("%s resolves into %s, and %s goes on drawing", a, name, b)
	case inTile:
		return fmt.Sprintf("%s uses %s after a fragment of the same encoder would, which nothing orders on a tile-based GPU", b, name)
	case beginsLife:
		return fmt.Sprintf("%s begins the life of %s, which then would begin with the encoder", b, name)
	}
	if name == "" {
		return "they have other attachments"
	}
	return fmt.Sprintf("they have other attachments: %s of %s", name, b)
}
