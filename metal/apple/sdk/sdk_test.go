package sdk_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal/apple/sdk"
)

// read decodes one of the SDK's tables. It knows nothing of the generator.
func read(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "metal4", name))
	if os.IsNotExist(err) {
		t.Skip("the SDK's tables are not beside the project: nothing is compared with them")
	}
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, into))
}

// object is any JSON object.
type object = map[string]any

func objects(v any) []any { a, _ := v.([]any); return a }

// nullability is what a nullable key means: missing, false or true.
func nullability(v any) sdk.Nullability {
	switch v {
	case true:
		return sdk.Nullable
	case false:
		return sdk.Nonnull
	}
	return sdk.Unspecified
}

// signature writes a method out: "- T? name:(T?) name:(T!)".
func signature(class bool, selector, returns string, null sdk.Nullability, arguments []sdk.Argument) string {
	marks := map[sdk.Nullability]string{sdk.Nonnull: "!", sdk.Nullable: "?"}
	s := map[bool]string{true: "+ ", false: "- "}[class] + returns + marks[null] + " " + selector
	for _, a := range arguments {
		s += " (" + a.Type + marks[a.Null] + ")" + a.Name
	}
	return s
}

func TestMessagesAreTheSDKs(t *testing.T) {
	var tables struct{ Types map[string]object }
	read(t, "selectors.json", &tables)
	types, methods, byHand := 0, 0, 0
	for _, ty := range sdk.Types() {
		theirs, ok := tables.Types[ty.Name]
		if ty.ByHand {
			byHand += len(ty.Methods)
			assert.False(t, ok, "%s is declared by hand, but the SDK's tables have it", ty.Name)
			continue
		}
		if !assert.True(t, ok, "the SDK has no %s", ty.Name) {
			continue
		}
		types++
		assert.Equal(t, theirs["kind"] == "protocol", ty.Protocol, ty.Name)
		var inherits []string
		for _, parent := range objects(theirs["inherits"]) {
			inherits = append(inherits, parent.(string))
		}
		assert.Equal(t, inherits, ty.Inherits, ty.Name)
		signatures := map[string]string{}
		for _, m := range objects(theirs["methods"]) {
			m := m.(object)
			var arguments []sdk.Argument
			for _, a := range objects(m["args"]) {
				a := a.(object)
				arguments = append(arguments, sdk.Argument{Name: a["name"].(string), Type: a["type"].(string), Null: nullability(a["nullable"])})
			}
			assert.Contains(t, []any{"instance", "class"}, m["kind"])
			s := signature(m["kind"] == "class", m["selector"].(string), m["return"].(string), nullability(m["return_nullable"]), arguments)
			if m["since"] == nil {
				signatures[m["selector"].(string)] = s
			}
		}
		for _, m := range ty.Methods {
			methods++
			assert.Equal(t, signatures[m.Selector], signature(m.Class, m.Selector, m.Returns, m.ReturnsNull, m.Arguments), ty.Name)
			assert.Len(t, m.Arguments, strings.Count(m.Selector, ":"), "%s %s", ty.Name, m.Selector)
		}
	}
	t.Logf("%d messages of %d types are as in the SDK; %d of Foundation are declared by hand, which nothing here can compare", methods, types, byHand)
	assert.Greater(t, methods, 150)
}

func TestEnumsAreTheSDKs(t *testing.T) {
	var tables struct {
		Enums map[string]struct {
			Kind, Underlying string
			Values           map[string]json.Number
			Since            map[string]string
		}
	}
	read(t, "enums.json", &tables)
	constants := 0
	for _, e := range sdk.Enums() {
		theirs := tables.Enums[e.Name]
		assert.Equal(t, theirs.Underlying, e.Underlying, e.Name)
		assert.Equal(t, theirs.Kind == "NS_OPTIONS", e.Options, e.Name)
		assert.Len(t, e.Values, len(theirs.Values), e.Name)
		for _, c := range e.Values {
			constants++
			value, err := theirs.Values[c.Name].Int64()
			require.NoError(t, err, c.Name)
			assert.Equal(t, value, int64(c.Value), c.Name)
			assert.Equal(t, theirs.Since[c.Name], c.Since, c.Name)
		}
	}
	t.Logf("%d constants of %d enumerations are as in the SDK", constants, len(sdk.Enums()))
	assert.Greater(t, constants, 300)
}

func TestStructsAreTheSDKs(t *testing.T) {
	var tables struct{ Structs map[string]object }
	read(t, "structs.json", &tables)
	for _, s := range sdk.Structs() {
		theirs := tables.Structs[s.Name]
		require.NotNil(t, theirs, s.Name)
		assert.Equal(t, theirs["size"], float64(s.Size), s.Name)
		assert.Equal(t, theirs["align"], float64(s.Align), s.Name)
		fields := objects(theirs["fields"])
		require.Len(t, s.Fields, len(fields), s.Name)
		for i, f := range s.Fields {
			assert.Equal(t, fields[i], object{"name": f.Name, "type": f.Type, "offset": float64(f.Offset), "size": float64(f.Size)})
		}
		passing := theirs["arm64_passing"].(string)
		switch p := sdk.Pass(s.Name); p.Kind {
		case sdk.StructPointer:
			assert.Contains(t, passing, "pointer to caller copy", s.Name)
		case sdk.StructWords:
			assert.Contains(t, passing, "by value in "+string(rune('0'+p.Words))+" GP register", s.Name)
		case sdk.StructDoubles:
			assert.Contains(t, passing, "HFA", s.Name)
		default:
			t.Errorf("%s is passed as %v", s.Name, p)
		}
	}
	t.Logf("%d structures have the SDK's layout", len(sdk.Structs()))
}
