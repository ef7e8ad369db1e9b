package network

import "weft/coreml"

var shapeLowerers = map[string]func(*lowering, *coreml.Op) error{
	"transpose": lowerTranspose, "reshape": lowerReshape, "squeeze": lowerReshape,
	"expand_dims": lowerReshape, "flatten2d": lowerReshape,
}

func lowerTranspose(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	perm := op.Ints("perm")
	skip := 4 - len(perm) // the extents of 1 in front stay there
	order := []int{0, 1, 2, 3}
	for d, p := range perm {
		if p < 0 {
			p += len(perm)
		}
		order[skip+d] = skip + p
	}
	_, err = l.node(op, &rearrange{order: order}, []*value{x})
	return err
}

func lowerReshape(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	return l.reshape(op, x)
}

// reshape makes the operation's output of x, row-major order kept.
func (l *lowering) reshape(op *coreml.Op, x *value) error {
	// Two shapes that differ in leading extents of 1 are one picture.
	c := core(&rearrange{})
	if picture(op.Output().Type.Shape) == x.shape {
		c = &remap{}
	}
	_, err := l.node(op, c, []*value{x})
	return err
}
