package mil

import (
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"weft/coreml"
)

// manifest is Manifest.json: it names the model file. Identifiers have only
// to be unique within it.
const manifest = `{
  "fileFormatVersion": "1.0.0",
  "itemInfoEntries": {
    "00000000-0000-4000-8000-000000000001": {
      "author": "com.apple.CoreML", "description": "CoreML Model Specification",
      "name": "model.mlmodel", "path": "com.apple.CoreML/model.mlmodel"
    },
    "00000000-0000-4000-8000-000000000002": {
      "author": "com.apple.CoreML", "description": "CoreML Model Weights",
      "name": "weights", "path": "com.apple.CoreML/weights"
    }
  },
  "rootModelIdentifier": "00000000-0000-4000-8000-000000000001"
}
`

// The files of a package, relative to its folder.
const (
	manifestPath = "Manifest.json"
	modelPath    = "Data/com.apple.CoreML/model.mlmodel"
	weightsPath  = "Data/com.apple.CoreML/weights/weight.bin"
)

// Encode returns the files of a package by their paths in its folder, always
// the same bytes for the same package.
func Encode(p *coreml.Package) (map[string][]byte, error) {
	e := encoder{spec: p.SpecificationVersion}
	model, err := e.model(p)
	if err != nil {
		return nil, fmt.Errorf("mil: %w", err)
	}
	return map[string][]byte{manifestPath: []byte(manifest), modelPath: model, weightsPath: e.blobs.bytes()}, nil
}

// WriteDir writes a package into the folder dir, which it makes.
func WriteDir(dir string, p *coreml.Package) error {
	files, err := Encode(p)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return fmt.Errorf("mil: %w", err)
		}
		if err := os.WriteFile(full, files[name], 0o644); err != nil {
			return fmt.Errorf("mil: %w", err)
		}
	}
	return nil
}

// blobFile gathers weight.bin.
type blobFile struct {
	data  []byte
	count uint32
}

// blobTypes maps MIL's types to the numbering of blob storage.
var blobTypes = map[coreml.DataType]uint32{
	coreml.Float16: 1, coreml.Float32: 2, coreml.UInt8: 3, coreml.Int8: 4, coreml.BFloat16: 5,
	coreml.Int16: 6, coreml.UInt16: 7, coreml.Int4: 8, coreml.UInt1: 9, coreml.UInt2: 10, coreml.UInt4: 11,
	coreml.UInt3: 12, coreml.UInt6: 13, coreml.Int32: 14, coreml.UInt32: 15,
	coreml.Float8E4M3: 16, coreml.Float8E5M2: 17,
}

// add stores a constant and returns the offset of its metadata.
func (b *blobFile) add(t *coreml.Tensor) uint64 {
	for len(b.data)%64 != 0 || len(b.data) == 0 {
		b.data = append(b.data, make([]byte, 64-len(b.data)%64)...)
	}
	offset := uint64(len(b.data))
	meta := make([]byte, 64)
	le := binary.LittleEndian
	le.PutUint32(meta, 0xDEADBEEF)
	le.PutUint32(meta[4:], blobTypes[t.Type.DataType])
	le.PutUint64(meta[8:], uint64(len(t.Data)))
	le.PutUint64(meta[16:], offset+64)
	le.PutUint64(meta[24:], uint64(len(t.Data)*8-t.Type.Elements()*t.Type.DataType.Bits()))
	b.data = append(append(b.data, meta...), t.Data...)
	b.count++
	return offset
}

func (b *blobFile) bytes() []byte {
	if b.data == nil {
		b.data = make([]byte, 64)
	}
	binary.LittleEndian.PutUint32(b.data, b.count)
	binary.LittleEndian.PutUint32(b.data[4:], 2) // the version
	return b.data
}

// message is a protobuf message being written.
type message []byte

func (m *message) number(field protowire.Number, v uint64) {
	*m = protowire.AppendVarint(protowire.AppendTag(*m, field, protowire.VarintType), v)
}

func (m *message) bytes(field protowire.Number, b []byte) {
	*m = protowire.AppendBytes(protowire.AppendTag(*m, field, protowire.BytesType), b)
}

func (m *message) text(field protowire.Number, s string) {
	if s != "" {
		m.bytes(field, []byte(s))
	}
}

// entry writes an entry of a map.
func (m *message) entry(field protowire.Number, key string, value []byte) {
	var e message
	e.bytes(1, []byte(key))
	e.bytes(2, value)
	m.bytes(field, e)
}

// packed writes a repeated number.
func (m *message) packed(field protowire.Number, values []uint64) {
	var p []byte
	for _, v := range values {
		p = protowire.AppendVarint(p, v)
	}
	m.bytes(field, p)
}
