package main

import (
	"bufio"
	"fmt"
	"image"
	"os"
	"strings"
)

// npy writes pictures of one size as a NumPy array of bytes, [n, height,
// width, 3], in the .npy format, version 1.0: a magic string, the length of a
// header, the header (a Python dictionary, padded so that data starts at a
// multiple of 64 bytes), the data. The number of pictures is in the header, so
// it must be known from the start.
type npy struct {
	file  *os.File
	out   *bufio.Writer
	size  image.Point
	left  int
	bytes []byte // one picture
}

func createNPY(path string, n int, size image.Point) (*npy, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	w := &npy{file: file, out: bufio.NewWriterSize(file, 1<<20), size: size, left: n, bytes: make([]byte, 3*size.X*size.Y)}
	_, err = w.out.WriteString(npyHeader(n, size))
	if err != nil {
		_ = file.Close() // the first error is the one to tell
		return nil, err
	}
	return w, nil
}

func npyHeader(n int, size image.Point) string {
	const magic, align = "\x93NUMPY\x01\x00", 64
	dict := fmt.Sprintf("{'descr': '|u1', 'fortran_order': False, 'shape': (%d, %d, %d, 3), }", n, size.Y, size.X)
	unpadded := len(magic) + 2 + len(dict) + 1
	dict += strings.Repeat(" ", (align-unpadded%align)%align) + "\n"
	return magic + string([]byte{byte(len(dict)), byte(len(dict) >> 8)}) + dict
}

// add appends a picture; alpha is dropped.
func (w *npy) add(img *image.NRGBA) error {
	if img.Rect.Size() != w.size {
		return fmt.Errorf("%s: a picture of %v among pictures of %v", w.file.Name(), img.Rect.Size(), w.size)
	}
	if w.left == 0 {
		return fmt.Errorf("%s: more pictures than its header says", w.file.Name())
	}
	w.left--
	to := w.bytes
	for y := range w.size.Y {
		row := img.Pix[y*img.Stride:][:4*w.size.X]
		for ; len(row) > 0; row, to = row[4:], to[3:] {
			copy(to[:3], row)
		}
	}
	_, err := w.out.Write(w.bytes)
	return err
}

// close ends the file; fewer pictures than announced are an error.
func (w *npy) close() error {
	err := w.out.Flush()
	if closeErr := w.file.Close(); err == nil {
		err = closeErr
	}
	if err == nil && w.left != 0 {
		err = fmt.Errorf("%s: %d pictures fewer than its header says", w.file.Name(), w.left)
	}
	return err
}
