package metaltest

import (
	"weft/metal"
	"weft/metal/metaltest/shaders"
)

var tables = area{name: "tables", tests: []test{
	{"a dispatch takes a snapshot", func(k *kit) {
		p, t := k.computePipeline(shaders.ScaleComp), k.table("t")
		src := k.shared("src", floats(counting(64)...))
		one := k.shared("one", scaleParameters(1, 100, 64))
		two := k.shared("two", scaleParameters(2, 200, 64))
		a, b := k.space("a", 256), k.space("b", 256)
		k.compute(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			t.SetBuffer(src, 0, 0)
			t.SetBuffer(a, 0, 1)
			t.SetBuffer(one, 0, 2)
			e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
			t.SetBuffer(b, 0, 1)
			t.SetBuffer(two, 0, 2)
			e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
			t.SetBuffer(src, 0, 1) // after the last dispatch: nobody's
			t.SetBuffer(src, 0, 2)
		})
		executed(k, scaled(counting(64), 1, 100), readFloats(a.Contents()))
		executed(k, scaled(counting(64), 2, 200), readFloats(b.Contents()))
	}},
	{"offsets", func(k *kit) {
		p, t := k.computePipeline(shaders.ScaleComp), k.table("t")
		src := k.shared("src", floats(counting(1024)...))
		parameters := k.shared("parameters", append(make([]byte, 512), scaleParameters(1, 0, 64)...))
		dst := k.space("dst", 1024)
		t.SetBuffer(src, 256, 0)
		t.SetBuffer(dst, 512, 1)
		t.SetBuffer(parameters, 512, 2)
		k.compute(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
		})
		want := make([]float32, 256)
		copy(want[128:], counting(1024)[64:128])
		executed(k, want, readFloats(dst.Contents()))
	}},
	{"two tables and two pipelines", func(k *kit) {
		scale, where := k.computePipeline(shaders.ScaleComp), k.computePipeline(shaders.WhereComp)
		s, w := k.table("s"), k.table("w")
		a, b := k.space("a", 256), k.space("b", 64)
		s.SetBuffer(k.shared("src", floats(counting(64)...)), 0, 0)
		s.SetBuffer(a, 0, 1)
		s.SetBuffer(k.shared("parameters", scaleParameters(3, 0, 64)), 0, 2)
		w.SetBuffer(b, 0, 5)
		k.compute(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(scale)
			e.SetArgumentTable(s)
			e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
			e.SetArgumentTable(w)
			e.SetComputePipeline(where)
			e.DispatchThreadgroups(groups(1), shaders.WhereComp.Threads)
		})
		executed(k, scaled(counting(64), 3, 0), readFloats(a.Contents()))
		executed(k, uint32(3|1<<8|1<<16), readWords(b.Contents())[15])
	}},
	{"many dispatches", func(k *kit) {
		// More than a driver's first pool of descriptors holds.
		const n = 600
		p, t := k.computePipeline(shaders.ScaleComp), k.table("t")
		src, dst := k.shared("src", floats(1)), k.space("dst", n*256)
		parameters := k.shared("parameters", scaleParameters(5, 2, 1))
		for range 2 {
			k.compute(func(e metal.ComputeEncoder) {
				e.SetComputePipeline(p)
				e.SetArgumentTable(t)
				t.SetBuffer(src, 0, 0)
				t.SetBuffer(parameters, 0, 2)
				for i := range n {
					t.SetBuffer(dst, i*256, 1)
					e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
				}
			})
		}
		got := readFloats(dst.Contents())
		for i := range n {
			executed(k, float32(7), got[i*64])
		}
	}},
}}
