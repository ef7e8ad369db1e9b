package apple

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"weft/coreml"
	"weft/metal"
)

// compiled checks that the .mtlpackage of a network is there, and not older than
// the .mlpackage that it was made of.
func compiled(n *metal.Network) error {
	const remedy = `run "make models" on a Mac, which makes it of the .mlpackage`
	if n.Compiled == "" {
		return fmt.Errorf("the network has no Compiled, the path of its .mtlpackage: %s", remedy)
	}
	info, err := os.Stat(n.Compiled)
	if err != nil || !info.IsDir() {
		return fmt.Errorf("%s is missing: %s", n.Compiled, remedy)
	}
	if n.Package == nil {
		return nil
	}
	source, err := newest(n.Package)
	if err != nil {
		return fmt.Errorf("its Package: %w", err)
	}
	made, err := newest(os.DirFS(n.Compiled))
	if err != nil {
		return err
	}
	if made.Before(source) {
		return fmt.Errorf("%s is older than the .mlpackage (%s and %s): %s", n.Compiled, made.Format(time.DateTime), source.Format(time.DateTime), remedy)
	}
	return nil
}

// newest is when the latest file of a folder was changed; zero where the files
// have no times, as embedded ones.
func newest(folder fs.FS) (time.Time, error) {
	var last time.Time
	err := fs.WalkDir(folder, ".", func(_ string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		info, err := f.Info()
		if err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
		return err
	})
	return last, err
}

// features are the names of a package's inputs and, after them, its outputs.
type features struct {
	names  []string
	inputs int
}

// readFeatures reads the package and checks the extents that were given against
// it. A network without Package has no features.
func readFeatures(desc *metal.MachineLearningPipelineDescriptor) (features, error) {
	var f features
	if desc.Network.Package == nil {
		return f, nil
	}
	p, err := coreml.Open(desc.Network.Package)
	if err != nil {
		return f, err
	}
	shapes := map[string][]int{}
	for name, dimensions := range desc.InputDimensions { // innermost first in Metal, last in Core ML
		shape := slices.Clone(dimensions)
		slices.Reverse(shape)
		shapes[name] = shape
	}
	if _, err := p.Specialize(shapes); err != nil {
		return f, err
	}
	for _, in := range p.Inputs {
		f.names = append(f.names, in.Name)
	}
	f.inputs = len(f.names)
	for _, out := range p.Outputs {
		f.names = append(f.names, out.Name)
	}
	return f, nil
}

// at is the name of a binding by its index; "" where it is not known.
func (f *features) at(index int) string {
	if index < 0 || index >= len(f.names) {
		return ""
	}
	return f.names[index]
}
