package sdk_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal/apple/sdk"
)

// encoded splits a method's type encoding, as the Objective-C runtime keeps it
// ("Objective-C Runtime Programming Guide", Type Encodings), into the result's
// type and the arguments': "v24@0:8Q16" is v, @, : and Q.
func encoded(types string) []string {
	var parts []string
	for types != "" {
		n := one(types)
		parts = append(parts, strings.TrimLeft(types[:n], "rnNoORVA"))
		types = strings.TrimLeft(types[n:], "0123456789+-")
	}
	return parts
}

// one is the length of the first type of an encoding.
func one(types string) int {
	switch types[0] {
	case 'r', 'n', 'N', 'o', 'O', 'R', 'V', 'A', '^': // qualifiers, and a pointer to what follows
		if len(types) > 1 {
			return 1 + one(types[1:])
		}
	case '{', '[', '(':
		depth := 0
		for i, c := range types {
			if strings.ContainsRune("{[(", c) {
				depth++
			} else if strings.ContainsRune("}])", c) {
				depth--
			}
			if depth == 0 {
				return i + 1
			}
		}
		return len(types)
	case '@':
		if rest := types[1:]; strings.HasPrefix(rest, `"`) {
			return 3 + strings.IndexByte(rest[1:], '"')
		} else if strings.HasPrefix(rest, "?") {
			return 2
		}
	}
	return 1
}

// agrees reports whether a type of the table is what the runtime says.
func agrees(ctype, encoding string) bool {
	p := sdk.Pass(ctype)
	switch p.Kind {
	case sdk.Void:
		return encoding == "v"
	case sdk.Integer:
		letters := map[string]string{"64+": "qlQL", "64": "QLql", "32+": "i", "32": "I", "8": "C"}
		sign := ""
		if p.Signed {
			sign = "+"
		}
		return strings.Contains(letters[fmt.Sprint(p.Bits, sign)], encoding)
	case sdk.Bool:
		return encoding == "B" || encoding == "c"
	case sdk.Object:
		return strings.HasPrefix(encoding, "@") && encoding != "@?"
	case sdk.Block:
		return encoding == "@?"
	case sdk.Selector:
		return encoding == ":"
	case sdk.Handle:
		return strings.HasPrefix(encoding, "@") || strings.HasPrefix(encoding, "^")
	case sdk.Pointer:
		return strings.HasPrefix(encoding, "^") || encoding == "*"
	case sdk.Float:
		return encoding == "f"
	case sdk.Double:
		return encoding == "d"
	case sdk.StructWords, sdk.StructPointer, sdk.StructDoubles:
		name, _, _ := strings.Cut(strings.TrimPrefix(encoding, "{"), "=")
		name = strings.TrimSuffix(name, "}")
		return name == p.Name || name == "_"+p.Name || name == "?" && p.Kind == sdk.StructDoubles
	}
	return false
}

func TestEncodings(t *testing.T) {
	assert.Equal(t, []string{"v", "@", ":", "Q"}, encoded("v24@0:8Q16"))
	assert.Equal(t, []string{"@", "@", ":", "{?=QQQ}", "^@", "@?", "*"}, encoded("@80@0:8{?=QQQ}16^@40@?48r*56"))
	assert.Equal(t, []string{`@"NSString"`, "@", ":", "^{dispatch_queue_s=}", "[4f]", "B"}, encoded(`@"NSString"24@0:8^{dispatch_queue_s=}16[4f]24B28`))
	for ctype, encoding := range map[string]string{
		"void": "v", "NSUInteger": "Q", "NSInteger": "q", "uint32_t": "I", "uint8_t": "C", "BOOL": "B", "float": "f",
		"id<MTLBuffer>": "@", "NSString *": `@"NSString"`, "NSError **": "^@", "const char *": "*", "MTLPixelFormat": "Q",
		"NSRange": "{_NSRange=QQ}", "MTLSize": "{MTLSize=QQQ}", "MTLClearColor": "{?=dddd}",
	} {
		assert.True(t, agrees(ctype, encoding), "%s %s", ctype, encoding)
		for _, other := range []string{"v", "Q", "q", "I", "C", "B", "f", "d", "@?", ":", "{MTLOrigin=QQQ}"} {
			both := strings.Contains("Qq", encoding) && strings.Contains("Qq", other)
			if other != encoding && !both {
				assert.False(t, agrees(ctype, other), "%s %s", ctype, other)
			}
		}
	}
}
