//go:build !darwin

package objc

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSystemIsOfMacOS(t *testing.T) {
	_, err := System()
	assert.ErrorContains(t, err, "macOS only")
}
