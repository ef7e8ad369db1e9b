package main

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNPY(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.npy")
	w, err := createNPY(path, 2, image.Pt(2, 1))
	require.NoError(t, err)
	img := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	img.SetNRGBA(0, 0, color.NRGBA{R: 1, G: 2, B: 3, A: 255})
	img.SetNRGBA(1, 0, color.NRGBA{R: 4, G: 5, B: 6, A: 255})
	require.NoError(t, w.put(1, img))
	require.ErrorContains(t, w.put(0, image.NewNRGBA(image.Rect(0, 0, 3, 1))), "(3,1)")
	require.ErrorContains(t, w.put(2, img), "picture 2 of 2")
	img.SetNRGBA(0, 0, color.NRGBA{R: 7, G: 8, B: 9, A: 255})
	require.NoError(t, w.put(0, img))
	require.NoError(t, w.close())

	data, err := os.ReadFile(path)
	require.NoError(t, err)
	// What numpy.save writes for numpy.zeros((2, 1, 2, 3), "u1").
	header := "\x93NUMPY\x01\x00\x76\x00{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1, 2, 3), }"
	assert.Equal(t, header, string(data[:len(header)]))
	require.Len(t, data, 128+12)
	assert.Equal(t, byte('\n'), data[127])
	assert.Equal(t, []byte{7, 8, 9, 4, 5, 6, 1, 2, 3, 4, 5, 6}, data[128:])
}

func TestNPYOfTooFew(t *testing.T) {
	w, err := createNPY(filepath.Join(t.TempDir(), "a.npy"), 3, image.Pt(1, 1))
	require.NoError(t, err)
	require.ErrorContains(t, w.close(), "0 pictures written, its header says 3")
}
