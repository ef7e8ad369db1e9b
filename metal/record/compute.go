package record

import (
	"weft/metal"
	"weft/metal/rules"
)

type computeEncoder struct {
	encoder
	pipeline *computePipeline
	table    *argumentTable
}

func (e *computeEncoder) SetComputePipeline(x metal.ComputePipeline) {
	if e.logs() {
		e.log("SetComputePipeline", Arg{"pipeline", name(x)})
	}
	if !e.enter("SetComputePipeline") {
		return
	}
	p, ok := x.(*computePipeline)
	if !ok || p == nil {
		e.fail("not a compute pipeline of this driver: %T", x)
		return
	}
	if e.state(&p.object) {
		e.pipeline = p
	}
}

func (e *computeEncoder) SetArgumentTable(x metal.ArgumentTable) {
	if e.logs() {
		e.log("SetArgumentTable", Arg{"table", name(x)})
	}
	if !e.enter("SetArgumentTable") {
		return
	}
	if t := e.theTable(x); t != nil {
		e.table = t
	}
}

// dispatch checks what both kinds of dispatch need.
func (e *computeEncoder) dispatch(threads metal.Size) bool {
	if e.pipeline == nil {
		e.fail("no pipeline is set: call SetComputePipeline first")
		return false
	}
	f := e.pipeline.function
	e.check(rules.Threads(f, threads))
	e.snapshot(&e.pipeline.object, f, e.table)
	return true
}

func (e *computeEncoder) DispatchThreadgroups(groups, threads metal.Size) {
	if e.logs() {
		e.log("DispatchThreadgroups", Arg{"groups", groups}, Arg{"threads", threads})
	}
	if !e.enter("DispatchThreadgroups") || !e.dispatch(threads) {
		return
	}
	// Vulkan requires no more of a device, Metal sets no limit.
	e.check(rules.Groups(groups, 65535))
}

func (e *computeEncoder) DispatchThreadgroupsIndirect(arguments metal.Buffer, offset int, threads metal.Size) {
	if e.logs() {
		e.log("DispatchThreadgroupsIndirect", Arg{"arguments", name(arguments)}, Arg{"offset", offset}, Arg{"threads", threads})
	}
	if e.enter("DispatchThreadgroupsIndirect") && e.dispatch(threads) {
		e.indirect(arguments, offset, rules.DispatchArguments)
	}
}

func (e *computeEncoder) WriteTimestamp(h metal.CounterHeap, index int) {
	if e.logs() {
		e.log("WriteTimestamp", Arg{"heap", name(h)}, Arg{"index", index})
	}
	if e.enter("WriteTimestamp") {
		e.timestamp(h, index)
	}
}
