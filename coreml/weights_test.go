package coreml

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

// blobFile is a weights file with one blob.
func blobFile(kind uint32, data []byte) []byte {
	file := make([]byte, blobHeaderBytes+blobMetadataBytes, blobHeaderBytes+blobMetadataBytes+len(data))
	le := binary.LittleEndian
	le.PutUint32(file, 1)
	le.PutUint32(file[4:], blobVersion)
	le.PutUint32(file[64:], blobSentinel)
	le.PutUint32(file[68:], kind)
	le.PutUint64(file[72:], uint64(len(data)))
	le.PutUint64(file[80:], 128)
	return append(file, data...)
}

func TestReadBlob(t *testing.T) {
	file := blobFile(3, []byte{1, 2, 3})
	data, err := readBlob(file, 64, Type{UInt8, []int{3}})
	require.NoError(t, err)
	require.Equal(t, []byte{1, 2, 3}, data)
	for _, offset := range []uint64{0, 63, 65, 128, 131, 1 << 63, ^uint64(0), ^uint64(0) - 63} {
		_, err := readBlob(file, offset, Type{UInt8, []int{3}})
		require.Error(t, err, "%d", offset)
	}
}

func FuzzBlob(f *testing.F) {
	f.Add(blobFile(3, []byte{1, 2, 3}), uint64(64), uint8(UInt8), 3)
	f.Add(blobFile(1, []byte{0, 60}), uint64(64), uint8(Float16), 1)
	f.Fuzz(func(t *testing.T, file []byte, offset uint64, kind uint8, n int) {
		kindOf := DataType(kind)
		if !kindOf.Known() || n < 0 || n > 1<<20 {
			return
		}
		typ := Type{kindOf, []int{n}}
		data, err := readBlob(file, offset, typ)
		if err != nil {
			return
		}
		require.Len(t, data, typ.Bytes())
		tensor := &Tensor{Type: typ, Data: data}
		if values, err := tensor.Float32s(); err == nil {
			require.Len(t, values, n)
		}
	})
}
