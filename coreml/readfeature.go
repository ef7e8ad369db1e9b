package coreml

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// arrayTypes maps ArrayFeatureType's numbering of types to MIL's.
var arrayTypes = map[int64]DataType{
	65568: Float32, 65552: Float16, 65600: Float64, 131104: Int32, 131080: Int8,
}

// appendFeature reads a FeatureDescription.
func appendFeature(features []Feature, f field) ([]Feature, error) {
	message, err := f.message()
	if err != nil {
		return nil, err
	}
	var out Feature
	err = fields(message, func(f field) (err error) {
		switch f.number {
		case 1:
			out.Name, err = f.text()
		case 2:
			out.Description, err = f.text()
		case 3:
			err = out.readType(f)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("feature %q: %w", out.Name, err)
	}
	return append(features, out), nil
}

func (t *Feature) readType(f field) error {
	message, err := f.message()
	if err != nil {
		return err
	}
	return fields(message, func(f field) error {
		switch f.number {
		case 4:
			t.Kind = ImageFeature
			return t.readImage(f)
		case 5:
			t.Kind = MultiArrayFeature
			return t.readArray(f)
		case 1000:
			v, err := f.integer()
			t.Optional = v != 0
			return err
		}
		return nil
	})
}

// readImage reads an ImageFeatureType: sizes there are width, height.
func (t *Feature) readImage(f field) error {
	message, err := f.message()
	if err != nil {
		return err
	}
	var width, height int64
	var sizes [][2]int64
	var ranges [2]Bounds // width, height
	ranged := false
	err = fields(message, func(f field) (err error) {
		switch f.number {
		case 1:
			width, err = f.integer()
		case 2:
			height, err = f.integer()
		case 3:
			var v int64
			v, err = f.integer()
			t.ColorSpace = ColorSpace(v)
		case 21:
			err = eachMessage(f, 1, func(m []byte) error {
				size, err := numbers(m, 1, 2)
				sizes = append(sizes, [2]int64{size[0], size[1]})
				return err
			})
		case 31:
			ranged = true
			message, err := f.message()
			if err != nil {
				return err
			}
			return fields(message, func(f field) (err error) {
				if f.number == 1 || f.number == 2 {
					ranges[f.number-1], err = readBounds(f)
				}
				return err
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	channels := t.ColorSpace.Channels()
	if channels == 0 {
		return fmt.Errorf("an image of color space %d; known are 10 (grayscale), 20 (RGB), 30 (BGR) and 40 (grayscale float16)", int(t.ColorSpace))
	}
	t.DataType = UInt8
	if t.ColorSpace == GrayscaleFloat16 {
		t.DataType = Float16
	}
	nchw := func(width, height int64) ([]int, error) {
		return extents([]uint64{1, uint64(channels), uint64(height), uint64(width)})
	}
	if ranged {
		one, c := Bounds{1, 1}, Bounds{channels, channels}
		t.Range = []Bounds{one, c, ranges[1], ranges[0]}
		if width == 0 && height == 0 {
			width, height = int64(ranges[0].Min), int64(ranges[1].Min)
		}
	}
	for _, s := range sizes {
		shape, err := nchw(s[0], s[1])
		if err != nil {
			return err
		}
		t.Enumerated = append(t.Enumerated, shape)
	}
	if width == 0 && height == 0 && len(t.Enumerated) > 0 {
		t.Shape = t.Enumerated[0]
		return nil
	}
	t.Shape, err = nchw(width, height)
	return err
}

// readArray reads an ArrayFeatureType.
func (t *Feature) readArray(f field) error {
	message, err := f.message()
	if err != nil {
		return err
	}
	var shape []uint64
	err = fields(message, func(f field) (err error) {
		switch f.number {
		case 1:
			shape, err = f.scalars(protowire.VarintType, shape)
		case 2:
			v, err := f.integer()
			if err != nil {
				return err
			}
			var ok bool
			if t.DataType, ok = arrayTypes[v]; !ok {
				return fmt.Errorf("an array of unknown element type %d", v)
			}
		case 21:
			return eachMessage(f, 1, func(m []byte) error {
				var s []uint64
				err := fields(m, func(f field) (err error) {
					if f.number == 1 {
						s, err = f.scalars(protowire.VarintType, s)
					}
					return err
				})
				if err != nil {
					return err
				}
				shape, err := extents(s)
				t.Enumerated = append(t.Enumerated, shape)
				return err
			})
		case 31:
			message, err := f.message()
			if err != nil {
				return err
			}
			return fields(message, func(f field) error {
				if f.number != 1 {
					return nil
				}
				b, err := readBounds(f)
				t.Range = append(t.Range, b)
				return err
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(t.Range) > maxRank {
		return fmt.Errorf("a shape range of %d dimensions; at most %d are possible", len(t.Range), maxRank)
	}
	t.Shape, err = extents(shape)
	switch {
	case err != nil || len(t.Shape) > 0:
	case len(t.Enumerated) > 0:
		t.Shape = t.Enumerated[0]
	default:
		for _, b := range t.Range {
			t.Shape = append(t.Shape, b.Min)
		}
	}
	return err
}

// readBounds reads a SizeRange. A negative upper bound means none.
func readBounds(f field) (Bounds, error) {
	message, err := f.message()
	if err != nil {
		return Bounds{}, err
	}
	v, err := numbers(message, 1, 2)
	if err != nil {
		return Bounds{}, err
	}
	lower, upper := v[0], v[1]
	if lower < 0 || lower > maxExtent || upper >= 0 && upper < lower {
		return Bounds{}, fmt.Errorf("the range %d to %d is none of extents", lower, upper)
	}
	if upper < 0 || upper > maxExtent {
		upper = Dynamic
	}
	return Bounds{int(lower), int(upper)}, nil
}

// numbers reads the varint fields of a message that are numbered a and b.
func numbers(message []byte, a, b protowire.Number) (v [2]int64, err error) {
	err = fields(message, func(f field) (err error) {
		switch f.number {
		case a:
			v[0], err = f.integer()
		case b:
			v[1], err = f.integer()
		}
		return err
	})
	return v, err
}

// eachMessage calls visit for every message in the repeated field of f.
func eachMessage(f field, number protowire.Number, visit func([]byte) error) error {
	message, err := f.message()
	if err != nil {
		return err
	}
	return fields(message, func(f field) error {
		if f.number != number {
			return nil
		}
		m, err := f.message()
		if err != nil {
			return err
		}
		return visit(m)
	})
}

// extents turns the numbers of a stored shape into a checked one.
func extents(numbers []uint64) ([]int, error) {
	shape := make([]int, len(numbers))
	for i, n := range numbers {
		shape[i] = int(min(n, maxExtent+1)) // one more than allowed: refused below
	}
	return shape, checkExtents(shape)
}
