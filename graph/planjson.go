package graph

import (
	"bytes"
	"encoding/json"
	"io"

	"weft/metal"
)

// The plan document, version 1. Field order is the order of writing.
type (
	planDocument struct {
		Version  int               `json:"version"`
		Encoders []encoderDocument `json:"encoders"`
		Barriers []barrierDocument `json:"barriers"`
		Culled   []string          `json:"culled"`
		Memory   memoryDocument    `json:"memory"`
	}
	encoderDocument struct {
		Kind   string   `json:"kind"`
		Passes []string `json:"passes"`
	}
	barrierDocument struct {
		Kind       string            `json:"kind"`
		Encoder    int               `json:"encoder"`
		AfterPass  string            `json:"after_pass,omitempty"`
		BeforePass string            `json:"before_pass,omitempty"`
		After      []string          `json:"after"`
		Before     []string          `json:"before"`
		Visibility []string          `json:"visibility"`
		Because    []becauseDocument `json:"because"`
	}
	becauseDocument struct {
		Resource string `json:"resource"`
		From     string `json:"from"`
		To       string `json:"to"`
		Hazard   string `json:"hazard"`
		Aliasing bool   `json:"aliasing,omitempty"`
		Frames   int    `json:"frames"`
	}
	memoryDocument struct {
		Heaps           []heapDocument `json:"heaps"`
		Peak            int            `json:"peak"`
		LiveLowerBound  int            `json:"live_lower_bound"`
		WithoutAliasing int            `json:"without_aliasing"`
	}
	heapDocument struct {
		Kind       string              `json:"kind"`
		Size       int                 `json:"size"`
		Placements []placementDocument `json:"placements"`
	}
	placementDocument struct {
		Resource string `json:"resource"`
		Offset   int    `json:"offset"`
		Size     int    `json:"size"`
	}
)

// WriteJSON writes the plan as a document, version 1.
func (p *Plan) WriteJSON(w io.Writer) error {
	data, err := p.MarshalJSON()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, data, "", " "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err = out.WriteTo(w)
	return err
}

// MarshalJSON is WriteJSON's document.
func (p *Plan) MarshalJSON() ([]byte, error) {
	d := planDocument{
		Version:  1,
		Encoders: make([]encoderDocument, 0, len(p.Encoders())),
		Barriers: make([]barrierDocument, 0, len(p.Barriers())),
		Culled:   make([]string, 0, len(p.Culled())),
		Memory: memoryDocument{
			Heaps: make([]heapDocument, 0, len(p.Memory().Heaps)),
			Peak:  p.Memory().Peak, LiveLowerBound: p.Memory().LiveLowerBound, WithoutAliasing: p.Memory().WithoutAliasing,
		},
	}
	for _, e := range p.Encoders() {
		d.Encoders = append(d.Encoders, encoderDocument{e.Kind.String(), e.Passes})
	}
	for i := range p.Barriers() {
		d.Barriers = append(d.Barriers, p.Barriers()[i].document())
	}
	for _, c := range p.Culled() {
		d.Culled = append(d.Culled, c.Pass)
	}
	for _, h := range p.Memory().Heaps {
		out := heapDocument{string(h.Kind), h.Size, make([]placementDocument, 0, len(h.Placements))}
		for _, x := range h.Placements {
			out.Placements = append(out.Placements, placementDocument(x))
		}
		d.Memory.Heaps = append(d.Memory.Heaps, out)
	}
	return json.Marshal(d)
}

func (b *Barrier) document() barrierDocument {
	d := barrierDocument{
		Kind: b.Kind.String(), Encoder: b.Encoder, AfterPass: b.AfterPass, BeforePass: b.BeforePass,
		After: b.After.Names(), Before: b.Before.Names(), Visibility: []string{},
		Because: make([]becauseDocument, 0, len(b.Because)),
	}
	if b.Visibility&metal.VisibilityDevice != 0 {
		d.Visibility = append(d.Visibility, "device")
	}
	for _, w := range b.Because {
		d.Because = append(d.Because, becauseDocument{w.Resource, w.From, w.To, w.Hazard.String(), w.Aliasing, w.Frames})
	}
	return d
}
