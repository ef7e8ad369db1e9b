package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"weft/coreml"
)

// NumPy's format for one array: a magic string, a version, the length of a
// header, the header, which is a Python dictionary, and the elements
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).

const npyMagic = "\x93NUMPY"

// npyTypes are the element types that are read, by NumPy's names for them.
var npyTypes = map[string]coreml.DataType{
	"b1": coreml.Bool, "i1": coreml.Int8, "u1": coreml.UInt8, "i2": coreml.Int16, "u2": coreml.UInt16,
	"i4": coreml.Int32, "u4": coreml.UInt32, "i8": coreml.Int64, "u8": coreml.UInt64,
	"f2": coreml.Float16, "f4": coreml.Float32, "f8": coreml.Float64,
}

// npyHeader is a header of plain arrays. Others, such as those of records, do
// not match.
var npyHeader = regexp.MustCompile(`^\s*\{\s*` +
	`'descr'\s*:\s*'([<>|=]?)([a-zA-Z]\d*)'\s*,\s*` +
	`'fortran_order'\s*:\s*(True|False)\s*,\s*` +
	`'shape'\s*:\s*\(([0-9L,\s]*)\)\s*,?\s*\}\s*$`)

// readNPY reads a whole .npy file.
func readNPY(data []byte) (*array, error) {
	if len(data) < 10 || string(data[:6]) != npyMagic {
		return nil, fmt.Errorf("it is no .npy file: it does not begin with \\x93NUMPY")
	}
	start, length := 10, int(binary.LittleEndian.Uint16(data[8:]))
	switch data[6] {
	case 1:
	case 2, 3:
		if len(data) < 12 {
			return nil, fmt.Errorf("it ends in its header")
		}
		start, length = 12, int(binary.LittleEndian.Uint32(data[8:]))
	default:
		return nil, fmt.Errorf("version %d of the .npy format: versions 1 to 3 can be read", data[6])
	}
	if length > len(data)-start {
		return nil, fmt.Errorf("it ends in its header")
	}
	header, content := string(data[start:start+length]), data[start+length:]
	m := npyHeader.FindStringSubmatch(header)
	if m == nil {
		return nil, fmt.Errorf("its header is %q: only plain arrays of numbers can be read", strings.TrimSpace(header))
	}
	kind, ok := npyTypes[m[2]]
	switch {
	case !ok:
		return nil, fmt.Errorf("its elements are %q: booleans, integers and floats of 16 to 64 bits can be read; save it with astype('float32')", m[1]+m[2])
	case m[1] == ">" && kind.Bits() > 8:
		return nil, fmt.Errorf("it is big-endian: save it with astype('<%s')", m[2])
	case m[3] == "True":
		return nil, fmt.Errorf("it is in Fortran order: save numpy.ascontiguousarray of it")
	}
	a := &array{kind: kind, shape: []int{}}
	count := 1
	for word := range strings.SplitSeq(m[4], ",") {
		if word = strings.TrimSuffix(strings.TrimSpace(word), "L"); word == "" {
			continue
		}
		n, err := strconv.Atoi(word)
		if err != nil || n > 0 && count > 1<<40/n {
			return nil, fmt.Errorf("its shape (%s) is more than its %d bytes hold", m[4], len(content))
		}
		count *= n
		a.shape = append(a.shape, n)
	}
	if want := count * kind.Bits() / 8; want != len(content) {
		return nil, fmt.Errorf("%s of the shape %s take %d bytes, it has %d", kind, coreml.FormatShape(a.shape), want, len(content))
	}
	a.values = decode(kind, content)
	return a, nil
}

// writeNPY is a file of version 1. What NumPy has no type for, bfloat16,
// becomes float32.
func writeNPY(a *array) []byte {
	kind := a.kind
	if kind == coreml.BFloat16 {
		kind = coreml.Float32
	}
	name := ""
	for n, k := range npyTypes {
		if k == kind {
			name = n
		}
	}
	order := "<"
	if kind.Bits() == 8 {
		order = "|"
	}
	shape := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(a.shape)), ", "), "[]")
	if len(a.shape) == 1 {
		shape += ","
	}
	header := fmt.Sprintf("{'descr': '%s%s', 'fortran_order': False, 'shape': (%s), }", order, name, shape)
	// The elements begin at a multiple of 64, after a line feed.
	header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
	out := bytes.NewBufferString(npyMagic + "\x01\x00")
	out.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(header))))
	out.WriteString(header)
	out.Write(encode(kind, a.values))
	return slices.Clip(out.Bytes())
}
