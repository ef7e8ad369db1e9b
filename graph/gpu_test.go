package graph

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/metal"
	"weft/metal/system"
)

// Random frames of clears, fills and copies give the same bytes whether
// transients share memory or not, and the validation layer, where there is one,
// has nothing to say.
func TestSharedMemoryChangesNoResult(t *testing.T) {
	d, queue := gpu(t)
	random := rapid.Custom(func(t *rapid.T) randomGraph { return drawFrame(t, 10) })
	for seed := range 40 {
		r := random.Example(seed)
		r.makeDefined()
		alone := runGPU(t, d, queue, r, false)
		require.True(t, bytes.Equal(alone, runGPU(t, d, queue, r, true)), "seed %d", seed)
		require.True(t, bytes.Equal(alone, runGPU(t, d, queue, r, true, PreferMemory())), "seed %d, PreferMemory", seed)
	}
	if v, ok := d.(interface{ ValidationMessages() []string }); ok {
		require.Empty(t, v.ValidationMessages())
	}
}

// gpu is a device that computes, under the validation layer.
func gpu(t testing.TB) (metal.Device, metal.CommandQueue) {
	d, err := system.Device(system.Options{Validation: true})
	if err != nil {
		t.Fatalf("no device that computes, or no validation layer: run make setup: %v", err)
	}
	t.Cleanup(d.Release)
	return d, queueOf(t, d)
}

// makeDefined changes a random graph so that every byte that is read was
// written: accesses are to whole resources of one mip, and nothing carries on
// that no pass writes.
func (g *randomGraph) makeDefined() {
	for i := range g.resources {
		r := &g.resources[i]
		r.size = 1
		if r.lifetime.imported() {
			r.lifetime = Persistent
		}
	}
	does := func(p *randomPass, a *randomAccess) bool { return p.kind != Render || a.attach }
	ever := map[int]bool{} // written by some pass
	for i := range g.passes {
		p := &g.passes[i]
		for j := range p.accesses {
			if a := &p.accesses[j]; a.write && !a.keep && does(p, a) {
				ever[a.resource] = true
			}
		}
	}
	before := map[int]bool{} // written by an earlier pass
	for i := range g.passes {
		p := &g.passes[i]
		var keep []randomAccess
		for _, a := range p.accesses {
			a.part = Part{}
			defined := before[a.resource] || ever[a.resource] && g.resources[a.resource].lifetime.carries()
			a.keep = a.keep && defined
			if does(p, &a) && (a.write || defined) {
				keep = append(keep, a)
			}
		}
		for _, a := range keep {
			before[a.resource] = before[a.resource] || a.write
		}
		p.accesses, p.scratch = keep, 0
		if p.kind != Render {
			p.kind = Blit
		}
	}
}

// gpuPass does what a random pass declares: it clears its attachments, copies
// what it reads to a sink of its own, and fills what it writes.
type gpuPass struct {
	declared
	number byte
	sink   Buffer
}

const sinkBytes = 64 * 64 * 8 // of the largest random resource

func (p *gpuPass) Declare(d *Declaration) {
	d.Name(p.pass.name)
	d.Kind(p.pass.kind)
	d.SideEffect()
	targets := map[int]bool{}
	for i, a := range p.pass.accesses {
		h := p.handles[a.resource]
		switch {
		case a.attach && !targets[a.resource]:
			targets[a.resource] = true
			load := Clear(float64(p.number)/64, float64(i)/8, 0, 1)
			if a.keep {
				load = Keep()
			}
			d.Color(len(targets)-1, Attachment{Texture: h.(Texture), Load: load})
		case a.attach:
		case a.write:
			d.Write(h, 0)
		default:
			if a.previous > 0 {
				d.ReadPrevious(h, a.previous, 0)
			} else {
				d.Read(h, 0)
			}
			d.Write(p.sink, 0, Bytes(i*sinkBytes, (i+1)*sinkBytes))
		}
	}
}

func (p *gpuPass) Encode(f *Frame) error {
	if p.pass.kind == Render {
		return nil
	}
	e := f.Compute()
	size := metal.Size{Width: 64, Height: 64, Depth: 1}
	for i, a := range p.pass.accesses {
		if !a.write {
			switch h := p.handles[a.resource].(type) {
			case Texture:
				e.CopyTextureToBuffer(metal.TextureRegion{Texture: f.PreviousTexture(h, a.previous)}, size, f.Buffer(p.sink), i*sinkBytes, 64*8, 0)
			case Buffer:
				e.CopyBuffer(f.PreviousBuffer(h, a.previous), 0, f.Buffer(p.sink), i*sinkBytes, 1000)
			case Tensor:
				x := f.PreviousTensor(h, a.previous)
				e.CopyBuffer(x.Buffer(), x.Offset(), f.Buffer(p.sink), i*sinkBytes, 384)
			}
		}
	}
	e.BarrierAfterEncoderStages(metal.StageBlit, metal.StageBlit, metal.VisibilityDevice)
	done := map[int]bool{}
	for _, a := range p.pass.accesses {
		if !a.write || done[a.resource] {
			continue
		}
		done[a.resource] = true
		switch h := p.handles[a.resource].(type) {
		case Texture:
			b, offset := f.Upload(bytes.Repeat([]byte{p.number}, 64*64*8))
			e.CopyBufferToTexture(b, offset, 64*8, 0, size, metal.TextureRegion{Texture: f.Texture(h)})
		case Buffer:
			e.FillBuffer(f.Buffer(h), 0, 1000, p.number)
		case Tensor:
			x := f.Tensor(h)
			e.FillBuffer(x.Buffer(), x.Offset(), 384, p.number)
		}
	}
	return nil
}

// runGPU runs a random frame a few times and returns all sinks.
func runGPU(t *testing.T, d metal.Device, queue metal.CommandQueue, r randomGraph, share bool, option ...Option) []byte {
	g := New()
	handles := make([]Resource, len(r.resources))
	for i, x := range r.resources {
		life := x.lifetime
		if life == transient && !share {
			life = Persistent
		}
		switch x.kind {
		case kindTexture:
			handles[i] = g.Texture(x.name, metal.TextureDescriptor{Format: formatOfRandom, Width: 64, Height: 64}, life)
		case kindBuffer:
			handles[i] = g.Buffer(x.name, metal.BufferDescriptor{Length: 1000}, life)
		default:
			handles[i] = g.Tensor(x.name, metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{64, 3}}, life)
		}
	}
	var sinks []Buffer
	for i := range r.passes {
		p := &r.passes[i]
		if p.kind == Render && len(p.accesses) == 0 {
			continue
		}
		sink := g.Buffer(fmt.Sprintf("sink %d", i), metal.BufferDescriptor{Length: max(len(p.accesses), 1) * sinkBytes, Storage: metal.StorageModeShared}, Persistent)
		sinks = append(sinks, sink)
		g.Add(&gpuPass{declared: declared{pass: p, handles: handles}, number: byte(i + 1), sink: sink})
	}
	plan, err := g.Compile(d, option...)
	require.NoError(t, err)
	defer plan.Release()
	for _, s := range sinks {
		if b := plan.Buffer(s); b != nil {
			clear(b.Contents())
		}
	}
	for range 7 {
		require.NoError(t, plan.Run(queue))
	}
	require.NoError(t, plan.Wait())
	var out []byte
	for _, s := range sinks {
		if b := plan.Buffer(s); b != nil {
			out = append(out, b.Contents()...)
		}
	}
	return out
}
