package vulkan

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/metaltest"
)

// TestConformance runs the suite that every driver passes, watched by the
// validation layer.
func TestConformance(t *testing.T) {
	metaltest.Run(t, func(t *testing.T) metal.Device {
		d, err := Open(Options{Validation: true})
		if errors.Is(err, ErrNoDevice) {
			t.Fatal("no Vulkan device on this machine, run make setup: ", err)
		}
		require.NoError(t, err)
		return d
	}, metaltest.Options{Executes: true, Check: func(t *testing.T, d metal.Device) {
		require.Empty(t, d.(*Device).ValidationMessages())
	}, IndirectIndices: func(d metal.Device) string {
		if d.(*Device).llvmpipe22 {
			return "this version of Mesa's llvmpipe ignores the offset of indices"
		}
		return ""
	}})
}
