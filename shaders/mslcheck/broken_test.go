package mslcheck

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/shaders"
)

// sound is a function of many features, which the mistakes below are made in.
const sound = `#include <metal_stdlib>
using namespace metal;
struct Lights { packed_float3 position; float power; float4x4 turn; };
constant float gain = 2.0;
kernel void main0(const device Lights& lights [[buffer(0)]], device float4* results [[buffer(1)]], constant uint& count [[buffer(2)]],
                  texture2d<half> image [[texture(0)]], texture2d<float, access::write> target [[texture(1)]], sampler smooth [[sampler(0)]],
                  uint3 at [[thread_position_in_grid]])
{
    if (at.x >= count) return;
    half4 color = image.sample(smooth, float2(at.xy) / 64.0, level(0.5));
    float3 position = lights.position;
    float4 turned = lights.turn * float4(position, 1.0);
    float3 mixed = mix(turned.xyz, float3(color.xyz), 0.5) * gain;
    uint bits = as_type<uint>(half2(mixed.xy));
    results[at.x] = float4(mixed, float(bits)) + fast::clamp(dot(mixed, position), 0.0, 1.0);
    results[at.x].zw = select(mixed.xy, float2(0.0), mixed.xy > float2(1.0));
    target.write(float4(color), at.xy);
}
`

func TestSound(t *testing.T) {
	_, err := Read(sound)
	require.NoError(t, err)
	require.NoError(t, Compile(map[string]string{"sound.metal": sound}))
}

// Mistakes that clang sees.
func TestCompileRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, new, problem string }{
		"syntax":                 {"return;", "return", "expected"},
		"unknown name":           {"* gain;", "* gian;", "undeclared identifier 'gian'"},
		"unknown function":       {"mix(", "lerp(", "undeclared identifier 'lerp'"},
		"unknown member":         {"lights.turn", "lights.turns", "no member named 'turns'"},
		"writes constant":        {"if (at.x", "gain = 3.0; if (at.x", "const-qualified"},
		"writes const device":    {"if (at.x", "lights.power = 1.0; if (at.x", "const-qualified"},
		"too few components":     {"float4(position, 1.0)", "float4(position)", "wrong number of components"},
		"too many components":    {"float4(position, 1.0)", "float4(position, 1.0, 1.0)", "wrong number of components"},
		"half4 as float4":        {"float4(color), at.xy", "color, at.xy", "write"},
		"int4 as float4":         {"float4(color), at.xy", "int4(color), at.xy", "write"},
		"float3 as float4":       {"results[at.x] = ", "results[at.x] = mixed; results[at.x] = ", "incompatible type"},
		"matrix with float3":     {"lights.turn * float4(position, 1.0)", "lights.turn * position", "cannot convert"},
		"dot of two sizes":       {"dot(mixed, position)", "dot(mixed, turned)", "no matching function"},
		"sine of an integer":     {"float(bits)", "sin(bits)", "no matching function"},
		"sizes of as_type":       {"as_type<uint>(half2(mixed.xy))", "as_type<uint>(mixed.xy)", "different sizes"},
		"read of write-only":     {"target.write(float4(color), at.xy)", "target.read(at.xy)", "read of a texture with access::write"},
		"write to sampled":       {"target.write(float4(color)", "image.write(color", "write to a texture without"},
		"sample of write-only":   {"image.sample(", "target.sample(", "sample of a texture without"},
		"level without its tag":  {"level(0.5)", "0.5", "implicit conversion"},
		"sampler left out":       {"sample(smooth, ", "sample(", "no matching member function"},
		"integer coordinates":    {"float2(at.xy) / 64.0", "at.xy", "no matching member function"},
		"component out of reach": {"mixed.xy, float2(0.0), mixed.xy >", "mixed.xw, float2(0.0), mixed.xy >", "exceeds type"},
		"select of two sizes":    {"mixed.xy > float2(1.0)", "mixed.xyz > float3(1.0)", "a bool for each"},
		"no header":              {"<metal_stdlib>", "<metal_stdlibs>", "file not found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken := strings.Replace(sound, c.old, c.new, 1)
			require.NotEqual(t, sound, broken)
			require.ErrorContains(t, Compile(map[string]string{name + ".metal": broken}), c.problem)
		})
	}
}

// Mistakes with tensors.
func TestTensorsRefused(t *testing.T) {
	for name, c := range map[string]struct{ old, new, problem string }{
		"types that do not multiply": {"device half, dextents<int, 2>> source", "device int, dextents<int, 2>> source", "does not take these types together"},
		"one dimension":              {"device half, dextents<int, 2>> source", "device half, dextents<int, 1>> source", "an index for each dimension"},
		"indices of a slice":         {"slice(pixel, 0)", "slice(pixel)", "an index for each dimension"},
		"indices of an element":      {"at[0], at[1])", "at[0])", "an index for each dimension"},
		"a tag as descriptor":        {"dextents<int, 2>> source", "dextents<int, 2>, tensor_offset> source", "tensor_handle or tensor_inline"},
		"a size that is no constant": {"matmul2d_descriptor(64, 32,", "matmul2d_descriptor(output, 32,", "output"},
		"no descriptor":              {"matmul2d<product, ", "matmul2d<", "template argument"},
		"no such operation":          {"multiply.run", "multiply.execute", "no member named 'execute'"},
		"header left out":            {"#include <MetalPerformancePrimitives/MetalPerformancePrimitives.h>", "", "mpp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken := strings.Replace(shaders.ConvolveComp.MSL, c.old, c.new, 1)
			require.NotEqual(t, shaders.ConvolveComp.MSL, broken)
			require.ErrorContains(t, Compile(map[string]string{name + ".metal": broken}), c.problem)
		})
	}
	_, err := Read(strings.Replace(shaders.ConvolveComp.MSL, "tensor<device half", "tensor<half", 1))
	require.ErrorContains(t, err, "in device or constant")
}

// Mistakes in what is bound, which clang does not know of.
func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, new, problem string }{
		"twice":              {"buffer(1)", "buffer(0)", "buffer(0) is bound twice, by lights and results"},
		"too high":           {"buffer(1)", "buffer(31)", "indices go from 0 to 30"},
		"no index":           {"buffer(1)", "buffer", "indices go from 0 to 30"},
		"misspelled":         {"thread_position_in_grid", "thread_position_in_gird", "none of a dispatch function"},
		"of another stage":   {"thread_position_in_grid", "vertex_id", "none of a dispatch function"},
		"none":               {" [[sampler(0)]]", "", "one attribute"},
		"no address space":   {"device float4* results", "float4* results", "in device or constant"},
		"a buffer's value":   {"constant uint& count", "uint count", "a pointer, reference or tensor"},
		"sampler as texture": {"sampler smooth [[sampler(0)]]", "sampler smooth [[texture(4)]]", "must be a texture"},
		"texture as sampler": {"image [[texture(0)]]", "image [[sampler(3)]]", "must be sampler"},
		"other name":         {"main0", "main1", "0 entry points called main0"},
		"in a structure":     {"float power;", "float power [[buffer(3)]];", "outside of the parameters"},
	} {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(sound, c.old, c.new, 1)
			require.NotEqual(t, sound, broken)
			_, err := Read(broken)
			require.ErrorContains(t, err, c.problem)
		})
	}
	_, err := Read("kernel void main0(uint at [[thread_position_in_grid]]")
	require.ErrorContains(t, err, "no end")
}

func TestNoClang(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	require.EqualError(t, Compile(map[string]string{"a.metal": sound}), "mslcheck: clang is not installed: run make setup")
}
