//go:build !darwin

package system

import (
	"errors"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A process whose Vulkan loader finds no driver is told what to install.
func TestNoDriverNamesThePackages(t *testing.T) {
	if os.Getenv("WEFT_TEST_NO_DRIVER") != "" {
		_, err := Device(Options{})
		if err != nil {
			os.Stdout.WriteString("error: " + err.Error())
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestNoDriverNamesThePackages$")
	cmd.Env = append(os.Environ(), "WEFT_TEST_NO_DRIVER=1", "VK_ICD_FILENAMES=/nonexistent.json", "VK_DRIVER_FILES=/nonexistent.json")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "error: no device can be opened: ")
	assert.Contains(t, string(out), "mesa-vulkan-drivers")
}

func TestAdviceIsGivenOnce(t *testing.T) {
	assert.NoError(t, advise(nil))
	told := errors.New("no loader (on Debian install libvulkan1)")
	assert.Equal(t, told, advise(told))
}
