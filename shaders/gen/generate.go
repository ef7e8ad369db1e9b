package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"weft/metal"
)

// function is a shader on its way through the tools.
type function struct {
	name    string // file name of the source: "scene.vert"
	spirv   []byte
	msl     string
	threads metal.Size
}

// generate makes everything under to from the sources in from, and takes away
// generated files whose source is gone.
func generate(from, to string) error {
	names, err := sources(from)
	if err != nil {
		return err
	}
	if err := tools(); err != nil {
		return err
	}
	functions := make([]function, len(names))
	errs := make([]error, len(names))
	var wait sync.WaitGroup
	for i, name := range names {
		wait.Go(func() { functions[i], errs[i] = build(from, name) })
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return write(to, functions)
}

// sources lists the shaders in a folder, sorted.
func sources(from string) ([]string, error) {
	var names []string
	for _, extension := range []string{"vert", "frag", "comp"} {
		found, err := filepath.Glob(filepath.Join(from, "*."+extension))
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			names = append(names, filepath.Base(path))
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no *.vert, *.frag or *.comp there", from)
	}
	slices.Sort(names)
	return names, nil
}

// build compiles one shader and compares what the two languages bind.
func build(from, name string) (function, error) {
	f := function{name: name}
	var err error
	if f.spirv, err = compile(from, name); err != nil {
		return f, err
	}
	m, declared, err := reflect(f.spirv)
	if err != nil {
		return f, fmt.Errorf("%s: %w", name, err)
	}
	f.threads = m.Threads
	if f.msl, err = metalSource(from, name, f.spirv); err != nil {
		return f, err
	}
	bound, err := parseMSL(f.msl)
	if err != nil {
		return f, fmt.Errorf("%s: MSL: %w", name, err)
	}
	if !maps.Equal(declared, bound) {
		return f, fmt.Errorf("%s: SPIR-V binds %v and MSL %v: they must be the same", name, keys(declared), keys(bound))
	}
	return f, nil
}

// keys lists bindings in a fixed order, for messages.
func keys(m map[binding]bool) []string {
	var all []string
	for b := range m {
		all = append(all, b.String())
	}
	slices.Sort(all)
	return all
}

// write puts the results into the folder to.
func write(to string, functions []function) error {
	keep := map[string]bool{}
	for _, f := range functions {
		keep[spirvPath(f.name)], keep[mslPath(f.name)] = true, true
		if err := writeFile(filepath.Join(to, spirvPath(f.name)), f.spirv); err != nil {
			return err
		}
		if err := writeFile(filepath.Join(to, mslPath(f.name)), []byte(f.msl)); err != nil {
			return err
		}
	}
	for _, pattern := range []string{spirvPath("*"), mslPath("*")} {
		old, err := filepath.Glob(filepath.Join(to, pattern))
		if err != nil {
			return err
		}
		for _, path := range old {
			if rel, err := filepath.Rel(to, path); err == nil && !keep[filepath.ToSlash(rel)] {
				if err := os.Remove(path); err != nil {
					return err
				}
			}
		}
	}
	source, err := emit(functions)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(to, "zfunctions.go"), source)
}

func spirvPath(name string) string { return "spirv/" + name + ".spv" }
func mslPath(name string) string   { return "msl/" + name + ".metal" }

// writeFile writes a file unless it holds just that already.
func writeFile(path string, content []byte) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == string(content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

// variable is the Go name of a shader: "half_size.comp" is HalfSizeComp.
func variable(name string) string {
	var b strings.Builder
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '.' || r == '_' || r == '-' }) {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}
