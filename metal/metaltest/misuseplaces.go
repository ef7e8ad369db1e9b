package metaltest

import (
	"github.com/stretchr/testify/require"

	"weft/metal"
)

// privateHeap is a heap for buffers; align is theirs.
func (k *kit) privateHeap() (h metal.Heap, align int) {
	k.Helper()
	s, err := k.device.BufferSizeAndAlign(metal.BufferDescriptor{Length: 1024, Storage: metal.StorageModePrivate})
	require.NoError(k, err)
	return k.heap(metal.HeapDescriptor{Label: "heap", Size: 4 * up(s.Size, s.Align), Storage: metal.StorageModePrivate, Class: s.Class}), s.Align
}

func culpritBuffer(length int, s metal.StorageMode) metal.BufferDescriptor {
	return metal.BufferDescriptor{Label: "culprit", Length: length, Storage: s}
}

var badPlaces = []refusal{
	{"an offset that is not aligned", []string{"culprit"}, func(k *kit) error {
		h, align := k.privateHeap()
		return second(h.NewBuffer(culpritBuffer(1024, metal.StorageModePrivate), align/2))
	}},
	{"an offset before the heap", []string{"culprit"}, func(k *kit) error {
		h, align := k.privateHeap()
		return second(h.NewBuffer(culpritBuffer(1024, metal.StorageModePrivate), -align))
	}},
	{"the end of the heap", []string{"culprit"}, func(k *kit) error {
		h, align := k.privateHeap()
		return second(h.NewBuffer(culpritBuffer(1024, metal.StorageModePrivate), up(h.Size()-512, align)))
	}},
	{"another storage mode", []string{"culprit"}, func(k *kit) error {
		h, _ := k.privateHeap()
		return second(h.NewBuffer(culpritBuffer(1024, metal.StorageModeShared), 0))
	}},
	{"a texture larger than the heap", []string{"culprit"}, func(k *kit) error {
		h, _ := k.privateHeap()
		return second(h.NewTexture(metal.TextureDescriptor{Label: "culprit", Format: metal.PixelFormatRGBA8Unorm, Width: 1024, Height: 1024}, 0))
	}},
	{"a tensor for a network, not at the start", []string{"culprit"}, func(k *kit) error {
		b := k.space("b", 4096)
		return second(b.NewTensor(metal.TensorDescriptor{Label: "culprit", Type: metal.TensorDataTypeFloat32, Dimensions: []int{16}}, 256))
	}},
	{"a tensor beyond its buffer", []string{"culprit"}, func(k *kit) error {
		b := k.space("b", 1024)
		return second(b.NewTensor(metal.TensorDescriptor{Label: "culprit", Type: metal.TensorDataTypeFloat32, Dimensions: []int{16, 17}}, 0))
	}},
	{"a tensor before its buffer", []string{"culprit"}, func(k *kit) error {
		b := k.space("b", 1024)
		return second(b.NewTensor(metal.TensorDescriptor{Label: "culprit", Type: metal.TensorDataTypeFloat32, Dimensions: []int{16}, Usage: metal.TensorUsageCompute}, -4))
	}},
	{"entries beyond a counter heap", []string{"counters"}, func(k *kit) error {
		h := made[metal.CounterHeap](k)(k.device.NewCounterHeap("counters", 4))
		return h.Resolve(2, make([]uint64, 3))
	}},
}

// other makes a second buffer and allocator.
func (k *kit) other() (metal.CommandBuffer, metal.CommandAllocator) {
	k.Helper()
	return made[metal.CommandBuffer](k)(k.device.NewCommandBuffer("other")),
		made[metal.CommandAllocator](k)(k.device.NewCommandAllocator("spare"))
}

// foreign makes an event of another device.
func (k *kit) foreign() metal.SharedEvent {
	k.Helper()
	d := k.open(k.T)
	k.Cleanup(d.Release)
	return made[metal.SharedEvent](k)(d.NewSharedEvent("foreign"))
}

