package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"weft/coreml"
	"weft/metal"
	"weft/metal/system"
)

// runOptions are the flags of weft run.
type runOptions struct {
	in, out, check map[string]string // files by name; "" is the only one
	shapes         map[string][]int
	scale, bias    map[string]float64
	frames         int
	device         string
	within         float64
}

func (t *terminal) run(args []string) error {
	f := t.flags("run", "PACKAGE", "Runs a Core ML package on files: .png (pictures), .npy, or .f32 (raw little-endian floats).\nAn input without a file is an error; outputs without one are computed and not kept.")
	o := runOptions{
		in:     filesFlag(f, "in", "`NAME=FILE`: an input; without NAME= the only one; may come again"),
		out:    filesFlag(f, "out", "`NAME=FILE`: where to write an output, whole or not at all; may come again"),
		check:  filesFlag(f, "check", "`NAME=FILE`: compare an output with a reference, .f32 or .npy; may come again"),
		shapes: shapesFlag(f),
		scale:  numbersFlag(f, "scale", "`NAME=1`: an array's element is a picture's channel, from 0 to 1, times this, plus -bias; default 1"),
		bias:   numbersFlag(f, "bias", "`NAME=0`: see -scale; default 0"),
	}
	f.IntVar(&o.frames, "frames", 5, "time the network in `N` frames, after one to warm up; 0: run it once, without timing")
	f.StringVar(&o.device, "device", "", system.Usage)
	f.Float64Var(&o.within, "within", 0, "with -check: the exit status is 1 if an error is more than this `part` of the reference's range; 0 judges nothing")
	files, err := t.parse(f, args, "PACKAGE")
	if err != nil {
		return err
	}
	if o.frames < 0 {
		return t.misuse(f, "-frames %d: give at least 0", o.frames)
	}
	for _, file := range slices.Concat(slices.Collect(maps.Values(o.in)), slices.Collect(maps.Values(o.out)), slices.Collect(maps.Values(o.check))) {
		if err := checkSuffix(file); err != nil {
			return err
		}
	}
	p, err := coreml.OpenDir(files[0])
	if err != nil {
		return trimmed(err)
	}
	network := metal.Network{Name: filepath.Base(filepath.Clean(files[0])), Package: os.DirFS(files[0])}
	return t.infer(p, network, &o)
}

// infer runs the network and writes what was asked for.
func (t *terminal) infer(p *coreml.Package, network metal.Network, o *runOptions) error {
	inputs, outputs, err := o.endpoints(p)
	if err != nil {
		return err
	}
	contents, err := t.contents(inputs, o.in)
	if err != nil {
		return err
	}
	program, err := o.specialize(p, contents)
	if err != nil {
		return err
	}
	types := program.Variables()
	arrays := map[string]*array{}
	for _, e := range inputs {
		file := o.in[e.Name]
		if arrays[e.Name], err = e.read(file, contents[e.Name], types[e.Name].DataType, types[e.Name].Shape); err != nil {
			return inFile(file, err)
		}
	}
	references := map[string]*array{}
	for _, e := range outputs {
		if file := o.check[e.Name]; file != "" {
			if references[e.Name], err = t.reference(&e, file, types[e.Name]); err != nil {
				return err
			}
		}
	}
	device, err := system.Device(system.Options{Name: o.device})
	if err != nil {
		return err
	}
	defer device.Release()
	r, err := newInference(device, network, program)
	if err != nil {
		return trimmed(err)
	}
	defer r.release()
	for name, a := range arrays {
		r.set(name, a)
	}
	took, err := r.run(o.frames)
	if err != nil {
		return trimmed(err)
	}
	var text bytes.Buffer
	timing(&text, device.Name(), took)
	wrong := false
	for _, e := range outputs {
		a := r.get(e.Name, types[e.Name])
		fmt.Fprintf(&text, "%s: %s\n", e.Name, describe(a))
		if file := o.out[e.Name]; file != "" {
			content, err := e.write(file, a)
			if err != nil {
				return inFile(file, err)
			}
			if err := t.write(file, bytes.NewBuffer(content)); err != nil {
				return err
			}
		}
		if ref := references[e.Name]; ref != nil {
			d := compare(a, ref)
			fmt.Fprintf(&text, "%s: %s\n", e.Name, d.text(&e, a.shape))
			wrong = wrong || o.within > 0 && !(d.relative() <= o.within)
		}
	}
	if err := t.write("", &text); err != nil {
		return err
	}
	if wrong {
		return errWrong
	}
	return nil
}

