package graph

import (
	"weft/metal"
)

// Texture is a texture of a graph. The zero value is no texture.
type Texture struct{ id int32 }

// Buffer is a buffer of a graph. The zero value is no buffer.
type Buffer struct{ id int32 }

// Tensor is a tensor of a graph. The zero value is no tensor.
type Tensor struct{ id int32 }

// Resource is a [Texture], [Buffer] or [Tensor].
type Resource interface{ handle() int32 }

func (t Texture) handle() int32 { return t.id }
func (b Buffer) handle() int32  { return b.id }
func (t Tensor) handle() int32  { return t.id }

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

// resource is one declared resource. Handles are its index + 1.
type resource struct {
	name     string
	kind     resourceKind
	lifetime Lifetime
	storage  metal.StorageMode // of buffers and tensors that are not transient
	desc     int32             // index among the graph's textures or tensors
	length   int               // of a buffer, bytes
	place    place
}

// Texture declares a texture. The descriptor's Usage is completed from what the
// passes do with it, its Label is the name.
func (g *Graph) Texture(name string, d metal.TextureDescriptor, lifetime ...Lifetime) Texture {
	d.Label = name
	r := resource{name: name, kind: kindTexture, desc: int32(len(g.textures)), place: g.here()}
	g.textures = append(g.textures, d.Normalized())
	id := g.addResource(r, lifetime)
	if err := d.Validate(); err != nil {
		g.faultResource(id, "%s", problemOf(err))
	}
	return Texture{id}
}

// Buffer declares a buffer of d.Length bytes. Transient buffers are private to
// the GPU, whatever d.Storage says; others are as it says.
func (g *Graph) Buffer(name string, d metal.BufferDescriptor, lifetime ...Lifetime) Buffer {
	r := resource{name: name, kind: kindBuffer, length: d.Length, storage: d.Storage, place: g.here()}
	id := g.addResource(r, lifetime)
	if d.Length < 1 || d.Length > 1<<40 {
		g.faultResource(id, "size %d: must be from 1 to 2^40 bytes", d.Length)
	}
	return Buffer{id}
}

// Tensor declares a tensor; without Strides it is laid out as networks read it.
// Transient tensors are private to the GPU, others as d.Storage says.
func (g *Graph) Tensor(name string, d metal.TensorDescriptor, lifetime ...Lifetime) Tensor {
	d.Label = name
	r := resource{name: name, kind: kindTensor, desc: int32(len(g.tensors)), storage: d.Storage, place: g.here()}
	if err := d.Validate(); err != nil {
		g.tensors = append(g.tensors, metal.TensorDescriptor{})
		id := g.addResource(r, lifetime)
		g.faultResource(id, "%s", problemOf(err))
		return Tensor{id}
	}
	g.tensors = append(g.tensors, d.Normalized())
	return Tensor{g.addResource(r, lifetime)}
}

func (g *Graph) addResource(r resource, lifetime []Lifetime) int32 {
	if len(lifetime) > 0 {
		r.lifetime = lifetime[0]
	}
	g.resources = append(g.resources, r)
	id := int32(len(g.resources))
	switch l := r.lifetime; {
	case len(lifetime) > 1:
		g.faultResource(id, "%d lifetimes: give at most one of Persistent, Imported, Fresh and History(k)", len(lifetime))
	case l < 0 || l == historyLifetime || l.history() > MaxHistory:
		g.faultResource(id, "history of %d frames: must be from 1 to %d", l.history(), MaxHistory)
	}
	if r.name == "" {
		g.faultResource(id, "has no name")
	}
	return id
}

// TextureDescriptor returns what t was declared as, zero counts filled in.
func (g *Graph) TextureDescriptor(t Texture) metal.TextureDescriptor {
	if r := g.resource(t.id, kindTexture); r != nil {
		return g.textures[r.desc]
	}
	return metal.TextureDescriptor{}
}

// BufferDescriptor returns what b was declared as.
func (g *Graph) BufferDescriptor(b Buffer) metal.BufferDescriptor {
	if r := g.resource(b.id, kindBuffer); r != nil {
		return metal.BufferDescriptor{Label: r.name, Length: r.length, Storage: r.storage}
	}
	return metal.BufferDescriptor{}
}

// TensorDescriptor returns what t was declared as, with strides.
func (g *Graph) TensorDescriptor(t Tensor) metal.TensorDescriptor {
	if r := g.resource(t.id, kindTensor); r != nil {
		return g.tensors[r.desc]
	}
	return metal.TensorDescriptor{}
}

// NameOf returns the name that r was declared with; "" for the zero handle.
func (g *Graph) NameOf(r Resource) string {
	if i := r.handle(); i > 0 && int(i) <= len(g.resources) {
		return g.resources[i-1].name
	}
	return ""
}

// resource returns the resource with that handle if it is of that kind.
func (g *Graph) resource(id int32, k resourceKind) *resource {
	if id < 1 || int(id) > len(g.resources) || g.resources[id-1].kind != k {
		return nil
	}
	return &g.resources[id-1]
}
