package coreml

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Blob storage version 2, the format of weight.bin: a header of 64 bytes, and
// for each blob 64 bytes of metadata and its data, each starting at a
// multiple of 64. All numbers are little-endian.
const (
	blobHeaderBytes   = 64
	blobMetadataBytes = 64
	blobSentinel      = 0xDEADBEEF
	blobVersion       = 2
)

// maxWeightBytes bounds a weights file: 64 GiB.
const maxWeightBytes = 64 << 30

// blobTypes maps a blob's own numbering of types to MIL's.
var blobTypes = map[uint32]DataType{
	1: Float16, 2: Float32, 3: UInt8, 4: Int8, 5: BFloat16, 6: Int16, 7: UInt16,
	8: Int4, 9: UInt1, 10: UInt2, 11: UInt4, 12: UInt3, 13: UInt6,
	14: Int32, 15: UInt32, 16: Float8E4M3, 17: Float8E5M2,
}

// weightFiles reads the weight files of a package, each once.
type weightFiles struct {
	fsys   fs.FS
	folder string // that of the model file, "@model_path"
	files  map[string][]byte
	// examine goes on without a file that is not there, and notes it in missing.
	examine bool
	missing error
}

// blob returns the data of the blob of type t whose metadata is at offset in
// the file that the program calls name.
func (w *weightFiles) blob(name string, offset uint64, t Type) ([]byte, error) {
	file, err := w.open(name)
	if err != nil {
		return nil, err
	}
	if file == nil {
		return nil, nil
	}
	data, err := readBlob(file, offset, t)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

func (w *weightFiles) open(name string) ([]byte, error) {
	if file, ok := w.files[name]; ok {
		return file, nil
	}
	inside, ok := strings.CutPrefix(name, "@model_path/")
	full := path.Join(w.folder, inside)
	if !ok || inside == "" || !fs.ValidPath(inside) || !fs.ValidPath(full) {
		return nil, fmt.Errorf("the weights file %q is not a path below @model_path", name)
	}
	file, err := readLimited(w.fsys, full, maxWeightBytes)
	absent := errors.Is(err, fs.ErrNotExist)
	if absent {
		err = fmt.Errorf("the program keeps weights in %s, but the package has no such file; ask for a complete package", full)
	}
	if w.examine && (absent || errors.Is(err, errPointer)) {
		w.missing = err
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := checkBlobHeader(file); err != nil {
		return nil, fmt.Errorf("%s: %w", full, err)
	}
	if w.files == nil {
		w.files = map[string][]byte{}
	}
	w.files[name] = file
	return file, nil
}

func checkBlobHeader(file []byte) error {
	if len(file) < blobHeaderBytes {
		return fmt.Errorf("a weights file starts with a header of %d bytes; this one ends after %d", blobHeaderBytes, len(file))
	}
	switch version := binary.LittleEndian.Uint32(file[4:]); version {
	case blobVersion:
		return nil
	case 1:
		return errors.New("blob storage version 1, of neuralNetwork models, is not supported; convert the model to an ML Program with coremltools")
	default:
		return fmt.Errorf("blob storage version %d; version %d is the one supported", version, blobVersion)
	}
}

// readBlob returns the part of file that holds the data of a blob of type t,
// whose metadata is at offset.
func readBlob(file []byte, offset uint64, t Type) ([]byte, error) {
	size := uint64(len(file))
	if offset < blobHeaderBytes || offset > size || size-offset < blobMetadataBytes {
		return nil, fmt.Errorf("the weights at offset %d are out of range: the file has %d bytes, its first blob at %d", offset, size, blobHeaderBytes)
	}
	meta := file[offset : offset+blobMetadataBytes]
	le := binary.LittleEndian
	if s := le.Uint32(meta); s != blobSentinel {
		return nil, fmt.Errorf("there is no blob at offset %d: its first word is %#x, not %#x", offset, s, uint32(blobSentinel))
	}
	kind, ok := blobTypes[le.Uint32(meta[4:])]
	if !ok {
		return nil, fmt.Errorf("the blob at offset %d has the unknown type %d", offset, le.Uint32(meta[4:]))
	}
	if kind != t.DataType {
		return nil, fmt.Errorf("the blob at offset %d holds %s, the program declares %s", offset, kind, t)
	}
	bytes, start := le.Uint64(meta[8:]), le.Uint64(meta[16:])
	if start > size || bytes > size-start {
		return nil, fmt.Errorf("the data of the blob at offset %d is out of range: %d bytes from %d in a file of %d", offset, bytes, start, size)
	}
	if want := uint64(t.Bytes()); bytes != want {
		return nil, fmt.Errorf("the blob at offset %d has %d bytes, %s needs %d", offset, bytes, t, want)
	}
	return file[start : start+bytes : start+bytes], nil
}
