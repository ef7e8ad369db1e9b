package passes

import (
	"weft/graph"
	"weft/metal"
)

// Access is a read or write that a pass declares.
type Access struct {
	Resource graph.Resource
	Stages   metal.Stages // 0: fragment, dispatch or blit, after the pass's kind
	Part     graph.Part   // the zero Part is the whole resource
	Previous int          // of a read of a resource with a history: frames ago
}

// In lists accesses to whole resources in stages; 0 is the kind's main stage.
func In(stages metal.Stages, resources ...graph.Resource) []Access {
	list := make([]Access, len(resources))
	for i, r := range resources {
		list[i] = Access{Resource: r, Stages: stages}
	}
	return list
}

func declare(d *graph.Declaration, reads, writes []Access) {
	for _, a := range reads {
		if a.Previous != 0 {
			d.ReadPrevious(a.Resource, a.Previous, a.Stages, a.Part)
		} else {
			d.Read(a.Resource, a.Stages, a.Part)
		}
	}
	for _, a := range writes {
		if a.Previous != 0 {
			d.Errorf("writes the version of %d frames ago: only this frame's can be written", a.Previous)
		} else {
			d.Write(a.Resource, a.Stages, a.Part)
		}
	}
}

// texture is what an access to a texture reaches in this frame.
func (a *Access) texture(f *graph.Frame) metal.Texture {
	return f.PreviousTexture(a.Resource.(graph.Texture), a.Previous)
}

// buffer is what an access to a buffer or tensor reaches in this frame.
func (a *Access) buffer(f *graph.Frame) (metal.Buffer, int) {
	if t, ok := a.Resource.(graph.Tensor); ok {
		if x := f.PreviousTensor(t, a.Previous); x != nil {
			return x.Buffer(), x.Offset()
		}
		return nil, 0
	}
	return f.PreviousBuffer(a.Resource.(graph.Buffer), a.Previous), 0
}
