package mil

import (
	"fmt"
	"maps"
	"slices"

	"weft/coreml"
)

// arrayTypes maps MIL's types to the numbering of multi-array features.
var arrayTypes = map[coreml.DataType]uint64{
	coreml.Float32: 65568, coreml.Float16: 65552, coreml.Float64: 65600, coreml.Int32: 131104, coreml.Int8: 131080,
}

// describe writes the message ModelDescription.
func describe(p *coreml.Package) ([]byte, error) {
	var m message
	for _, f := range p.Inputs {
		d, err := feature(f)
		if err != nil {
			return nil, err
		}
		m.bytes(1, d)
	}
	for _, f := range p.Outputs {
		d, err := feature(f)
		if err != nil {
			return nil, err
		}
		m.bytes(10, d)
	}
	var about message
	about.text(1, p.Metadata.Description)
	about.text(2, p.Metadata.Version)
	about.text(3, p.Metadata.Author)
	about.text(4, p.Metadata.License)
	for _, key := range slices.Sorted(maps.Keys(p.Metadata.UserDefined)) {
		about.entry(100, key, []byte(p.Metadata.UserDefined[key]))
	}
	m.bytes(100, about)
	return m, nil
}

func feature(f coreml.Feature) ([]byte, error) {
	var kind message
	switch f.Kind {
	case coreml.ImageFeature:
		image, err := imageType(f)
		if err != nil {
			return nil, err
		}
		kind.bytes(4, image)
	case coreml.MultiArrayFeature:
		array, err := arrayType(f)
		if err != nil {
			return nil, err
		}
		kind.bytes(5, array)
	default:
		return nil, fmt.Errorf("the feature %q is neither an image nor a multi-array", f.Name)
	}
	if f.Optional {
		kind.number(1000, 1)
	}
	var m message
	m.text(1, f.Name)
	m.text(2, f.Description)
	m.bytes(3, kind)
	return m, nil
}

func imageType(f coreml.Feature) ([]byte, error) {
	if len(f.Shape) != 4 {
		return nil, fmt.Errorf("the image %q has the shape %s; it has to be [1, C, H, W]", f.Name, coreml.FormatShape(f.Shape))
	}
	var m message
	m.number(1, uint64(f.Shape[3]))
	m.number(2, uint64(f.Shape[2]))
	m.number(3, uint64(f.ColorSpace))
	if len(f.Enumerated) > 0 {
		var sizes message
		for _, s := range f.Enumerated {
			var size message
			size.number(1, uint64(s[3]))
			size.number(2, uint64(s[2]))
			sizes.bytes(1, size)
		}
		m.bytes(21, sizes)
	}
	if len(f.Range) == 4 {
		var ranges message
		ranges.bytes(1, sizeRange(f.Range[3]))
		ranges.bytes(2, sizeRange(f.Range[2]))
		m.bytes(31, ranges)
	}
	return m, nil
}

func arrayType(f coreml.Feature) ([]byte, error) {
	number, ok := arrayTypes[f.DataType]
	if !ok {
		return nil, fmt.Errorf("the multi-array %q is of %s, which a feature cannot be", f.Name, f.DataType)
	}
	var m message
	if len(f.Shape) > 0 {
		m.packed(1, shapeNumbers(f.Shape))
	}
	m.number(2, number)
	if len(f.Enumerated) > 0 {
		var shapes message
		for _, s := range f.Enumerated {
			var shape message
			shape.packed(1, shapeNumbers(s))
			shapes.bytes(1, shape)
		}
		m.bytes(21, shapes)
	}
	if len(f.Range) > 0 {
		var ranges message
		for _, b := range f.Range {
			ranges.bytes(1, sizeRange(b))
		}
		m.bytes(31, ranges)
	}
	return m, nil
}

func shapeNumbers(shape []int) []uint64 {
	out := make([]uint64, len(shape))
	for i, e := range shape {
		out[i] = uint64(e)
	}
	return out
}

// sizeRange writes a SizeRange; coreml.Dynamic, -1, is its "no bound" too.
func sizeRange(b coreml.Bounds) []byte {
	var m message
	m.number(1, uint64(b.Min))
	m.number(2, uint64(int64(b.Max)))
	return m
}
