package graph

import (
	"sync/atomic"

	"weft/metal"
)

// Texture is a texture of a graph. The zero value is no texture.
type Texture struct{ at ref }

// Buffer is a buffer of a graph. The zero value is no buffer.
type Buffer struct{ at ref }

// Tensor is a tensor of a graph. The zero value is no tensor.
type Tensor struct{ at ref }

// Resource is a [Texture], [Buffer] or [Tensor].
type Resource interface{ ref() ref }

func (t Texture) ref() ref { return t.at }
func (b Buffer) ref() ref  { return b.at }
func (t Tensor) ref() ref  { return t.at }

// ref is what a handle holds: the number of its graph, so that no other graph
// takes it for its own, and the resource's index + 1.
type ref struct {
	graph uint32
	id    int32
}

// graphs counts the graphs that have resources.
var graphs atomic.Uint32

// Lifetime says how long a resource and its content live. Without one a
// resource is transient.
type Lifetime int32

const (
	transient Lifetime = iota
	// Persistent resources have one copy; their content carries on to the next
	// frame.
	Persistent
	// Imported resources are the caller's and are bound before Run; their
	// content carries on.
	Imported
	// Fresh resources are imported, and the caller binds another one each
	// frame. The caller waits before it gives one again, so there is no hazard
	// from frame to frame.
	Fresh
	historyLifetime
)

// MaxHistory is the largest number of earlier frames that a resource keeps.
const MaxHistory = 16

// History keeps the versions of the last frames: frames+1 copies that take
// turns. frames is from 1 to [MaxHistory]. Parts that are not written in a
// frame are frames+1 frames old; versions of frames before the first are
// undefined.
func History(frames int) Lifetime {
	if frames < 0 || frames > 1<<20 {
		frames = 1 << 20 // refused by name where the resource is declared
	}
	return historyLifetime + Lifetime(frames)
}

// history is the number of earlier versions kept.
func (l Lifetime) history() int { return max(int(l-historyLifetime), 0) }

// carries reports whether content outlives the frame.
func (l Lifetime) carries() bool { return l != transient }

func (l Lifetime) imported() bool { return l == Imported || l == Fresh }

type resourceKind uint8

const (
	kindTexture resourceKind = iota
	kindBuffer
	kindTensor
)

func (k resourceKind) String() string { return [...]string{"texture", "buffer", "tensor"}[k] }

// resource is one declared resource.
type resource struct {
	name     string
	kind     resourceKind
	lifetime Lifetime
	storage  metal.StorageMode // of buffers and tensors that are not transient
	desc     int32             // index among the graph's textures or tensors
	length   int               // of a buffer, bytes
	place    place
	all      box // the whole of it
}

// Texture declares a texture. The descriptor's Usage is completed from what the
// passes do with it, its Label is the name.
//
//go:noinline
func (g *Graph) Texture(name string, d metal.TextureDescriptor, lifetime ...Lifetime) Texture {
	d.Label = ""
	r, at := g.addResource(name, kindTexture, g.here(), lifetime)
	desc, err := g.shape(name, &d)
	if err != nil {
		g.faultResource(at, "%s", problemOf(err))
	}
	t := &g.textures[desc]
	r.desc, r.all = desc, box{0, t.Mips, 0, t.Slices()}
	return Texture{at}
}

// Buffer declares a buffer of d.Length bytes. Transient buffers are private to
// the GPU, whatever d.Storage says; others are as it says.
//
//go:noinline
func (g *Graph) Buffer(name string, d metal.BufferDescriptor, lifetime ...Lifetime) Buffer {
	r, at := g.addResource(name, kindBuffer, g.here(), lifetime)
	r.length, r.storage, r.all = d.Length, d.Storage, box{0, max(d.Length, 1), 0, 1}
	if d.Length < 1 || d.Length > 1<<40 {
		g.faultResource(at, "size %d: must be from 1 to 2^40 bytes", d.Length)
	}
	return Buffer{at}
}

// Tensor declares a tensor; without Strides it is laid out as networks read it.
// Transient tensors are private to the GPU, others as d.Storage says.
//
//go:noinline
func (g *Graph) Tensor(name string, d metal.TensorDescriptor, lifetime ...Lifetime) Tensor {
	r, at := g.addResource(name, kindTensor, g.here(), lifetime)
	d.Label, r.desc, r.storage = name, int32(len(g.tensors)), d.Storage
	if err := d.Validate(); err != nil {
		g.faultResource(at, "%s", problemOf(err))
		d = metal.TensorDescriptor{}
	} else {
		d = g.own(d)
	}
	g.tensors, r.all = append(g.tensors, d), box{0, max(d.Size(), 1), 0, 1}
	return Tensor{at}
}

