package network

import (
	"math"

	"weft/metal"
	"weft/metal/vulkan/network/spirv"
)

// geometry is an image as a shader knows it.
type geometry struct {
	texels       spirv.ID
	plane, pitch spirv.ID
	picture      spirv.ID // elements of a picture; 0 with one picture
}

// place is where a value is read: a picture of the batch, a group of four
// channels, a row and a column.
type place struct{ picture, g, y, x spirv.ID }

// look declares an image that the shader reads.
func (e *emitter) look(m *image) geometry {
	if known, ok := e.images[m]; ok {
		return known
	}
	b := Binding{Kind: UniformTexelBuffer, Format: m.format, Source: m.source, Offset: m.offset, Size: m.size()}
	geo := geometry{texels: e.Texels(e.bind(b)), plane: e.constant(m.plane()), pitch: e.constant(m.pitch)}
	if m.batch > 1 {
		geo.picture = e.constant(m.planes * m.plane())
	}
	if m.source == FromHeap {
		e.ranges = append(e.ranges, span{FromHeap, 0, m.offset, m.offset + m.size(), false})
	}
	e.images[m] = geo
	return geo
}

// planeOf is the index of row 0, column 0 of a group of a value.
func (e *emitter) planeOf(v *value, picture, g spirv.ID) spirv.ID {
	geo := e.look(v.image)
	index := e.once(baseOf{v}, v.image.base()+v.plane*v.image.plane())
	if g != 0 {
		index = e.Add(index, e.Mul(g, geo.plane))
	}
	if geo.picture != 0 && v.shape[0] > 1 {
		index = e.Add(index, e.Mul(picture, geo.picture))
	}
	return index
}

// read reads a value's four channels at a place. Places beside the picture
// read its edge.
func (e *emitter) read(v *value, p place) spirv.ID {
	if v.shape[2] > 1 {
		p.y = e.edge(p.y, v, 2)
	}
	if v.shape[3] > 1 {
		p.x = e.edge(p.x, v, 3)
	}
	return e.readInside(v, p)
}

// readInside reads a value's four channels at a place in its picture, broadcast
// along extents of 1.
func (e *emitter) readInside(v *value, p place) spirv.ID {
	if v.constant != nil && v.image == nil {
		e.keep(v)
	}
	if v.image == nil {
		return e.readTensor(v, p)
	}
	geo := e.look(v.image)
	g := p.g
	if v.shape[1] == 1 {
		g = 0
	}
	index := e.planeOf(v, p.picture, g)
	if v.shape[2] > 1 {
		index = e.Add(index, e.Mul(p.y, geo.pitch))
	}
	if v.shape[3] > 1 {
		index = e.Add(index, p.x)
	}
	texel := e.Fetch(geo.texels, index)
	if v.shape[1] == 1 && e.node.out.shape[1] != 1 {
		return e.Repeat(texel, 0)
	}
	return texel
}

// edge moves an index into dimension d of a value.
func (e *emitter) edge(i spirv.ID, v *value, d int) spirv.ID {
	last := e.Sub(e.once(extentOf{v, d}, v.shape[d]), e.IntConstant(1))
	return e.Clamp(i, e.IntConstant(0), last)
}

// extentOf names the push constant of an extent, baseOf that of the index at
// which a value begins.
type (
	extentOf struct {
		v *value
		d int
	}
	baseOf struct{ v *value }
)

// once is the push constant called key.
func (e *emitter) once(key any, v int) spirv.ID {
	id, ok := e.constants[key]
	if !ok {
		id = e.constant(v)
		e.constants[key] = id
	}
	return id
}

