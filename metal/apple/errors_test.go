package apple_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/apple"
	"weft/shaders"
)

// fault records a buffer and returns what End says.
func (r *rig) fault(record func(b metal.CommandBuffer)) error {
	require.NoError(r, r.allocator.Reset())
	require.NoError(r, r.commands.Begin(r.allocator))
	record(r.commands)
	return r.commands.End()
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	if runtime.GOOS != "darwin" {
		_, err := apple.Open(apple.Options{})
		assert.ErrorContains(t, err, "macOS")
	}
	n := newNoop()
	n.deny = "supportsFamily:"
	_, err := apple.OpenOn(n, apple.Options{})
	assert.EqualError(t, err, `apple: device "No GPU" has no Metal 4: macOS 26 and a GPU of the M1 or later are needed`)

	_, err = apple.OpenOn(newNoop(), apple.Options{Device: "radeon"})
	assert.EqualError(t, err, `apple: no device is called "radeon": the only one is "No GPU"`)

	n = newNoop()
	n.deny = "newCompilerWithDescriptor:error:"
	_, err = apple.OpenOn(n, apple.Options{})
	assert.ErrorContains(t, err, `device "No GPU": a compiler`)
}

// What Metal does not make is named by kind and label, and by what was asked.
func TestNothingMade(t *testing.T) {
	n := newNoop()
	r := newRig(t, n)
	for _, c := range []struct {
		deny, says string
		make       func() error
	}{
		{"newBufferWithLength:options:", `apple: buffer "x": 64 bytes`, func() error {
			_, err := r.NewBuffer(metal.BufferDescriptor{Label: "x", Length: 64})
			return err
		}},
		{"newTextureWithDescriptor:", `apple: texture "x": 8x8x1, r8Unorm`, func() error {
			_, err := r.NewTexture(metal.TextureDescriptor{Label: "x", Format: metal.PixelFormatR8Unorm, Width: 8, Height: 8})
			return err
		}},
		{"supportsTextureSampleCount:", `apple: texture "x": 8 samples`, func() error {
			_, err := r.NewTexture(metal.TextureDescriptor{Label: "x", Format: metal.PixelFormatR8Unorm, Width: 8, Height: 8, Samples: 8})
			return err
		}},
		{"newHeapWithDescriptor:", `apple: heap "x": 64 bytes`, func() error {
			_, err := r.NewHeap(metal.HeapDescriptor{Label: "x", Size: 64})
			return err
		}},
		{"newTensorWithDescriptor:offset:error:", `apple: tensor "x": `, func() error {
			_, err := r.NewTensor(metal.TensorDescriptor{Label: "x", Type: metal.TensorDataTypeFloat16, Dimensions: []int{4, 4}})
			return err
		}},
		{"newLibraryWithDescriptor:error:", `apple: compute pipeline "x": function "pack.comp": compiling its MSL: `, func() error {
			_, err := r.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "x", Function: shaders.PackComp})
			return err
		}},
		{"newComputePipelineStateWithDescriptor:compilerTaskOptions:error:", `apple: compute pipeline "x", function "pack.comp": `, func() error {
			_, err := r.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "x", Function: shaders.PackComp})
			return err
		}},
		{"newMTL4CommandQueueWithDescriptor:error:", `apple: command queue "x": `, func() error {
			_, err := r.NewCommandQueue("x")
			return err
		}},
	} {
		n.deny = c.deny
		assert.ErrorContains(t, c.make(), c.says)
		n.deny = ""
	}
}

func TestNoMSL(t *testing.T) {
	r := newRig(t, newNoop())
	f := shaders.PackComp
	f.MSL = ""
	_, err := r.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "x", Function: f})
	assert.EqualError(t, err, `apple: compute pipeline "x": function "pack.comp" has no MSL: this driver compiles MSL`)
}

// One text is compiled once.
func TestLibrariesAreCached(t *testing.T) {
	n := newNoop()
	r := newRig(t, n)
	n.deny = "newLibraryWithDescriptor:error:"
	_, err := r.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "again", Function: shaders.AccumulateComp})
	assert.NoError(t, err)
}

// What the GPU says of a commit comes back from the next call.
func TestFeedback(t *testing.T) {
	n := newNoop()
	r := newRig(t, n)
	n.failing = true
	r.frame(func(metal.CommandBuffer) {})
	n.failing = false
	err := r.allocator.Reset()
	assert.ErrorContains(t, err, `apple: command queue "main": running command buffers "frame": No GPU`)
	require.NoError(t, r.allocator.Reset())
}

// A network whose .mtlpackage is missing or old says what makes it.
func TestNetworksThatAreNotMade(t *testing.T) {
	r := newRig(t, newNoop())
	open := func(n metal.Network) error {
		_, err := r.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Label: "x", Network: n})
		return err
	}
	folder := filepath.Join(t.TempDir(), "net.mtlpackage")
	n := metal.Network{Name: "net"}
	assert.ErrorContains(t, open(n), `network "net": the network has no Compiled, the path of its .mtlpackage: run "make models" on a Mac`)
	n.Compiled = folder
	assert.ErrorContains(t, open(n), `net.mtlpackage is missing: run "make models" on a Mac`)
	require.NoError(t, os.Mkdir(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "manifest.json"), nil, 0o644))
	n.Package = fstest.MapFS{"Manifest.json": &fstest.MapFile{ModTime: time.Now().Add(time.Hour)}}
	assert.ErrorContains(t, open(n), `net.mtlpackage is older than the .mlpackage`)
	n.Package = fstest.MapFS{"Manifest.json": &fstest.MapFile{}}
	assert.ErrorContains(t, open(n), "apple: machine-learning pipeline \"x\": network \"net\": ")
	assert.NotContains(t, open(n).Error(), "older")
}

// Faults outside of calls that return errors are not lost.
func TestQuietFaults(t *testing.T) {
	r := newRig(t, newNoop())
	set := made[metal.ResidencySet](t)(r.NewResidencySet("all"))
	b := made[metal.Buffer](t)(r.NewBuffer(metal.BufferDescriptor{Label: "gone", Length: 64}))
	b.Release()
	b.Release()
	set.Add(b)
	assert.ErrorContains(t, r.allocator.Reset(), `residency set "all": Add of what is released`)
	assert.False(t, set.Contains(b))
	err := r.fault(func(c metal.CommandBuffer) {
		e, err := c.ComputeEncoder("copies")
		require.NoError(t, err)
		e.FillBuffer(b, 0, 4, 1)
		e.EndEncoding()
	})
	assert.EqualError(t, err, `apple: command buffer "frame", compute encoder "copies": FillBuffer: buffer "gone" is used after its Release`)
}

// The memory of the commands must be there when they are committed.
func TestCommitAfterReset(t *testing.T) {
	r := newRig(t, newNoop())
	require.NoError(t, r.fault(func(metal.CommandBuffer) {}))
	require.NoError(t, r.allocator.Reset())
	assert.ErrorContains(t, r.queue.Commit(r.list), `command buffer "frame": command allocator "ring" was released or reset after the recording`)
}
