package scene

import (
	"fmt"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/gosmallcaps"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// lettering turns text into solid letters.
type lettering struct {
	font   *sfnt.Font
	buffer sfnt.Buffer
	glyphs map[rune]glyph
}

// glyph is a letter of a font of height 1.
type glyph struct {
	contours  [][]point
	points    []point
	triangles []int // indices of points, counterclockwise
	advance   float64
}

// typefaces are the fonts that a seed chooses from: the Go fonts.
func typefaces() ([]*lettering, error) {
	var all []*lettering
	for _, data := range [][]byte{gobold.TTF, gobolditalic.TTF, gomonobold.TTF, gosmallcaps.TTF} {
		f, err := sfnt.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("scene: a Go font: %w", err)
		}
		all = append(all, &lettering{font: f, glyphs: map[rune]glyph{}})
	}
	return all, nil
}

// unit is how many font units the height 1 is loaded with.
const unit = 256

// glyph is the shape of r, the font's own stand-in if it has none.
func (l *lettering) glyph(r rune) glyph {
	if g, ok := l.glyphs[r]; ok {
		return g
	}
	g := glyph{advance: 0.5}
	if i, err := l.font.GlyphIndex(&l.buffer, r); err == nil {
		if a, err := l.font.GlyphAdvance(&l.buffer, i, fixed.I(unit), font.HintingNone); err == nil {
			g.advance = float64(a) / 64 / unit
		}
		if segments, err := l.font.LoadGlyph(&l.buffer, i, fixed.I(unit), nil); err == nil {
			g.contours = flatten(segments)
			g.points, g.triangles = triangulate(g.contours)
		}
	}
	l.glyphs[r] = g
	return g
}

// flatten turns a glyph's curves into polygons, y up.
func flatten(segments sfnt.Segments) [][]point {
	var all [][]point
	var now []point
	at := func(p fixed.Point26_6) point {
		return point{float64(p.X) / 64 / unit, -float64(p.Y) / 64 / unit}
	}
	end := func() {
		if n := len(now); n > 1 && now[0] == now[n-1] {
			now = now[:n-1]
		}
		if len(now) > 2 {
			all = append(all, now)
		}
		now = nil
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			end()
			now = append(now, at(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			now = append(now, at(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			a, b, c := now[len(now)-1], at(s.Args[0]), at(s.Args[1])
			const steps = 3
			for i := 1; i <= steps; i++ {
				t := float64(i) / steps
				now = append(now, a.mix(b, t).mix(b.mix(c, t), t))
			}
		case sfnt.SegmentOpCubeTo:
			now = append(now, at(s.Args[2]))
		}
	}
	end()
	return all
}

// width is how wide a line of text of height 1 is.
func (l *lettering) width(text string) float64 {
	sum := 0.0
	for _, r := range text {
		sum += l.glyph(r).advance
	}
	return sum
}

// text writes a line about the origin, in the x-y plane, height meters high and
// depth meters thick.
func (b brush) text(l *lettering, text string, height, depth float64) {
	x := -l.width(text) / 2
	for _, r := range text {
		g := l.glyph(r)
		place := func(p point, z float64) vec { return vec{(x + p.x) * height, (p.y - 0.36) * height, z} }
		base := make([]uint32, len(g.points))
		for i, p := range g.points {
			q := place(p, depth)
			base[i] = b.vertex(q, vec{0, 0, 1}, vec{1, 0, 0}, q.X, q.Y)
		}
		for i := 0; i < len(g.triangles); i += 3 {
			b.triangle(base[g.triangles[i]], base[g.triangles[i+1]], base[g.triangles[i+2]])
		}
		for _, c := range g.contours {
			for i, p := range c {
				q := c[(i+1)%len(c)]
				if depth > 0 {
					// Outer contours run clockwise, holes the other way.
					b.quad(place(p, depth), place(q, depth), place(q, 0), place(p, 0))
				}
			}
		}
		x += g.advance
	}
}
