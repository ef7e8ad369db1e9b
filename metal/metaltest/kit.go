package metaltest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// kit is what a test works with: a queue, and all it made, which is resident
// and released at the end.
type kit struct {
	*testing.T
	device    metal.Device
	open      func(t *testing.T) metal.Device // another device
	options   Options
	queue     metal.CommandQueue
	allocator metal.CommandAllocator
	commands  metal.CommandBuffer
	resident  metal.ResidencySet
	event     metal.SharedEvent
	frames    uint64
}

// patience is how long a test waits for the GPU.
const patience = 20 * time.Second

func newKit(t *testing.T, d metal.Device, o Options) *kit {
	k := &kit{T: t, device: d, options: o}
	k.queue = made[metal.CommandQueue](k)(d.NewCommandQueue("suite"))
	k.allocator = made[metal.CommandAllocator](k)(d.NewCommandAllocator("suite"))
	k.commands = made[metal.CommandBuffer](k)(d.NewCommandBuffer("frame"))
	k.resident = made[metal.ResidencySet](k)(d.NewResidencySet("suite"))
	k.event = made[metal.SharedEvent](k)(d.NewSharedEvent("frame"))
	k.queue.AddResidencySet(k.resident)
	return k
}

// made checks that an object could be made, and releases it at the end of the
// test.
func made[T metal.Object](k *kit) func(T, error) T {
	return func(object T, err error) T {
		k.Helper()
		require.NoError(k, err)
		k.Cleanup(object.Release)
		return object
	}
}

// keep makes an allocation resident from the next frame on.
func keep[T metal.Allocation](k *kit) func(T, error) T {
	return func(object T, err error) T {
		k.Helper()
		made[T](k)(object, err)
		k.resident.Add(object)
		return object
	}
}

// frame records one command buffer, commits it and waits for its end.
func (k *kit) frame(record func(b metal.CommandBuffer)) {
	k.Helper()
	require.NoError(k, k.allocator.Reset())
	require.NoError(k, k.commands.Begin(k.allocator))
	record(k.commands)
	require.NoError(k, k.commands.End())
	k.resident.Commit()
	require.NoError(k, k.queue.Commit([]metal.CommandBuffer{k.commands}))
	k.finish()
}

// finish waits for all that the queue was given.
func (k *kit) finish() {
	k.Helper()
	k.frames++
	require.NoError(k, k.queue.SignalEvent(k.event, k.frames))
	require.True(k, k.event.Wait(k.frames, patience), "the GPU is not done after %v", patience)
}

// compute records a frame with one compute encoder.
func (k *kit) compute(record func(e metal.ComputeEncoder)) {
	k.Helper()
	k.frame(func(b metal.CommandBuffer) { k.encode(b, record) })
}

// encode records one compute encoder, after all that went before.
func (k *kit) encode(b metal.CommandBuffer, record func(e metal.ComputeEncoder)) {
	k.Helper()
	e, err := b.ComputeEncoder(k.Name())
	require.NoError(k, err)
	e.BarrierAfterQueueStages(everything, metal.StageDispatch|metal.StageBlit, metal.VisibilityDevice)
	record(e)
	e.EndEncoding()
}

// everything is all stages that the suite uses.
const everything = metal.StageVertex | metal.StageFragment | metal.StageDispatch | metal.StageBlit | metal.StageMachineLearning

// blits orders the copies of an encoder that come after it behind those before.
func blits(e metal.ComputeEncoder) {
	e.BarrierAfterEncoderStages(metal.StageBlit, metal.StageBlit, metal.VisibilityDevice)
}

// shared makes a buffer that the CPU sees, with contents.
func (k *kit) shared(label string, contents []byte) metal.Buffer {
	k.Helper()
	b := k.space(label, len(contents))
	copy(b.Contents(), contents)
	return b
}

// space makes a buffer that the CPU sees, of length zero bytes.
func (k *kit) space(label string, length int) metal.Buffer {
	k.Helper()
	b := keep[metal.Buffer](k)(k.device.NewBuffer(metal.BufferDescriptor{Label: label, Length: length}))
	require.Len(k, b.Contents(), length)
	clear(b.Contents())
	return b
}

// private makes a buffer that only the GPU sees.
func (k *kit) private(label string, length int) metal.Buffer {
	k.Helper()
	return keep[metal.Buffer](k)(k.device.NewBuffer(metal.BufferDescriptor{Label: label, Length: length, Storage: metal.StorageModePrivate}))
}

// texture makes a resident texture.
func (k *kit) texture(d metal.TextureDescriptor) metal.Texture {
	k.Helper()
	return keep[metal.Texture](k)(k.device.NewTexture(d))
}

// table makes an argument table of some size.
func (k *kit) table(label string) metal.ArgumentTable {
	k.Helper()
	return made[metal.ArgumentTable](k)(k.device.NewArgumentTable(metal.ArgumentTableDescriptor{Label: label, Buffers: 8, Textures: 4, Samplers: 2}))
}

// computePipeline makes a pipeline of one of the suite's functions.
func (k *kit) computePipeline(f metal.Function) metal.ComputePipeline {
	k.Helper()
	return made[metal.ComputePipeline](k)(k.device.NewComputePipeline(metal.ComputePipelineDescriptor{Label: f.Name, Function: f}))
}

// pattern is n bytes that depend on their place and on seed, none repeated in
// a short period.
func pattern(n int, seed byte) []byte {
	out := make([]byte, n)
	state := uint32(seed) + 1
	for i := range out {
		state = state*1664525 + 1013904223
		out[i] = byte(state >> 24)
	}
	return out
}
