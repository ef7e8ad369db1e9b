package rules

import (
	"fmt"
	"math/bits"

	"weft/metal"
)

// known are all the stages that there are.
const known = metal.RenderStages | metal.ComputeStages | metal.MachineLearningStages | metal.StageResourceState

func stages(what string, s metal.Stages) error {
	if s == 0 {
		return fmt.Errorf("%s is empty: it must name at least one stage", what)
	}
	if s != metal.StageAll && s&^known != 0 {
		return fmt.Errorf("%s holds bits that are no stages: %v", what, s&^known)
	}
	return nil
}

// OwnStages is the rule of a set of stages that an encoder must own.
func OwnStages(what string, s, owned metal.Stages) error {
	if err := stages(what, s); err != nil {
		return err
	}
	if foreign := s &^ owned; foreign != 0 {
		return fmt.Errorf("%s holds %v, which this encoder does not own: only %v", what, foreign&known, owned)
	}
	return nil
}

func visibility(v metal.VisibilityOptions) error {
	if v&^(metal.VisibilityDevice|metal.VisibilityResourceAlias) != 0 {
		return fmt.Errorf("unknown visibility option %#x: use VisibilityNone, VisibilityDevice or VisibilityResourceAlias", 1<<(bits.Len64(uint64(v))-1))
	}
	return nil
}

// QueueBarrier is the rule of consumer and producer barriers. They may name any
// stages, also foreign ones, on both sides (the comments of
// MTL4CommandEncoder.h).
func QueueBarrier(after, before metal.Stages, v metal.VisibilityOptions) error {
	if err := visibility(v); err != nil {
		return err
	}
	if err := stages("after", after); err != nil {
		return err
	}
	return stages("before", before)
}

// EncoderBarrier is the rule of intra-pass barriers.
func EncoderBarrier(after, before, owned metal.Stages, v metal.VisibilityOptions) error {
	if err := visibility(v); err != nil {
		return err
	}
	if err := OwnStages("after", after, owned); err != nil {
		return err
	}
	if err := OwnStages("before", before, owned); err != nil {
		return err
	}
	if late := after & (metal.StageFragment | metal.StageTile); late != 0 {
		return fmt.Errorf("after holds %v: tile-based GPUs cannot order what follows it in one pass; end this encoder and begin another with a queue barrier", late)
	}
	return nil
}

// Inside is the rule of a range of a buffer, with an offset that is a multiple
// of align.
func Inside(what string, b metal.Buffer, offset, size, align int) error {
	if offset%align != 0 {
		return fmt.Errorf("%s: offset %d of %s: must be a multiple of %d", what, offset, name("buffer", b), align)
	}
	if n := b.Length(); offset < 0 || size < 0 || offset > n || size > n-offset {
		return fmt.Errorf("%s: bytes [%d, %d) of %s, which has %d", what, offset, offset+size, name("buffer", b), n)
	}
	return nil
}

// Groups is the rule of the threadgroup counts of a dispatch, each at most most.
func Groups(g metal.Size, most int) error {
	if min(g.Width, g.Height, g.Depth) < 0 || max(g.Width, g.Height, g.Depth) > most {
		return fmt.Errorf("%s threadgroups: each from 0 to %d", size(g), most)
	}
	return nil
}

// Threads is the rule of the threads of a threadgroup.
func Threads(f *Function, threads metal.Size) error {
	if threads != f.Threads {
		return fmt.Errorf("threadgroups of %s threads: function %q is written for %s", size(threads), f.Name, size(f.Threads))
	}
	return nil
}

// Timestamp is the rule of writing an entry of a counter heap.
func Timestamp(h metal.CounterHeap, index int) error {
	if index < 0 || index >= h.Count() {
		return fmt.Errorf("entry %d of %s: it has [0, %d)", index, name("counter heap", h), h.Count())
	}
	return nil
}

// Resolve is the rule of reading entries of a counter heap.
func Resolve(h metal.CounterHeap, start, count int) error {
	if start < 0 || start > h.Count() || count > h.Count()-start {
		return fmt.Errorf("%s: entries [%d, %d): it has [0, %d)", name("counter heap", h), start, start+count, h.Count())
	}
	return nil
}
