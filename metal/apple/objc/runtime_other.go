//go:build !darwin

package objc

import (
	"errors"
	"runtime"
)

// System returns the Objective-C runtime of macOS; elsewhere there is none.
func System() (Runtime, error) {
	return nil, errors.New("objc: Metal is macOS only, and this is " + runtime.GOOS)
}
