package record

import (
	"fmt"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"weft/metal"
	"weft/metal/rules"
)

// Device is a metal.Device without a GPU. Make one with New.
type Device struct {
	options    Options
	recordings atomic.Uint64
	ticks      atomic.Int64
	gpu        gpu

	mu       sync.Mutex // guards what follows
	made     int
	live     map[*object]struct{}
	faults   []*Fault
	calls    []Call
	released bool
}

var _ metal.Device = (*Device)(nil)

// Name is Options.Name.
func (d *Device) Name() string { return d.options.Name }

// String names the device in faults.
func (d *Device) String() string { return fmt.Sprintf("device %q", d.options.Name) }

// Limits are those of the options.
func (d *Device) Limits() metal.Limits { return d.options.Limits }

// Release ends the device. Objects that still live are a fault.
func (d *Device) Release() {
	d.mu.Lock()
	again := d.released
	d.released = true
	var left []string
	for o := range d.live {
		left = append(left, o.String())
	}
	d.mu.Unlock()
	if again {
		d.fail(d.String(), "Release", "released twice")
		return
	}
	if len(left) > 0 {
		sort.Strings(left)
		count := len(left)
		if count > 10 {
			left = append(left[:10], "...")
		}
		d.fail(d.String(), "Release", "%d objects are not released: %s; release all that a device made before it", count, strings.Join(left, ", "))
	}
}

// NewCommandAllocator makes an allocator.
func (d *Device) NewCommandAllocator(label string) (metal.CommandAllocator, error) {
	a := &commandAllocator{}
	d.adopt(&a.object, "command allocator", label)
	return a, nil
}

// NewCommandBuffer makes a command buffer.
func (d *Device) NewCommandBuffer(label string) (metal.CommandBuffer, error) {
	b := &commandBuffer{}
	d.adopt(&b.object, "command buffer", label)
	return b, nil
}

// NewResidencySet makes an empty set.
func (d *Device) NewResidencySet(label string) (metal.ResidencySet, error) {
	s := &residencySet{members: map[*allocation]struct{}{}}
	d.adopt(&s.object, "residency set", label)
	return s, nil
}

// NewSharedEvent makes an event with the value 0.
func (d *Device) NewSharedEvent(label string) (metal.SharedEvent, error) {
	e := &sharedEvent{}
	e.self[0] = &e.object
	d.adopt(&e.object, "shared event", label)
	return e, nil
}

// NewCounterHeap makes a heap for count timestamps.
func (d *Device) NewCounterHeap(label string, count int) (metal.CounterHeap, error) {
	if err := rules.CounterHeap(label, count); err != nil {
		return nil, d.refuse("NewCounterHeap", "%v", err)
	}
	h := &counterHeap{values: make([]uint64, count), pending: make([]int, count)}
	d.adopt(&h.object, "counter heap", label, Arg{"count", count})
	return h, nil
}

// NewSampler makes a sampler.
func (d *Device) NewSampler(s metal.SamplerDescriptor) (metal.Sampler, error) {
	if err := rules.Sampler(s); err != nil {
		return nil, d.refuse("NewSampler", "%v", err)
	}
	o := &sampler{}
	d.adopt(&o.object, "sampler", s.Label)
	return o, nil
}

type sampler struct{ object }

// NewDepthStencilState makes a state.
func (d *Device) NewDepthStencilState(s metal.DepthStencilDescriptor) (metal.DepthStencilState, error) {
	if err := rules.DepthStencil(s); err != nil {
		return nil, d.refuse("NewDepthStencilState", "%v", err)
	}
	o := &depthStencilState{descriptor: s}
	d.adopt(&o.object, "depth-stencil state", s.Label)
	return o, nil
}

type depthStencilState struct {
	object
	descriptor metal.DepthStencilDescriptor
}
