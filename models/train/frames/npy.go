package main

import (
	"fmt"
	"image"
	"os"
	"strings"
	"sync/atomic"
)

// npy writes pictures of one size as a NumPy array of bytes, [n, height,
// width, 3], in the .npy format, version 1.0: a magic string, the length of a
// header, the header (a Python dictionary, padded so that data starts at a
// multiple of 64 bytes), the data. Pictures may be put in any order, and by
// several goroutines.
type npy struct {
	file    *os.File
	size    image.Point
	start   int64 // of the data
	n       int
	written atomic.Int64
}

func createNPY(path string, n int, size image.Point) (*npy, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	header := npyHeader(n, size)
	if _, err := file.WriteString(header); err != nil {
		_ = file.Close() // the first error is the one to tell
		return nil, err
	}
	return &npy{file: file, size: size, start: int64(len(header)), n: n}, nil
}

func npyHeader(n int, size image.Point) string {
	const magic, align = "\x93NUMPY\x01\x00", 64
	dict := fmt.Sprintf("{'descr': '|u1', 'fortran_order': False, 'shape': (%d, %d, %d, 3), }", n, size.Y, size.X)
	unpadded := len(magic) + 2 + len(dict) + 1
	dict += strings.Repeat(" ", (align-unpadded%align)%align) + "\n"
	return magic + string([]byte{byte(len(dict)), byte(len(dict) >> 8)}) + dict
}

// put writes picture i, once; alpha is dropped.
func (w *npy) put(i int, img *image.NRGBA) error {
	if img.Rect.Size() != w.size {
		return fmt.Errorf("%s: a picture of %v among pictures of %v", w.file.Name(), img.Rect.Size(), w.size)
	}
	if i < 0 || i >= w.n {
		return fmt.Errorf("%s: picture %d of %d", w.file.Name(), i, w.n)
	}
	bytes := make([]byte, 0, 3*w.size.X*w.size.Y)
	for y := range w.size.Y {
		for row := img.Pix[y*img.Stride:][:4*w.size.X]; len(row) > 0; row = row[4:] {
			bytes = append(bytes, row[0], row[1], row[2])
		}
	}
	w.written.Add(1)
	_, err := w.file.WriteAt(bytes, w.start+int64(i)*int64(len(bytes)))
	return err
}

// close ends the file; fewer pictures than announced are an error.
func (w *npy) close() error {
	err := w.file.Close()
	if written := int(w.written.Load()); err == nil && written != w.n {
		err = fmt.Errorf("%s: %d pictures written, its header says %d", w.file.Name(), written, w.n)
	}
	return err
}
