// Weft plans frames without a GPU, judges plans, and looks at Core ML packages
// and runs them.
//
//	weft plan [-prefer time|memory] [-format json|text|dot] [-o FILE] GRAPH.json
//	weft check [-prefer time|memory] GRAPH.json PLAN.json
//	weft model [-shape NAME=1x3x360x640 ...] [-format text|json] PACKAGE
//	weft run -in FILE [-in NAME=FILE ...] [-out FILE ...] [-check FILE ...] PACKAGE
//
// A graph document says which resources a frame has and what its passes read
// and write. Plan writes the order in which to encode the passes, the queue
// barriers that keep them right on Metal 4, frame after frame, and where
// transient memory lies: as JSON, as text with the reason for each barrier, or
// as a drawing for Graphviz.
//
// Check judges a plan for a graph, whoever made it: each pair of accesses that
// nothing orders or flushes, each barrier, stage and flush that can go, what
// Metal does not allow, overlapping memory, wrong figures, passes that are
// missing, too many, in a wrong order or in encoders where they cannot be, and
// wrong reasons. It prints one finding a line, and how long the frame takes
// beside what weft makes of the same order and memory.
//
// Model says what a package takes and gives, what operations it is made of, how
// many parameters, GFLOP and bytes at some extents of its inputs, and whether it
// runs: if not, all that is refused and why. It reads packages whose weights are
// missing too, and model files alone. The scratch it prints is for a device with
// the limits of Mesa's CPU driver.
//
// Run runs a package on files. A .png is a picture: for what Core ML calls an
// image as that one asks; for an array [1, 3, H, W] or [1, 1, H, W] its channels
// are from 0 to 1, or as -scale and -bias say. A .npy is NumPy's file of one
// array, a .f32 raw little-endian floats. Inputs whose extents are not fixed
// take those of -shape, else those of the file, else the package's default. Run
// prints how long the network took on the GPU, and with -check how far an output
// is from a reference.
//
// A file called - is standard input. The exit status is 0 if all is well; 1 if
// a plan is wrong, a file is, or an output by -within; 2 if the command line is.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

const usage = `Weft plans frames without a GPU, judges plans, and runs Core ML packages.

  weft plan [flags] GRAPH.json             write the plan of a graph
  weft check [flags] GRAPH.json PLAN.json  say what is wrong with a plan
  weft model [flags] PACKAGE               say what a Core ML package is, costs, and whether it runs
  weft run [flags] PACKAGE                 run a Core ML package on files

weft plan -h and the like list the flags. A file called - is standard input.
Exit status: 0 all is well, 1 a plan or a file is wrong, 2 usage.
`

// errUsage ends a command whose usage has been printed.
var errUsage = errors.New("usage")

// run runs a command line and returns its exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	t := &terminal{stdin: stdin, stdout: stdout, stderr: stderr}
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	var err error
	switch args[0] {
	case "plan":
		err = t.plan(args[1:])
	case "check":
		err = t.check(args[1:])
	case "model":
		err = t.model(args[1:])
	case "run":
		err = t.run(args[1:])
	case "-h", "-help", "--help", "help":
		fmt.Fprint(stdout, usage)
		return 0
	default:
		fmt.Fprintf(stderr, "weft: there is no command %q: use plan, check, model or run\n\n%s", args[0], usage)
		return 2
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, errWrong):
		return 1
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(stderr, "weft: %s\n", strings.TrimSuffix(line, "\n"))
	}
	return 1
}

// terminal is what a command talks to.
type terminal struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	piped          bool // standard input has been read
}

// flags begins a command's flags.
func (t *terminal) flags(name, arguments, about string) *flag.FlagSet {
	f := flag.NewFlagSet("weft "+name, flag.ContinueOnError)
	f.SetOutput(t.stderr)
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "weft %s [flags] %s\n\n%s\n\n", name, arguments, about)
		f.PrintDefaults()
	}
	return f
}

// parse reads flags and as many files as there are names for, in any order.
func (t *terminal) parse(f *flag.FlagSet, args []string, names ...string) ([]string, error) {
	var files []string
	for {
		switch err := f.Parse(args); {
		case errors.Is(err, flag.ErrHelp):
			return nil, err
		case err != nil:
			return nil, errUsage // flag has said why
		}
		if args = f.Args(); len(args) == 0 {
			break
		}
		files, args = append(files, args[0]), args[1:]
	}
	if len(files) != len(names) {
		return nil, t.misuse(f, "%d files given: give %s", len(files), strings.Join(names, " and "))
	}
	return files, nil
}

func (t *terminal) misuse(f *flag.FlagSet, format string, args ...any) error {
	fmt.Fprintf(t.stderr, "%s: %s\n\n", f.Name(), fmt.Sprintf(format, args...))
	f.Usage()
	return errUsage
}

// words makes a flag that takes one of a few words; the first is its default.
func words(f *flag.FlagSet, name, about string, allowed ...string) *string {
	value := allowed[0]
	f.Func(name, about, func(given string) error {
		for _, word := range allowed {
			if word != "" && given == word {
				value = given
				return nil
			}
		}
		return fmt.Errorf("use %s", strings.TrimPrefix(strings.Join(allowed, " or "), " or "))
	})
	return &value
}
