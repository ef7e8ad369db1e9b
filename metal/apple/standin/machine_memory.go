package standin

import (
	"slices"

	"weft/barriers"
	"weft/metal"
)

// allocation is what residency sets hold, and what uses memory: a heap, a
// buffer, a texture or a view of one, a tensor.
type allocation struct {
	object *object
	metal  metal.Allocation
	// parent is whose memory this uses: the heap it is placed in, the texture
	// that it is a view of, the buffer of a tensor. What is resident makes its
	// children resident.
	parent *allocation
	// heap and offset say where it is placed; nil for memory of its own.
	heap   *heap
	offset int
	// nowhere marks memoryless textures: there is nothing to be resident.
	nowhere bool
	gone    bool // the client's last reference is
	users   int  // children, and itself until it is gone
}

func (a *allocation) base() *allocation { return a }

// String names it as faults do.
func (a *allocation) String() string { return a.object.String() }

// hold counts a child in.
func (a *allocation) hold() *allocation { a.users++; return a }

// drop gives the memory back when neither the client nor a child uses it: views
// and placed resources keep what they lie in alive, as in Objective-C.
func (a *allocation) drop() {
	if a.users--; a.users > 0 {
		return
	}
	if a.metal != nil {
		a.metal.Release()
	}
	if a.heap != nil {
		a.heap.placed--
	}
	if a.parent != nil {
		a.parent.drop()
	}
}

type heap struct {
	allocation
	metal   metal.Heap
	storage metal.StorageMode
	size    int
	placed  int // resources that live in it
}

type buffer struct {
	allocation
	metal   metal.Buffer
	address uint64
	length  int
	storage metal.StorageMode
}

type texture struct {
	allocation
	metal      metal.Texture
	descriptor metal.TextureDescriptor // normalized
	root       *texture                // what it is a view of, or itself
	mip, slice int                     // where it begins in root
	id         uint64
	drawable   *drawable // whose picture it is, or nil
}

type tensor struct {
	allocation
	metal      metal.Tensor
	descriptor metal.TensorDescriptor // normalized
	buffer     *buffer                // nil where it has memory of its own
	start      int                    // in buffer
	id         uint64
}

// storageOf splits MTLResourceOptions; ok is false for what Metal 4 has not.
func storageOf(options uint64) (s metal.StorageMode, ok bool) {
	s = metal.StorageMode(options >> 4 & 0xf)
	return s, s == metal.StorageModeShared || s == metal.StorageModePrivate || s == metal.StorageModeMemoryless
}

// resourceStorage is the storage mode of a descriptor, which may be set as such
// or with the resource options; the later one counts in Metal, and here they
// must agree.
func resourceStorage(c *call, d *object, otherwise metal.StorageMode) metal.StorageMode {
	s := otherwise
	options, hasOptions := d.has("resourceOptions")
	if hasOptions {
		var ok bool
		if s, ok = storageOf(options); !ok {
			c.fault("resourceOptions %#x name storage mode %d: shared (0), private (2) and memoryless (3) exist on a Metal 4 device", options, options>>4&0xf)
		}
	}
	if mode, ok := d.has("storageMode"); ok {
		if hasOptions && metal.StorageMode(mode) != s {
			c.fault("storageMode %d and the resource options %#x contradict each other: set one of them", mode, options)
		}
		s = metal.StorageMode(mode)
	}
	return s
}

func (m *machine) newHeap(c *call) {
	d := c.object(0)
	h := &heap{size: d.integer("size"), storage: resourceStorage(c, d, metal.StorageModePrivate)}
	const placement = 1
	if kind := d.integer("type"); kind != placement {
		c.fault("a heap of type %d: resources are placed at offsets only in one of type MTLHeapTypePlacement (1)", kind)
		return
	}
	var err error
	if h.metal, err = m.device.NewHeap(metal.HeapDescriptor{Size: h.size, Storage: h.storage}); err != nil {
		c.fault("%v", err)
		return
	}
	h.allocation = allocation{metal: h.metal, users: 1}
	h.object = c.create("MTLHeap", h)
}

func (m *machine) newBuffer(c *call) { m.makeBuffer(c, nil, 0) }

func (m *machine) newBufferInHeap(c *call) {
	if h, ok := c.self().state.(*heap); ok {
		m.makeBuffer(c, h, c.integer(2))
	}
}

func (m *machine) makeBuffer(c *call, h *heap, offset int) {
	b := &buffer{length: c.integer(0)}
	var ok bool
	if b.storage, ok = storageOf(c.word(1)); !ok || b.storage == metal.StorageModeMemoryless {
		c.fault("options %#x name storage mode %d: a buffer is shared (0) or private (2)", c.word(1), c.word(1)>>4&0xf)
		return
	}
	d := metal.BufferDescriptor{Length: b.length, Storage: b.storage}
	var err error
	if h == nil {
		b.metal, err = m.device.NewBuffer(d)
	} else {
		b.metal, err = h.metal.NewBuffer(d, offset)
	}
	if err != nil {
		c.fault("%v", err)
		return
	}
	b.allocation = allocation{metal: b.metal, users: 1}
	b.settle(h, offset)
	m.addresses.give(b)
	b.object = c.create("MTLBuffer", b)
}

