package standin

import (
	"fmt"
	"regexp"
	"strconv"

	"weft/metal"
	"weft/metal/spirv"
)

// library is an MTLLibrary: of one function of MSL, or of a network.
type library struct {
	object   *object
	function *metal.Function
	network  *metal.Network
}

// function is an MTL4LibraryFunctionDescriptor resolved.
type function struct {
	metal.Function
	module  *spirv.Module
	tensors map[int]bool // which buffer indices of the MSL take tensors
}

var tensorParameter = regexp.MustCompile(`\btensor<[^()\[\]]*>\s*\w+\s*\[\[buffer\((\d+)\)\]\]`)

// tensorsOf reads which buffer indices of a Metal source take tensors.
func tensorsOf(msl string) map[int]bool {
	out := map[int]bool{}
	for _, m := range tensorParameter.FindAllStringSubmatch(msl, -1) {
		if n, err := strconv.Atoi(m[1]); err == nil {
			out[n] = true
		}
	}
	return out
}

// languageVersion4 is MTLLanguageVersion4_0.
const languageVersion4 = 4 << 16

const libraryDomain = "MTLLibraryErrorDomain"

// Codes of MTLLibraryError.
const (
	libraryUnsupported      = 1
	libraryInternal         = 2
	libraryCompileFailure   = 3
	libraryFunctionNotFound = 5
	libraryFileNotFound     = 6
)

func (m *machine) newLibrary(c *call) {
	d := c.object(0)
	source, options := d.text("source"), d.child("options")
	switch {
	case options == nil:
		c.fault("no options: set languageVersion to MTLLanguageVersion4_0 (%d), or the default of the program's own SDK counts", languageVersion4)
	case options.integer("languageVersion") != languageVersion4:
		c.fault("languageVersion %d: Metal 4 functions need MTLLanguageVersion4_0 (%d)", options.integer("languageVersion"), languageVersion4)
	}
	f, ok := m.functions[source]
	if !ok {
		c.refuse(1, libraryDomain, libraryCompileFailure, fmt.Sprintf("the stand-in compiles only the functions that it was given, and none has this text (%d bytes)", len(source)))
		return
	}
	l := &library{function: &f}
	l.object = c.create("MTLLibrary", l)
}

func (m *machine) newLibraryWithURL(c *call) {
	path := c.object(0).path()
	n, ok := m.networks[path]
	if !ok {
		c.refuse(1, libraryDomain, libraryFileNotFound, fmt.Sprintf("library not found: %s", path))
		return
	}
	l := &library{network: &n}
	l.object = c.create("MTLLibrary", l)
}

// The names of the functions in libraries: what spirv-cross calls the entry
// point, and what metal-package-builder does.
const (
	mslEntry     = "main0"
	networkEntry = "main"
)

// functionOf resolves a function descriptor, or says why it cannot.
func (m *machine) functionOf(d *object, what string, stage metal.Stages) (*function, error) {
	if d == nil {
		return nil, fmt.Errorf("no %s", what)
	}
	l := d.child("library")
	name := d.text("name")
	if l == nil {
		return nil, fmt.Errorf("%s %q has no library", what, name)
	}
	lib := l.state.(*library)
	if lib.function == nil || name != mslEntry {
		return nil, fmt.Errorf("%s: no function is called %q in %s", what, name, l)
	}
	f := &function{Function: *lib.function, tensors: tensorsOf(lib.function.MSL)}
	if f.Stage != stage {
		return nil, fmt.Errorf("%s: %s is a function of stage %v, must be %v", what, f.Name, f.Stage, stage)
	}
	var err error
	if f.module, err = spirv.Reflect(f.SPIRV); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", what, f.Name, err)
	}
	return f, nil
}

type computePipeline struct {
	object   *object
	metal    metal.ComputePipeline
	function *function
}

func (m *machine) newComputePipeline(c *call) {
	d := c.object(0)
	f, err := m.functionOf(d.child("computeFunctionDescriptor"), "compute function", metal.StageDispatch)
	if err != nil {
		c.refuse(2, libraryDomain, libraryFunctionNotFound, err.Error())
		return
	}
	if n := d.structure("requiredThreadsPerThreadgroup"); n[0]*n[1]*n[2] != 0 && sizeOf(n) != f.module.Threads {
		c.fault("requiredThreadsPerThreadgroup %v: %s is written for %v", sizeOf(n), f.Name, f.module.Threads)
	}
	p := &computePipeline{function: f}
	if p.metal, err = m.device.NewComputePipeline(metal.ComputePipelineDescriptor{Label: d.label(), Function: f.Function}); err != nil {
		c.refuse(2, libraryDomain, libraryCompileFailure, err.Error())
		return
	}
	p.object = c.create("MTLComputePipelineState", p)
}

