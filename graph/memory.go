package graph

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"weft/barriers"
	"weft/metal"
)

// block is the memory of one transient or scratch.
type block struct {
	resource    int32 // of the lowered frame
	pass        int32 // whose scratch it is, or -1
	class       int
	size, align int
	first, last int32 // positions
	heap        int32
	offset      int
	shared      bool // some of its memory is another's as well
}

// heap is memory that blocks are placed in.
type heap struct {
	kind  HeapKind
	class int
	size  int
}

// maxMemory keeps sums of sizes far from overflow.
const maxMemory = 1 << 50

var errTooLarge = errors.New("graph: the transient resources need more than 2^50 bytes")

// memory places transients and scratches in heaps.
//
// Two of them may share memory if they are not live at one pass. By default
// they also must be ordered already, by the barriers that the frame needs
// anyway, both within a frame and from this frame to the next: so memory is
// shared only where it costs nothing. The placement is first fit by decreasing
// size.
func memory(c *compilation) error {
	if err := c.measure(); err != nil {
		return err
	}
	may := c.mayShare()
	byClass := map[int]int32{}
	bySize := make([]int32, len(c.blocks))
	for i := range bySize {
		bySize[i] = int32(i)
	}
	slices.SortFunc(bySize, func(x, y int32) int {
		a, b := &c.blocks[x], &c.blocks[y]
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.first, b.first), cmp.Compare(x, y))
	})
	var placed [][]int32 // by heap: blocks by offset
	for _, i := range bySize {
		b := &c.blocks[i]
		if b.pass >= 0 {
			continue
		}
		h, ok := byClass[b.class]
		if !ok {
			h = c.addHeap(TransientHeap, b.class)
			byClass[b.class], placed = h, append(placed, nil)
		}
		placed[h] = c.place(b, i, h, placed[h], may)
	}
	c.placeScratch(bySize, may)
	c.markShared(placed)
	return nil
}

func (c *compilation) addHeap(k HeapKind, class int) int32 {
	c.heaps = append(c.heaps, heap{kind: k, class: class})
	return int32(len(c.heaps) - 1)
}

// place puts block b, with index i, at the lowest offset that is free of blocks
// it may not share with, and returns the heap's blocks with it.
func (c *compilation) place(b *block, i, h int32, placed []int32, may func(x, y int32) bool) []int32 {
	offset := 0
	for _, j := range placed {
		other := &c.blocks[j]
		if other.offset+other.size <= offset || may(i, j) {
			continue
		}
		if other.offset >= offset+b.size {
			break
		}
		offset = roundUp(other.offset+other.size, b.align)
	}
	b.heap, b.offset = h, offset
	c.heaps[h].size = max(c.heaps[h].size, offset+b.size)
	at, _ := slices.BinarySearchFunc(placed, offset, func(j int32, offset int) int {
		return cmp.Compare(c.blocks[j].offset, offset)
	})
	return slices.Insert(placed, at, i)
}

// placeScratch gives each scratch a heap: Metal hands the encoder a whole one.
// Scratches that may share do.
func (c *compilation) placeScratch(bySize []int32, may func(x, y int32) bool) {
	var users [][]int32
	firstHeap := len(c.heaps)
	for _, i := range bySize {
		b := &c.blocks[i]
		if b.pass < 0 {
			continue
		}
		at := slices.IndexFunc(users, func(in []int32) bool {
			return !slices.ContainsFunc(in, func(j int32) bool { return !may(i, j) })
		})
		if at < 0 {
			at = len(users)
			users = append(users, nil)
			c.addHeap(ScratchHeap, 0)
		}
		users[at] = append(users[at], i)
		for _, j := range users[at] {
			c.blocks[j].shared = len(users[at]) > 1
		}
		b.heap = int32(firstHeap + at)
		c.heaps[b.heap].size = max(c.heaps[b.heap].size, b.size)
	}
}