// endpoints are the features with what flags say of them; the flags' files,
// numbers and shapes without a name get that of the only feature.
func (o *runOptions) endpoints(p *coreml.Package) (inputs, outputs []endpoint, err error) {
	var all []coreml.Feature
	all = append(append(all, p.Inputs...), p.Outputs...)
	if o.in, err = named("-in", "input", o.in, p.Inputs); err != nil {
		return nil, nil, err
	}
	if o.out, err = named("-out", "output", o.out, p.Outputs); err != nil {
		return nil, nil, err
	}
	if o.check, err = named("-check", "output", o.check, p.Outputs); err != nil {
		return nil, nil, err
	}
	if o.shapes, err = nameShape(p, o.shapes); err != nil {
		return nil, nil, err
	}
	number := func(numbers map[string]float64, name string, otherwise float64) float64 {
		if v, ok := numbers[name]; ok {
			return v
		}
		if v, ok := numbers[""]; ok {
			return v
		}
		return otherwise
	}
	for flag, numbers := range map[string]map[string]float64{"-scale": o.scale, "-bias": o.bias} {
		for name, v := range numbers {
			if name != "" && !slices.ContainsFunc(all, func(f coreml.Feature) bool { return f.Name == name }) {
				return nil, nil, fmt.Errorf("%s: there is no input or output %q", flag, name)
			}
			if flag == "-scale" && v == 0 {
				return nil, nil, fmt.Errorf("-scale 0: all pictures would be one")
			}
		}
	}
	for i, f := range all {
		e := newEndpoint(f, number(o.scale, f.Name, 1), number(o.bias, f.Name, 0))
		if i < len(p.Inputs) {
			inputs = append(inputs, e)
		} else {
			outputs = append(outputs, e)
		}
	}
	return inputs, outputs, nil
}

// contents reads the files of the inputs.
func (t *terminal) contents(inputs []endpoint, files map[string]string) (map[string][]byte, error) {
	all := map[string][]byte{}
	for _, e := range inputs {
		file := files[e.Name]
		if file == "" {
			return nil, fmt.Errorf("the input %q has no file: give -in %s=FILE", e.Name, e.Name)
		}
		content, err := t.content(file)
		if err != nil {
			return nil, err
		}
		all[e.Name] = content
	}
	return all, nil
}

func (t *terminal) content(file string) (content []byte, err error) {
	err = t.read(file, func(r io.Reader) error {
		content, err = io.ReadAll(r)
		return err
	})
	return content, err
}

// reference reads what an output is compared with.
func (t *terminal) reference(e *endpoint, file string, output coreml.Type) (*array, error) {
	if suffix(file) == ".png" {
		return nil, fmt.Errorf("%s: compare with .f32 or .npy: a PNG is rounded", file)
	}
	content, err := t.content(file)
	if err != nil {
		return nil, err
	}
	a, err := e.read(file, content, coreml.Float32, output.Shape)
	return a, inFile(file, err)
}

// specialize fixes the extents: those given, those of files that have some, or
// the default ones.
func (o *runOptions) specialize(p *coreml.Package, contents map[string][]byte) (*coreml.Program, error) {
	shapes := maps.Clone(o.shapes)
	defaults, err := p.Shapes(shapes)
	if err != nil {
		return nil, trimmed(err)
	}
	for _, f := range p.Inputs {
		if shapes[f.Name] != nil {
			continue
		}
		var err error
		file := o.in[f.Name]
		switch suffix(file) {
		case ".png":
			shapes[f.Name], err = pictureSize(contents[f.Name], defaults[f.Name])
		case ".npy":
			var a *array
			if a, err = readNPY(contents[f.Name]); err == nil && len(a.shape) == len(defaults[f.Name]) {
				shapes[f.Name] = a.shape
			}
		}
		if err == nil && shapes[f.Name] != nil {
			err = f.Allows(shapes[f.Name])
		}
		if err != nil {
			return nil, inFile(file, fmt.Errorf("for the input %q: %w", f.Name, err))
		}
	}
	if shapes, err = p.Shapes(shapes); err != nil {
		return nil, trimmed(err)
	}
	program, err := p.Specialize(shapes)
	if err != nil {
		return nil, trimmed(err)
	}
	return program, nil
}
