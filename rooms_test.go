package weft_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rooms lists, from the top down, what each room of the project may import of
// it. A package belongs to the longest room its path begins with.
var rooms = []struct {
	room string
	may  []string
}{
	{"weft/models/train", []string{"weft/demos", "weft/metal", "weft/metal/system"}},
	{"weft/bench", []string{"weft/bench", "weft/graph", "weft/passes", "weft/metal", "weft/metal/system", "weft/coreml"}},
	{"weft/demos", []string{"weft/demos", "weft/graph", "weft/passes", "weft/metal", "weft/metal/system", "weft/shaders", "weft/models", "weft/barriers", "weft/coreml"}},
	{"weft/cmd", []string{"weft/graph", "weft/barriers", "weft/passes", "weft/metal", "weft/metal/system", "weft/metal/vulkan/network", "weft/coreml"}},
	{"weft/models", []string{"weft/metal"}},
	{"weft/passes", []string{"weft/graph", "weft/metal", "weft/shaders", "weft/coreml"}},
	{"weft/graph", []string{"weft/barriers", "weft/metal"}},
	{"weft/barriers", []string{"weft/metal"}},
	{"weft/shaders", []string{"weft/metal", "weft/metal/spirv", "weft/shaders"}},
	{"weft/metal/system", []string{"weft/metal", "weft/metal/apple", "weft/metal/vulkan", "weft/metal/record"}},
	{"weft/metal/apple/objc", nil},
	{"weft/metal/apple/sdk", nil},
	{"weft/metal/apple/standin", []string{"weft/barriers", "weft/metal", "weft/metal/spirv", "weft/metal/apple/objc", "weft/metal/apple/sdk", "weft/coreml"}},
	{"weft/metal/vulkan", []string{"weft/metal", "weft/metal/rules", "weft/metal/spirv", "weft/metal/vulkan", "weft/coreml"}},
	{"weft/metal/record", []string{"weft/metal", "weft/metal/rules", "weft/coreml"}},
	{"weft/metal/apple", []string{"weft/metal", "weft/metal/rules", "weft/metal/apple/objc", "weft/coreml"}},
	{"weft/metal/rules", []string{"weft/metal", "weft/metal/spirv"}},
	{"weft/metal/metaltest", []string{"weft/metal", "weft/metal/metaltest", "weft/metal/spirv", "weft/coreml"}},
	{"weft/metal/spirv", []string{"weft/metal"}},
	{"weft/metal", nil},
	{"weft/coreml", []string{"weft/coreml"}},
	{"weft", nil},
}

// Imports point down only, so that a reader follows data one way. The tests of
// a room may use anything.
func TestImportsPointDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	require.NoError(t, err)
	seen := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); ; seen++ {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		room := roomOf(pkg.ImportPath)
		require.GreaterOrEqual(t, room, 0, "%s is in no room", pkg.ImportPath)
		for _, imported := range pkg.Imports {
			if imported == "weft" || strings.HasPrefix(imported, "weft/") {
				assert.True(t, allowed(imported, rooms[room].may), "%s imports %s: %s may import only %v",
					pkg.ImportPath, imported, rooms[room].room, rooms[room].may)
			}
		}
	}
	assert.Greater(t, seen, 10)
}

func roomOf(path string) int {
	best := -1
	for i, r := range rooms {
		if (path == r.room || strings.HasPrefix(path, r.room+"/")) && (best < 0 || len(r.room) > len(rooms[best].room)) {
			best = i
		}
	}
	return best
}

// allowed reports whether the import lies in one of the rooms; weft/metal alone
// does not open the drivers below it.
func allowed(path string, may []string) bool {
	for _, room := range may {
		if path == room || room != "weft/metal" && strings.HasPrefix(path, room+"/") {
			return true
		}
	}
	return false
}
