package record

import "sync"

// memory is the bytes behind a heap or a resource, there from the first touch
// on: resources that nothing is copied to cost nothing.
type memory struct {
	mu    sync.Mutex
	size  int
	bytes []byte
}

// maxReal is the largest memory, in bytes, that is made real. Copies to and
// from larger ones are checked and not carried out.
const maxReal = 1 << 33

// all returns the bytes, or nil where they are too many.
func (m *memory) all() []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bytes == nil && int64(m.size) <= maxReal {
		m.bytes = make([]byte, m.size)
	}
	return m.bytes
}

type workKind uint8

const (
	workCopy workKind = iota
	workFill
	workTimestamp
)

// work is one command that is carried out at commit.
type work struct {
	kind     workKind
	from, to place
	// A copy is images times rows times length bytes.
	images, rows, length int
	value                byte
	counters             *counterHeap
	index                int
}

// place is where rows lie in memory.
type place struct {
	memory             *memory
	offset, row, image int
}

func (w *work) run(d *Device) {
	switch w.kind {
	case workTimestamp:
		w.counters.write(w.index, uint64(d.ticks.Add(Tick)))
	case workFill:
		if to := w.to.memory.all(); to != nil {
			part := to[w.to.offset : w.to.offset+w.length]
			for i := range part {
				part[i] = w.value
			}
		}
	case workCopy:
		from, to := w.from.memory.all(), w.to.memory.all()
		if from == nil || to == nil {
			return
		}
		for z := range w.images {
			for y := range w.rows {
				src := w.from.offset + z*w.from.image + y*w.from.row
				dst := w.to.offset + z*w.to.image + y*w.to.row
				copy(to[dst:dst+w.length], from[src:src+w.length])
			}
		}
	}
}

// roundUp rounds to a multiple of 256, the size and alignment of everything
// here.
func roundUp(n int) int { return (n + align - 1) / align * align }

const align = 256
