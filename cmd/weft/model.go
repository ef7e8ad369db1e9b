package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"weft/coreml"
	"weft/metal/vulkan/network"
)

func (t *terminal) model(args []string) error {
	f := t.flags("model", "PACKAGE", "Says what a Core ML package takes, gives, holds and costs, and whether it runs: a package,\nalso one whose weights are missing, or a model file alone.")
	shapes := shapesFlag(f)
	format := words(f, "format", "`text` (default) or json", "text", "json")
	files, err := t.parse(f, args, "PACKAGE")
	if err != nil {
		return err
	}
	p, err := coreml.ExamineFile(files[0])
	if err != nil {
		return trimmed(err)
	}
	report, err := examine(p, shapes)
	if err != nil {
		return inFile(files[0], trimmed(err))
	}
	report.Package = filepath.Base(filepath.Clean(files[0]))
	var text bytes.Buffer
	if *format == "json" {
		encoder := json.NewEncoder(&text)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(report)
	} else {
		report.write(&text)
	}
	if err != nil {
		return err
	}
	return t.write("", &text)
}

// trimmed drops the name of the package that an error begins with.
func trimmed(err error) error {
	text := err.Error()
	for _, name := range []string{"coreml: ", "network: ", "graph: "} {
		text = strings.TrimPrefix(text, name)
	}
	return fmt.Errorf("%s", text)
}

// modelReport is what weft model says, and the document of -format json.
type modelReport struct {
	Package              string           `json:"package"`
	SpecificationVersion int              `json:"specificationVersion"`
	Opset                string           `json:"opset"`
	Incomplete           string           `json:"incomplete,omitempty"`
	Inputs               []featureReport  `json:"inputs"`
	Outputs              []featureReport  `json:"outputs"`
	Operations           []operationCount `json:"operations"`
	Parameters           int64            `json:"parameters"`
	WeightBytes          int64            `json:"weightBytes"`
	MultiplyAdds         int64            `json:"multiplyAdds"`
	ValueBytes           int64            `json:"valueBytes"`
	LiveBytes            int64            `json:"liveBytes"`
	// Scratch is the size of the intermediates heap; absent if it does not run.
	// ScratchBound is what of it is in use at one time.
	Scratch      *int64    `json:"scratchBytes,omitempty"`
	ScratchBound int64     `json:"scratchBoundBytes,omitempty"`
	Kernels      int       `json:"kernels,omitempty"`
	Dispatches   int       `json:"dispatches,omitempty"`
	Refused      []refused `json:"refused"`
}

type featureReport struct {
	Name       string `json:"name"`
	Kind       string `json:"kind"`
	ColorSpace string `json:"colorSpace,omitempty"`
	DataType   string `json:"dataType"`          // of an image, that of the program
	Shape      []int  `json:"shape"`             // that the figures are for
	Extents    string `json:"extents,omitempty"` // where there are others
	Optional   bool   `json:"optional,omitempty"`
}

type operationCount struct {
	Type  string `json:"type"`
	Count int    `json:"count"`
}

// refused is an operation that does not run, or, without one, another reason.
type refused struct {
	Operation int    `json:"operation"` // its place in the program, from 0; -1 for none
	Type      string `json:"type,omitempty"`
	Name      string `json:"name,omitempty"`
	Output    string `json:"output,omitempty"`
	Why       string `json:"why"`
}

// modelDevice has the limits that the figures are for: those of Mesa's CPU
// driver, and of the Vulkan driver's memory for more exact intermediates.
var modelDevice = network.Device{
	MaxStorageBufferRange: 1 << 27, MaxTexelBufferElements: 1 << 27,
	MaxComputeWorkGroupCount: [3]uint32{65535, 65535, 65535},
	FloatHeapSize:            64 << 20, SubgroupShuffle: true,
}

