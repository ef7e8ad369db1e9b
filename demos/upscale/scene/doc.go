// Package scene draws a market square, made up from a seed: worth looking at,
// and hard to upscale.
//
// # What it shows
//
// A seed decides the time of day, the colors, the houses with their shops and
// signs, what stands in the middle (a fountain, an armillary sphere, a clock, a
// knot of metal, a wind wheel), trees, stalls, café tables, bicycles, fences,
// and the camera's path. There is much that few texels cannot hold: wires and
// spokes, railings and chain link, lettering, cobbles, woven cloth, leaves,
// highlights that move. Everything is procedural: solid geometry built here, and
// patterns drawn into two texture arrays here; letters are the outlines of the
// Go fonts, cut into triangles. No file is read.
//
// # How it is drawn
//
// All triangles are one mesh and one indexed draw; a vertex names its material
// and its moving part. Three passes: "shadow" (depths as the sun sees them),
// "scene" (the mesh and the sky, in linear light, rgba16Float, usually with four
// samples a texel that the pass resolves) and "tone" (a filmic curve, then the
// sRGB encoding, into rgba8Unorm). Light is GGX with an isotropic normal map, a
// sun with a filtered shadow map, up to eight lamps, the sky as ambient light
// and reflection, and haze. So that one bright sample does not hide three dark
// ones in the resolve, the light is stored as c / (1 + max(c)).
//
// Meters and seconds everywhere; y is up; the open side of the square, where the
// camera is, lies at positive z.
//
// # In a graph
//
//	s, err := scene.New(device, 7)
//	picture, err := s.Add(g, scene.View{Width: 640, Height: 360})
//	... // passes that read picture.Color
//	plan, err := g.Compile(device)
//	err = s.Bind(plan, picture)
//
// [Scene.AddReference] draws the same moment with any number of samples a texel.
// [Studio] takes pairs of both, for training and for judging.
package scene
