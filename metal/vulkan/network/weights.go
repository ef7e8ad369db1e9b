package network

import "weft/metal/vulkan/network/spirv"

// lanes is the number of lanes that fetch different weights: no device that
// shuffles has subgroups of fewer. Where subgroups are wider, lanes repeat what
// others fetch.
const lanes = 8

// run is a run of constants that all threads of a subgroup read, at indices
// known when the shader is made.
type run struct {
	e       *emitter
	texels  spirv.ID
	first   spirv.ID
	length  int
	fetched []spirv.ID // element i of the run is in lane i%lanes of fetched[i/lanes]
}

// run4 is a run of elements of four floats from index first on.
func (e *emitter) run4(texels, first spirv.ID, length int) run {
	return run{e: e, texels: texels, first: first, length: length}
}

// fetch emits the fetches, where the device has shuffles.
func (r *run) fetch() {
	if !r.e.n.device.SubgroupShuffle {
		return
	}
	mine := r.e.Add(r.first, r.e.And(r.e.SubgroupLane(), r.e.IntConstant(lanes-1)))
	for i := 0; i < r.length; i += lanes {
		r.fetched = append(r.fetched, r.e.Fetch(r.texels, r.e.Add(mine, r.e.IntConstant(i))))
	}
}

// at is element i.
func (r *run) at(i int) spirv.ID {
	if r.fetched == nil {
		return r.e.Fetch(r.texels, r.e.Add(r.first, r.e.IntConstant(i)))
	}
	return r.e.Shuffle(r.fetched[i/lanes], uint32(i%lanes))
}

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