// examine finds out about a package at some shapes of its inputs, and at the
// default ones of others.
func examine(p *coreml.Package, given map[string][]int) (*modelReport, error) {
	given, err := nameShape(p, given)
	if err != nil {
		return nil, err
	}
	shapes, err := p.Shapes(given)
	if err != nil {
		return nil, err
	}
	s, refusals, err := p.Program.Examine(shapes)
	if err != nil {
		return nil, err
	}
	r := &modelReport{SpecificationVersion: p.SpecificationVersion, Opset: p.Program.Opset, Refused: []refused{}}
	if p.Incomplete != nil {
		r.Incomplete = p.Incomplete.Error()
	}
	types := s.Variables()
	for _, f := range p.Inputs {
		r.Inputs = append(r.Inputs, reportFeature(f, types[f.Name]))
	}
	for _, f := range p.Outputs {
		r.Outputs = append(r.Outputs, reportFeature(f, types[f.Name]))
	}
	r.count(p.Program)
	m := s.Measure()
	r.Parameters, r.WeightBytes, r.MultiplyAdds, r.ValueBytes, r.LiveBytes = m.Parameters, m.WeightBytes, m.MultiplyAdds, m.ValueBytes, m.LiveBytes
	standIn(s)
	r.judge(p.Program, s, refusals)
	return r, nil
}

func reportFeature(f coreml.Feature, t coreml.Type) featureReport {
	r := featureReport{Name: f.Name, Kind: f.Kind.String(), DataType: t.DataType.String(), Shape: t.Shape, Optional: f.Optional}
	if f.Kind == coreml.ImageFeature {
		r.ColorSpace = f.ColorSpace.String()
	}
	if f.Flexible() {
		r.Extents = f.Extents()
	}
	return r
}

// count counts the operations of each type, the most frequent first.
func (r *modelReport) count(p *coreml.Program) {
	counts := map[string]int{}
	for i := range p.Ops {
		counts[p.Ops[i].Type]++
	}
	for kind, n := range counts {
		r.Operations = append(r.Operations, operationCount{kind, n})
	}
	slices.SortFunc(r.Operations, func(a, b operationCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Type, b.Type))
	})
}

// judge compiles the program, and lists all that is refused.
func (r *modelReport) judge(p, s *coreml.Program, refusals []*coreml.Refusal) {
	places := map[string]int{}
	for i := range p.Ops {
		places[p.Ops[i].Output().Name] = i
	}
	known := map[string]bool{}
	add := func(err error) {
		x, ok := err.(*coreml.Refusal)
		if !ok {
			r.Refused = append(r.Refused, refused{Operation: -1, Why: trimmed(err).Error()})
			return
		}
		out := x.Op.Output()
		if known[out.Name] {
			return
		}
		known[out.Name] = true
		r.Refused = append(r.Refused, refused{places[out.Name], x.Op.Type, x.Op.Name, out.String(), x.Err.Error()})
	}
	for _, x := range refusals {
		add(x)
	}
	plan, errs := network.Check(s, modelDevice)
	for _, err := range errs {
		add(err)
	}
	slices.SortStableFunc(r.Refused, func(a, b refused) int { return cmp.Compare(a.Operation, b.Operation) })
	if len(r.Refused) == 0 {
		r.ScratchBound = plan.LiveBytes()
		r.Scratch, r.Kernels, r.Dispatches = &plan.IntermediatesHeapSize, len(plan.Kernels), len(plan.Dispatches)
	}
}

// standIn gives constants whose weights are missing zeros, so that the program
// can be compiled; compressed ones are zeros at once. They share memory.
func standIn(p *coreml.Program) {
	var zeros []byte
	missing := map[*coreml.Tensor]bool{}
	fill := func(t *coreml.Tensor) {
		if !t.Missing() {
			return
		}
		missing[t] = true
		n := t.Type.Bytes()
		if n > len(zeros) {
			zeros = make([]byte, n)
		}
		t.Data = zeros[:n:n]
	}
	for _, t := range p.Constants {
		fill(t)
	}
	p.Ops = slices.DeleteFunc(p.Ops, func(op coreml.Op) bool {
		compressed := false
		use := func(t *coreml.Tensor) {
			fill(t)
			compressed = compressed || missing[t] && strings.HasPrefix(op.Type, "constexpr_")
		}
		for _, t := range op.Attributes {
			use(t)
		}
		for _, args := range op.Inputs {
			for _, a := range args {
				use(a.Value)
			}
		}
		if compressed {
			t := &coreml.Tensor{Type: op.Output().Type, File: "zeros"}
			fill(t)
			p.Constants[op.Output().Name] = t
		}
		return compressed
	})
}
