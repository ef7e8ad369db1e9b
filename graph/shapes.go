package graph

import "weft/metal"

// shapes finds textures that were declared alike but for their names: frames have
// many textures and few descriptors, which are checked, filled in and measured
// once.
type shapes struct {
	latest [64]int32                 // by hash: 1 + an index
	alike  []metal.TextureDescriptor // as they were declared
}

func (s *shapes) reset() { s.latest, s.alike = [64]int32{}, s.alike[:0] }

// slot is where a descriptor like d is, if it is anywhere.
func (s *shapes) slot(d *metal.TextureDescriptor) *int32 {
	hash := uint64(d.Format)
	for _, n := range [...]int{d.Width, d.Height, d.Mips, d.Layers} {
		hash = (hash ^ uint64(n)) * 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	}
	return &s.latest[hash>>58]
}

// shape returns the index of a descriptor without a label among the graph's, and
// what is wrong with it.
func (g *Graph) shape(name string, d *metal.TextureDescriptor) (int32, error) {
	slot := g.slot(d)
	if i := *slot - 1; i >= 0 && g.alike[i] == *d {
		return i, nil
	}
	i := int32(len(g.textures))
	g.alike, g.textures = append(g.alike, *d), append(g.textures, *d)
	g.textures[i].Normalize()
	d.Label = name
	err := d.Validate()
	if err == nil {
		*slot = i + 1
	}
	return i, err
}
