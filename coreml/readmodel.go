package coreml

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// reader turns the messages of CoreML.Specification into this package's
// types. Field numbers are those of coremltools' Model.proto,
// FeatureTypes.proto and MIL.proto.
type reader struct {
	// weights is nil when only the model file is read.
	weights *weightFiles
}

// mlProgramField is the field of Model that holds an ML Program.
const mlProgramField = 502

// otherModels names the model types that are not ML Programs.
var otherModels = map[protowire.Number]string{
	200: "pipelineClassifier", 201: "pipelineRegressor", 202: "pipeline",
	300: "glmRegressor", 301: "supportVectorRegressor", 302: "treeEnsembleRegressor",
	303: "neuralNetworkRegressor", 304: "bayesianProbitRegressor",
	400: "glmClassifier", 401: "supportVectorClassifier", 402: "treeEnsembleClassifier",
	403: "neuralNetworkClassifier", 404: "kNearestNeighborsClassifier",
	500: "neuralNetwork", 501: "itemSimilarityRecommender",
	555: "customModel", 556: "linkedModel", 560: "classConfidenceThresholding",
	600: "oneHotEncoder", 601: "imputer", 602: "featureVectorizer", 603: "dictVectorizer",
	604: "scaler", 606: "categoricalMapping", 607: "normalizer", 609: "arrayFeatureExtractor",
	610: "nonMaximumSuppression", 900: "identity", 2000: "textClassifier", 2001: "wordTagger",
	2002: "visionFeaturePrint", 2003: "soundAnalysisPreprocessing", 2004: "gazetteer",
	2005: "wordEmbedding", 2006: "audioFeaturePrint", 3000: "serializedModel",
}

// refuseModel says why a model of another type cannot be read, and what can
// be done.
func refuseModel(number protowire.Number, content []byte) error {
	name := otherModels[number]
	switch name {
	case "pipeline", "pipelineClassifier", "pipelineRegressor":
		return fmt.Errorf("the model is a %s of several models%s; only an ML Program can be read: take the ML Program out of it, or convert the network with coremltools and convert_to=\"mlprogram\"",
			name, partsOf(number, content))
	case "neuralNetwork", "neuralNetworkClassifier", "neuralNetworkRegressor":
		return fmt.Errorf("the model is a %s, the format before ML Programs; convert the network again with coremltools and convert_to=\"mlprogram\"", name)
	}
	return fmt.Errorf("the model is a %s; only an ML Program (coremltools, convert_to=\"mlprogram\") can be read", name)
}

