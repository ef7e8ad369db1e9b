package metaltest

import (
	"testing"

	"weft/metal"
)

// Options say what a driver does, and so what to expect.
type Options struct {
	// Executes says that draws, dispatches and networks are carried out.
	// Copies and fills always are.
	Executes bool
	// Strict says that the driver refuses whatever Metal 4 refuses. Others may
	// trust the caller in a few cases, which are not tried on them.
	Strict bool
	// IndirectIndices, when set, is what a device must say when it refuses the
	// offset of an index buffer in indirect draws; "" where it must draw them.
	IndirectIndices func(d metal.Device) (refusal string)
	// Untried names tests that say nothing about this driver, as "area/test",
	// with why.
	Untried map[string]string
	// Check, when set, is called at the end of each area, before the device is
	// released: a driver asks its own judges there. The area "misuse" breaks
	// rules on purpose; what a driver refuses there must not reach its judges.
	Check func(t *testing.T, d metal.Device)
}

// area is a part of the suite.
type area struct {
	name  string
	tests []test
}

type test struct {
	name string
	run  func(k *kit)
}

// Run runs the suite on devices that open makes, one an area. Areas are
// sub-tests: go test -run TestConformance/copies runs one.
func Run(t *testing.T, open func(t *testing.T) metal.Device, o Options) {
	for _, a := range []area{
		buffers, copies, compute, tables, textures, mips, heaps, tensors,
		render, targets, depth, multisample, indirect, sampling, barriers, fences, events, networks, misuse,
	} {
		t.Run(a.name, func(t *testing.T) {
			d := open(t)
			defer d.Release()
			for _, test := range a.tests {
				t.Run(test.name, func(t *testing.T) {
					if why := o.Untried[a.name+"/"+test.name]; why != "" {
						t.Skip(why)
					}
					k := newKit(t, d, o)
					k.open = open
					test.run(k)
				})
			}
			if o.Check != nil {
				o.Check(t, d)
			}
		})
	}
}
