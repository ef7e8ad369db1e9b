package network

import (
	"cmp"
	"math"
	"slices"
)

// alignment is what every range of the heap and of the weights begins at: the
// largest alignment that Vulkan lets a device ask for.
const alignment = 256

// pack is the fourth phase: an offset in the heap for each image, such that
// images in use at the same time lie apart. Values that the program declares
// as fp16 are kept as floats while the heap stays small, else as halves.
func (n *network) pack() error {
	images := n.images()
	n.plan.IntermediatesHeapSize = arrange(images)
	if n.plan.IntermediatesHeapSize > n.device.FloatHeapSize {
		for _, m := range images {
			if m.halves {
				m.format = RGBA16Float
			}
		}
		n.plan.IntermediatesHeapSize = arrange(images)
	}
	for _, m := range images {
		if err := m.check(n.device); err != nil {
			return err
		}
	}
	return nil
}

// orders are those in which images are placed, of which the best is kept: most
// often the first is as good as can be.
var orders = []func(a, b *image) int{
	func(a, b *image) int { return cmp.Compare(b.size(), a.size()) },
	func(a, b *image) int {
		return cmp.Compare(b.size()*int64(b.last-b.first+1), a.size()*int64(a.last-a.first+1))
	},
	func(a, b *image) int { return cmp.Compare(b.last-b.first, a.last-a.first) },
	func(a, b *image) int { return cmp.Compare(a.first, b.first) },
}

// arrange places images, each as low as it fits, and returns the size of the
// heap.
func arrange(images []*image) int64 {
	best := int64(math.MaxInt64)
	least := live(images)
	for _, order := range orders {
		images := slices.Clone(images)
		slices.SortStableFunc(images, order)
		blocks := make([]block, len(images))
		for i, m := range images {
			blocks[i] = block{size: m.size(), first: m.first, last: m.last}
		}
		if total := assign(blocks); total < best {
			best = total
			for i, m := range images {
				m.offset = blocks[i].offset
			}
		}
		if best <= least {
			break
		}
	}
	return best
}

// live is the most bytes of images that are in use at one time, each rounded
// up to where the next can begin: no heap is smaller.
func live(images []*image) int64 {
	change := map[int]int64{}
	last := 0
	for _, m := range images {
		size := int64(roundUp(int(m.size()), alignment))
		change[m.first] += size
		change[m.last+1] -= size
		last = max(last, m.last)
	}
	most, now := int64(0), int64(0)
	for at := range last + 1 {
		now += change[at]
		most = max(most, now)
	}
	return most
}

// block is a range of memory in use from step first to step last.
type block struct {
	size, offset int64
	first, last  int
}

// assign gives each block an offset, in the order given, and returns the size
// of the whole.
func assign(blocks []block) int64 {
	var total int64
	var placed []block // by offset
	for i := range blocks {
		b := &blocks[i]
		b.offset = 0
		for _, p := range placed {
			together := b.first <= p.last && p.first <= b.last
			if together && b.offset < p.offset+p.size && p.offset < b.offset+b.size {
				b.offset = (p.offset + p.size + alignment - 1) / alignment * alignment
			}
		}
		at, _ := slices.BinarySearchFunc(placed, b.offset, func(p block, offset int64) int { return cmp.Compare(p.offset, offset) })
		placed = slices.Insert(placed, at, *b)
		total = max(total, (b.offset+b.size+alignment-1)/alignment*alignment)
	}
	return total
}
