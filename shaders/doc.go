// Package shaders holds weft's shader functions: one GLSL source each, and the
// SPIR-V (Vulkan) and MSL (Metal) made from it, embedded as [metal.Function]
// values.
//
// # Adding a shader
//
// Write NAME.vert, NAME.frag or NAME.comp beside this file (GLSL 4.50; shared
// code goes into .glsl files, included by name) and run
//
//	go run ./shaders/gen
//
// which writes spirv/NAME.EXT.spv, msl/NAME.EXT.metal and zfunctions.go, where
// half_size.comp has become the variable HalfSizeComp. Commit all three: a test
// makes them again and compares.
//
// What GLSL cannot say, such as products of tensors, has its MSL written by hand
// in NAME.EXT.metal beside the source, which stays its twin on Vulkan and must
// bind the same: see convolve.comp.
//
// # The convention
//
// A resource has one index, the same in the argument table, in SPIR-V and in
// MSL. Its descriptor set says what it is:
//
//	layout(set = 0, binding = 3, std430) readonly buffer Lights { ... } lights; // [[buffer(3)]]
//	layout(set = 0, binding = 0, std140) uniform View { ... } view;             // [[buffer(0)]]
//	layout(set = 1, binding = 2) uniform texture2D color;                       // [[texture(2)]]
//	layout(set = 1, binding = 4, rgba16f) uniform writeonly image2D result;     // [[texture(4)]]
//	layout(set = 2, binding = 1) uniform sampler smooth_;                       // [[sampler(1)]]
//
// Buffers and images have an index of their own each: no arrays of them, no
// combined samplers (write sampler2D(color, smooth_) where it is sampled), no
// push constants, no vertex attributes: a vertex function reads what it needs
// from storage buffers by gl_VertexIndex and gl_InstanceIndex, both counted
// from the draw's base. Runtime-sized arrays are fine; their length() is not,
// as Metal has no such thing. A storage buffer that is only read says readonly.
// texelFetch on a texture2D needs
// #extension GL_EXT_samplerless_texture_functions : require.
//
// Clip space is Metal's: y up, z from 0 to 1, clockwise triangles face the
// viewer; row 0 of a texture is on top, so that a full-screen triangle's
// texture coordinate is vec2(0.5, -0.5)*clip + 0.5. gl_FragCoord counts from
// the top left in both. Drivers make it so: never flip y in a shader.
//
// The entry point is main in SPIR-V and main0 in MSL. A compute function's
// local size is Function.Threads.
package shaders
