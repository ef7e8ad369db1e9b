package network

// growBorders finds how far readers reach beyond each picture, and what they
// touch beyond that while they compute what nobody keeps.
func (n *network) growBorders() {
	for _, node := range n.nodes {
		if node.list != nil {
			continue
		}
		s := node.coreShape()
		for i, v := range node.in {
			if v.image == nil || v.isList() {
				continue
			}
			reach := node.core.reads(area{0, 0, s[2] - 1, s[3] - 1}, i)
			v.image.border = v.image.border.union(reach.beside(v.shape[2], v.shape[3]))
		}
	}
	// A shuffled result is stored in whole blocks, so the border before it is
	// a multiple of every block.
	blocks := map[*image][2]int{}
	for _, node := range n.nodes {
		if m := node.out.image; m != nil && node.list == nil {
			b, ok := blocks[m]
			if !ok {
				b = [2]int{1, 1}
			}
			blocks[m] = [2]int{leastMultiple(b[0], node.shuffle[0]), leastMultiple(b[1], node.shuffle[1])}
		}
	}
	for _, node := range n.nodes {
		if m := node.out.image; m != nil && m.pitch == 0 {
			m.border.top = roundUp(m.border.top, blocks[m][0])
			m.border.left = roundUp(m.border.left, blocks[m][1])
			m.pitch = m.border.left + node.out.shape[3] + m.border.right
			m.rows = m.border.top + node.out.shape[2] + m.border.bottom
		}
	}
	for _, node := range n.nodes {
		if node.list != nil {
			continue
		}
		covered := node.grid().area()
		for i, v := range node.in {
			if v.image == nil || v.isList() {
				continue
			}
			m := v.image
			reach := node.core.reads(covered, i)
			first := (reach.top+m.border.top)*m.pitch + reach.left + m.border.left
			last := (reach.bottom+m.border.top)*m.pitch + reach.right + m.border.left
			m.before = max(m.before, -first)
			m.after = max(m.after, last-(m.plane()-1))
		}
	}
}

func leastMultiple(a, b int) int {
	m := a
	for m%b != 0 {
		m += a
	}
	return m
}
