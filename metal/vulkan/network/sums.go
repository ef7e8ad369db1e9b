package network

import "weft/metal/vulkan/network/spirv"

// sums are a tile's accumulators: variables between loops, values inside a
// straight line.
type sums struct {
	e         *emitter
	tile      tile
	variables []spirv.ID
	values    []spirv.ID
}

func newSums(e *emitter, t tile) *sums {
	s := &sums{e: e, tile: t}
	for range t.rows * t.columns * t.groups {
		s.variables = append(s.variables, e.Variable(e.Zero(e.Vector(e.Float(), 4))))
	}
	s.values = make([]spirv.ID, len(s.variables))
	return s
}

func (s *sums) index(row, column, q int) int { return (row*s.tile.columns+column)*s.tile.groups + q }

func (s *sums) load() {
	for i, v := range s.variables {
		s.values[i] = s.e.Get(v)
	}
}

func (s *sums) store() {
	for i, v := range s.variables {
		s.e.Set(v, s.values[i])
	}
}

func (s *sums) get(row, column, q int) spirv.ID { return s.values[s.index(row, column, q)] }

func (s *sums) add(row, column, q int, v spirv.ID) { s.values[s.index(row, column, q)] = v }

// results reads the variables, as a core returns them.
func (s *sums) results() [][][]spirv.ID {
	s.load()
	out := make([][][]spirv.ID, s.tile.rows)
	for r := range out {
		out[r] = make([][]spirv.ID, s.tile.columns)
		for c := range out[r] {
			for q := range s.tile.groups {
				out[r][c] = append(out[r][c], s.get(r, c, q))
			}
		}
	}
	return out
}
