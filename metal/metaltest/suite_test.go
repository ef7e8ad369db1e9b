package metaltest_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/metaltest"
	"weft/metal/record"
)

const blind = "WEFT_TEST_BLIND_DEVICE"

// The suite can fail: a device that claims to draw, and draws nothing, passes
// no test of what shaders compute.
func TestTheSuiteSeesThatNothingIsDrawn(t *testing.T) {
	if os.Getenv(blind) != "" {
		metaltest.Run(t, func(*testing.T) metal.Device { return record.New(record.Options{}) }, metaltest.Options{Executes: true})
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), blind+"=1")
	out, err := cmd.CombinedOutput()
	require.Error(t, err, "everything passed on a device that draws nothing")

	// What such a device does right: what no shader computes.
	blameless := map[string]bool{
		"compute/no_groups_at_all":                             true,
		"networks/bindings_say_name,_type,_extents_and_access": true,
	}
	failed := 0
	results := regexp.MustCompile(`(?m)^ *--- (PASS|FAIL): `+t.Name()+`/(\w+)/(.*) \(`).FindAllStringSubmatch(string(out), -1)
	for _, r := range results {
		result, area, test := r[1], r[2], r[2]+"/"+r[3]
		if result == "FAIL" {
			failed++
		}
		switch {
		case strings.Contains(" compute tables mips render targets depth multisample indirect sampling networks ", " "+area+" ") && !blameless[test]:
			assert.Equal(t, "FAIL", result, "%s sees nothing", test)
		case strings.Contains(" buffers copies textures heaps events misuse ", " "+area+" "):
			assert.Equal(t, "PASS", result, test)
		}
	}
	assert.Greater(t, failed, 45)
	t.Logf("%d of %d tests fail", failed, len(results))
}