// settle places a resource in a heap.
func (a *allocation) settle(h *heap, offset int) {
	if h == nil {
		return
	}
	a.heap, a.offset, a.parent = h, offset, h.hold()
	h.placed++
}

// textureDescriptor reads an MTLTextureDescriptor, with Metal's defaults.
func textureDescriptor(c *call, d *object) metal.TextureDescriptor {
	return metal.TextureDescriptor{
		Type:   metal.TextureType(d.integer("textureType")),
		Format: metal.PixelFormat(d.integer("pixelFormat")),
		Width:  d.integer("width"), Height: d.integer("height"), Depth: d.integer("depth"),
		Layers: d.integer("arrayLength"), Mips: d.integer("mipmapLevelCount"), Samples: d.integer("sampleCount"),
		Storage: resourceStorage(c, d, metal.StorageModeShared),
		Usage:   metal.TextureUsage(d.integer("usage")),
	}
}

func (m *machine) newTexture(c *call) { m.makeTexture(c, nil, 0) }

func (m *machine) newTextureInHeap(c *call) {
	if h, ok := c.self().state.(*heap); ok {
		m.makeTexture(c, h, c.integer(1))
	}
}

func (m *machine) makeTexture(c *call, h *heap, offset int) {
	t := &texture{descriptor: textureDescriptor(c, c.object(0))}
	if t.descriptor.Storage == metal.StorageModeShared {
		c.fault("a shared texture: this stand-in's textures are private (2) or memoryless (3)")
	}
	var err error
	if h == nil {
		t.metal, err = m.device.NewTexture(t.descriptor)
	} else {
		t.metal, err = h.metal.NewTexture(t.descriptor, offset)
	}
	if err != nil {
		c.fault("%v", err)
		return
	}
	t.finish(m)
	t.settle(h, offset)
	t.object = c.create("MTLTexture", t)
}

func (t *texture) finish(m *machine) {
	t.descriptor = t.metal.Descriptor()
	t.allocation = allocation{metal: t.metal, users: 1, nowhere: t.descriptor.Storage == metal.StorageModeMemoryless}
	if t.root == nil {
		t.root = t
	}
	t.id = m.name(t)
}

func (m *machine) newView(c *call) {
	base, ok := c.self().state.(*texture)
	if !ok {
		return
	}
	v := metal.TextureViewDescriptor{Format: metal.PixelFormat(c.word(0)), Type: metal.TextureType(c.word(1))}
	levels, slices := c.structure(2), c.structure(3)
	if levels[1] == 0 || slices[1] == 0 {
		c.fault("a view of %d levels and %d slices: at least one of each", levels[1], slices[1])
		return
	}
	v.MipStart, v.MipEnd = int(levels[0]), int(levels[0]+levels[1])
	v.SliceStart, v.SliceEnd = int(slices[0]), int(slices[0]+slices[1])
	made, err := base.metal.NewView(v)
	if err != nil {
		c.fault("%v", err)
		return
	}
	t := &texture{metal: made, root: base.root, mip: base.mip + v.MipStart, slice: base.slice + v.SliceStart, drawable: base.drawable}
	t.finish(m)
	t.parent = base.hold()
	t.object = c.create("MTLTexture", t)
}

// memory is the allocation whose bytes something uses, and which part of it: of
// a view the texture, of a tensor the buffer.
func (a *allocation) memory() (*allocation, barriers.Part) {
	switch x := a.object.state.(type) {
	case *texture:
		return &x.root.allocation, barriers.Part{
			Mips:   barriers.Range{First: int64(x.mip), End: int64(x.mip + x.descriptor.Mips)},
			Layers: barriers.Range{First: int64(x.slice), End: int64(x.slice + x.descriptor.Slices())},
		}
	case *tensor:
		if x.buffer != nil {
			return &x.buffer.allocation, bytesPart(x.start, x.descriptor.Size())
		}
	}
	return a, barriers.Part{}
}

func bytesPart(from, size int) barriers.Part {
	return barriers.Part{Bytes: barriers.Range{First: int64(from), End: int64(from + size)}}
}

// addresses gives each buffer a range of addresses that no other ever has.
type addresses struct {
	next   uint64
	ranges []*buffer // by address
}

// The first address, and what is left free behind each buffer, so that nothing
// that runs over the end of one is in another.
const (
	firstAddress = 0x10_0000_0000
	addressGap   = 1 << 16
)

func (a *addresses) give(b *buffer) {
	if a.next == 0 {
		a.next = firstAddress
	}
	b.address = a.next
	a.next += (uint64(b.length) + 2*addressGap - 1) &^ (addressGap - 1)
	a.ranges = append(a.ranges, b)
}

// find returns the buffer that an address lies in, and how far in.
func (a *addresses) find(address uint64) (*buffer, int, bool) {
	i, found := slices.BinarySearchFunc(a.ranges, address, func(b *buffer, address uint64) int {
		switch {
		case b.address > address:
			return 1
		case b.address < address:
			return -1
		}
		return 0
	})
	if !found {
		i--
	}
	if i < 0 || address-a.ranges[i].address >= uint64(a.ranges[i].length) {
		return nil, 0, false
	}
	return a.ranges[i], int(address - a.ranges[i].address), true
}
