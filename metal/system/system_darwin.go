package system

import (
	"errors"

	"weft/metal"
)

// errMac is all that macOS gets for now.
var errMac = errors.New("the Metal driver of weft is not there yet, so on macOS nothing can be drawn")

var native = driver{
	open: func(Options) (metal.Device, error) { return nil, errMac },
	list: func() ([]string, error) { return nil, errMac },
}
