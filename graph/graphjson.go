package graph

import (
	"encoding/json"
	"fmt"
	"io"

	"weft/barriers"
	"weft/metal"
)

type (
	graphOut struct {
		Version   int           `json:"version"`
		Name      string        `json:"name,omitempty"`
		Resources []resourceOut `json:"resources"`
		Passes    []passOut     `json:"passes"`
	}
	resourceOut struct {
		Name       string `json:"name"`
		Kind       string `json:"kind"`
		Size       int    `json:"size,omitempty"`
		Format     string `json:"format,omitempty"`
		Width      int    `json:"width,omitempty"`
		Height     int    `json:"height,omitempty"`
		Depth      int    `json:"depth,omitempty"`
		Layers     int    `json:"layers,omitempty"`
		Mips       int    `json:"mips,omitempty"`
		Samples    int    `json:"samples,omitempty"`
		Type       string `json:"type,omitempty"`
		Dimensions []int  `json:"dimensions,omitempty"`
		Lifetime   string `json:"lifetime,omitempty"`
		Fresh      bool   `json:"fresh,omitempty"`
		History    int    `json:"history,omitempty"`
	}
	passOut struct {
		Name        string             `json:"name"`
		Kind        string             `json:"kind"`
		SideEffect  bool               `json:"sideEffect,omitempty"`
		Attachments []attachmentOut    `json:"attachments,omitempty"`
		Reads       []accessOut        `json:"reads,omitempty"`
		Writes      []accessOut        `json:"writes,omitempty"`
		Cost        map[string]float64 `json:"cost,omitempty"`
		Scratch     int                `json:"scratch,omitempty"`
	}
	accessOut struct {
		Resource string `json:"resource"`
		Stage    string `json:"stage"`
		Frame    int    `json:"frame,omitempty"`
		partOut
	}
	attachmentOut struct {
		Resource string `json:"resource"`
		Load     string `json:"load"`
		Store    string `json:"store,omitempty"`
		Access   string `json:"access,omitempty"`
		Resolve  string `json:"resolve,omitempty"`
		partOut
	}
	partOut struct {
		Mips   []int64 `json:"mips,omitempty"`
		Layers []int64 `json:"layers,omitempty"`
		Bytes  []int64 `json:"bytes,omitempty"`
	}
)

// WriteJSON writes the graph as a document, version 1, that [ReadJSON] reads: a
// cube is a texture of six layers there, and what devices need and plans do
// not, such as colors to clear with, is left out. What decides the plan and has
// no place in a document is an error: a tensor with strides of its own, and a
// target with several mips or slices that takes resolved samples in one.
func (g *Graph) WriteJSON(w io.Writer) error {
	if err := g.faults.err(); err != nil {
		return err
	}
	if err := g.documentable(); err != nil {
		return err
	}
	d := graphOut{Version: 1, Name: g.name, Resources: []resourceOut{}, Passes: []passOut{}}
	for i := range g.resources {
		d.Resources = append(d.Resources, g.resourceOut(&g.resources[i]))
	}
	for i := range g.passes {
		d.Passes = append(d.Passes, g.passOut(&g.passes[i]))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(d)
}

// documentable says what a document cannot.
func (g *Graph) documentable() error {
	for i := range g.resources {
		r := &g.resources[i]
		if r.kind != kindTensor {
			continue
		}
		if d := &g.tensors[r.desc]; !equal(d.Strides, metal.PackedStrides(d.Type, d.Dimensions)) {
			return fmt.Errorf("graph: resource %q: has strides of its own, %v: documents hold tensors without", r.name, d.Strides)
		}
	}
	for i := range g.passes {
		p := &g.passes[i]
		for _, a := range g.attachments[p.attaches:p.attachesEnd] {
			if a.resolve < 0 || g.document {
				continue
			}
			r := &g.resources[a.resolve]
			if r.all != firstMip {
				return fmt.Errorf("graph: pass %q: resource %q: is resolved into and has several mips or slices: in documents that writes all of them", p.name, r.name)
			}
		}
	}
	return nil
}

func (g *Graph) resourceOut(r *resource) resourceOut {
	out := resourceOut{Name: r.name, Kind: r.kind.String(), History: r.lifetime.history()}
	switch r.lifetime {
	case Persistent:
		out.Lifetime = "persistent"
	case Imported, Fresh:
		out.Lifetime, out.Fresh = "imported", r.lifetime == Fresh
	}
	switch r.kind {
	case kindTexture:
		d := &g.textures[r.desc]
		out.Format, out.Width, out.Height, out.Depth = d.Format.String(), d.Width, d.Height, d.Depth
		out.Layers, out.Mips, out.Samples = d.Slices(), d.Mips, d.Samples
	case kindTensor:
		d := &g.tensors[r.desc]
		out.Type, out.Dimensions = d.Type.String(), d.Dimensions
	default:
		out.Size = r.length
	}
	return out
}

func (g *Graph) passOut(p *pass) passOut {
	out := passOut{Name: p.name, Kind: p.kind.String(), SideEffect: p.sideEffect, Scratch: p.scratch}
	for _, a := range g.attachments[p.attaches:p.attachesEnd] {
		out.Attachments = append(out.Attachments, g.attachmentOut(&a))
	}
	for _, a := range g.accessesOf(p) {
		if a.attachment {
			continue
		}
		list := &out.Reads
		if a.write {
			list = &out.Writes
		}
		for _, stage := range a.stages.Names() {
			*list = append(*list, accessOut{g.resources[a.resource].name, stage, int(a.frame), partOutOf(g.part(&a))})
		}
	}
	for _, c := range g.costs[p.costs:p.costsEnd] {
		if out.Cost == nil {
			out.Cost = map[string]float64{}
		}
		for _, stage := range c.stages.Names() {
			out.Cost[stage] = c.ms
		}
	}
	return out
}

func (g *Graph) attachmentOut(a *attached) attachmentOut {
	out := attachmentOut{
		Resource: g.resources[a.texture].name,
		Load:     map[metal.LoadAction]string{metal.LoadActionClear: "clear", metal.LoadActionLoad: "load"}[a.load.Action],
		partOut:  partOutOf(g.resources[a.texture].lowered(a.part)),
	}
	if out.Load == "" {
		out.Load = "dontCare"
	}
	if a.discard {
		out.Store = "dontCare"
	}
	if a.readOnly {
		out.Access = "read"
	}
	if a.resolve >= 0 {
		out.Resolve = g.resources[a.resolve].name
	}
	return out
}

func partOutOf(p barriers.Part) partOut {
	var out partOut
	if !p.Mips.Whole() {
		out.Mips = []int64{p.Mips.First, p.Mips.End}
	}
	if !p.Layers.Whole() {
		out.Layers = []int64{p.Layers.First, p.Layers.End}
	}
	if !p.Bytes.Whole() {
		out.Bytes = []int64{p.Bytes.First, p.Bytes.End}
	}
	return out
}
