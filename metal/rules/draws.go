package rules

import (
	"fmt"
	"math"

	"weft/metal"
)

// Sizes of what the GPU reads of an indirect command, in bytes.
const (
	DrawArguments        = 4 * 4
	DrawIndexedArguments = 5 * 4
	DispatchArguments    = 3 * 4
)

// Fits is the rule of a pipeline in a pass: its formats are the pass's.
func (p *Pass) Fits(pipeline fmt.Stringer, d *metal.RenderPipelineDescriptor) error {
	for i, have := range p.Colors {
		want := metal.PixelFormatInvalid
		if i < len(d.Colors) {
			want = d.Colors[i].Format
		}
		if want != have {
			return fmt.Errorf("%s writes color %d in the format %v: the pass has %v there", pipeline, i, want, have)
		}
	}
	if d.DepthStencilFormat != p.DepthStencil {
		return fmt.Errorf("%s has the depth-stencil format %v: the pass has %v", pipeline, d.DepthStencilFormat, p.DepthStencil)
	}
	if n := max(d.Samples, 1); n != p.Samples {
		return fmt.Errorf("%s has %d samples: the pass has %d", pipeline, n, p.Samples)
	}
	return nil
}

// Tests is the rule of a depth-stencil state in a pass, at a draw.
func (p *Pass) Tests(d *metal.DepthStencilDescriptor) error {
	why := ""
	switch {
	case !p.Depth && (d.DepthCompare != metal.CompareFunctionAlways || d.DepthWrite):
		why = "tests or writes depth: the pass has no depth attachment"
	case !p.Stencil && d.Stencil:
		why = "tests stencils: the pass has no stencil attachment"
	case p.KeepsDepth && d.DepthWrite:
		why = "writes depth: the pass has a read-only depth attachment"
	case p.KeepsStencil && d.StencilWrite():
		why = "writes stencils: the pass has a read-only stencil attachment"
	default:
		return nil
	}
	return fmt.Errorf("%s %s", Describe("depth-stencil state", d.Label), why)
}

// Primitives is the rule of a draw's primitive type.
func Primitives(pipeline fmt.Stringer, d *metal.RenderPipelineDescriptor, p metal.PrimitiveType) error {
	if Topology(p) != Topology(d.Topology) {
		return fmt.Errorf("primitives of type %d: %s was made for %s", p, pipeline, [...]string{"points", "lines", "triangles"}[Topology(d.Topology)])
	}
	return nil
}

// Counts is the rule of the numbers of a draw.
func Counts(start, count, instances, baseInstance int) error {
	if min(start, count, instances, baseInstance) < 0 || int64(max(start, count, instances, baseInstance)) > math.MaxUint32 {
		return fmt.Errorf("start %d, count %d, instance count %d, base instance %d: each must be from 0 to 2^32-1", start, count, instances, baseInstance)
	}
	return nil
}

// Indices is the rule of the indices of a draw.
func Indices(b metal.Buffer, offset, count int, t metal.IndexType) error {
	if t > metal.IndexTypeUInt32 {
		return fmt.Errorf("unknown index type %d", t)
	}
	if count > b.Length() {
		return fmt.Errorf("indices: %d of %s, which has %d bytes", count, name("buffer", b), b.Length())
	}
	return Inside("indices", b, offset, count*t.Bytes(), t.Bytes())
}

// BaseVertex is the rule of the base vertex of a draw.
func BaseVertex(n int) error {
	if n < math.MinInt32 || n > math.MaxInt32 {
		return fmt.Errorf("base vertex %d: must be from -2^31 to 2^31-1", n)
	}
	return nil
}

// Viewport is the rule of viewports.
func Viewport(v metal.Viewport) error {
	for _, n := range [...]float64{v.X, v.Y, v.Width, v.Height, v.Near, v.Far} {
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return fmt.Errorf("%+v: must be finite numbers", v)
		}
	}
	if v.Width <= 0 || v.Height <= 0 {
		return fmt.Errorf("%gx%g: width and height must be more than 0", v.Width, v.Height)
	}
	if v.Near < 0 || v.Near > 1 || v.Far < 0 || v.Far > 1 {
		return fmt.Errorf("depths from %g to %g: must lie in [0, 1]", v.Near, v.Far)
	}
	return nil
}

// Scissor is the rule of scissors.
func (p *Pass) Scissor(x, y, width, height int) error {
	if x < 0 || y < 0 || width < 0 || height < 0 || x > p.Width-width || y > p.Height-height {
		return fmt.Errorf("%dx%d at (%d, %d): must lie inside the attachments, %dx%d", width, height, x, y, p.Width, p.Height)
	}
	return nil
}
