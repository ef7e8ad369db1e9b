package coreml

import "fmt"

// Package is a Core ML package that holds an ML Program.
type Package struct {
	// SpecificationVersion is 6 (iOS 15, macOS 12) to 10 (iOS 26, macOS 26).
	SpecificationVersion int
	// Inputs and Outputs are the features, in the package's order. Their
	// names are those of the program's inputs and outputs.
	Inputs, Outputs []Feature
	Program         *Program
	Metadata        Metadata
	// Incomplete says why constants have no data, in a package that was opened
	// to be looked at by [ExamineFile] or [ReadModel]; nil when all have theirs.
	// See [Tensor.Missing].
	Incomplete error
}

// Input returns the input feature called name.
func (p *Package) Input(name string) (Feature, bool) { return findFeature(p.Inputs, name) }

// Output returns the output feature called name.
func (p *Package) Output(name string) (Feature, bool) { return findFeature(p.Outputs, name) }

func findFeature(features []Feature, name string) (Feature, bool) {
	for _, f := range features {
		if f.Name == name {
			return f, true
		}
	}
	return Feature{}, false
}

// Metadata is what the author says about a package.
type Metadata struct {
	Description, Version, Author, License string
	// UserDefined holds any other entries.
	UserDefined map[string]string
}

// FeatureKind says how a feature is handed over.
type FeatureKind uint8

// The kinds of features. Core ML has others (dictionaries, sequences, state);
// they are read as OtherFeature.
const (
	OtherFeature FeatureKind = iota
	// ImageFeature is a picture of 8-bit channels (or 16-bit floats for
	// GrayscaleFloat16). The program sees it as numbers from 0 to 255,
	// [1, 3, H, W] or [1, 1, H, W]; scale and bias are operations.
	ImageFeature
	// MultiArrayFeature is an array of numbers.
	MultiArrayFeature
)

// String returns "image", "multi-array" or "other".
func (k FeatureKind) String() string {
	switch k {
	case ImageFeature:
		return "image"
	case MultiArrayFeature:
		return "multi-array"
	}
	return "other"
}

// ColorSpace is the channel order of an image feature. The values are those
// of Core ML's specification.
type ColorSpace int

// The color spaces of image features.
const (
	Grayscale        ColorSpace = 10
	RGB              ColorSpace = 20
	BGR              ColorSpace = 30
	GrayscaleFloat16 ColorSpace = 40
)

// String returns the name of the color space.
func (c ColorSpace) String() string {
	switch c {
	case 0:
		return "none"
	case Grayscale:
		return "grayscale"
	case RGB:
		return "RGB"
	case BGR:
		return "BGR"
	case GrayscaleFloat16:
		return "grayscale float16"
	}
	return fmt.Sprintf("ColorSpace(%d)", int(c))
}

// Channels is the number of channels of the color space; 0 when unknown.
func (c ColorSpace) Channels() int {
	switch c {
	case Grayscale, GrayscaleFloat16:
		return 1
	case RGB, BGR:
		return 3
	}
	return 0
}

// Feature is one named input or output of a package.
type Feature struct {
	Name, Description string
	Kind              FeatureKind
	// DataType is the type of an array's elements; for images UInt8, or
	// Float16 for GrayscaleFloat16.
	DataType DataType
	// Shape is the shape the program sees, NCHW for images; the default one
	// when shapes are flexible. Outputs may have none.
	Shape []int
	// ColorSpace is set for images.
	ColorSpace ColorSpace
	// Optional features may be left out.
	Optional bool
	// Enumerated lists the only shapes allowed, when not empty.
	Enumerated [][]int
	// Range gives bounds for each dimension, when not empty.
	Range []Bounds
}

// Bounds are the least and greatest extent of a dimension, both allowed. Max
// is [Dynamic] where there is no upper bound.
type Bounds struct{ Min, Max int }

// Flexible reports whether the feature takes more than one shape.
func (f Feature) Flexible() bool {
	if len(f.Enumerated) > 1 {
		return true
	}
	for _, b := range f.Range {
		if b.Min != b.Max {
			return true
		}
	}
	return false
}