// keep puts a constant among the weights as an image.
func (e *emitter) keep(v *value) {
	data := make([]float32, v.shape[0]*v.groups()*v.shape[2]*v.shape[3]*4)
	plane := v.shape[2] * v.shape[3]
	for i, f := range v.constant {
		n, c, xy := i/(v.shape[1]*plane), i/plane%v.shape[1], i%plane
		data[((n*v.groups()+c/4)*plane+xy)*4+c%4] = f
	}
	offset, _ := e.n.weights(data)
	v.image = &image{
		source: FromWeights, name: v.name, format: RGBA32Float, planes: v.groups(), batch: v.shape[0],
		pitch: v.shape[3], rows: v.shape[2], offset: offset,
	}
}

// keepList puts a constant among the weights as a list.
func (n *network) keepList(v *value) {
	var data []float32
	for i := range v.elements() {
		f := v.constant[i]
		if v.whole() {
			f = math.Float32frombits(uint32(int32(v.integers[i])))
		}
		data = append(data, f)
	}
	data = append(data, make([]float32, roundUp(len(data), 4)-len(data))...)
	offset, _ := n.weights(data)
	v.image = listImage(v)
	v.image.source, v.image.offset = FromWeights, offset
}

// planar is a bound tensor as a shader knows it: its buffer and its strides in
// elements.
type planar struct {
	buffer  spirv.ID
	strides []spirv.ID // innermost first; 0 where the extent or the stride is 1
}

// stride is the stride of a dimension, innermost first; 0 where it plays no
// part.
func (p planar) stride(d int) spirv.ID {
	if d >= len(p.strides) {
		return 0
	}
	return p.strides[d]
}

// touch declares a bound tensor.
func (e *emitter) touch(v *value, source Source, index int, t Tensor) planar {
	if known, ok := e.planar[v]; ok {
		return known
	}
	binding := e.bind(Binding{Kind: StorageBuffer, Source: source, Index: index, Size: t.size()})
	p := planar{buffer: e.Storage(binding, e.Int(), source == FromOutput), strides: make([]spirv.ID, len(t.Dimensions))}
	strides := metal.PackedStrides(t.Type, t.Dimensions)
	for d := 1; d < len(strides); d++ {
		if t.Dimensions[d] > 1 {
			p.strides[d] = e.constant(strides[d])
			e.strides = append(e.strides, StrideConstant{
				Dispatch: len(e.n.plan.Dispatches), Constant: len(e.dispatch.Constants) - 1,
				Source: source, Index: index, Dimension: d,
			})
		}
	}
	e.ranges = append(e.ranges, span{source, index, 0, t.size(), source == FromOutput})
	e.planar[v] = p
	return p
}

// index is the element of a bound tensor at a place, of one channel.
func (e *emitter) index(p planar, picture, channel, y, x spirv.ID) spirv.ID {
	index := x
	for d, i := range []spirv.ID{picture, channel, y} {
		if s := p.stride(3 - d); s != 0 {
			index = e.Add(index, e.Mul(i, s))
		}
	}
	return index
}

// readTensor reads four channels of a bound tensor.
func (e *emitter) readTensor(v *value, at place) spirv.ID {
	t := e.n.plan.Inputs[v.input]
	p := e.touch(v, FromInput, v.input, t)
	if v.shape[3] == 1 {
		at.x = e.IntConstant(0)
	}
	last := e.Sub(e.once(extentOf{v, 1}, v.shape[1]), e.IntConstant(1))
	var lanes [4]spirv.ID
	for lane := range lanes {
		channel := e.Add(e.Mul(at.g, e.IntConstant(4)), e.IntConstant(lane))
		if v.shape[1] == 1 {
			channel = e.IntConstant(0)
		}
		element := e.real(t.Type, e.load(t.Type, p.buffer, e.index(p, at.picture, e.Min(channel, last), at.y, at.x)))
		if v.shape[1]%4 != 0 {
			ok := e.GreaterEqual(last, e.Add(e.Mul(at.g, e.IntConstant(4)), e.IntConstant(lane)))
			element = e.Select(ok, element, e.FloatConstant(0))
		}
		lanes[lane] = element
	}
	return e.Compose(lanes[:]...)
}