// own returns a valid descriptor filled in, with dimensions and strides that are
// nobody else's.
func (g *Graph) own(d metal.TensorDescriptor) metal.TensorDescriptor {
	n := len(d.Dimensions)
	first := len(g.extents)
	g.extents = append(g.extents, d.Dimensions...)
	if d.Strides == nil {
		g.extents = metal.AppendPackedStrides(g.extents, d.Type, d.Dimensions)
	} else {
		g.extents = append(g.extents, d.Strides...)
	}
	own := g.extents[first:]
	d.Dimensions, d.Strides = own[:n:n], own[n:2*n:2*n]
	return d.Normalized()
}

// addResource adds a resource, of which the caller says the rest.
func (g *Graph) addResource(name string, k resourceKind, from place, lifetime []Lifetime) (*resource, ref) {
	if g.number == 0 {
		g.number = graphs.Add(1)
	}
	g.resources = append(g.resources, resource{})
	r, at := &g.resources[len(g.resources)-1], ref{g.number, int32(len(g.resources))}
	r.name, r.kind, r.place = name, k, from
	if len(lifetime) > 0 {
		r.lifetime = lifetime[0]
	}
	switch l := r.lifetime; {
	case len(lifetime) > 1:
		g.faultResource(at, "%d lifetimes: give at most one of Persistent, Imported, Fresh and History(k)", len(lifetime))
	case l < 0 || l == historyLifetime || l.history() > MaxHistory:
		g.faultResource(at, "history of %d frames: must be from 1 to %d", l.history(), MaxHistory)
	}
	if r.name == "" {
		g.faultResource(at, "has no name")
	}
	return r, at
}

// TextureDescriptor returns what t was declared as, zero counts filled in.
func (g *Graph) TextureDescriptor(t Texture) metal.TextureDescriptor {
	if r := g.resource(t.at, kindTexture); r != nil {
		return g.textureOf(r)
	}
	return metal.TextureDescriptor{}
}

// textureOf is what a texture was declared as.
func (g *Graph) textureOf(r *resource) metal.TextureDescriptor {
	d := g.textures[r.desc]
	d.Label = r.name
	return d
}

// BufferDescriptor returns what b was declared as.
func (g *Graph) BufferDescriptor(b Buffer) metal.BufferDescriptor {
	if r := g.resource(b.at, kindBuffer); r != nil {
		return metal.BufferDescriptor{Label: r.name, Length: r.length, Storage: r.storage}
	}
	return metal.BufferDescriptor{}
}

// TensorDescriptor returns what t was declared as, with strides.
func (g *Graph) TensorDescriptor(t Tensor) metal.TensorDescriptor {
	if r := g.resource(t.at, kindTensor); r != nil {
		return g.tensors[r.desc]
	}
	return metal.TensorDescriptor{}
}

// NameOf returns the name that r was declared with; "" if it is no resource of
// this graph.
func (g *Graph) NameOf(r Resource) string { return g.nameOf(g.indexOf(r)) }

func (g *Graph) nameOf(index int32) string {
	if index < 0 {
		return ""
	}
	return g.resources[index].name
}

// index is where the resource is among the graph's; -1 if it is not of this
// graph.
func (g *Graph) index(r ref) int32 {
	if r.graph != g.number || r.id < 1 || int(r.id) > len(g.resources) {
		return -1
	}
	return r.id - 1
}

func (g *Graph) indexOf(r Resource) int32 {
	switch r := r.(type) {
	case Texture:
		return g.index(r.at)
	case Buffer:
		return g.index(r.at)
	case Tensor:
		return g.index(r.at)
	}
	if isNil(r) { // a type that embeds a handle, or points to one
		return -1
	}
	return g.index(r.ref())
}

// resource returns the resource with that handle if it is of that kind.
func (g *Graph) resource(r ref, k resourceKind) *resource {
	if i := g.index(r); i >= 0 && g.resources[i].kind == k {
		return &g.resources[i]
	}
	return nil
}
