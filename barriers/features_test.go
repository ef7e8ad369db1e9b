package barriers

import "weft/metal"

// featuresOf names what a frame and right barriers for it have that a judge
// could get wrong, each only where a conflict comes of it.
func featuresOf(f *Frame, barriers []Barrier) []string {
	found := map[string]bool{}
	q := newModelQueue(f, modelFrames(f))
	for u := 0; u < len(q.events) && q.events[u].frame == 0; u++ {
		for _, c := range q.conflictsOf(u) {
			if !q.near(c.Hazard) {
				continue
			}
			r, source := f.Resources[c.Resource], f.Resources[c.FromResource]
			found[c.Kind.String()] = true
			found["next frame"] = found["next frame"] || c.Frames == 1
			found["several frames on"] = found["several frames on"] || c.Frames > 1
			found["fresh"] = found["fresh"] || r.Lifetime == Fresh
			found["a version of several frames ago"] = found["a version of several frames ago"] || c.Kind == ReadAfterWrite && c.Frames > 1
			for _, s := range (c.FromStages | c.ToStages).Names() {
				found[s] = true
			}
			if c.Aliasing {
				found["aliasing"] = true
				found["partial overlap"] = found["partial overlap"] || r.Memory.Offset != source.Memory.Offset || r.Memory.Size != source.Memory.Size
				found["scratch"] = found["scratch"] || r.Memory.Heap > 1
			}
		}
	}
	for i, a := range f.Accesses {
		r := f.Resources[a.Resource]
		if a.Part != (Part{}) && r.Lifetime != Fresh {
			found["parts"] = true
		}
		for _, b := range f.Accesses[:i] {
			if a.Attachment && b.Attachment && a.Resource == b.Resource && (a.Write || b.Write) && a.Pass != b.Pass && f.Passes[a.Pass].Encoder == f.Passes[b.Pass].Encoder {
				found["merged attachments"] = true
			}
		}
	}
	for _, b := range barriers {
		found[b.Kind.String()] = true
		found["execution only"] = found["execution only"] || b.Visibility == metal.VisibilityNone
		found["producer inside"] = found["producer inside"] || b.Kind == Producer && b.Pass+1 < len(f.Passes) && f.Passes[b.Pass+1].Encoder == b.Encoder
		found["consumer inside"] = found["consumer inside"] || b.Kind == Consumer && b.Pass > 0 && f.Passes[b.Pass-1].Encoder == b.Encoder
	}
	var names []string
	for name, ok := range found {
		if ok {
			names = append(names, name)
		}
	}
	return names
}
