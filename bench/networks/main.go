package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"weft/coreml"
	"weft/metal"
	"weft/metal/system"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "networks:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("networks", flag.ContinueOnError)
	name := flags.String("device", "", system.Usage)
	rounds := flags.Int("rounds", 15, "how many times each runs at most; the median counts")
	budget := flags.Duration("time", time.Minute, "how long to measure each network; three rounds at least")
	models := flags.String("models", filepath.Join("..", "shared", "models"), "folder of the packages made by others; those that are not there are left out")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || *rounds < leastRounds {
		return fmt.Errorf("give the folder of the npm package onnxruntime-node, and at least %d rounds: networks [flags] RUNTIME", leastRounds)
	}
	device, err := system.Device(system.Options{Name: *name})
	if err != nil {
		return err
	}
	defer device.Release()
	fmt.Fprintf(out, "weft on %s; ONNX Runtime on the CPU, %d threads; medians, by turns\n", device.Name(), runtime.NumCPU())
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprintln(table, "network\tinput\toutput\tweft, ms\tONNX Runtime, ms\tratio\trounds\tdifference\t")
	for _, s := range subjects(*models) {
		pkg, err := s.open()
		if os.IsNotExist(err) {
			fmt.Fprintf(table, "%s\tnot there\t\t\t\t\t\t\t\n", s.name)
			continue
		}
		if err == nil {
			err = s.measure(device, pkg, flags.Arg(0), *rounds, *budget, table)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// subject is a network to measure.
type subject struct {
	name string
	open func() (*coreml.Package, error)
	fill func(i int) float32 // the input's element i
}

func subjects(models string) []subject {
	noise := func(i int) float32 { return float32(scattered(i) * 255) }
	folder := func(name string) func() (*coreml.Package, error) {
		return func() (*coreml.Package, error) {
			dir := filepath.Join(models, name+".mlpackage")
			if _, err := os.Stat(dir); err != nil {
				return nil, err
			}
			return coreml.OpenDir(dir)
		}
	}
	list := []subject{{"espcn2x", func() (*coreml.Package, error) { return espcn(960, 540) }, func(i int) float32 { return float32(scattered(i)) }}}
	for _, name := range []string{"realcugan-up2x-no-denoise", "RealESRGAN_x4v3_tensor"} {
		list = append(list, subject{name, folder(name), noise})
	}
	return list
}

// leastRounds is how often everything runs, however long it takes.
const leastRounds = 3

// pause is how long both rest between turns: threads that spin for more work
// would take the other's cores.
const pause = 100 * time.Millisecond

// measure adds the network's line to the table.
func (s subject) measure(device metal.Device, pkg *coreml.Package, runtimeFolder string, rounds int, budget time.Duration, table io.Writer) error {
	program, err := pkg.Specialize(nil)
	if err != nil {
		return err
	}
	x := program.Inputs[0]
	input := make([]float32, x.Type.Elements())
	for i := range input {
		input[i] = s.fill(i)
	}
	ours, err := newOurs(device, s.name, pkg, program, input)
	if err != nil {
		return err
	}
	defer ours.close()
	theirs, err := newTheirs(runtimeFolder, program, input)
	if err != nil {
		return err
	}
	defer theirs.close()
	var times [2][]float64
	start := time.Now()
	for round := range rounds + 1 { // the first warms up
		if round > leastRounds && time.Since(start) > budget {
			break
		}
		for k, side := range []interface{ run() (float64, error) }{ours, theirs} {
			ms, err := side.run()
			if err != nil {
				return err
			}
			if round > 0 {
				times[k] = append(times[k], ms)
			}
			time.Sleep(pause)
		}
	}
	difference, err := compare(ours.output(), theirs.output)
	if err != nil {
		return err
	}
	weft, peer := median(times[0]), median(times[1])
	_, err = fmt.Fprintf(table, "%s\t%s\t%s\t%.1f\t%.1f\t%.2f\t%d\t%.2g\t\n", s.name, coreml.FormatShape(x.Type.Shape),
		coreml.FormatShape(program.Variables()[program.Outputs[0]].Shape), weft, peer, weft/peer, len(times[0]), difference)
	return err
}

// allowed is how much of the output's range results may differ: packages
// compute in halves, and what is rounded to whole numbers may tip over.
const allowed = 0.01

// compare returns the largest difference by the range of the output.
func compare(ours []float32, read func() ([]float32, error)) (float64, error) {
	theirs, err := read()
	if err != nil {
		return 0, err
	}
	if len(ours) != len(theirs) {
		return 0, fmt.Errorf("weft gives %d numbers, ONNX Runtime %d", len(ours), len(theirs))
	}
	worst := 0.0
	for i, v := range theirs {
		worst = max(worst, math.Abs(float64(v)-float64(ours[i]))) // NaN if any is
	}
	worst /= float64(slices.Max(theirs) - slices.Min(theirs))
	if !(worst <= allowed) {
		return worst, fmt.Errorf("the results differ by %.2g of the output's range; at most %g is rounding", worst, allowed)
	}
	return worst, nil
}

func median(v []float64) float64 {
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
