package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal"
)

// Each pair of neighbours that could share an encoder by its kind, and does not,
// has its reason.
func TestWhyPassesShareNoEncoder(t *testing.T) {
	f := newJoinedFrame()
	render := func(name string, declare func(d *Declaration)) {
		addPass(f.g, name, Render, func(d *Declaration) { declare(d); d.SideEffect() })
	}
	keep := func(d *Declaration) { d.Color(0, Attachment{Texture: f.x, Load: Keep()}) }
	render("clear", func(d *Declaration) { d.Color(0, Attachment{Texture: f.x, Load: Clear(0, 0, 0, 1)}) })
	render("follow", func(d *Declaration) { keep(d); d.Write(f.b, metal.StageFragment) })
	render("use", func(d *Declaration) { keep(d); d.Read(f.b, metal.StageFragment) })
	render("again", func(d *Declaration) { d.Color(0, Attachment{Texture: f.x, Load: Clear(0, 0, 0, 1)}) })
	render("elsewhere", func(d *Declaration) { d.Color(0, Attachment{Texture: f.y, Load: Keep()}); d.Read(f.x, 0) })
	for _, name := range []string{"first", "second"} {
		x := f.g.Tensor("x of "+name, metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{64}}, Persistent)
		addPass(f.g, name, MachineLearning, func(d *Declaration) { d.Read(f.y, 0); d.Write(x, 0) })
	}
	c := compileOnly(t, f.g)
	var got []string
	for _, r := range whyEncoders(c) {
		got = append(got, r.String())
	}
	assert.Equal(t, []string{
		"follow and use share no encoder: use uses b after a fragment of the same encoder would, which nothing orders on a tile-based GPU",
		"use and again share no encoder: again does not load its attachment x",
		"again and elsewhere share no encoder: they have other attachments: y of elsewhere",
		"first and second share no encoder: a machineLearning encoder holds one network",
	}, got, "%s", c.plan)
}
