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
