package vulkan

import (
	"errors"
	"strings"
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
	}, Skip: func(d metal.Device, test string) string {
		if test == "indirect/indices from an offset" && strings.Contains(d.Name(), "llvmpipe") {
			return "Mesa 22.3's llvmpipe draws nothing here: an indexed indirect draw ignores where the index buffer is bound from"
		}
		return ""
	}})
}
