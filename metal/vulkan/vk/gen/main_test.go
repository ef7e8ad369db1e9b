package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGeneratedFilesAreCurrent regenerates the bindings and compares.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	files, err := generate(defaultXML)
	require.NoError(t, err, "the bindings cannot be checked without vk.xml: run `make setup`, which installs libvulkan-dev")
	require.NotEmpty(t, files)
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join("..", name))
		require.NoError(t, err)
		require.Equal(t, string(want), string(have), "%s is not what the generator writes: run `go generate ./metal/vulkan/vk`", name)
	}
}

func TestGenerateNamesWhatIsMissing(t *testing.T) {
	_, err := generate(filepath.Join(t.TempDir(), "vk.xml"))
	require.ErrorContains(t, err, "make setup")

	empty := filepath.Join(t.TempDir(), "vk.xml")
	require.NoError(t, os.WriteFile(empty, []byte("<registry></registry>"), 0o644))
	_, err = generate(empty)
	require.ErrorContains(t, err, "no command vkCreateInstance")
}

func TestConstName(t *testing.T) {
	for in, want := range map[string]string{
		"VK_BUFFER_USAGE_STORAGE_BUFFER_BIT":              "BufferUsageStorageBufferBit",
		"VK_FORMAT_R8G8B8A8_UNORM":                        "FormatR8G8B8A8Unorm",
		"VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT":          "PipelineStage2ComputeShaderBit",
		"VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT": "DebugUtilsMessageSeverityWarningBitEXT",
		"VK_IMAGE_TYPE_2D":                                "ImageType2D",
	} {
		require.Equal(t, want, constName(in))
	}
}

func TestEnumNumber(t *testing.T) {
	for want, v := range map[int64]xmlEnum{
		64:         {BitPos: "6"},
		-3:         {Value: "-3"},
		1000314003: {Offset: "3", ExtNumber: "315"},
		-1000069000: {
			Offset: "0", ExtNumber: "70", Dir: "-",
		},
	} {
		n, err := v.number()
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
}
