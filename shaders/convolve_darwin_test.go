package shaders_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal/apple"
)

// The tensors' MSL on this Mac's own Metal.
func TestConvolveOfTheSystem(t *testing.T) {
	d, err := apple.Open(apple.Options{})
	if err != nil && os.Getenv("WEFT_MAC_CHECK") == "" {
		t.Skipf("this Mac has no Metal 4, and this is not make mac-check: %v", err)
	}
	require.NoError(t, err)
	defer d.Release()
	convolveShapes(t, d)
}