// partsOf lists the types of the models in a pipeline, as in " (mlProgram,
// nonMaximumSuppression)"; "" where it cannot be read.
func partsOf(number protowire.Number, content []byte) string {
	pipeline := [][]byte{content}
	if otherModels[number] != "pipeline" { // a classifier or regressor holds one
		pipeline = nil
		if eachMessage(field{wire: protowire.BytesType, bytes: content}, 1, func(m []byte) error {
			pipeline = append(pipeline, m)
			return nil
		}) != nil {
			return ""
		}
	}
	var names []string
	for _, p := range pipeline {
		err := eachMessage(field{wire: protowire.BytesType, bytes: p}, 1, func(model []byte) error {
			return fields(model, func(f field) error {
				switch {
				case f.number == mlProgramField:
					names = append(names, "mlProgram")
				case otherModels[f.number] != "":
					names = append(names, otherModels[f.number])
				}
				return nil
			})
		})
		if err != nil {
			return ""
		}
	}
	if names == nil {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// readModel reads the message Model.
func (r *reader) readModel(model []byte) (*Package, error) {
	p := &Package{}
	var program []byte
	var other protowire.Number
	var parts []byte
	var d description
	err := fields(model, func(f field) error {
		switch {
		case f.number == 1:
			v, err := f.integer()
			p.SpecificationVersion = int(v)
			return err
		case f.number == 2:
			b, err := f.message()
			if err != nil {
				return err
			}
			if err := d.read(b); err != nil {
				return fmt.Errorf("description: %w", err)
			}
		case f.number == mlProgramField:
			b, err := f.message()
			program = b
			return err
		case otherModels[f.number] != "":
			b, err := f.message()
			other, parts = f.number, b
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if other != 0 {
		return nil, refuseModel(other, parts)
	}
	if program == nil {
		return nil, fmt.Errorf("it holds no ML Program (%d bytes, specification version %d): not a Core ML model, or of a type made after this package", len(model), p.SpecificationVersion)
	}
	name, fd := d.main()
	p.Inputs, p.Outputs, p.Metadata = fd.inputs, fd.outputs, d.metadata
	if p.Program, err = r.readProgram(program, name); err != nil {
		return nil, err
	}
	if r.weights == nil {
		p.Incomplete = noWeights(p.Program)
	}
	return p, p.matchFeatures()
}

// matchFeatures checks that the features are those of the program.
func (p *Package) matchFeatures() error {
	types := p.Program.Variables()
	declared := map[string]bool{}
	for _, v := range p.Program.Inputs {
		declared[v.Name] = true
	}
	for _, f := range p.Inputs {
		if !declared[f.Name] {
			return fmt.Errorf("the package describes an input %q that its program does not have", f.Name)
		}
		if t := types[f.Name]; f.Kind == ImageFeature && t.Rank() != 4 {
			return fmt.Errorf("the input %q is an image, but the program takes %s; an image is [1, C, H, W]", f.Name, t)
		}
	}
	if len(p.Inputs) != len(p.Program.Inputs) {
		return fmt.Errorf("the package describes %d inputs, its program has %d", len(p.Inputs), len(p.Program.Inputs))
	}
	returned := map[string]bool{}
	for _, name := range p.Program.Outputs {
		returned[name] = true
	}
	for _, f := range p.Outputs {
		if !returned[f.Name] {
			return fmt.Errorf("the package describes an output %q that its program does not return", f.Name)
		}
	}
	return nil
}

// description is the message ModelDescription. A package of several functions
// describes each; one of a single function describes it at the top.
type description struct {
	top         functionDescription
	functions   []functionDescription
	defaultName string
	metadata    Metadata
}

type functionDescription struct {
	name            string
	inputs, outputs []Feature
}

// main returns the name of the function to run, and what describes it.
func (d *description) main() (string, functionDescription) {
	name := d.defaultName
	if name == "" {
		name = "main"
	}
	for _, f := range d.functions {
		if f.name == name {
			return name, f
		}
	}
	return name, d.top
}

func (d *description) read(message []byte) error {
	return fields(message, func(f field) (err error) {
		switch f.number {
		case 1:
			d.top.inputs, err = appendFeature(d.top.inputs, f)
		case 10:
			d.top.outputs, err = appendFeature(d.top.outputs, f)
		case 20:
			var fd functionDescription
			err = fd.read(f)
			d.functions = append(d.functions, fd)
		case 21:
			d.defaultName, err = f.text()
		case 100:
			err = d.metadata.read(f)
		}
		return err
	})
}

func (d *functionDescription) read(f field) error {
	message, err := f.message()
	if err != nil {
		return err
	}
	return fields(message, func(f field) (err error) {
		switch f.number {
		case 1:
			d.name, err = f.text()
		case 2:
			d.inputs, err = appendFeature(d.inputs, f)
		case 3:
			d.outputs, err = appendFeature(d.outputs, f)
		}
		return err
	})
}

func (m *Metadata) read(f field) error {
	message, err := f.message()
	if err != nil {
		return err
	}
	return fields(message, func(f field) (err error) {
		switch f.number {
		case 1:
			m.Description, err = f.text()
		case 2:
			m.Version, err = f.text()
		case 3:
			m.Author, err = f.text()
		case 4:
			m.License, err = f.text()
		case 100:
			key, value, err := f.entry()
			if err != nil {
				return err
			}
			if m.UserDefined == nil {
				m.UserDefined = map[string]string{}
			}
			m.UserDefined[key] = string(value)
		}
		return err
	})
}
