package graph

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// testPass is a pass made of two functions.
type testPass struct {
	declare func(d *Declaration)
	encode  func(f *Frame) error
}

func (p *testPass) Declare(d *Declaration) { p.declare(d) }

func (p *testPass) Encode(f *Frame) error {
	if p.encode == nil {
		return nil
	}
	return p.encode(f)
}

func rgba(w, h int) metal.TextureDescriptor {
	return metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: w, Height: h}
}

// testFrame is a frame with every kind of resource: it clears textures that
// share memory, copies them, keeps a history and fills what is imported.
type testFrame struct {
	g       *Graph
	screen  Texture
	back    Buffer
	history Texture
}

func newTestFrame() *testFrame {
	t := &testFrame{g: New()}
	g := t.g
	g.SetName("test")
	a, b, c := g.Texture("a", rgba(64, 64)), g.Texture("b", rgba(64, 64)), g.Texture("c", rgba(64, 64))
	x := g.Tensor("x", metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{64, 64}})
	t.history = g.Texture("history", rgba(64, 64), History(1))
	t.back = g.Buffer("back", metal.BufferDescriptor{Length: 64 * 64 * 4, Storage: metal.StorageModeShared}, Persistent)
	old := g.Texture("old", rgba(64, 64), Persistent)
	t.screen = g.Texture("screen", rgba(64, 64), Fresh)
	clearTo := func(name string, to Texture, value float64) {
		g.Add(&testPass{declare: func(d *Declaration) {
			d.Name(name)
			d.Kind(Render)
			d.Color(0, Attachment{Texture: to, Load: Clear(value, 0, 0, 1)})
		}})
	}
	copyTexture := func(name string, from, to Texture) {
		g.Add(&testPass{declare: func(d *Declaration) {
			d.Name(name)
			d.Kind(Blit)
			d.Read(from, 0)
			d.Write(to, 0)
		}, encode: func(f *Frame) error {
			f.Compute().CopyTexture(metal.TextureRegion{Texture: f.Texture(from)}, metal.TextureRegion{Texture: f.Texture(to)}, metal.Size{Width: 64, Height: 64, Depth: 1})
			return nil
		}})
	}
	clearTo("clear", a, 1)
	copyTexture("a to b", a, b)
	copyTexture("b to c", b, c)
	copyTexture("c to history", c, t.history)
	g.Add(&testPass{declare: func(d *Declaration) {
		d.Name("fill")
		d.Kind(Compute)
		d.Write(x, metal.StageBlit)
		d.SideEffect()
	}, encode: func(f *Frame) error {
		f.Compute().FillBuffer(f.Tensor(x).Buffer(), f.Tensor(x).Offset(), 64, 1)
		return nil
	}})
	g.Add(&testPass{declare: func(d *Declaration) {
		d.Name("upload")
		d.Kind(Blit)
		d.ReadPrevious(t.history, 1, 0)
		d.Write(t.back, 0)
		d.Write(old, 0)
	}, encode: func(f *Frame) error {
		var data [16]byte
		data[0] = byte(f.Number())
		from, offset := f.Upload(data[:])
		to := f.Buffer(t.back)
		f.Compute().CopyBuffer(from, offset, to, 0, len(data))
		f.Compute().CopyTexture(metal.TextureRegion{Texture: f.PreviousTexture(t.history, 1)}, metal.TextureRegion{Texture: f.Texture(old)}, metal.Size{Width: 64, Height: 64, Depth: 1})
		return nil
	}})
	copyTexture("present", t.history, t.screen)
	return t
}

// device is a recording device that objects at the end to every fault.
func device(t testing.TB, o record.Options) *record.Device {
	d := record.New(o)
	t.Cleanup(func() {
		d.Release()
		for _, f := range d.Faults() {
			t.Error(f)
		}
	})
	return d
}

func screenOf(t testing.TB, d metal.Device) metal.Texture {
	desc := rgba(64, 64)
	desc.Usage = metal.TextureUsageRenderTarget
	s, err := d.NewTexture(desc)
	require.NoError(t, err)
	t.Cleanup(s.Release)
	return s
}

func queueOf(t testing.TB, d metal.Device) metal.CommandQueue {
	q, err := d.NewCommandQueue("queue")
	require.NoError(t, err)
	t.Cleanup(q.Release)
	return q
}

func TestRun(t *testing.T) {
	d := device(t, record.Options{Log: true})
	queue, screen := queueOf(t, d), screenOf(t, d)
	f := newTestFrame()
	plan, err := f.g.Compile(d, Timestamps())
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	assert.Nil(t, plan.Times(), "no frame has run")
	for range 7 {
		require.NoError(t, plan.BindTexture(f.screen, screen))
		require.NoError(t, plan.Run(queue))
	}
	require.NoError(t, plan.Wait())
	assert.Equal(t, byte(6), plan.Buffer(f.back).Contents()[0], "the upload of the last frame")

	log := record.Text(d.Calls())
	assert.Equal(t, 7, strings.Count(log, "Commit buffers"), "one command buffer a frame")
	assert.Equal(t, 7, strings.Count(log, "SignalEvent"))
	assert.Contains(t, log, "DiscardContents texture=")
	times := plan.Times()
	require.Len(t, times, 7)
	for _, x := range times {
		assert.Positive(t, x.Milliseconds, x.Pass)
	}
}

// The history's copies take turns: this frame's is last frame's in the next.
func TestHistoryRotates(t *testing.T) {
	d := device(t, record.Options{})
	queue := queueOf(t, d)
	g := New()
	h := g.Texture("h", rgba(4, 4), History(2))
	var now, before, old []metal.Texture
	g.Add(&testPass{declare: func(d *Declaration) {
		d.Name("turn")
		d.Kind(Compute)
		d.Write(h, 0)
		d.ReadPrevious(h, 1, 0)
		d.ReadPrevious(h, 2, 0)
	}, encode: func(f *Frame) error {
		now, before, old = append(now, f.Texture(h)), append(before, f.PreviousTexture(h, 1)), append(old, f.PreviousTexture(h, 2))
		return nil
	}})
	plan, err := g.Compile(d)
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	for range 6 {
		require.NoError(t, plan.Run(queue))
		assert.Same(t, now[len(now)-1], plan.Texture(h))
	}
	for i := 2; i < 6; i++ {
		assert.Same(t, now[i-1], before[i])
		assert.Same(t, now[i-2], old[i])
		assert.NotSame(t, now[i], now[i-1])
	}
}

// Running a frame allocates nothing.
func TestFrameAllocatesNothing(t *testing.T) {
	d := device(t, record.Options{})
	queue, screen := queueOf(t, d), screenOf(t, d)
	f := newTestFrame()
	plan, err := f.g.Compile(d)
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	frame := func() {
		if plan.BindTexture(f.screen, screen) != nil || plan.Run(queue) != nil {
			t.Error("a frame failed")
		}
	}
	for range 8 {
		frame()
	}
	assert.Zero(t, testing.AllocsPerRun(50, frame))
}
