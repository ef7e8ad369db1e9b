package main

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"weft/coreml"
)

// shapesFlag makes the flag -shape, which may come once for each input.
func shapesFlag(f *flag.FlagSet) map[string][]int {
	shapes := map[string][]int{}
	f.Func("shape", "`NAME=1x3x360x640`: the shape of an input, outermost extent first; without NAME= of the only input; may come again", func(given string) error {
		name, text, named := strings.Cut(given, "=")
		if !named {
			name, text = "", given
		}
		if _, twice := shapes[name]; twice {
			return fmt.Errorf("the input %q has two shapes", name)
		}
		shape, err := parseShape(text)
		shapes[name] = shape
		return err
	})
	return shapes
}

// nameShape gives a shape without a name that of the only input.
func nameShape(p *coreml.Package, shapes map[string][]int) (map[string][]int, error) {
	shape, ok := shapes[""]
	if !ok {
		return shapes, nil
	}
	name, err := onlyName("input", p.Inputs)
	if err != nil {
		return nil, fmt.Errorf("-shape: %w", err)
	}
	if _, twice := shapes[name]; twice {
		return nil, fmt.Errorf("-shape: the input %q has two shapes", name)
	}
	named := map[string][]int{name: shape}
	for k, v := range shapes {
		if k != "" {
			named[k] = v
		}
	}
	return named, nil
}

// onlyName returns the name of the only feature there is.
func onlyName(what string, features []coreml.Feature) (string, error) {
	if len(features) == 1 {
		return features[0].Name, nil
	}
	var names []string
	for _, f := range features {
		names = append(names, f.Name)
	}
	return "", fmt.Errorf("there are %d %ss, so say which by NAME=: %s", len(features), what, strings.Join(names, ", "))
}

// parseShape reads a shape such as "1x3x360x640".
func parseShape(text string) ([]int, error) {
	var shape []int
	for word := range strings.SplitSeq(text, "x") {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no shape: give extents of at least 1, outermost first, such as 1x3x360x640", text)
		}
		shape = append(shape, n)
	}
	return shape, nil
}

// named gives what has no name that of the only feature, and refuses names
// that no feature has.
func named(flag, what string, files map[string]string, features []coreml.Feature) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := files[name]
		if name == "" {
			only, err := onlyName(what, features)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", flag, file, err)
			}
			name = only
		}
		var known []string
		for _, f := range features {
			known = append(known, f.Name)
		}
		switch {
		case !slices.Contains(known, name):
			return nil, fmt.Errorf("%s: there is no %s %q: there is %s", flag, what, name, strings.Join(known, ", "))
		case out[name] != "":
			return nil, fmt.Errorf("%s: the %s %q has two files", flag, what, name)
		}
		out[name] = file
	}
	return out, nil
}

// filesFlag makes a flag that takes NAME=FILE, or FILE alone, more than once.
func filesFlag(f *flag.FlagSet, name, about string) map[string]string {
	files := map[string]string{}
	f.Func(name, about, func(given string) error {
		feature, file, ok := strings.Cut(given, "=")
		if !ok {
			feature, file = "", given
		}
		switch {
		case file == "":
			return fmt.Errorf("there is no file in it")
		case files[feature] != "":
			return fmt.Errorf("it has two files")
		}
		files[feature] = file
		return nil
	})
	return files
}

// numbersFlag makes a flag that takes NAME=NUMBER, or NUMBER alone.
func numbersFlag(f *flag.FlagSet, name, about string) map[string]float64 {
	numbers := map[string]float64{}
	f.Func(name, about, func(given string) error {
		feature, text, ok := strings.Cut(given, "=")
		if !ok {
			feature, text = "", given
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || v-v != 0 {
			return fmt.Errorf("%q is no number", text)
		}
		numbers[feature] = v
		return nil
	})
	return numbers
}
