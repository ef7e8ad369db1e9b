package graph

import "weft/metal"

// The graph document, version 1, as it is read: names still to be resolved.
type (
	document struct {
		name      string
		resources []resourceDocument
		passes    []passDocument
	}
	resourceDocument struct {
		name, kind, lifetime, format, tensorType string
		size, width, height, depth               int
		layers, mips, samples, history           int
		dimensions                               []int
		fresh                                    bool
		given                                    []string // keys
		line                                     int      // where it begins
	}
	passDocument struct {
		name, kind    string
		sideEffect    bool
		scratch       int
		reads, writes []accessDocument
		attachments   []attachmentDocument
		costs         []costDocument
		line          int
	}
	accessDocument struct {
		resource, stage string
		frame           int
		part            Part
		line            int
	}
	attachmentDocument struct {
		resource, load, store, access, resolve string
		part                                   Part
		line                                   int
	}
	costDocument struct {
		stage string
		ms    float64
	}
)

var (
	stageWords = []string{"vertex", "object", "mesh", "fragment", "tile", "dispatch", "blit", "accelerationStructure", "machineLearning"}

	documentKeys   = []string{"version", "name", "resources", "passes"}
	resourceKeys   = []string{"name", "kind", "lifetime", "fresh", "history", "format", "width", "height", "depth", "layers", "mips", "samples", "size", "type", "dimensions"}
	passKeys       = []string{"name", "kind", "attachments", "reads", "writes", "sideEffect", "cost", "scratch"}
	attachmentKeys = []string{"resource", "load", "store", "access", "resolve", "mips", "layers"}
	readKeys       = []string{"resource", "stage", "frame", "mips", "layers", "bytes"}
	writeKeys      = []string{"resource", "stage", "mips", "layers", "bytes"}
)

func (r *reader) document(d *document) error {
	version := 0
	err := r.object(documentKeys, func(key string) error {
		switch key {
		case "version":
			return r.whole(&version, 1, 1)
		case "name":
			return r.text(&d.name)
		case "resources":
			return r.array(func(int) error {
				d.resources = append(d.resources, resourceDocument{line: r.next()})
				return r.resource(&d.resources[len(d.resources)-1])
			})
		}
		return r.array(func(int) error {
			d.passes = append(d.passes, passDocument{line: r.next()})
			return r.pass(&d.passes[len(d.passes)-1])
		})
	})
	if err != nil {
		return err
	}
	if version == 0 {
		return r.errorf("has no version: this is version 1")
	}
	return r.end()
}

func (r *reader) resource(d *resourceDocument) error {
	err := r.object(resourceKeys, func(key string) error {
		d.given = append(d.given, key)
		switch key {
		case "name":
			return r.text(&d.name)
		case "kind":
			return r.word(&d.kind, "texture", "buffer", "tensor")
		case "lifetime":
			return r.word(&d.lifetime, "transient", "persistent", "imported")
		case "fresh":
			return r.truth(&d.fresh)
		case "history":
			return r.whole(&d.history, 0, MaxHistory)
		case "format":
			return r.text(&d.format)
		case "type":
			return r.text(&d.tensorType)
		case "size":
			return r.whole(&d.size, 1, 1<<40)
		case "dimensions":
			return r.array(func(int) error {
				d.dimensions = append(d.dimensions, 0)
				return r.whole(&d.dimensions[len(d.dimensions)-1], 1, 1<<30)
			})
		}
		into := map[string]*int{"width": &d.width, "height": &d.height, "depth": &d.depth, "layers": &d.layers, "mips": &d.mips, "samples": &d.samples}[key]
		return r.whole(into, 1, 16384)
	})
	if err != nil {
		return err
	}
	if d.name == "" || d.kind == "" {
		return r.errorf("a resource has a name and a kind")
	}
	return nil
}

func (r *reader) pass(d *passDocument) error {
	err := r.object(passKeys, func(key string) error {
		switch key {
		case "name":
			return r.text(&d.name)
		case "kind":
			return r.word(&d.kind, "render", "compute", "blit", "machineLearning")
		case "sideEffect":
			return r.truth(&d.sideEffect)
		case "scratch":
			return r.whole(&d.scratch, 0, 1<<40)
		case "cost":
			return r.object(stageWords, func(stage string) error {
				d.costs = append(d.costs, costDocument{stage: stage})
				return r.number(&d.costs[len(d.costs)-1].ms)
			})
		case "attachments":
			return r.array(func(int) error {
				d.attachments = append(d.attachments, attachmentDocument{line: r.next()})
				return r.attachment(&d.attachments[len(d.attachments)-1])
			})
		}
		list, keys := &d.reads, readKeys
		if key == "writes" {
			list, keys = &d.writes, writeKeys
		}
		return r.array(func(int) error {
			*list = append(*list, accessDocument{line: r.next()})
			return r.access(&(*list)[len(*list)-1], keys)
		})
	})
	if err != nil {
		return err
	}
	if d.name == "" || d.kind == "" {
		return r.errorf("a pass has a name and a kind")
	}
	return nil
}

func (r *reader) access(d *accessDocument, keys []string) error {
	err := r.object(keys, func(key string) error {
		switch key {
		case "resource":
			return r.text(&d.resource)
		case "stage":
			return r.word(&d.stage, stageWords...)
		case "frame":
			return r.whole(&d.frame, -MaxHistory, 0)
		}
		return r.part(&d.part, key)
	})
	if err != nil {
		return err
	}
	if d.resource == "" || d.stage == "" {
		return r.errorf("an access has a resource and a stage")
	}
	return nil
}

func (r *reader) attachment(d *attachmentDocument) error {
	err := r.object(attachmentKeys, func(key string) error {
		switch key {
		case "resource":
			return r.text(&d.resource)
		case "load":
			return r.word(&d.load, "clear", "load", "dontCare")
		case "store":
			return r.word(&d.store, "store", "dontCare")
		case "access":
			return r.word(&d.access, "read", "write")
		case "resolve":
			return r.text(&d.resolve)
		}
		return r.part(&d.part, key)
	})
	if err != nil {
		return err
	}
	if d.resource == "" || d.load == "" && d.access != "read" {
		return r.errorf("an attachment has a resource and a load: clear, load or dontCare")
	}
	return nil
}

func (r *reader) part(p *Part, key string) error {
	switch key {
	case "mips":
		return r.span(&p.Mips)
	case "layers":
		return r.span(&p.Layers)
	}
	return r.span(&p.Bytes)
}

// stage is one stage by its name, which has been checked.
func stage(word string) metal.Stages {
	s, _ := metal.ParseStage(word)
	return s
}
