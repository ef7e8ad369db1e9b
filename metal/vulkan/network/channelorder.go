package network

// A convolution before a pixel shuffle by ry x rx computes C*ry*rx channels
// for C that come out. Its channels are put in an order that lets one thread
// store whole elements:
//
//   - into an intermediate, the four of a group are four neighbouring output
//     channels at one place in the block;
//   - into a bound tensor, where a channel is a plane of its own, the program's
//     order is kept where the four of a group are then neighbours in one block
//     (block, for factors 2 and 4): no lane is wasted on a fourth channel that
//     a picture of three does not have.

// area is the number of places in a block.
func (n *node) area() int { return n.shuffle[0] * n.shuffle[1] }

// coreGroups is the number of groups of four channels that the core computes.
func (n *node) coreGroups() int {
	if n.block {
		return ceilDiv(n.out.shape[1]*n.area(), 4)
	}
	return n.out.groups() * n.area()
}

// channel is the core's channel, in the program's order, that lane of a group
// computes; -1 for none.
func (n *node) channel(group, lane int) int {
	if n.block {
		if c := group*4 + lane; c < n.out.shape[1]*n.area() {
			return c
		}
		return -1
	}
	c := group/n.area()*4 + lane
	if c >= n.out.shape[1] {
		return -1
	}
	return c*n.area() + group%n.area()
}

// coreShape is the shape of what the core computes, before the shuffle.
func (n *node) coreShape() [4]int {
	s := n.out.shape
	return [4]int{s[0], s[1] * n.area(), ceilDiv(s[2], n.shuffle[0]), ceilDiv(s[3], n.shuffle[1])}
}

// toBlock keeps the program's order of channels where the node may: its result
// is stored to a bound tensor, the four of a group are neighbours, and the
// steps after the shuffle look at nothing but the channel. These steps move
// before the shuffle, with a number for each of the core's channels.
func (n *node) toBlock() {
	if n.shuffle != [2]int{2, 2} && n.shuffle != [2]int{4, 4} || n.operands() != 0 {
		return
	}
	for _, s := range n.after {
		if s.other != nil && s.other.elements() > 1 {
			spread := make([]float32, 0, n.out.shape[1]*n.area())
			for _, v := range s.other.constant {
				for range n.area() {
					spread = append(spread, v)
				}
			}
			s.other = channels(s.other.name, spread)
		}
		n.steps = append(n.steps, s)
	}
	n.after, n.block = nil, true
}
