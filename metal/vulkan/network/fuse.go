package network

import "slices"

// maxOperands is how many tensors a kernel may read beside its core's, so that
// their geometry fits in the push constants.
const maxOperands = 3

// fuse is the second phase: an elementwise node moves into the node whose
// result it reads, a pixel shuffle into the convolution before it. What is
// left runs where the last of the merged nodes stood, after all its operands.
func (n *network) fuse() {
	uses := n.uses()
	var kept []*node
	for _, next := range n.nodes {
		if before := mergeable(next, uses); before != nil {
			merge(before, next)
			kept = slices.DeleteFunc(kept, func(k *node) bool { return k == before })
			next = before
		}
		kept = append(kept, next)
	}
	n.nodes = kept
}

// uses counts the readers of every value; an output of the program is one, and
// what reads a list that is seen in another way reads the list.
func (n *network) uses() map[*value]int {
	uses := map[*value]int{}
	count := func(v *value) {
		for ; v != nil; v = v.within {
			uses[v]++
		}
	}
	for _, node := range n.nodes {
		for _, v := range node.reads() {
			count(v)
		}
	}
	for _, v := range n.outputs {
		count(v)
	}
	return uses
}

// reads lists the values that a node reads, as often as it does; constants
// too.
func (n *node) reads() []*value {
	all := slices.Clone(n.in)
	for _, s := range slices.Concat(n.steps, n.after) {
		if s.other != nil {
			all = append(all, s.other)
		}
	}
	return all
}

// mergeable finds a node that next can move into, swapping next's operands
// where that is what it takes.
func mergeable(next *node, uses map[*value]int) *node {
	if _, ok := next.core.(*depthToSpace); ok {
		before := next.in[0].from
		if before != nil && uses[before.out] == 1 && takesShuffle(before) {
			return before
		}
		return nil
	}
	if !next.maps() {
		return nil
	}
	accepts := func(v *value) bool {
		return v.from != nil && v.isList() == next.out.isList() && uses[v] == 1 && slices.Equal(v.dims, next.out.dims) &&
			v.from.operands()+next.operands() <= maxOperands
	}
	main := next.in[0]
	var other *value
	if len(next.steps) > 0 {
		other = next.steps[0].other
	}
	if other != nil && accepts(other) && (!accepts(main) || !main.from.convolves() && other.from.convolves()) {
		next.in[0], next.steps[0].other, next.steps[0].swapped = other, main, !next.steps[0].swapped
		return other.from
	}
	if accepts(main) {
		return main.from
	}
	return nil
}

// maps reports whether the node computes each element of its first input by
// itself.
func (n *node) maps() bool {
	if n.list != nil {
		_, ok := n.list.(*mapping)
		return ok && len(n.in) == 1
	}
	r, ok := n.core.(*remap)
	return ok && r.identity()
}

// convolves reports whether the node's core is a convolution, the best to
// store a result without writing and reading it once more.
func (n *node) convolves() bool {
	_, ok := n.core.(*conv)
	return ok
}

// operands counts the tensors that the steps read.
func (n *node) operands() int {
	count := 0
	for _, s := range slices.Concat(n.steps, n.after) {
		if s.other != nil && !s.other.perChannel() && !s.other.single() {
			count++
		}
	}
	return count
}

// takesShuffle reports whether a pixel shuffle can move into the node: a
// convolution of one group, whose channels may stand in any order, with steps
// that look at nothing but the channel.
func takesShuffle(n *node) bool {
	c, ok := n.core.(*conv)
	return ok && c.groups == 1 && !c.depthwise && n.shuffle == [2]int{1, 1} && n.operands() == 0
}

// merge moves next into before.
func merge(before, next *node) {
	before.names = append(before.names, next.names...)
	if d, ok := next.core.(*depthToSpace); ok {
		before.shuffle = [2]int{d.factor, d.factor}
	}
	if before.shuffle == [2]int{1, 1} {
		before.steps = append(before.steps, next.steps...)
	} else {
		before.after = append(before.after, next.steps...)
	}
	before.out = next.out
	before.out.from = before
}
