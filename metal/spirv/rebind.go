package spirv

import (
	"encoding/binary"
	"fmt"
)

// Rebind returns a copy of a module in which every resource stands at the set
// and binding that move gives it.
func Rebind(code []byte, move func(Resource) (set, binding int)) ([]byte, error) {
	m, err := Reflect(code)
	if err != nil {
		return nil, err
	}
	_, list, err := parse(code)
	if err != nil {
		return nil, err
	}
	r := newReader(list)
	if err := r.declarations(); err != nil {
		return nil, err
	}
	if err := r.interfaces(&Module{}); err != nil {
		return nil, err
	}
	out := append([]byte(nil), code...)
	for _, in := range list {
		if in.op != opDecorate || len(in.args) < 3 {
			continue
		}
		at, ok := r.roots[in.args[0]]
		if !ok {
			continue
		}
		set, binding := move(m.Resources[at])
		if set < 0 || binding < 0 {
			return nil, fmt.Errorf("spirv: resource %q cannot move to set %d, binding %d", m.Resources[at].Name, set, binding)
		}
		switch in.args[1] {
		case decorationDescriptorSet:
			binary.LittleEndian.PutUint32(out[4*(in.at+2):], uint32(set))
		case decorationBinding:
			binary.LittleEndian.PutUint32(out[4*(in.at+2):], uint32(binding))
		}
	}
	return out, nil
}
