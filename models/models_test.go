package models_test

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/models"
)

// The budgets: what a frame may cost on a machine without a GPU, and what the
// package may add to a program.
const (
	maxParameters   = 30_000
	maxMultiplyAdds = 25_000 // per pixel of the input
	maxBytes        = 200_000
)

func open(t *testing.T) *coreml.Package {
	t.Helper()
	p, err := coreml.Open(models.Upscale().Package)
	require.NoError(t, err)
	return p
}

func TestUpscaleInterface(t *testing.T) {
	p := open(t)
	require.Len(t, p.Inputs, 1)
	require.Len(t, p.Outputs, 1)
	color, ok := p.Input(models.ColorInput)
	require.True(t, ok, "no input %q", models.ColorInput)
	assert.Equal(t, coreml.Float16, color.DataType)
	assert.True(t, color.Flexible())
	upscaled, ok := p.Output(models.UpscaledOutput)
	require.True(t, ok, "no output %q", models.UpscaledOutput)
	assert.Equal(t, coreml.Float16, upscaled.DataType)
}

func TestUpscaleBudget(t *testing.T) {
	p := open(t)
	parameters, multiplyAdds := 0, 0
	for _, op := range p.Program.Ops {
		for _, name := range []string{"weight", "bias", "alpha"} {
			if c := op.Const(name); c != nil && len(c.Type.Shape) > 0 {
				parameters += c.Type.Elements()
				if name == "weight" {
					multiplyAdds += c.Type.Elements()
				}
			}
		}
	}
	assert.Positive(t, multiplyAdds)
	assert.LessOrEqual(t, parameters, maxParameters)
	assert.LessOrEqual(t, multiplyAdds, maxMultiplyAdds)

	size := int64(0)
	err := fs.WalkDir(models.Upscale().Package, ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		size += info.Size()
		return err
	})
	require.NoError(t, err)
	assert.LessOrEqual(t, size, int64(maxBytes))
}