// renderPipeline is an MTLRenderPipelineState. Metal 4 does not say what depth
// format, and may leave open what topology, a pipeline is for; the device
// beneath wants to know, so variants are made when passes and draws ask.
type renderPipeline struct {
	object           *object
	descriptor       metal.RenderPipelineDescriptor
	vertex, fragment *function // fragment may be nil
	open             bool      // the topology is not said
	variants         map[variant]metal.RenderPipeline
}

type variant struct {
	depthStencil metal.PixelFormat
	topology     metal.PrimitiveType
}

func (m *machine) newRenderPipeline(c *call) {
	d := c.object(0)
	refuse := func(err error) { c.refuse(2, libraryDomain, libraryCompileFailure, err.Error()) }
	p := &renderPipeline{variants: map[variant]metal.RenderPipeline{}}
	var err error
	if p.vertex, err = m.functionOf(d.child("vertexFunctionDescriptor"), "vertex function", metal.StageVertex); err != nil {
		refuse(err)
		return
	}
	p.descriptor = metal.RenderPipelineDescriptor{
		Label: d.label(), Vertex: p.vertex.Function,
		Samples:         d.integer("rasterSampleCount"),
		AlphaToCoverage: d.integer("alphaToCoverageState") == 1,
	}
	if f := d.child("fragmentFunctionDescriptor"); f != nil {
		if p.fragment, err = m.functionOf(f, "fragment function", metal.StageFragment); err != nil {
			refuse(err)
			return
		}
		p.descriptor.Fragment = p.fragment.Function
	}
	p.descriptor.Colors = pipelineColors(d.child("colorAttachments"))
	// MTLPrimitiveTopologyClass: unspecified, point, line, triangle.
	switch d.integer("inputPrimitiveTopology") {
	case 0:
		p.open = true
		p.descriptor.Topology = metal.PrimitiveTypeTriangle
	case 1:
		p.descriptor.Topology = metal.PrimitiveTypePoint
	case 2:
		p.descriptor.Topology = metal.PrimitiveTypeLine
	case 3:
		p.descriptor.Topology = metal.PrimitiveTypeTriangle
	}
	// What is wrong with it must show now.
	if len(p.descriptor.Colors) > 0 {
		if _, err := p.variant(m, metal.PixelFormatInvalid, p.descriptor.Topology); err != nil {
			refuse(err)
			return
		}
	}
	p.object = c.create("MTLRenderPipelineState", p)
}

func (p *renderPipeline) variant(m *machine, depthStencil metal.PixelFormat, topology metal.PrimitiveType) (metal.RenderPipeline, error) {
	v := variant{depthStencil, topologyClass(topology)}
	if made, ok := p.variants[v]; ok {
		return made, nil
	}
	d := p.descriptor
	d.DepthStencilFormat, d.Topology = v.depthStencil, v.topology
	made, err := m.device.NewRenderPipeline(d)
	if err != nil {
		return nil, err
	}
	p.variants[v] = made
	return made, nil
}

func topologyClass(p metal.PrimitiveType) metal.PrimitiveType {
	switch p {
	case metal.PrimitiveTypePoint, metal.PrimitiveTypeLine:
		return p
	case metal.PrimitiveTypeLineStrip:
		return metal.PrimitiveTypeLine
	}
	return metal.PrimitiveTypeTriangle
}

// pipelineColors reads the color attachments of a pipeline, up to the last one.
func pipelineColors(array *object) []metal.PipelineColor {
	var colors []metal.PipelineColor
	for i := range metal.MaxColorAttachments {
		a := array.element(i)
		if a == nil {
			continue
		}
		color := metal.PipelineColor{
			Format:    metal.PixelFormat(a.integer("pixelFormat")),
			WriteMask: metal.ColorWriteMask(a.integer("writeMask")),
		}
		if color.Format == metal.PixelFormatInvalid {
			continue
		}
		const enabled = 1 // MTL4BlendStateEnabled
		if a.integer("blendingState") == enabled {
			color.Blend = &metal.Blend{
				Operation:        metal.BlendOperation(a.integer("rgbBlendOperation")),
				AlphaOperation:   metal.BlendOperation(a.integer("alphaBlendOperation")),
				SourceColor:      metal.BlendFactor(a.integer("sourceRGBBlendFactor")),
				DestinationColor: metal.BlendFactor(a.integer("destinationRGBBlendFactor")),
				SourceAlpha:      metal.BlendFactor(a.integer("sourceAlphaBlendFactor")),
				DestinationAlpha: metal.BlendFactor(a.integer("destinationAlphaBlendFactor")),
			}
		}
		for len(colors) <= i {
			colors = append(colors, metal.PipelineColor{})
		}
		colors[i] = color
	}
	return colors
}
