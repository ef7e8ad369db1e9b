package apple

import (
	"errors"
	"math"

	"weft/metal"
	"weft/metal/rules"
)

// computeEncoder is an MTL4ComputeCommandEncoder.
type computeEncoder struct {
	encoder
	pipeline *computePipeline
	table    *argumentTable
}

var _ metal.ComputeEncoder = (*computeEncoder)(nil)

func (e *computeEncoder) SetComputePipeline(x metal.ComputePipeline) {
	p, err := own[computePipeline](e.buffer.device, "the pipeline", x)
	if e.may("SetComputePipeline", err) && p != e.pipeline {
		e.pipeline = p
		e.send(selSetComputePipelineState, uintptr(p.id))
	}
}

func (e *computeEncoder) SetArgumentTable(x metal.ArgumentTable) {
	t, err := own[argumentTable](e.buffer.device, "the table", x)
	if e.may("SetArgumentTable", err) && t != e.table {
		e.table = t
		e.send(selSetArgumentTable, uintptr(t.id))
	}
}

var (
	errNoPipeline = errors.New("no pipeline is set")
	errNoTable    = errors.New("no argument table is set: call SetArgumentTable")
)

// dispatch checks what both kinds of dispatch need.
func (e *computeEncoder) dispatch(threads metal.Size) error {
	p := e.pipeline
	if p == nil {
		return errNoPipeline
	}
	if err := rules.Threads(p.function.Function, threads); err != nil {
		return err
	}
	return e.snapshot(p, p.function, e.table)
}

func (e *computeEncoder) DispatchThreadgroups(groups, threads metal.Size) {
	err := e.dispatch(threads)
	if err == nil {
		err = rules.Groups(groups, math.MaxUint32)
	}
	// Metal's debug layer takes no empty dispatch.
	if !e.may("DispatchThreadgroups", err) || min(groups.Width, groups.Height, groups.Depth) == 0 {
		return
	}
	c := e.buffer.caller
	e.send(selDispatchThreadgroupsThreadsPerThreadgroup,
		c.size(groups.Width, groups.Height, groups.Depth), c.size(threads.Width, threads.Height, threads.Depth))
}

func (e *computeEncoder) DispatchThreadgroupsIndirect(arguments metal.Buffer, offset int, threads metal.Size) {
	b, err := e.inBuffer("indirect arguments", arguments, offset, rules.DispatchArguments, 4)
	if err == nil {
		err = e.dispatch(threads)
	}
	if e.may("DispatchThreadgroupsIndirect", err) {
		e.send(selDispatchThreadgroupsWithIndirectBufferThreadsPerThreadgroup,
			uintptr(b.address+uint64(offset)), e.buffer.caller.size(threads.Width, threads.Height, threads.Depth))
	}
}

func (e *computeEncoder) WriteTimestamp(x metal.CounterHeap, index int) {
	h, err := e.timestamp(x, index)
	if e.may("WriteTimestamp", err) {
		e.send(selWriteTimestampWithGranularityIntoHeapAtIndex, mtl4TimestampGranularityPrecise, uintptr(h.id), uintptr(index))
	}
}
