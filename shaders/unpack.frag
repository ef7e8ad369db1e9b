// Reads the planes of a tensor as the channels of a picture of the same size.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "elements.glsl"
#include "srgb.glsl"

layout(set = 0, binding = 0, std140) uniform Unpack {
    vec4 scale;
    vec4 bias;
    uint channels;
    uint row;      // elements from a row to the next, whole words
    uint plane;    // elements from a channel to the next, whole words
    uint kind;     // of elements; see elements.glsl
    uint reversed; // channel 0 is blue
    uint convert;  // numbers; see srgb.glsl
} unpack;
layout(set = 0, binding = 1, std430) readonly buffer Tensor { uint at[]; } tensor;
layout(location = 0) out vec4 color;

float element(uint i) {
    uint words = perWord(unpack.kind);
    return elementOf(tensor.at[i / words], i % words, unpack.kind);
}

void main() {
    uvec2 p = uvec2(gl_FragCoord.xy);
    vec4 c = vec4(0.0, 0.0, 0.0, 1.0);
    for (uint i = 0u; i < unpack.channels; i++)
        c[i] = element(i * unpack.plane + p.y * unpack.row + p.x) * unpack.scale[i] + unpack.bias[i];
    if (unpack.channels == 1u)
        c = c.rrra; // gray
    if (unpack.reversed != 0u)
        c = c.bgra;
    color = vec4(converted(c.rgb, unpack.convert), c.a);
}
