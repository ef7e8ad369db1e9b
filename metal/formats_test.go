package metal_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal"
)

// The names of formats say what numbers they hold.
func TestFormatsHoldWhatTheirNamesSay(t *testing.T) {
	known := 0
	for f := metal.PixelFormat(1); f < 1024; f++ {
		if !f.Known() {
			continue
		}
		known++
		name := f.String()
		assert.Equal(t, strings.HasSuffix(name, "Uint") || f == metal.PixelFormatStencil8, f.IsUnsigned(), name)
		assert.Equal(t, strings.HasSuffix(name, "Sint"), f.IsSigned(), name)
		assert.Equal(t, f.IsUnsigned() || f.IsSigned(), f.IsInteger(), name)
		again, err := metal.ParsePixelFormat(name)
		assert.NoError(t, err)
		assert.Equal(t, f, again)
	}
	assert.Greater(t, known, 30)
}
