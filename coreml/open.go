package coreml

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// maxModelBytes bounds a model file: protobuf's own limit for a message.
const maxModelBytes = 2<<30 - 1

// maxManifestBytes bounds Manifest.json, which is below a kilobyte.
const maxManifestBytes = 1 << 20

// OpenDir opens the package in the folder dir, such as "upscale.mlpackage".
func OpenDir(dir string) (*Package, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, fmt.Errorf("coreml: %w", err)
	case !info.IsDir() && filepath.Ext(dir) == ".mlmodel":
		if _, err := ExamineFile(dir); err != nil {
			return nil, err // of a type that cannot be read at all
		}
		return nil, fmt.Errorf("coreml: %s is a single model file, not a package; load it with coremltools and save it as .mlpackage", dir)
	case !info.IsDir():
		return nil, fmt.Errorf("coreml: %s is a file, not a package; a package is a folder named .mlpackage: unpack it, if it is an archive of one", dir)
	}
	p, err := open(os.DirFS(dir), false)
	if err != nil {
		return nil, fmt.Errorf("coreml: %s: %w", dir, err)
	}
	return p, nil
}

// Open opens a package. fsys is rooted in the .mlpackage folder, so that
// Manifest.json is at its root. The weights are read into memory once, and
// every constant is a slice of them.
func Open(fsys fs.FS) (*Package, error) {
	p, err := open(fsys, false)
	if err != nil {
		return nil, fmt.Errorf("coreml: %w", err)
	}
	return p, nil
}

// ExamineFile opens what is at path to be looked at: a package, whose weights
// may be missing, or a model file alone. What is missing is said in
// [Package.Incomplete].
func ExamineFile(path string) (*Package, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("coreml: %w", err)
	}
	var p *Package
	if info.IsDir() {
		p, err = open(os.DirFS(path), true)
	} else {
		var model []byte
		if model, err = readLimited(os.DirFS(filepath.Dir(path)), filepath.Base(path), maxModelBytes); err == nil {
			p, err = (&reader{}).readModel(model)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("coreml: %s: %w", path, err)
	}
	return p, nil
}

// open opens a package. Those that are to be examined may lack weights.
func open(fsys fs.FS, examine bool) (*Package, error) {
	name, err := rootModel(fsys)
	if err != nil {
		return nil, err
	}
	model, err := readLimited(fsys, name, maxModelBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the manifest names %s as the model, but the package has no such file (a .gitignore of *.mlmodel loses it); ask for a complete package", name)
	}
	if err != nil {
		return nil, err
	}
	r := &reader{weights: &weightFiles{fsys: fsys, folder: path.Dir(name), examine: examine}}
	p, err := r.readModel(model)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p.Incomplete = r.weights.missing
	return p, nil
}

// ReadModel reads a bare model: the content of model.mlmodel alone, without
// its weights. Constants that lie in a weights file have a type but no data;
// see [Tensor.Missing]. It is enough to list and to specialize a program, not
// to run it.
func ReadModel(model []byte) (*Package, error) {
	p, err := (&reader{}).readModel(model)
	if err != nil {
		return nil, fmt.Errorf("coreml: %w", err)
	}
	return p, nil
}

// noWeights is why the constants of a model file alone have no data.
func noWeights(p *Program) error {
	for _, name := range slices.Sorted(maps.Keys(p.Constants)) {
		if t := p.Constants[name]; t.Missing() {
			return fmt.Errorf("the model file alone was read, without %s", t.File)
		}
	}
	for i := range p.Ops {
		for _, name := range slices.Sorted(maps.Keys(p.Ops[i].Attributes)) {
			if t := p.Ops[i].Attributes[name]; t.Missing() {
				return fmt.Errorf("the model file alone was read, without %s", t.File)
			}
		}
	}
	return nil
}

// rootModel finds the path of the model file by the manifest.
func rootModel(fsys fs.FS) (string, error) {
	data, err := readLimited(fsys, "Manifest.json", maxManifestBytes)
	if errors.Is(err, fs.ErrNotExist) {
		for _, inside := range []string{"coremldata.bin", "model.mil", "model.espresso.net"} {
			if _, err := fs.Stat(fsys, inside); err == nil {
				return "", errors.New("this is a compiled model (.mlmodelc), not a package; use the .mlpackage it was compiled from")
			}
		}
		return "", errors.New("not a Core ML package: there is no Manifest.json at its root")
	}
	if err != nil {
		return "", err
	}
	var manifest struct {
		Entries map[string]struct {
			Path string `json:"path"`
		} `json:"itemInfoEntries"`
		Root string `json:"rootModelIdentifier"`
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		return "", fmt.Errorf("in Manifest.json: %w", err)
	}
	if manifest.Root == "" {
		return "", errors.New("the manifest has no rootModelIdentifier, which names the model file")
	}
	entry, ok := manifest.Entries[manifest.Root]
	if !ok {
		return "", fmt.Errorf("in Manifest.json: rootModelIdentifier is %q, but itemInfoEntries has no such entry", manifest.Root)
	}
	name := path.Join("Data", entry.Path)
	if entry.Path == "" || !fs.ValidPath(name) || !strings.HasPrefix(name, "Data/") {
		return "", fmt.Errorf("in Manifest.json: the model's path %q is not one inside the package", entry.Path)
	}
	return name, nil
}

// errPointer is what a file of Git-LFS is that has not been fetched.
var errPointer = errors.New("Git-LFS pointer")

// readLimited reads a whole file of at most limit bytes, and refuses a
// Git-LFS pointer in its place.
func readLimited(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a file", name)
	case info.Size() > limit:
		return nil, fmt.Errorf("%s has %d bytes; at most %d are possible", name, info.Size(), limit)
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(data, []byte("version https://git-lfs")) {
		return nil, fmt.Errorf("%s is a %w of %d bytes, not the file itself; fetch it with git lfs pull", name, errPointer, len(data))
	}
	return data, nil
}
