package apple

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/metaltest"
)

// The conformance suite on this Mac's own Metal. Elsewhere the stand-in for the
// Objective-C runtime runs it.
func TestConformanceOfTheSystem(t *testing.T) {
	metaltest.Run(t, func(t *testing.T) metal.Device {
		d, err := Open(Options{})
		if err != nil && os.Getenv("WEFT_MAC_CHECK") == "" {
			t.Skipf("this Mac has no Metal 4, and this is not make mac-check: %v", err)
		}
		require.NoError(t, err)
		return builder{d, t}
	}, metaltest.Options{Executes: true, Strict: true})
}

// builder is a device whose networks are made into .mtlpackages first, as make
// models does.
type builder struct {
	*Device
	t *testing.T
}

func (b builder) NewMachineLearningPipeline(d metal.MachineLearningPipelineDescriptor) (metal.MachineLearningPipeline, error) {
	if n := &d.Network; n.Compiled == "" && n.Package != nil {
		from := filepath.Join(b.t.TempDir(), n.Name+".mlpackage")
		if err := os.CopyFS(from, n.Package); err != nil {
			return nil, err
		}
		n.Compiled = filepath.Join(b.t.TempDir(), n.Name+".mtlpackage")
		if out, err := exec.Command("xcrun", "metal-package-builder", "-ml", from, "-o", n.Compiled).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("metal-package-builder: %w: %s", err, out)
		}
	}
	return b.Device.NewMachineLearningPipeline(d)
}
