package graph

import "weft/metal"

// arena is memory for the constants of one frame: shared buffers, filled one
// after another and used again when the frame's turn comes.
type arena struct {
	device metal.Device
	set    metal.ResidencySet
	blocks []metal.Buffer
	block  int // being filled
	used   int // bytes of it
}

const (
	arenaBlock = 256 << 10
	arenaAlign = 256
)

func (a *arena) reset() { a.block, a.used = 0, 0 }

func (a *arena) put(data []byte) (metal.Buffer, int, error) {
	for ; a.block < len(a.blocks); a.block, a.used = a.block+1, 0 {
		b := a.blocks[a.block]
		if a.used < b.Length() && len(data) <= b.Length()-a.used {
			offset := a.used
			copy(b.Contents()[offset:], data)
			a.used = min(roundUp(offset+len(data), arenaAlign), b.Length())
			return b, offset, nil
		}
	}
	b, err := a.device.NewBuffer(metal.BufferDescriptor{
		Label: "uploads", Length: roundUp(max(len(data), arenaBlock), arenaAlign), Storage: metal.StorageModeShared,
	})
	if err != nil {
		return nil, 0, err
	}
	a.blocks = append(a.blocks, b)
	a.set.Add(b)
	a.set.Commit()
	return a.put(data)
}

func (a *arena) release() {
	for _, b := range a.blocks {
		b.Release()
	}
	a.blocks = nil
}
