package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Sizes that the demo takes, in pixels: of the low picture that it renders, and
// of a photograph. Both are a side's.
const (
	smallestSide      = 16
	largestSide       = 1024
	smallestSceneSide = 176 // so that details fit in the comparison
)

// options are the program's flags.
type options struct {
	frames        int
	width, height int
	device        string
	seed          int64
	photo         bool // -in is given: enlarge it
	in, out       string
	model         string
}

const usage = `upscale draws a 3D scene small, has a neural network enlarge it to twice the
size between two render passes of one command buffer, and writes pictures that
compare the result with classical filters and with a supersampled reference.

  upscale [flags]                        draw the scene, write to out/upscale/
  upscale -in photo.png -out big.png     enlarge a picture, PNG or JPEG

`

// parse reads the flags. A help request is flag.ErrHelp; every other error is
// one line.
func parse(args []string, help io.Writer) (options, error) {
	o := options{}
	set := flag.NewFlagSet("upscale", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.IntVar(&o.frames, "frames", 8, "how many `frames` to draw; the pictures are of the last (1 to 10000)")
	set.IntVar(&o.width, "width", 640, "width of the low picture in `pixels` (176 to 1024); the result has twice that")
	set.IntVar(&o.height, "height", 360, "height of the low picture in `pixels` (176 to 1024)")
	set.StringVar(&o.device, "device", "", "part of the `name` of the device to use, such as llvmpipe, or its number; the best one if not given")
	set.Int64Var(&o.seed, "seed", 4, "which scene to draw: any `number`")
	set.StringVar(&o.in, "in", "", "a `picture` to enlarge instead of drawing the scene: PNG or JPEG, 16x16 to 1024x1024")
	set.StringVar(&o.out, "out", filepath.Join("out", "upscale"), "the `folder` to write to, or with -in the PNG file")
	set.StringVar(&o.model, "model", "", "a Core ML `package` (.mlpackage) to use instead of the built-in network: input color, output upscaled, twice the size")
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(help, usage)
		set.SetOutput(help)
		set.PrintDefaults()
		return o, err
	}
	if err != nil {
		return o, fmt.Errorf("%w: run with -h to see the flags", err)
	}
	given := map[string]bool{}
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })
	return o, o.check(set.Args(), given)
}

func (o *options) check(rest []string, given map[string]bool) error {
	if len(rest) > 0 {
		return fmt.Errorf("%q is not a flag: run with -h to see them", rest[0])
	}
	within := func(name string, value, least, most int) error {
		if value < least || value > most {
			return fmt.Errorf("-%s is %d: it must be from %d to %d", name, value, least, most)
		}
		return nil
	}
	o.photo = given["in"]
	if !o.photo {
		return cmp.Or(
			within("frames", o.frames, 1, 10000),
			within("width", o.width, smallestSceneSide, largestSide),
			within("height", o.height, smallestSceneSide, largestSide))
	}
	if o.in == "" {
		return errors.New("-in is empty: give the picture to enlarge")
	}
	for _, name := range []string{"frames", "width", "height", "seed"} {
		if given[name] {
			return fmt.Errorf("-%s is for drawing the scene: it has no meaning with -in", name)
		}
	}
	if !given["out"] || !strings.EqualFold(filepath.Ext(o.out), ".png") {
		return errors.New("with -in, -out must name the PNG file to write, such as -out big.png")
	}
	return nil
}
