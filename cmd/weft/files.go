package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"weft/graph"
)

// read opens a file, or standard input, and says which it was in errors.
func (t *terminal) read(file string, use func(io.Reader) error) error {
	from := t.stdin
	if file == stdinName {
		if t.piped {
			return fmt.Errorf("standard input can be read once: give one of the files by its name")
		}
		t.piped = true
	} else {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		from = f
	}
	return inFile(file, use(from))
}

// stdinName is what standard input is called on the command line.
const stdinName = "-"

// inFile puts the name of a file before each line of an error.
func inFile(name string, err error) error {
	if err == nil {
		return nil
	}
	if name == stdinName {
		name = "standard input"
	}
	var lines []string
	for line := range strings.Lines(err.Error()) {
		lines = append(lines, name+": "+strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "graph: "))
	}
	return fmt.Errorf("%s", strings.Join(lines, "\n"))
}

func (t *terminal) readGraph(file string) (g *graph.Graph, err error) {
	err = t.read(file, func(r io.Reader) error {
		g, err = graph.ReadJSON(r)
		return err
	})
	return g, err
}

func (t *terminal) readPlan(file string) (d *graph.PlanDocument, err error) {
	err = t.read(file, func(r io.Reader) error {
		d, err = graph.ReadPlan(r)
		return err
	})
	return d, err
}

// write writes all of a text or nothing: to standard output, or to a file that
// is there whole or as it was. What is no regular file, such as a device or a
// pipe, is written to and stays what it is, and so do links.
func (t *terminal) write(file string, text *bytes.Buffer) error {
	if file == "" {
		_, err := text.WriteTo(t.stdout)
		return err
	}
	mode := os.FileMode(0o644)
	switch info, err := os.Stat(file); {
	case err != nil: // not there yet
	case info.IsDir():
		return fmt.Errorf("%s: is a directory: give -o a file", file)
	case !info.Mode().IsRegular():
		return writeInto(file, text)
	default:
		mode = info.Mode().Perm()
		if target, err := filepath.EvalSymlinks(file); err == nil {
			file = target
		}
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), ".weft-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name()) // gone if all went well
	_, err = text.WriteTo(temporary)
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(temporary.Name(), mode)
	}
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func writeInto(file string, text *bytes.Buffer) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = text.WriteTo(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