// measure lists what is to be placed, with sizes, and finds the lower bound.
func (c *compilation) measure() error {
	g := c.g
	total, largest := 0, 0
	change := make([]int, len(c.order)+1) // of live bytes before each position
	scratch := len(g.resources)
	add := func(resource int, pass int32, s metal.SizeAndAlign) error {
		l := c.lives[resource]
		size, align := roundUp(s.Size, 256), max(s.Align, 256)
		if total += size; total > maxMemory || total < 0 {
			return errTooLarge
		}
		c.blocks = append(c.blocks, block{
			resource: int32(resource), pass: pass, class: s.Class,
			size: size, align: align, first: l.first, last: l.last,
		})
		if pass >= 0 {
			largest = max(largest, size)
			return nil
		}
		change[l.first] += size
		change[l.last+1] -= size
		return nil
	}
	for i := range g.resources {
		if g.resources[i].lifetime.carries() || c.lives[i].first < 0 {
			continue
		}
		s, err := c.size(i)
		if err != nil {
			return fmt.Errorf("graph: resource %q: %w", g.resources[i].name, err)
		}
		if err := add(i, -1, s); err != nil {
			return err
		}
	}
	for _, p := range c.order {
		if c.scratch[p] == 0 {
			continue
		}
		if err := add(scratch, p, metal.SizeAndAlign{Size: c.scratch[p]}); err != nil {
			return err
		}
		scratch++
	}
	live := 0
	for _, d := range change {
		live += d
		c.bound = max(c.bound, live)
	}
	c.bound += largest
	return nil
}

// size is what a resource needs: the device's word, or without one the bytes of
// its texels or rows.
func (c *compilation) size(i int) (metal.SizeAndAlign, error) {
	g := c.g
	r := &g.resources[i]
	switch r.kind {
	case kindTexture:
		d := c.textureDescriptor(i)
		if c.device != nil {
			return c.device.TextureSizeAndAlign(d)
		}
		texels := 0
		for level := range d.Mips {
			s := d.MipSize(level)
			texels += s.Width * s.Height * s.Depth
		}
		bytes := texels * d.Format.BytesPerPixel()
		if bytes > maxMemory/(d.Slices()*d.Samples) {
			bytes = maxMemory
		} else {
			bytes *= d.Slices() * d.Samples
		}
		return metal.SizeAndAlign{Size: bytes}, nil
	case kindTensor:
		d := g.tensors[r.desc]
		d.Storage = metal.StorageModePrivate
		if c.device != nil {
			return c.device.TensorSizeAndAlign(d)
		}
		return metal.SizeAndAlign{Size: d.Size()}, nil
	}
	if c.device != nil {
		return c.device.BufferSizeAndAlign(metal.BufferDescriptor{Label: r.name, Length: r.length, Storage: metal.StorageModePrivate})
	}
	return metal.SizeAndAlign{Size: r.length}, nil
}

// textureDescriptor is the declared descriptor with the usage that the passes
// need.
func (c *compilation) textureDescriptor(i int) metal.TextureDescriptor {
	d := c.g.textures[c.g.resources[i].desc]
	d.Usage |= c.lives[i].usage
	return d
}

// markShared notes which blocks overlap another, and tells the frame where all
// of them lie.
func (c *compilation) markShared(placed [][]int32) {
	for _, list := range placed {
		end, owner := 0, int32(-1)
		for _, i := range list {
			b := &c.blocks[i]
			if owner >= 0 && b.offset < end {
				b.shared, c.blocks[owner].shared = true, true
			}
			if b.offset+b.size > end {
				end, owner = b.offset+b.size, i
			}
		}
	}
	for i := range c.blocks {
		b := &c.blocks[i]
		c.frame.Resources[b.resource].Memory = barriers.Placement{
			Heap: int(b.heap), Offset: int64(b.offset), Size: int64(b.size),
		}
	}
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }
