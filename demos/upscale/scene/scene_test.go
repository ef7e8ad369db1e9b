package scene

import (
	"flag"
	"image"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"weft/graph"
	"weft/metal"
	"weft/metal/record"
	"weft/metal/spirv"
	"weft/metal/vulkan"
	"weft/passes"
	"weft/shaders"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// open opens a Vulkan device with the validation layer, which must have nothing
// to say.
func open(t *testing.T) *vulkan.Device {
	t.Helper()
	d, err := vulkan.Open(vulkan.Options{Validation: true})
	require.NoError(t, err, "run: make setup")
	t.Cleanup(func() {
		require.Empty(t, d.ValidationMessages())
		d.Release()
	})
	return d
}

func TestGolden(t *testing.T) {
	d := open(t)
	small, reference, err := RenderPair(d, 3, 45, StudioOptions{Width: 208, Height: 117, Samples: 8})
	require.NoError(t, err)
	for name, got := range map[string]*image.NRGBA{"small": small, "reference": reference} {
		path := "testdata/" + name + ".png"
		if *update {
			store(t, path, got)
		}
		mean, most := difference(load(t, path), got)
		if mean > 0.5 || most > 6 {
			out := "../../../out/scene/" + name + ".png"
			store(t, out, got)
			t.Errorf("%s: differs by %.2f on average, %.1f at most (in Lab): must be at most 0.5 and 6. See %s; run with -update if that is right", path, mean, most, out)
		}
	}
}

// Both pictures of a pair show the same: shrunk to the small one's size, the
// reference fits better where it lies than shifted by one of its texels.
func TestPairAligned(t *testing.T) {
	d := open(t)
	const w, h = 160, 90
	small, reference, err := RenderPair(d, 2, 0, StudioOptions{Width: w, Height: h, Samples: 8})
	require.NoError(t, err)
	mean := func(dx, dy int) float64 {
		sum := 0.0
		for y := 1; y < h-1; y++ {
			for x := 1; x < w-1; x++ {
				for c := range 3 {
					v := 0.0
					for k := range 4 {
						v += decode(float64(reference.Pix[4*((2*y+k/2+dy)*2*w+2*x+k%2+dx)+c])/255) / 4
					}
					e := encode(v) - float64(small.Pix[4*(y*w+x)+c])/255
					sum += e * e
				}
			}
		}
		return sum / (3 * w * h)
	}
	here := mean(0, 0)
	for _, shift := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
		require.Less(t, here*1.3, mean(shift[0], shift[1]), "shifted by %v", shift)
	}
}

// A moment looks the same each time, another one does not.
func TestRepeatable(t *testing.T) {
	d := open(t)
	st, err := NewStudio(d, 11, StudioOptions{Width: 96, Height: 54, Samples: 2})
	require.NoError(t, err)
	defer st.Release()
	small, reference, err := st.Pair(10)
	require.NoError(t, err)
	later, _, err := st.Pair(25)
	require.NoError(t, err)
	again, referenceAgain, err := st.Pair(10)
	require.NoError(t, err)
	require.Equal(t, small.Pix, again.Pix)
	require.Equal(t, reference.Pix, referenceAgain.Pix)
	mean, _ := difference(small, later)
	require.Greater(t, mean, 0.5, "nothing moves")
}

// The frame keeps to Metal 4's rules and allocates nothing.
func TestRecord(t *testing.T) {
	d := record.New(record.Options{})
	s, err := New(d, 1)
	require.NoError(t, err)
	defer s.Release()
	queue, err := d.NewCommandQueue("test")
	require.NoError(t, err)
	g := graph.New()
	p, err := s.Add(g, View{Width: 64, Height: 36})
	require.NoError(t, err)
	g.Add(&passes.ReadTexture{Name: "read", Texture: p.Color})
	plan, err := g.Compile(d)
	require.NoError(t, err)
	defer plan.Release()
	require.NoError(t, s.Bind(plan, p))
	require.Empty(t, plan.Culled())
	run := func() {
		if err := plan.Run(queue); err != nil {
			t.Fatal(err)
		}
	}
	for range 8 {
		run()
	}
	require.Zero(t, testing.AllocsPerRun(20, run))
	require.NoError(t, plan.Wait())
	require.Empty(t, d.Faults())
}

func TestRefused(t *testing.T) {
	d := record.New(record.Options{})
	s, err := New(d, 1)
	require.NoError(t, err)
	defer s.Release()
	_, err = s.Add(graph.New(), View{Width: 8, Height: 36})
	require.ErrorContains(t, err, "8x36: must be at least 16x16")
	_, err = NewStudio(d, 1, StudioOptions{Scale: 9})
	require.ErrorContains(t, err, "scale must be from 1 to 8")
	_, err = NewStudio(d, 1, StudioOptions{Width: 64, Height: 36, Samples: -1})
	require.ErrorContains(t, err, "samples at least 1")
	r := &Reference{}
	require.ErrorContains(t, r.Draw(nil, metal.CommandQueue(nil), 0), "at least 1")
}

// The Go structs are as large as the shaders' blocks.
func TestLayouts(t *testing.T) {
	for _, f := range []metal.Function{shaders.ShadowVert, shaders.SceneVert, shaders.SceneFrag, shaders.SkyFrag} {
		m, err := spirv.Reflect(f.SPIRV)
		require.NoError(t, err)
		for _, r := range m.Resources {
			if r.Set == 0 && r.Binding == bufferView {
				require.EqualValues(t, unsafe.Sizeof(viewBlock{}), r.Size, f.Name)
			}
		}
	}
	// std430: vec3 and uint, vec2, uint, uint; three vec4; eight floats.
	require.EqualValues(t, 32, unsafe.Sizeof(vertex{}))
	require.EqualValues(t, 48, unsafe.Sizeof(partRow{}))
	require.EqualValues(t, 32, unsafe.Sizeof(surface{}))
}
