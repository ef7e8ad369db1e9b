package apple_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/apple"
	"weft/metal/apple/standin"
	"weft/metal/metaltest"
	conformance "weft/metal/metaltest/shaders"
	"weft/metal/vulkan"
	"weft/shaders"
)

// standIn is the driver on the stand-in runtime, on Vulkan.
type standIn struct {
	metal.Device
	*testing.T
	runtime  *standin.Runtime
	beneath  *vulkan.Device
	networks map[string]metal.Network
}

func open(t *testing.T) *standIn {
	t.Helper()
	beneath, err := vulkan.Open(vulkan.Options{})
	if errors.Is(err, vulkan.ErrNoDevice) {
		t.Fatal("no Vulkan device on this machine, run make setup: ", err)
	}
	require.NoError(t, err)
	s := &standIn{T: t, beneath: beneath, networks: map[string]metal.Network{}}
	s.runtime = standin.New(standin.Options{Device: beneath, Functions: append(shaders.All(), conformance.All()...), Networks: s.networks})
	s.Device, err = apple.OpenOn(s.runtime, apple.Options{})
	require.NoError(t, err)
	return s
}

// Name is the device's: a test has one, too.
func (s *standIn) Name() string { return s.Device.Name() }

func (s *standIn) Release() {
	s.Device.Release()
	assert.Empty(s, s.runtime.Close())
	s.beneath.Release()
}

func (s *standIn) NewMachineLearningPipeline(d metal.MachineLearningPipelineDescriptor) (metal.MachineLearningPipeline, error) {
	if d.Network.Package != nil && d.Network.Compiled == "" {
		d.Network.Compiled = s.compiled(d.Network)
	}
	return s.Device.NewMachineLearningPipeline(d)
}

// compiled stands for metal-package-builder: a folder for the driver to see, which
// the stand-in runs by the network it was made of.
func (s *standIn) compiled(n metal.Network) string {
	folder := filepath.Join(s.TempDir(), n.Name+".mtlpackage")
	require.NoError(s, os.Mkdir(folder, 0o755))
	require.NoError(s, os.WriteFile(filepath.Join(folder, "manifest.json"), []byte("{}"), 0o644))
	s.networks[folder] = n
	return folder
}

// TestConformance runs the suite that every driver passes, message by message.
func TestConformance(t *testing.T) {
	messages := 0
	metaltest.Run(t, func(t *testing.T) metal.Device { return open(t) }, metaltest.Options{
		Executes: true,
		Strict:   true,
		Untried:  untried(t),
		Check: func(t *testing.T, d metal.Device) {
			runtime := d.(*standIn).runtime
			require.Empty(t, runtime.Faults())
			messages += runtime.Messages()
		},
	})
	t.Logf("%d messages checked", messages)
	require.Positive(t, messages)
}

// untried is what the device beneath refuses, though Metal takes it.
func untried(t *testing.T) map[string]string {
	s := open(t)
	defer s.Release()
	if !strings.HasPrefix(s.beneath.Name(), "llvmpipe") {
		return nil
	}
	return map[string]string{"indirect/indices from an offset": "the stand-in's device refuses it: llvmpipe ignores the offset of indices in indirect draws"}
}
