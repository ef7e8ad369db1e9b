package record

import "weft/metal"

// Options says what device to play. The zero value is a good one.
type Options struct {
	// Name is Device.Name; "record" when empty.
	Name string
	// Log keeps every call, for Device.Calls.
	Log bool
	// Limits replaces the default limits, field by field where it is not 0.
	Limits metal.Limits
	// TextureClass is the SizeAndAlign.Class of textures; that of buffers and
	// tensors is 0. Another class stands for a device whose textures cannot
	// share a heap with buffers.
	TextureClass int
	// Networks, when set, is asked for the bindings and the intermediates'
	// size of machine-learning pipelines, instead of the package itself.
	Networks func(metal.MachineLearningPipelineDescriptor) (bindings []metal.TensorBinding, intermediates int, err error)
}

// The default limits: those that every Metal 4 device has, or less.
var defaults = metal.Limits{
	MaxTextureSize:       16384,
	MaxBufferLength:      1 << 30,
	MaxThreads:           1024,
	TimestampNanoseconds: 1,
}

// New makes a device.
func New(o Options) *Device {
	if o.Name == "" {
		o.Name = "record"
	}
	l := defaults
	override(&l.MaxTextureSize, o.Limits.MaxTextureSize)
	override(&l.MaxBufferLength, o.Limits.MaxBufferLength)
	override(&l.MaxThreads, o.Limits.MaxThreads)
	override(&l.TimestampNanoseconds, o.Limits.TimestampNanoseconds)
	o.Limits = l
	d := &Device{options: o, live: map[*object]struct{}{}}
	return d
}

func override[T comparable](value *T, by T) {
	var zero T
	if by != zero {
		*value = by
	}
}
