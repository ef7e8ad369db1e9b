package barriers

import (
	"fmt"

	"weft/metal"
)

// Validate says whether the frame is well formed: indices in range, passes in
// encoding order, stages that encoders own. The error names the offender. Derive
// and Check take only frames that are.
func (f *Frame) Validate() error {
	last := -1
	for i := range f.Passes {
		p := &f.Passes[i]
		switch {
		case p.Encoder < 0 || p.Encoder >= len(f.Encoders):
			return fmt.Errorf("barriers: pass %q is in encoder %d, but the frame has %d encoders", p.Name, p.Encoder, len(f.Encoders))
		case p.Encoder > last+1:
			return fmt.Errorf("barriers: encoder %d holds no pass before %q in encoder %d: list passes in encoding order", last+1, p.Name, p.Encoder)
		case p.Encoder < last:
			return fmt.Errorf("barriers: pass %q is in encoder %d after %q in encoder %d: list passes in encoding order", p.Name, p.Encoder, f.Passes[i-1].Name, last)
		}
		if alien := p.Runs &^ f.Encoders[p.Encoder].Kind.Owns(); alien != 0 {
			return fmt.Errorf("barriers: pass %q runs %v, which a %v encoder does not own: it owns %v", p.Name, alien, f.Encoders[p.Encoder].Kind, f.Encoders[p.Encoder].Kind.Owns())
		}
		for _, c := range p.Cost {
			if !(c.Time >= 0) {
				return fmt.Errorf("barriers: pass %q: the cost of %v is %v: give a time of at least 0", p.Name, c.Stage, c.Time)
			}
		}
		last = p.Encoder
	}
	if last+1 < len(f.Encoders) {
		return fmt.Errorf("barriers: encoder %d holds no pass", last+1)
	}
	for i := range f.Resources {
		if err := f.Resources[i].validate(); err != nil {
			return err
		}
	}
	for i := range f.Accesses {
		if err := f.validateAccess(&f.Accesses[i]); err != nil {
			return fmt.Errorf("barriers: access %d: %w", i, err)
		}
	}
	return nil
}

// maxHistory bounds the frames that Derive and Check look at.
const maxHistory = 1024

func (r *Resource) validate() error {
	switch {
	case r.Lifetime > Fresh:
		return fmt.Errorf("barriers: resource %q has a lifetime that is none of transient, persistent, imported, fresh: %d", r.Name, r.Lifetime)
	case r.History < 0 || r.History > 0 && r.Lifetime != Persistent:
		return fmt.Errorf("barriers: %v resource %q has a history of %d: only persistent resources have one", r.Lifetime, r.Name, r.History)
	case r.History > maxHistory:
		return fmt.Errorf("barriers: resource %q has a history of %d frames: at most %d can be kept", r.Name, r.History, maxHistory)
	case r.Memory.Size < 0 || r.Memory.Offset < 0 || r.Memory.Offset+r.Memory.Size < 0:
		return fmt.Errorf("barriers: resource %q: memory at offset %d of size %d is no range", r.Name, r.Memory.Offset, r.Memory.Size)
	case r.Memory.Size > 0 && r.Lifetime != Transient:
		return fmt.Errorf("barriers: %v resource %q is placed in memory that others may share: only transients are", r.Lifetime, r.Name)
	}
	return nil
}

func (f *Frame) validateAccess(a *Access) error {
	if a.Pass < 0 || a.Pass >= len(f.Passes) {
		return fmt.Errorf("no pass %d: the frame has %d", a.Pass, len(f.Passes))
	}
	pass := &f.Passes[a.Pass]
	if a.Resource < 0 || a.Resource >= len(f.Resources) {
		return fmt.Errorf("pass %q: no resource %d: the frame has %d", pass.Name, a.Resource, len(f.Resources))
	}
	r := &f.Resources[a.Resource]
	owner := f.Encoders[pass.Encoder].Kind
	switch {
	case a.Stages == 0:
		return fmt.Errorf("pass %q accesses %q in no stage", pass.Name, r.Name)
	case a.Stages&^owner.Owns() != 0:
		return fmt.Errorf("pass %q accesses %q in %v, which a %v encoder does not own: it owns %v", pass.Name, r.Name, a.Stages&^owner.Owns(), owner, owner.Owns())
	case a.Frame > 0 || a.Frame < -r.History:
		return fmt.Errorf("pass %q accesses %q of frame %d: its history allows %d to 0", pass.Name, r.Name, a.Frame, -r.History)
	case a.Frame != 0 && a.Write:
		return fmt.Errorf("pass %q writes %q of frame %d: only this frame's version is written", pass.Name, r.Name, a.Frame)
	case a.Attachment && a.Stages != metal.StageFragment:
		return fmt.Errorf("pass %q: attachment %q is accessed in %v: attachments are accessed in fragment", pass.Name, r.Name, a.Stages)
	}
	if a.Part.whole() {
		return nil
	}
	for i, r := range [...]Range{a.Part.Mips, a.Part.Layers, a.Part.Bytes} {
		if !r.Whole() && (r.First < 0 || r.End <= r.First) {
			return fmt.Errorf("pass %q: %s [%d, %d) of %q are no range: the first must be below the end", pass.Name, [...]string{"mips", "layers", "bytes"}[i], r.First, r.End, f.Resources[a.Resource].Name)
		}
	}
	return nil
}
