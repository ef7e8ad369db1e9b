package vulkan

import "os"

const envSeparator = ";"

// setenv sets a variable that is not set.
func setenv(name, value string) {
	if _, ok := os.LookupEnv(name); !ok {
		_ = os.Setenv(name, value) // only a malformed name fails
	}
}
