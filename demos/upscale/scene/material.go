package scene

// material is an index into the table below; vertices carry it.
type material uint8

const (
	paint material = iota // smooth and colored by tint
	gloss                 // ceramic, lacquer
	plaster
	brick
	ashlar
	cobble
	tiles
	planks
	boards // painted planks
	brushed
	brass
	wire // dark metal without texture, for thin things
	rooftile
	slate
	canvas
	grating
	asphalt
	louver
	herringbone
	mosaic
	glass
	window  // glass with a lit room behind
	display // glass with goods behind
	water
	bulb // shines
	neon // shines brighter
	rough
	bark
	materials int = iota
	// From here on vertices move in the wind; shaders/vertex.glsl knows the number.
	leaf   material = 200
	cloth  material = 201
	petal  material = 202
	tabled int      = 203
)

// surface is a material as shaders/scene.frag reads it.
type surface struct {
	Layer        float32
	Density      float32 // repeats of the texture per meter
	Relief       float32
	Roughness    float32
	Metalness    float32
	Reflectance  float32
	Emission     float32
	Translucency float32
}

// surfaces lists all materials. lit says how bright lamps and windows are: 0 by
// day, 1 at dusk.
func surfaces(lit float64) []surface {
	all := make([]surface, tabled)
	set := func(m material, layer pattern, size, relief, roughness float64) *surface {
		all[m] = surface{Layer: float32(layer), Density: float32(1 / size), Relief: float32(relief), Roughness: float32(roughness), Reflectance: 0.04}
		return &all[m]
	}
	set(paint, patternPlain, 0.7, 0.3, 0.55)
	set(gloss, patternPlain, 1.5, 0.05, 0.14).Reflectance = 0.06
	set(plaster, patternPlaster, 2.5, 0.8, 0.95)
	set(brick, patternBrick, 1.6, 1, 0.95)
	set(ashlar, patternAshlar, 2.8, 1, 0.9)
	set(cobble, patternCobble, 1.7, 1, 0.75)
	set(tiles, patternTiles, 1.6, 1, 0.5)
	set(planks, patternPlanks, 1.4, 1, 0.8)
	set(boards, patternPlanks, 1.2, 1, 0.55)
	set(brushed, patternBrushed, 0.6, 0.6, 0.5).Metalness = 1
	set(brass, patternBrushed, 0.9, 0.25, 0.36).Metalness = 1
	set(wire, patternPlain, 0.7, 0, 0.5)
	set(rooftile, patternRoof, 1.5, 1, 0.85)
	set(slate, patternRoof, 1.1, 0.7, 0.6)
	set(canvas, patternCanvas, 0.25, 0.8, 0.95).Translucency = 0.35
	set(grating, patternGrating, 0.45, 1, 0.5).Metalness = 0.9
	set(asphalt, patternAsphalt, 1.5, 1, 0.95)
	set(louver, patternLouver, 0.42, 1, 0.6)
	set(herringbone, patternHerringbone, 1.2, 1, 0.8)
	set(mosaic, patternMosaic, 0.8, 0.8, 0.3)
	set(glass, patternPlain, 2, 0.05, 0.08).Reflectance = 0.08
	*set(window, patternRoom, 1.15, 0.04, 0.08) = surface{Layer: float32(patternRoom), Density: 1 / 1.15, Relief: 0.04, Roughness: 0.1, Reflectance: 0.08, Emission: float32(0.05 + 2.2*lit)}
	*set(display, patternShop, 4, 0.02, 0.08) = surface{Layer: float32(patternShop), Density: 0.25, Relief: 0.02, Roughness: 0.1, Reflectance: 0.06, Emission: float32(0.14 + 1.6*lit)}
	set(water, patternRipples, 2.2, 0.6, 0.06).Reflectance = 0.03
	set(bulb, patternPlain, 1, 0, 0.4).Emission = float32(1.5 + 6*lit)
	set(neon, patternPlain, 1, 0, 0.4).Emission = float32(1 + 2.5*lit)
	set(rough, patternPlaster, 0.8, 1.2, 1)
	set(bark, patternBark, 0.6, 1, 0.95)
	set(leaf, patternLeaf, 0.6, 0.6, 0.55).Translucency = 0.5
	set(cloth, patternCanvas, 0.25, 0.8, 0.9).Translucency = 0.4
	set(petal, patternPlain, 0.4, 0.4, 0.8).Translucency = 0.4
	return all
}
