package metal_test

import (
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/apple/sdk"
)

func TestStagesNameThemselves(t *testing.T) {
	assert.Equal(t, "vertex|dispatch", (metal.StageDispatch | metal.StageVertex).String())
	for _, name := range (metal.RenderStages | metal.ComputeStages | metal.MachineLearningStages).Names() {
		s, err := metal.ParseStage(name)
		require.NoError(t, err)
		assert.Equal(t, name, s.String())
	}
	_, err := metal.ParseStage("pixel")
	assert.ErrorContains(t, err, `"pixel"`)
}

// The values are Apple's: every constant of this package is compared with the
// SDK's.
func TestValuesAreApples(t *testing.T) {
	pkgs, err := packages(t)
	require.NoError(t, err)
	compared := 0
	for _, name := range pkgs.Scope().Names() {
		c, isConst := pkgs.Scope().Lookup(name).(*types.Const)
		if !isConst {
			continue
		}
		named, isNamed := c.Type().(*types.Named)
		if !isNamed {
			continue
		}
		enum := named.Obj().Name()
		apple := appleEnum[enum]
		if apple == "" {
			apple = "MTL" + enum
		}
		theirs, ok := sdk.EnumNamed(apple)
		if !assert.True(t, ok, "the SDK has no %s", apple) || groups[name] {
			continue
		}
		values := map[string]uint64{}
		for _, c := range theirs.Values {
			if c.Since == "" { // macOS 26.0 has it
				values[c.Name] = c.Value
			}
		}
		suffix, whole := strings.CutPrefix(name, enum)
		if !whole { // constants of a set are in the singular
			suffix = strings.TrimPrefix(strings.TrimPrefix(name, strings.TrimSuffix(enum, "s")), "Visibility")
		}
		want, ok := findConstant(values, apple, suffix)
		if assert.True(t, ok, "%s has no constant for %s", apple, name) {
			got, exact := constant.Uint64Val(c.Val())
			assert.True(t, exact, name)
			assert.Equal(t, want, got, name)
			compared++
		}
	}
	assert.Greater(t, compared, 150)
}

// appleEnum names the enumerations that go by a shorter name here; groups are
// our own sets of stages, which the SDK does not have.
var (
	appleEnum = map[string]string{
		"VisibilityOptions": "MTL4VisibilityOptions", "Filter": "MTLSamplerMinMagFilter",
		"MipFilter": "MTLSamplerMipFilter", "AddressMode": "MTLSamplerAddressMode",
		"BorderColor": "MTLSamplerBorderColor",
	}
	groups = map[string]bool{"RenderStages": true, "ComputeStages": true, "MachineLearningStages": true}
)

func findConstant(values map[string]uint64, enum, suffix string) (uint64, bool) {
	suffix = strings.ToLower(suffix)
	if suffix == "clamptoborder" {
		suffix = "clamptobordercolor"
	}
	prefix := commonPrefix(values)
	if strings.HasPrefix(prefix, enum) {
		prefix = enum // constants that share a first letter, or more
	}
	for name, value := range values {
		if !strings.HasPrefix(name, prefix) {
			continue // an older alias under another name
		}
		if strings.ToLower(strings.ReplaceAll(name[len(prefix):], "_", "")) == suffix {
			return value, true
		}
	}
	return 0, false
}

// commonPrefix is what all constants of an enumeration begin with, up to where
// a word ends: MTLStage of MTLStageVertex and MTLStageFragment.
func commonPrefix(values map[string]uint64) string {
	prefix := ""
	for name := range values {
		if strings.HasPrefix(name, "MTLArgumentAccess") {
			continue // older aliases of MTLBindingAccess' constants
		}
		if prefix == "" {
			prefix = name
		}
		for !strings.HasPrefix(name, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return prefix
}

// packages type-checks this package from source.
func packages(t *testing.T) (*types.Package, error) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		require.NoError(t, err)
		files = append(files, f)
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	return conf.Check("weft/metal", fset, files, nil)
}
