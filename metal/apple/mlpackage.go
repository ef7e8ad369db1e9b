package apple

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"weft/coreml"
	"weft/metal"
)

// compiled checks that the .mtlpackage of a network is there, and made of this
// .mlpackage: of the same bytes where "make models" has noted their sums beside
// it, else it must not be older.
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
	if noted, err := os.ReadFile(n.Compiled + ".sha256"); err == nil {
		now, err := sums(n.Package)
		if err != nil {
			return fmt.Errorf("its Package: %w", err)
		}
		if now != string(noted) {
			return fmt.Errorf("%s was made of another .mlpackage than the one that is there now: %s", n.Compiled, remedy)
		}
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

// sums is what shasum -a 256 prints for the files of a folder, in order.
func sums(folder fs.FS) (string, error) {
	var lines []string
	err := fs.WalkDir(folder, ".", func(name string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		file, err := folder.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		h := sha256.New()
		if _, err := io.Copy(h, file); err != nil {
			return err
		}
		lines = append(lines, fmt.Sprintf("%x  ./%s\n", h.Sum(nil), name))
		return nil
	})
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[2*sha256.Size:], b[2*sha256.Size:]) })
	return strings.Join(lines, ""), err
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
