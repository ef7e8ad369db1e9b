package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation reads the EXIF orientation of a JPEG, 1 to 8; 1, upright, where
// there is none or it makes no sense. Cameras store pictures as the sensor lies
// and leave the turning to the reader. Layout: Exif 2.32 (CIPA DC-008), 4.5 and
// 4.6: an APP1 segment "Exif\0\0" with a TIFF header and directory 0, in which
// tag 0x0112 is the orientation.
func orientation(jpeg []byte) int {
	tiff := exif(jpeg)
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := int64(order.Uint16(tiff[at:]))
	for i := range entries {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(tiff)) {
			break
		}
		if order.Uint16(tiff[entry:]) != 0x0112 {
			continue
		}
		if value := int(order.Uint16(tiff[entry+8:])); value >= 1 && value <= 8 {
			return value
		}
		break
	}
	return 1
}

// exif returns the TIFF part of a JPEG's EXIF segment, nil if there is none.
func exif(jpeg []byte) []byte {
	const (
		startOfScan = 0xda
		app1        = 0xe1
	)
	for rest := jpeg[min(2, len(jpeg)):]; len(rest) >= 4 && rest[0] == 0xff && rest[1] != startOfScan; {
		size := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if size > len(rest) {
			return nil
		}
		if tiff, ok := bytes.CutPrefix(rest[4:size], []byte("Exif\x00\x00")); ok && rest[1] == app1 {
			return tiff
		}
		rest = rest[size:]
	}
	return nil
}

// turn makes a picture of that EXIF orientation upright. Orientations 2 to 4
// mirror and turn by 180 degrees; 5 to 8 also swap rows and columns.
func turn(img *image.NRGBA, orientation int) *image.NRGBA {
	if orientation == 1 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewNRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			var sx, sy int
			switch orientation {
			case 2:
				sx, sy = w-1-x, y
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sx, sy = x, h-1-y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			copy(out.Pix[out.PixOffset(x, y):][:4], img.Pix[img.PixOffset(sx, sy):][:4])
		}
	}
	return out
}
