package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	_ "image/jpeg" // registers the format
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
)

// Load reads a PNG or JPEG file whose sides are from smallest to largest
// pixels, turned as its EXIF orientation asks. The error is one line that names
// the file and says what would be right.
func Load(path string, smallest, largest int) (*image.NRGBA, error) {
	data, err := read(path)
	if err != nil {
		return nil, err
	}
	// The header first: a small file can claim a huge picture.
	header, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s is not a picture that can be read (%w): give a PNG or a JPEG", path, err)
	}
	if min(header.Width, header.Height) < smallest || max(header.Width, header.Height) > largest {
		return nil, fmt.Errorf("%s is %dx%d: sides must be from %d to %d pixels", path, header.Width, header.Height, smallest, largest)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s is a broken %s (%w)", path, format, err)
	}
	upright := toNRGBA(img)
	if format == "jpeg" {
		upright = turn(upright, orientation(data))
	}
	return upright, nil
}

// maxFile is the largest file that is read, in bytes: far more than a picture
// of the sizes that Load takes needs.
const maxFile = 256 << 20

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("cannot read %s: it is not a file", path)
	}
	if err == nil && info.Size() > maxFile {
		return nil, fmt.Errorf("cannot read %s: it has %d MiB; a picture may have %d", path, info.Size()>>20, maxFile>>20)
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, cause(err))
	}
	return data, nil
}

func toNRGBA(img image.Image) *image.NRGBA {
	b := img.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Bounds(), img, b.Min, draw.Src)
	return out
}

// Save writes a PNG. The file appears under its name only when it is whole: a
// failure leaves what was there before.
func Save(path string, img image.Image) error {
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return fmt.Errorf("cannot encode %s: %w", path, err)
	}
	return WriteFile(path, buf.Bytes())
}

// WriteFile writes data to path as a whole or not at all.
func WriteFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // the first error is the one to tell
		return fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	return nil
}

// cause is the error without the name of the file it is about: the caller's
// text has a better one.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
