// Writes a texture's channels into the planes of a tensor. One invocation writes
// four neighbouring elements of each plane, so that those of 8 and of 16 bits
// fill whole words.
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_samplerless_texture_functions : require
#include "elements.glsl"
#include "srgb.glsl"

layout(local_size_x = 8, local_size_y = 8) in;
layout(set = 0, binding = 0, std140) uniform Pack {
    vec4 scale;
    vec4 bias;
    uint width;
    uint height;
    uint channels;
    uint row;      // elements from a row to the next, whole words
    uint plane;    // elements from a channel to the next, whole words
    uint kind;     // of elements; see elements.glsl
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
    uint x = 4u * gl_GlobalInvocationID.x;
    uint y = gl_GlobalInvocationID.y;
    if (x >= pack.width || y >= pack.height)
        return;
    // By channel what was by pixel.
    mat4 four = transpose(mat4(element(x, y), element(x + 1u, y), element(x + 2u, y), element(x + 3u, y)));
    uint words = perWord(pack.kind);
    for (uint c = 0u; c < pack.channels; c++) {
        uint first = (c * pack.plane + y * pack.row + x) / words;
        uvec4 packed = wordsOf(four[c], pack.kind);
        for (uint i = 0u; i < 4u / words; i++)
            if (x + i * words < pack.width)
                tensor.at[first + i] = packed[i];
    }
}
