package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tables is the folder with what the SDK's headers say.
var tables = filepath.Join("..", "..", "..", "..", "..", "shared", "metal4")

func skipWithoutTables(t *testing.T) {
	if _, err := os.Stat(tables); os.IsNotExist(err) {
		t.Skip("the SDK's tables are not beside the project")
	}
}

func TestFilesAreAsGenerated(t *testing.T) {
	skipWithoutTables(t)
	messages, selectors, err := generate(tables, filepath.Join("..", "uses.txt"))
	require.NoError(t, err)
	for path, want := range map[string][]byte{
		filepath.Join("..", "zmessages.go"):        messages,
		filepath.Join("..", "..", "zselectors.go"): selectors,
	} {
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), "%s: run go generate ./metal/apple/sdk", path)
	}
}

func TestListsAreRefused(t *testing.T) {
	skipWithoutTables(t)
	for list, want := range map[string]string{
		"MTLDevice\n\tnewBufferWithSize:":                         "MTLDevice has no method newBufferWithSize:",
		"MTLDevise\n":                                             "no type MTLDevise",
		"MTLDevice\n\tname\n\tname":                               "MTLDevice lists name twice",
		"MTLDevice\n\tname\nMTLDevice\n":                          "line 3: MTLDevice is opened twice",
		"\tname":                                                  `line 1: "name" belongs to no type`,
		"MTLDevice\n\tname and more":                              "is not a selector",
		"MTLDevice: x":                                            "neither a type's name",
		"MTLDevice\n\tsupportsPlacementSparse":                    "supportsPlacementSparse came with macOS 26.4",
		"constants\n\tMTLTensorDataTypeInt4":                      "MTLTensorDataTypeInt4 came with macOS 26.4",
		"constants\n\tMTLStageAny":                                "no constant MTLStageAny",
		"enums\n\tMTLAny":                                         "no enumeration MTLAny",
		"structs\n\tMTLAny":                                       "no structure MTLAny",
		"class MTLDevice : NSObject\n":                            "MTLDevice is declared by hand",
		"class NSData : NSObject\n":                               "no type NSObject",
		"class NSObject\n\tcount":                                 "is not declared like",
		"class NSObject\n\t- (int)at:":                            "is not declared like",
		"class NSObject\n\t- (id)ab\n\t- (id)a:(int)x b:(int)y z": "is not declared like",
	} {
		path := filepath.Join(t.TempDir(), "uses.txt")
		require.NoError(t, os.WriteFile(path, []byte(list), 0o644))
		_, _, err := generate(tables, path)
		assert.ErrorContains(t, err, want, list)
	}
}

func TestOneNameForTwoSelectorsIsRefused(t *testing.T) {
	_, err := emitSelectors(&table{types: []chosen{{name: "A", t: &sdkType{}, methods: []sdkMethod{{Selector: "set:value:"}, {Selector: "set:Value:"}}}}})
	assert.ErrorContains(t, err, "are both selSetValue")
}
