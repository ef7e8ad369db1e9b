package scene

import (
	"hash/fnv"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// unfold is what shaders/vertex.glsl does.
func unfold(code uint32) vec {
	x, y := float64(code&4095)*2/4095-1, float64(code>>12&4095)*2/4095-1
	n := vec{x, y, 1 - math.Abs(x) - math.Abs(y)}
	fold := max(-n.Z, 0)
	n.X -= math.Copysign(fold, n.X)
	n.Y -= math.Copysign(fold, n.Y)
	return n.unit()
}

func (v *vertex) at() vec {
	return vec{float64(v.Position[0]), float64(v.Position[1]), float64(v.Position[2])}
}

func TestOctahedron(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64Range(-1, 1)
		n := vec{f.Draw(t, "x"), f.Draw(t, "y"), f.Draw(t, "z")}
		if n.length() < 1e-3 {
			return
		}
		require.Greater(t, unfold(octahedron(n.unit())).dot(n.unit()), 1-1e-6)
	})
}

// Shapes are closed where they should be, wound outwards, and their normals
// point out of them.
func TestShapes(t *testing.T) {
	for name, draw := range map[string]func(b brush){
		"box":      func(b brush) { b.box(vec{-1, -2, -3}, vec{1, 1, 2}) },
		"beam":     func(b brush) { b.beam(vec{1, 2, 3}, vec{-1, 0.5, 2}, 0.2, 0.1) },
		"upright":  func(b brush) { b.beam(vec{0, 0, 0}, vec{0, 2, 0}, 0.2, 0.1) },
		"rod":      func(b brush) { b.rod(vec{0, 0, 0}, vec{1, 1, 1}, 0.1, 7) },
		"wire":     func(b brush) { b.tube(hanging(vec{-1, 0, 0}, vec{1, 0, 1}, 0.3, 9), 0.05, 5, false) },
		"ring":     func(b brush) { b.tube(circle(vec{0, 1, 0}, vec{1, 0, 0}, vec{0, 0.6, 0.8}, 1, 24), 0.1, 6, true) },
		"ball":     func(b brush) { b.ball(2, 16) },
		"cylinder": func(b brush) { b.lathe([]ring{{0, 0}, {1, 0}, {1, 2}, {0, 2}}, 12, false) },
		"band":     func(b brush) { b.band(1, 0.1, 0.2, 24) },
	} {
		t.Run(name, func(t *testing.T) {
			var m mesh
			draw(brush{mesh: &m, to: turning(vec{0.6, 0, 0.8}, 1).then(moving(vec{1, 2, 3})), open: 1})
			require.NotEmpty(t, m.indices)
			require.Greater(t, volume(&m), 0.0, "wound inwards")
			edges := map[[6]int32]int{}
			for i := 0; i < len(m.indices); i += 3 {
				var p [3]vec
				for k := range p {
					v := &m.vertices[m.indices[i+k]]
					p[k] = v.at()
				}
				flat := p[1].sub(p[0]).cross(p[2].sub(p[0]))
				require.Positive(t, flat.length())
				for k := range p {
					v := &m.vertices[m.indices[i+k]]
					require.Greater(t, unfold(v.Normal).dot(flat.unit()), 0.2)
					require.Less(t, math.Abs(unfold(v.Normal).dot(unfold(v.Tangent))), 0.02)
					edges[key(p[k], p[(k+1)%3])]++
					edges[key(p[(k+1)%3], p[k])]--
				}
			}
			for _, n := range edges {
				require.Zero(t, n, "not closed")
			}
		})
	}
}

// key names an edge to a tenth of a millimeter.
func key(a, b vec) (k [6]int32) {
	for i, x := range []float64{a.X, a.Y, a.Z, b.X, b.Y, b.Z} {
		k[i] = int32(math.Round(x * 1e4))
	}
	return k
}

// volume of a closed mesh that is wound outwards is positive.
func volume(m *mesh) float64 {
	sum := 0.0
	for i := 0; i < len(m.indices); i += 3 {
		a, b, c := m.vertices[m.indices[i]], m.vertices[m.indices[i+1]], m.vertices[m.indices[i+2]]
		sum += a.at().dot(b.at().cross(c.at())) / 6
	}
	return sum
}

