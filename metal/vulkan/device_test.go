package vulkan

import (
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// rig is a device with a queue, and what a test has to wait for.
type rig struct {
	testing.TB
	*Device
	queue metal.CommandQueue
	alloc metal.CommandAllocator
	cb    metal.CommandBuffer
	event metal.SharedEvent
	value uint64
}

// newRig opens a device that validates everything; the test fails when the
// layer says anything that the test did not take.
func newRig(t testing.TB) *rig { return openRig(t, Options{Validation: true}) }

func openRig(t testing.TB, o Options) *rig {
	d, err := Open(o)
	if errors.Is(err, ErrNoDevice) {
		t.Fatal("no Vulkan device on this machine, run make setup: ", err)
	}
	require.NoError(t, err)
	r := &rig{TB: t, Device: d}
	r.queue, err = d.NewCommandQueue("queue")
	require.NoError(t, err)
	r.alloc, err = d.NewCommandAllocator("allocator")
	require.NoError(t, err)
	r.cb, err = d.NewCommandBuffer("commands")
	require.NoError(t, err)
	r.event, err = d.NewSharedEvent("done")
	require.NoError(t, err)
	t.Cleanup(func() {
		r.event.Release()
		r.cb.Release()
		r.alloc.Release()
		r.queue.Release()
		d.vk.DeviceWaitIdle(d.handle)
		require.Empty(t, d.ValidationMessages())
		d.Release()
	})
	return r
}

// run records into the command buffer, commits and waits.
func (r *rig) run(record func(metal.CommandBuffer)) {
	r.Helper()
	require.NoError(r, r.tryRun(record))
}

func (r *rig) tryRun(record func(metal.CommandBuffer)) error {
	r.Helper()
	require.NoError(r, r.cb.Begin(r.alloc))
	record(r.cb)
	if err := r.cb.End(); err != nil {
		return err
	}
	require.NoError(r, r.queue.Commit([]metal.CommandBuffer{r.cb}))
	r.wait()
	return nil
}

// wait waits for all that was committed and frees the allocator.
func (r *rig) wait() {
	r.Helper()
	r.value++
	require.NoError(r, r.queue.SignalEvent(r.event, r.value))
	require.True(r, r.event.Wait(r.value, 20*time.Second), "the GPU is not done in time")
	require.NoError(r, r.alloc.Reset())
}

func (r *rig) buffer(label string, length int, words ...uint32) metal.Buffer {
	b, err := r.NewBuffer(metal.BufferDescriptor{Label: label, Length: length})
	require.NoError(r, err)
	r.Cleanup(b.Release)
	for i, w := range words {
		binary.LittleEndian.PutUint32(b.Contents()[4*i:], w)
	}
	return b
}

func word(b metal.Buffer, i int) uint32 { return binary.LittleEndian.Uint32(b.Contents()[4*i:]) }

func (r *rig) table(d metal.ArgumentTableDescriptor) metal.ArgumentTable {
	t, err := r.NewArgumentTable(d)
	require.NoError(r, err)
	r.Cleanup(t.Release)
	return t
}

func (r *rig) computePipeline(name string) metal.ComputePipeline {
	p, err := r.NewComputePipeline(metal.ComputePipelineDescriptor{Function: function(r.TB, name)})
	require.NoError(r, err)
	r.Cleanup(p.Release)
	return p
}

func (r *rig) compute(cb metal.CommandBuffer, label string, record func(metal.ComputeEncoder)) {
	r.Helper()
	e, err := cb.ComputeEncoder(label)
	require.NoError(r, err)
	record(e)
	e.EndEncoding()
}

func TestDevices(t *testing.T) {
	names, err := Devices()
	if errors.Is(err, ErrNoDevice) {
		t.Fatal("no Vulkan loader on this machine, run make setup: ", err)
	}
	require.NoError(t, err)
	d, err := Open(Options{})
	if errors.Is(err, ErrNoDevice) {
		t.Fatal("no Vulkan device on this machine, run make setup: ", err)
	}
	require.NoError(t, err)
	defer d.Release()
	require.Contains(t, names, d.Name())
	require.Positive(t, d.Limits().MaxTextureSize)
	_, err = Open(Options{Device: "no such device"})
	require.ErrorIs(t, err, ErrNoDevice)
	require.ErrorContains(t, err, d.Name())
}

// A process may open devices as often as it likes, one after the other and at
// once; NVIDIA's driver could be loaded anew for some twenty of them only.
func TestManyDevices(t *testing.T) {
	for i := range 40 {
		first, err := Open(Options{})
		require.NoError(t, err, i)
		second, err := Open(Options{Validation: i%8 == 0})
		require.NoError(t, err, i)
		require.Equal(t, i%8 == 0, second.Validation())
		first.Release()
		b, err := second.NewBuffer(metal.BufferDescriptor{Label: "after the first device", Length: 16})
		require.NoError(t, err)
		b.Release()
		second.Release()
	}
}

func TestChoose(t *testing.T) {
	list := []candidate{
		{"llvmpipe (LLVM 15)", vk.PhysicalDeviceTypeCpu, vk.APIVersion13},
		{"NVIDIA Old", vk.PhysicalDeviceTypeDiscreteGpu, 1 << 22},
		{"Intel UHD", vk.PhysicalDeviceTypeIntegratedGpu, vk.APIVersion13},
		{"NVIDIA H200", vk.PhysicalDeviceTypeDiscreteGpu, vk.APIVersion13},
	}
	for want, index := range map[string]int{"": 3, "uhd": 2, "LLVMPIPE": 0, "0": 0, "3": 3, "nvidia": 3} {
		i, err := choose(list, want)
		require.NoError(t, err)
		require.Equal(t, index, i, want)
	}
	i, err := choose(list[:1], "")
	require.NoError(t, err)
	require.Zero(t, i)
	for want, text := range map[string]string{"1": "Vulkan 1.3 is needed", "old": "Vulkan 1.3 is needed", "9": "3 (NVIDIA H200", "apple": "3 (NVIDIA H200"} {
		_, err := choose(list, want)
		require.ErrorIs(t, err, ErrNoDevice, want)
		require.ErrorContains(t, err, text)
	}
	_, err = choose(nil, "")
	require.ErrorContains(t, err, "mesa-vulkan-drivers")
}
