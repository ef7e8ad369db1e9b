package sdk_test

import (
	"reflect"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/apple/sdk"
)

// What the CPU writes for the GPU to read has Apple's layout.
func TestGoStructsAreTheSDKs(t *testing.T) {
	for name, mirror := range map[string]any{
		"MTLDrawPrimitivesIndirectArguments":        metal.DrawIndirectArguments{},
		"MTLDrawIndexedPrimitivesIndirectArguments": metal.DrawIndexedIndirectArguments{},
		"MTLDispatchThreadgroupsIndirectArguments":  struct{ ThreadgroupsPerGrid [3]uint32 }{},
		"MTL4TimestampHeapEntry":                    struct{ Timestamp uint64 }{},
	} {
		s, ok := sdk.StructNamed(name)
		require.True(t, ok, name)
		ty := reflect.TypeOf(mirror)
		assert.Equal(t, s.Size, int(ty.Size()), name)
		require.Len(t, s.Fields, ty.NumField(), name)
		for i, f := range s.Fields {
			mine := ty.Field(i)
			assert.Equal(t, f.Name, string(unicode.ToLower(rune(mine.Name[0])))+mine.Name[1:], name)
			assert.Equal(t, f.Offset, int(mine.Offset), "%s.%s", name, f.Name)
			assert.Equal(t, f.Size, int(mine.Type.Size()), "%s.%s", name, f.Name)
			signed := map[string]bool{"int32_t": true, "uint32_t": false, "uint64_t": false}
			is, ok := signed[f.Type]
			if ok {
				assert.Equal(t, is, mine.Type.Kind() == reflect.Int32, "%s.%s is %s", name, f.Name, f.Type)
			}
		}
	}
}

// A field lies where C puts it: at the next multiple of its alignment.
func TestLayoutsFollowFromTheFields(t *testing.T) {
	for _, s := range sdk.Structs() {
		end, align := 0, 1
		for _, f := range s.Fields {
			a := min(f.Size, 8)
			if inner, ok := sdk.StructNamed(f.Type); ok {
				a = inner.Align
			} else if f.Name == "threadgroupsPerGrid" {
				a = 4 // uint32_t[3]
			}
			align = max(align, a)
			assert.Equal(t, (end+a-1)/a*a, f.Offset, "%s.%s", s.Name, f.Name)
			end = f.Offset + f.Size
		}
		assert.Equal(t, align, s.Align, s.Name)
		assert.Equal(t, (end+align-1)/align*align, s.Size, s.Name)
	}
}