func TestTown(t *testing.T) {
	for seed := int64(0); seed < 8; seed++ {
		w, err := newTown(seed)
		require.NoError(t, err)
		require.Less(t, len(w.mesh.indices)/3, 300_000, "seed %d", seed)
		require.Greater(t, len(w.mesh.indices)/3, 80_000, "seed %d", seed)
		wrong := 0
		for i := 0; i < len(w.mesh.indices); i += 3 {
			var p [3]vec
			var v [3]*vertex
			for k := range p {
				v[k] = &w.mesh.vertices[w.mesh.indices[i+k]]
				p[k] = v[k].at()
				m := int(v[k].Tint >> 24)
				known := m < materials || m >= int(leaf) && m < tabled
				if l := p[k].length(); int(v[k].Tangent>>24) > len(w.parts) || !known || !(l < 130) {
					t.Fatalf("seed %d: vertex %+v", seed, v[k])
				}
			}
			flat := p[1].sub(p[0]).cross(p[2].sub(p[0]))
			side := max(p[1].sub(p[0]).length(), p[2].sub(p[0]).length(), p[2].sub(p[1]).length())
			if flat.length() < 2e-3*side*side || material(v[0].Tint>>24) >= leaf {
				continue // slivers have no direction in float32, leaves have soft normals
			}
			for k := range v {
				if unfold(v[k].Normal).dot(flat.unit()) < 0.1 {
					wrong++
				}
			}
		}
		require.Zero(t, wrong, "seed %d: normals against the winding", seed)
		for i, m := range w.parts {
			for _, time := range []float64{0, 1.7, 60} {
				a := m.at(time)
				require.InDelta(t, 1, a.x.cross(a.y).dot(a.z), 1e-9, "part %d is turned, not stretched or mirrored", i)
			}
		}
	}
}

// The same seed gives the same town, another seed another one.
func TestSeeds(t *testing.T) {
	digest := func(seed int64) uint64 {
		w, err := newTown(seed)
		require.NoError(t, err)
		h := fnv.New64a()
		h.Write(sliceBytes(w.mesh.vertices))
		h.Write(sliceBytes(w.mesh.indices))
		var v viewBlock
		w.fill(&v, 64, 36, 1, [2]float64{}, 0)
		h.Write(bytes(&v))
		return h.Sum64()
	}
	seen := map[uint64]bool{}
	for seed := int64(0); seed < 5; seed++ {
		d := digest(seed)
		require.Equal(t, d, digest(seed))
		require.False(t, seen[d])
		seen[d] = true
	}
}

func TestTriangulate(t *testing.T) {
	faces, err := typefaces()
	require.NoError(t, err)
	for _, f := range faces {
		for _, r := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789&.,/éäÄ–%@#" {
			g := f.glyph(r)
			require.NotEmpty(t, g.triangles, "%c", r)
			want, got := 0.0, 0.0
			for _, c := range g.contours {
				want -= area(c) // outer contours run clockwise
			}
			for i := 0; i < len(g.triangles); i += 3 {
				a := turn(g.points[g.triangles[i]], g.points[g.triangles[i+1]], g.points[g.triangles[i+2]]) / 2
				require.Positive(t, a, "%c", r)
				got += a
			}
			require.InDelta(t, want, got, 1e-6, "%c: area of the triangles", r)
		}
	}
}

func TestClearOfCamera(t *testing.T) {
	for seed := int64(0); seed < 20; seed++ {
		w, err := newTown(seed)
		require.NoError(t, err)
		for time := 0.0; time < 20; time += 1 {
			c := w.path.at(time)
			near := math.Inf(1)
			for i := range w.mesh.vertices {
				if v := &w.mesh.vertices[i]; v.Tangent>>24 == 0 {
					d := v.at().sub(c.eye)
					near = min(near, d.dot(d))
				}
			}
			near = math.Sqrt(near)
			require.Greater(t, near, 0.3, "seed %d: something is in the lens at %g s", seed, time)
		}
	}
}
