package barriers

// Derive returns barriers that order every conflicting pair of accesses of the
// frame, in this and all later frames, and none that could go (the package
// comment says how and why). They are sorted by place. The same frame always
// gets the same barriers.
//
// Two conflicts no barrier can order, so whoever fills encoders must not make
// them: a fragment or tile access and a later pass of the same encoder, unless
// both accesses are to attachments. Check names them. A frame that Validate
// refuses gets nil.
func Derive(f *Frame) []Barrier {
	var d Deriver
	list := d.Derive(f)
	if list == nil {
		return nil
	}
	return Explain(f, list)
}
