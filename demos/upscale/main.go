package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"weft/coreml"
	"weft/metal"
	"weft/metal/system"
	"weft/models"
)

// Exit codes: 2 is for what the user can mend, said in one line.
const (
	exitOK   = 0
	exitUser = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, errs io.Writer) int {
	o, err := parse(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err == nil {
		if o.photo {
			err = enlargePhoto(o, out, errs)
		} else {
			err = show(o, out, errs)
		}
	}
	if err != nil {
		// One line: what follows a mistake in a graph follows from it.
		line, _, _ := strings.Cut(err.Error(), "\n")
		fmt.Fprintf(errs, "upscale: %s\n", line)
		return exitUser
	}
	return exitOK
}

// network is the network to run: the built-in one, or that of -model.
func (o *options) network() (metal.Network, error) {
	if o.model == "" {
		return models.Upscale(), nil
	}
	info, err := os.Stat(o.model)
	if err != nil {
		return metal.Network{}, fmt.Errorf("cannot read the model %s: there is no such folder; give the path of an .mlpackage, or leave -model out", o.model)
	}
	if !info.IsDir() {
		return metal.Network{}, fmt.Errorf("the model %s is a file: an .mlpackage is a folder", o.model)
	}
	pkg, err := coreml.OpenDir(o.model)
	if err != nil {
		return metal.Network{}, fmt.Errorf("the model %s: %w", o.model, err)
	}
	if len(pkg.Inputs) != 1 || pkg.Inputs[0].Name != models.ColorInput || len(pkg.Outputs) != 1 || pkg.Outputs[0].Name != models.UpscaledOutput {
		return metal.Network{}, fmt.Errorf("the model %s has inputs %s and outputs %s: it must have one input, %s, and one output, %s, of %d times its width and height",
			o.model, names(pkg.Inputs), names(pkg.Outputs), models.ColorInput, models.UpscaledOutput, models.UpscaleFactor)
	}
	compiled := strings.TrimSuffix(filepath.Clean(o.model), ".mlpackage") + ".mtlpackage"
	return metal.Network{Name: o.model, Package: os.DirFS(o.model), Compiled: compiled}, nil
}

func names(features []coreml.Feature) string {
	list := make([]string, len(features))
	for i, f := range features {
		list[i] = f.Name
	}
	return strings.Join(list, ", ")
}

// open opens the device and makes a queue on it.
func (o *options) open() (metal.Device, metal.CommandQueue, error) {
	if strings.EqualFold(o.device, system.Record) {
		return nil, nil, fmt.Errorf("-device %s draws nothing, so there would be nothing to see: it is for tests", o.device)
	}
	device, err := system.Device(system.Options{Name: o.device})
	if err != nil {
		return nil, nil, err
	}
	queue, err := device.NewCommandQueue("upscale")
	if err != nil {
		device.Release()
		return nil, nil, err
	}
	return device, queue, nil
}
