package sdk_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal/apple/sdk"
)

// covered says of each used message that foreign-function layers pass wrongly
// how it is sent. A C function of objc/testdata/abi.c, under its selector, takes
// what the method takes: that it arrives is tested there.
var covered = map[string]string{
	"MTL4ComputeCommandEncoder copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:":              "11 words; the address of the last origin travels on the stack",
	"MTL4ComputeCommandEncoder copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toBuffer:destinationOffset:destinationBytesPerRow:destinationBytesPerImage:": "11 words",
	"MTL4ComputeCommandEncoder copyFromBuffer:sourceOffset:sourceBytesPerRow:sourceBytesPerImage:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:": "11 words; the address of the origin travels on the stack",
	"MTL4RenderCommandEncoder drawIndexedPrimitives:indexCount:indexType:indexBuffer:indexBufferLength:instanceCount:baseVertex:baseInstance:":                              "10 words",
	"MTL4RenderCommandEncoder setDepthBias:slopeScale:clamp:":     "3 floats, by a registered function",
	"MTL4RenderCommandEncoder setBlendColorRed:green:blue:alpha:": "4 floats, by a registered function",
	"MTLSamplerDescriptor setLodMinClamp:":                        "1 float, by a registered function",
	"MTLSamplerDescriptor setLodMaxClamp:":                        "1 float, by a registered function",
	"MTLRenderPassColorAttachmentDescriptor setClearColor:":       "4 doubles, by a registered function",
	"MTLRenderPassDepthAttachmentDescriptor setClearDepth:":       "1 double, by a registered function",
	"CAMetalLayer setDrawableSize:":                               "2 doubles, by a registered function",
}

func TestRiskyMessagesAreCovered(t *testing.T) {
	var risks map[string][]string
	read(t, "abi_risk.json", &risks)
	c, err := os.ReadFile(filepath.Join("..", "objc", "testdata", "abi.c"))
	require.NoError(t, err)
	used := map[string]bool{}
	for risk, entries := range risks {
		for _, entry := range entries {
			name, facts, _ := strings.Cut(entry, " (")
			name, result, _ := strings.Cut(name, " -> ")
			typeName, selector, _ := strings.Cut(name, " ")
			m, ok := declared(typeName, selector)
			if !ok {
				continue
			}
			used[name] = true
			how, ok := covered[name]
			assert.True(t, ok, "%s is used, and it is a risk (%s): say in covered how it is sent", name, risk)
			assert.True(t, strings.Contains(string(c), "// "+selector+"\n"), "abi.c has no function for %s", name)
			n, floats, doubles := words(t, name, m)
			switch risk {
			case "more_than_8_words":
				count, err := strconv.Atoi(strings.TrimSuffix(facts, " words)"))
				require.NoError(t, err)
				assert.Equal(t, count, n, name)
				assert.True(t, strings.HasPrefix(how, strconv.Itoa(n)+" words"), "%s: %s", name, how)
			case "float_args":
				assert.True(t, floats || doubles, name)
				assert.Contains(t, how, "registered function", name)
			case "big_struct_after_registers":
				assert.Contains(t, how, "stack", name)
			default:
				t.Errorf("%s is used, and nothing sends what is a risk by %s %s", name, risk, result)
			}
		}
	}
	for name := range covered {
		assert.True(t, used[name], "covered lists %s, which is no risk or not used", name)
	}
	t.Logf("%d of the messages at risk are used, all covered", len(used))
}

// declared returns a method of a type itself.
func declared(typeName, selector string) (*sdk.Method, bool) {
	if ty, ok := sdk.TypeNamed(typeName); ok {
		for i := range ty.Methods {
			if ty.Methods[i].Selector == selector {
				return &ty.Methods[i], true
			}
		}
	}
	return nil, false
}

// What came after 26.0 is in no message of the table, and where an enumeration
// has a newer constant the table says so.
func TestNothingNewerIsUsed(t *testing.T) {
	var introduced map[string]struct {
		Methods   []string `json:"methods_added"`
		Constants []string `json:"enum_constants_added"`
	}
	read(t, "introduced.json", &introduced)
	newer := 0
	for release, added := range introduced {
		for _, name := range added.Methods {
			newer++
			typeName, selector, _ := strings.Cut(name, " ")
			_, ok := declared(typeName, selector)
			assert.False(t, ok, "%s came with %s", name, release)
		}
		for _, name := range added.Constants {
			newer++
			for _, e := range sdk.Enums() {
				for _, c := range e.Values {
					if c.Name == name {
						assert.Equal(t, "macOS "+release, c.Since, name)
					}
				}
			}
		}
	}
	assert.Positive(t, newer)
}
