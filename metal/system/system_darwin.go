package system

import (
	"errors"
	"os"

	"weft/metal"
	"weft/metal/apple"
)

// errLayer is what macOS gets who asks for Validation too late: Metal reads the
// environment when it is loaded.
var errLayer = errors.New("validation: start the program with MTL_DEBUG_LAYER=1 MTL_SHADER_VALIDATION=1 in its environment, which turn Metal's checks on")

var native = driver{open: openApple, list: listApple}

func openApple(o Options) (metal.Device, error) {
	if o.Validation && os.Getenv("MTL_DEBUG_LAYER") == "" {
		return nil, errLayer
	}
	if o.Name == "0" {
		o.Name = "" // the first of the one that is listed
	}
	d, err := apple.Open(apple.Options{Device: o.Name})
	if err != nil {
		return nil, err // and no nil *apple.Device in an interface
	}
	return d, nil
}

func listApple() ([]string, error) {
	d, err := apple.Open(apple.Options{})
	if err != nil {
		return nil, err
	}
	defer d.Release()
	return []string{d.Name()}, nil
}