// begun leaves a buffer open while do runs, and ends it.
func begun(k *kit, b metal.CommandBuffer, a metal.CommandAllocator, do func() error) error {
	k.Helper()
	require.NoError(k, b.Begin(a))
	err := do()
	_ = b.End()
	return err
}

var badOrder = []refusal{
	{"Begin while open", []string{"other"}, func(k *kit) error {
		b, a := k.other()
		return begun(k, b, a, func() error { return b.Begin(k.allocator) })
	}},
	{"End before Begin", []string{"other"}, func(k *kit) error {
		b, _ := k.other()
		return b.End()
	}},
	{"End twice", []string{"other"}, func(k *kit) error {
		b, a := k.other()
		require.NoError(k, begun(k, b, a, func() error { return nil }))
		return b.End()
	}},
	{"one allocator, two open buffers", []string{"spare"}, func(k *kit) error {
		b, a := k.other()
		return begun(k, b, a, func() error { return k.commands.Begin(a) })
	}},
	{"Reset under an open buffer", []string{"spare"}, func(k *kit) error {
		b, a := k.other()
		return begun(k, b, a, a.Reset)
	}},
	{"Commit of an open buffer", []string{"other"}, func(k *kit) error {
		b, a := k.other()
		return begun(k, b, a, func() error { return k.queue.Commit([]metal.CommandBuffer{b}) })
	}},
	{"Commit of an empty buffer", []string{"other"}, func(k *kit) error {
		b, _ := k.other()
		return k.queue.Commit([]metal.CommandBuffer{b})
	}},
	{"Commit twice", []string{"other"}, func(k *kit) error {
		b, a := k.other()
		require.NoError(k, begun(k, b, a, func() error { return nil }))
		require.NoError(k, k.queue.Commit([]metal.CommandBuffer{b}))
		k.finish()
		return k.queue.Commit([]metal.CommandBuffer{b})
	}},
	{"one buffer twice in a Commit", []string{"other"}, func(k *kit) error {
		b, a := k.other()
		require.NoError(k, begun(k, b, a, func() error { return nil }))
		return k.queue.Commit([]metal.CommandBuffer{b, b})
	}},
	{"a signal of nothing", []string{"event"}, func(k *kit) error { return k.queue.SignalEvent(nil, 1) }},
	{"a wait for nothing", []string{"event"}, func(k *kit) error { return k.queue.WaitForEvent(nil, 1) }},
	{"a signal of another device's event", []string{"event"}, func(k *kit) error { return k.queue.SignalEvent(k.foreign(), 1) }},
	{"a wait for another device's event", []string{"event"}, func(k *kit) error { return k.queue.WaitForEvent(k.foreign(), 0) }},
	{"an encoder of a closed buffer", []string{"other"}, func(k *kit) error {
		b, _ := k.other()
		_, err := b.ComputeEncoder("culprit")
		return err
	}},
	{"two encoders", []string{"second"}, func(k *kit) error {
		b, a := k.other()
		return begun(k, b, a, func() error {
			first, err := b.ComputeEncoder("first")
			require.NoError(k, err)
			defer first.EndEncoding()
			_, err = b.MachineLearningEncoder("second")
			return err
		})
	}},
	{"End under an open encoder", []string{"culprit"}, func(k *kit) error {
		b, a := k.other()
		require.NoError(k, b.Begin(a))
		_, err := b.ComputeEncoder("culprit")
		require.NoError(k, err)
		return b.End()
	}},
	{"a signal that does not go up", []string{"event"}, strict(func(k *kit) error {
		e := made[metal.SharedEvent](k)(k.device.NewSharedEvent("event"))
		require.NoError(k, k.queue.SignalEvent(e, 3))
		require.True(k, e.Wait(3, patience))
		return k.queue.SignalEvent(e, 3)
	})},
}
