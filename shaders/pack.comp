// Writes a texture's channels into the planes of a tensor, as 16 or 32 bit
// floats. One invocation writes two neighbouring elements of each plane, so
// that halves fill whole words.
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_samplerless_texture_functions : require
#include "srgb.glsl"

layout(local_size_x = 8, local_size_y = 8) in;
layout(set = 0, binding = 0, std140) uniform Pack {
    vec4 scale;
    vec4 bias;
    uint width;
    uint height;
    uint channels;
    uint row;   // elements from a row to the next, even
    uint plane; // elements from a channel to the next, even
    uint halves;
    uint reversed; // channel 0 is blue
    uint convert;  // texels; see srgb.glsl
} pack;
layout(set = 0, binding = 1, std430) writeonly buffer Tensor { uint at[]; } tensor;
layout(set = 1, binding = 0) uniform texture2D source;

vec4 element(uint x, uint y) {
    if (x >= pack.width)
        return vec4(0.0); // the padding of the row
    vec4 c = texelFetch(source, ivec2(x, y), 0);
    c.rgb = converted(c.rgb, pack.convert);
    if (pack.reversed != 0u)
        c = c.bgra;
    return c * pack.scale + pack.bias;
}

void main() {
    uint x = 2u * gl_GlobalInvocationID.x;
    uint y = gl_GlobalInvocationID.y;
    if (x >= pack.width || y >= pack.height)
        return;
    vec4 a = element(x, y);
    vec4 b = element(x + 1u, y);
    for (uint c = 0u; c < pack.channels; c++) {
        uint i = c * pack.plane + y * pack.row + x;
        if (pack.halves != 0u) {
            tensor.at[i / 2u] = packHalf2x16(vec2(a[c], b[c]));
            continue;
        }
        tensor.at[i] = floatBitsToUint(a[c]);
        if (x + 1u < pack.width)
            tensor.at[i + 1u] = floatBitsToUint(b[c]);
    }
}
