package main

import (
	"bufio"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"weft/bench/networks/onnx"
	"weft/coreml"
)

//go:embed peer.js
var peer []byte

// theirs is Node with ONNX Runtime and a model in it.
type theirs struct {
	folder  string
	command *exec.Cmd
	ask     io.WriteCloser
	answers *bufio.Scanner
	faults  strings.Builder
}

func newTheirs(runtimeFolder string, program *coreml.Program, input []float32) (*theirs, error) {
	model, err := onnx.Encode(program)
	if err != nil {
		return nil, err
	}
	raw, err := binary.Append(nil, binary.LittleEndian, input)
	if err != nil {
		return nil, err
	}
	t := &theirs{}
	if t.folder, err = os.MkdirTemp("", "weft"); err != nil {
		return nil, err
	}
	for name, data := range map[string][]byte{"peer.js": peer, "model.onnx": model, "input.f32": raw} {
		if err := os.WriteFile(t.path(name), data, 0o644); err != nil {
			return nil, err
		}
	}
	args := []string{t.path("peer.js"), runtimeFolder, t.path("model.onnx"), t.path("input.f32"), t.path("output.f32"), strconv.Itoa(runtime.NumCPU())}
	for _, e := range program.Inputs[0].Type.Shape {
		args = append(args, strconv.Itoa(e))
	}
	t.command = exec.Command("node", args...)
	t.command.Stderr = &t.faults
	if t.ask, err = t.command.StdinPipe(); err != nil {
		return nil, err
	}
	said, err := t.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	t.answers = bufio.NewScanner(said)
	return t, t.command.Start()
}

func (t *theirs) path(name string) string { return filepath.Join(t.folder, name) }

// run runs the model once and returns how long it took, in milliseconds.
func (t *theirs) run() (float64, error) {
	_, err := fmt.Fprintln(t.ask)
	if err == nil && t.answers.Scan() {
		return strconv.ParseFloat(t.answers.Text(), 64)
	}
	_ = t.command.Wait() // it has ended; what it said is the reason
	return 0, fmt.Errorf("ONNX Runtime ended: %s", strings.TrimSpace(t.faults.String()))
}

// output reads the result of the first run, row-major.
func (t *theirs) output() ([]float32, error) {
	data, err := os.ReadFile(t.path("output.f32"))
	if err != nil {
		return nil, err
	}
	values := make([]float32, len(data)/4)
	_, err = binary.Decode(data, binary.LittleEndian, values)
	return values, err
}

func (t *theirs) close() {
	t.ask.Close()
	_ = t.command.Wait()
	os.RemoveAll(t.folder)
}
