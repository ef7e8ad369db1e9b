package mslcheck

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	conformance "weft/metal/metaltest/shaders"
	"weft/metal/rules"
	"weft/metal/spirv"
	"weft/shaders"
)

// Every .metal of the repository has sound syntax and types, and one entry
// point.
func TestRepository(t *testing.T) {
	checked := 0
	require.NoError(t, filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".metal" {
			return err
		}
		checked++
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			_, err = Read(string(text))
			assert.NoError(t, err)
			assert.NoError(t, Compile(map[string]string{path: string(text)}))
		})
		return nil
	}))
	assert.GreaterOrEqual(t, checked, len(shaders.All())+len(conformance.All()))
}

// What a function binds in MSL is what drivers bind, which they read from its
// SPIR-V, by metal/rules: kind, index and access. So are the locations between
// functions and of color attachments.
func TestIndices(t *testing.T) {
	for _, f := range append(shaders.All(), conformance.All()...) {
		t.Run(f.Name, func(t *testing.T) { require.Empty(t, differences(t, f)) })
	}
}

// differences says where the two languages of a function differ.
func differences(t *testing.T, f metal.Function) []string {
	t.Helper()
	driver, err := rules.NewFunction(f, f.Stage)
	require.NoError(t, err)
	msl, err := Read(f.MSL)
	require.NoError(t, err)
	var out []string
	differ := func(what string, same bool) {
		if !same {
			out = append(out, what)
		}
	}
	differ("stage", f.Stage == msl.Stage)
	sorted := func(locations []int) []int { return slices.Sorted(slices.Values(locations)) }
	differ("outputs", slices.Equal(sorted(driver.Outputs), sorted(msl.Outputs)))
	// MSL leaves out what vertex functions are not given: they have no stage_in.
	differ("inputs", f.Stage != metal.StageFragment || slices.Equal(sorted(driver.Inputs), sorted(msl.Inputs)))
	differ("number of arguments", len(driver.Arguments) == len(msl.Arguments))
	kinds := []string{rules.SetBuffers: "buffer", rules.SetTextures: "texture", rules.SetSamplers: "sampler"}
	for _, r := range driver.Arguments {
		i := slices.IndexFunc(msl.Arguments, func(a Argument) bool { return a.Kind == kinds[r.Set] && a.Index == r.Binding })
		if i < 0 {
			out = append(out, "no "+Argument{Kind: kinds[r.Set], Index: r.Binding}.String()+" in MSL")
			continue
		}
		a := msl.Arguments[i]
		differ(a.String()+": writes", !r.Writes || a.Writable())
		if a.Kind == "texture" {
			differ(a.String()+": dimensions", strings.Contains(a.Type, map[spirv.Dim]string{spirv.Dim2D: "2d", spirv.Dim3D: "3d", spirv.DimCube: "cube"}[r.Image.Dim]))
			differ(a.String()+": array", r.Image.Arrayed == strings.Contains(a.Type, "_array"))
		}
	}
	return out
}

// One index, location or access that is wrong is seen.
func TestIndicesDiffer(t *testing.T) {
	for name, c := range map[string]struct {
		function metal.Function
		old, new string
		want     string
	}{
		"buffer":   {conformance.ScaleComp, "[[buffer(1)]]", "[[buffer(3)]]", "no buffer(1) in MSL"},
		"texture":  {conformance.SampleComp, "[[texture(3)]]", "[[texture(0)]]", "no texture(3) in MSL"},
		"sampler":  {conformance.SampleComp, "[[sampler(1)]]", "[[sampler(0)]]", "no sampler(1) in MSL"},
		"location": {conformance.TexturedFrag, "user(locn1)", "user(locn0)", "inputs"},
		"varying":  {conformance.MeshVert, "user(locn1)", "user(locn2)", "outputs"},
		"color":    {conformance.TargetsFrag, "color(2)", "color(3)", "outputs"},
		"stage":    {conformance.ColorFrag, "fragment main0_out", "vertex main0_out", ""},
		"constant": {conformance.ScaleComp, "device Target&", "const device Target&", "buffer(1): writes"},
		"access":   {conformance.ImageComp, "texture2d<float, access::write>", "texture2d<float>", "texture(1): writes"},
		"array":    {conformance.SampleComp, "texture2d<float>", "texture2d_array<float>", "texture(3): array"},
		"one less": {conformance.WhereComp, "device Target& _23 [[buffer(5)]], ", "", "number of arguments"},
	} {
		t.Run(name, func(t *testing.T) {
			f := c.function
			f.MSL = strings.Replace(f.MSL, c.old, c.new, 1)
			require.NotEqual(t, c.function.MSL, f.MSL)
			if c.want == "" {
				_, err := Read(f.MSL)
				require.ErrorContains(t, err, "is none of a vertex function")
				return
			}
			require.Contains(t, differences(t, f), c.want)
		})
	}
}
