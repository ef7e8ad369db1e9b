package network

import "fmt"

// image is where a picture lives in memory: for each picture of a batch, and
// each group of four channels, a plane of rows of four-component elements, a
// border of zeros around each plane.
//
// Before the first plane and after the last lie guards: elements that a
// convolution reads while it computes results that nobody keeps, beyond the
// border. They hold anything.
type image struct {
	source Source
	name   string
	format ElementFormat
	halves bool // the program declares its values as fp16
	border border
	planes int // of one picture
	batch  int // pictures
	// pitch is the elements of a row, rows the rows of a plane, with borders.
	pitch, rows int
	before      int // elements of the guard
	after       int
	offset      int64 // bytes, in the heap or the weights
	// first and last are the nodes that write first and read last.
	first, last int
}

// listImage is an image whose elements are those of a list, four by four.
func listImage(v *value) *image {
	return &image{
		source: FromHeap, name: v.name, format: RGBA32Float, planes: 1, batch: 1,
		pitch: ceilDiv(v.elements(), 4), rows: 1,
	}
}

// plane is the elements of one plane.
func (m *image) plane() int { return m.pitch * m.rows }

// elements is the size in elements, guards included.
func (m *image) elements() int { return m.before + m.batch*m.planes*m.plane() + m.after }

// size is the size in bytes, guards included.
func (m *image) size() int64 { return int64(m.elements()) * int64(m.format.Bytes()) }

// base is the index of the element of row 0 and column 0 of the first plane.
func (m *image) base() int { return m.before + m.border.top*m.pitch + m.border.left }

// check refuses an image that a device cannot read or write.
func (m *image) check(d Device) error {
	if int64(m.elements()) > d.MaxTexelBufferElements {
		return fmt.Errorf("the intermediate %q takes %d elements of four channels; the device reads at most %d (maxTexelBufferElements): use a smaller picture",
			m.name, m.elements(), d.MaxTexelBufferElements)
	}
	if bytes := int64(m.plane()+m.before+m.after) * int64(m.format.Bytes()); bytes > d.MaxStorageBufferRange {
		return fmt.Errorf("four channels of the intermediate %q take %d bytes; the device writes at most %d (maxStorageBufferRange): use a smaller picture",
			m.name, bytes, d.MaxStorageBufferRange)
	}
	return nil
}

// area is a rectangle of pixels, ends inclusive.
type area struct{ top, left, bottom, right int }

// beside is the border that reading the area needs around a picture.
func (a area) beside(height, width int) border {
	return border{
		left: max(0, -a.left), top: max(0, -a.top),
		right: max(0, a.right-(width-1)), bottom: max(0, a.bottom-(height-1)),
	}
}
