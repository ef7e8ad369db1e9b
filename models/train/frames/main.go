// Command frames renders the pictures that the upscaler is trained on: the
// demo's scenes at 640x360 as they are drawn each frame, and at 1280x720 with
// 16 samples a pixel.
//
//	go run ./models/train/frames -out DIR
//
// It writes DIR/{train,validation,test}.low.npy and .reference.npy, which
// train.py reads. Each split has scenes of its own.
package main

import (
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"weft/demos/upscale/scene"
	"weft/metal"
	"weft/metal/system"
)

// The first seed of each split. Seeds below the training seeds are held out:
// what the demo draws by default was never trained on.
const (
	testSeeds       = 101
	trainSeeds      = 1001
	validationSeeds = 9001
)

// stride is the distance of the frames taken of a scene: about two seconds, so
// that the camera has moved on.
const stride = 61

type options struct {
	out                string
	device             string
	scenes, validation int
	test, frames       int
	workers            int
}

func main() {
	o := options{}
	flag.StringVar(&o.out, "out", filepath.Join("out", "frames"), "`folder` to write to")
	flag.StringVar(&o.device, "device", "", system.Usage)
	flag.IntVar(&o.scenes, "scenes", 100, "how many `scenes` to train on")
	flag.IntVar(&o.validation, "validation", 6, "how many `scenes` choose the best weights")
	flag.IntVar(&o.test, "test", 8, "how many `scenes` judge them")
	flag.IntVar(&o.frames, "frames", 8, "how many `frames` to take of each scene")
	flag.IntVar(&o.workers, "workers", min(4, runtime.NumCPU()), "how many `scenes` to draw at a time")
	flag.Parse()
	if err := run(o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(o options, log io.Writer) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("%q is not a flag: run with -h to see them", flag.Arg(0))
	}
	if o.scenes < 1 || o.scenes > validationSeeds-trainSeeds || o.validation < 1 || o.test < 1 || o.test > trainSeeds-testSeeds || o.frames < 1 || o.workers < 1 {
		return errors.New("-scenes, -validation, -test, -frames and -workers must be at least 1, -scenes at most 8000, -test at most 900")
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	for _, split := range []struct {
		name          string
		first, scenes int
	}{
		{"test", testSeeds, o.test},
		{"validation", validationSeeds, o.validation},
		{"train", trainSeeds, o.scenes},
	} {
		start := time.Now()
		if err := o.render(split.name, split.first, split.scenes); err != nil {
			return fmt.Errorf("%s: %w", split.name, err)
		}
		fmt.Fprintf(log, "%s: seeds %d to %d, %d frames, %v\n", split.name, split.first, split.first+split.scenes-1,
			split.scenes*o.frames, time.Since(start).Round(time.Second))
	}
	return nil
}

// render draws the scenes of one split and writes its two files.
func (o *options) render(name string, first, scenes int) (err error) {
	file := func(part string, width, height int) (*npy, error) {
		return createNPY(filepath.Join(o.out, name+"."+part+".npy"), scenes*o.frames, image.Pt(width, height))
	}
	low, err := file("low", 640, 360)
	if err != nil {
		return err
	}
	reference, err := file("reference", 1280, 720)
	if err != nil {
		return errors.Join(err, low.close())
	}
	// Building a scene keeps one core busy for longer than drawing it does the
	// GPU, so several workers share the work, each with a device of its own.
	next, failures := make(chan int), make(chan error, o.workers)
	for range o.workers {
		go func() { failures <- o.work(next, first, low, reference) }()
	}
	running := o.workers
	for i := 0; i < scenes && err == nil; {
		select {
		case next <- i:
			i++
		case err = <-failures:
			running--
		}
	}
	close(next)
	for range running {
		if failure := <-failures; err == nil {
			err = failure
		}
	}
	if err != nil {
		return errors.Join(err, low.file.Close(), reference.file.Close())
	}
	return errors.Join(low.close(), reference.close())
}

// work draws scenes by number until there are no more.
func (o *options) work(next <-chan int, first int, low, reference *npy) error {
	device, err := system.Device(system.Options{Name: o.device})
	if err != nil {
		return err
	}
	defer device.Release()
	for i := range next {
		if err := o.draw(device, int64(first+i), i*o.frames, low, reference); err != nil {
			return fmt.Errorf("seed %d: %w", first+i, err)
		}
	}
	return nil
}

// draw takes the frames of one scene, which go to place at and after.
func (o *options) draw(device metal.Device, seed int64, at int, low, reference *npy) error {
	studio, err := scene.NewStudio(device, seed, scene.StudioOptions{})
	if err != nil {
		return err
	}
	defer studio.Release()
	for i := range o.frames {
		small, large, err := studio.Pair(i * stride)
		if err != nil {
			return err
		}
		if err := errors.Join(low.put(at+i, small), reference.put(at+i, large)); err != nil {
			return err
		}
	}
	return nil
}
