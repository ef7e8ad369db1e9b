package barriers

import (
	"fmt"

	"weft/metal"
)

// Describe words the barrier in one line, with the names of the frame's passes.
func (b Barrier) Describe(f *Frame) string {
	where := fmt.Sprintf("pass %d", b.Pass)
	if b.Pass >= 0 && b.Pass < len(f.Passes) {
		where = f.Passes[b.Pass].Name
	}
	side := "before"
	if b.Kind == Producer {
		side = "after"
	}
	visibility := "execution only"
	if b.Visibility != metal.VisibilityNone {
		visibility = b.Visibility.String()
	}
	return fmt.Sprintf("%v %s %s: %v -> %v, %s", b.Kind, side, where, b.After, b.Before, visibility)
}

// Describe words the hazard in one line, with the names of the frame's passes
// and resources.
func (h Hazard) Describe(f *Frame) string {
	resource := f.Resources[h.Resource].Name
	if h.Aliasing {
		resource = fmt.Sprintf("%s in the memory of %s", resource, f.Resources[h.FromResource].Name)
	}
	return fmt.Sprintf("%s: %s (%v) -> %s (%v) %v%s", resource,
		f.Passes[h.From].Name, h.FromStages, f.Passes[h.To].Name, h.ToStages, h.Kind, framesApart(h.Frames))
}

func framesApart(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return ", next frame"
	}
	return fmt.Sprintf(", %d frames on", n)
}
