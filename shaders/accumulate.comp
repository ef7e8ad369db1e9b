// Adds one jittered picture to the reference, tone mapped in linear display
// light, and writes the mean so far, sRGB encoded.
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_samplerless_texture_functions : require
#include "light.glsl"
#include "tonemap.glsl"

layout(local_size_x = 8, local_size_y = 8) in;
layout(set = 0, binding = 0, std140) uniform Step {
    uint index; // of this picture, from 0
    uint width;
    uint height;
} step_;
layout(set = 0, binding = 1, std430) buffer Sums { vec4 at[]; } sums;
layout(set = 1, binding = 0) uniform texture2D light;
layout(set = 1, binding = 1, rgba8) uniform writeonly image2D mean;

void main() {
    uvec2 p = gl_GlobalInvocationID.xy;
    if (p.x >= step_.width || p.y >= step_.height)
        return;
    uint i = p.y * step_.width + p.x;
    vec4 sum = vec4(filmic(expand(texelFetch(light, ivec2(p), 0).rgb)), 1.0);
    if (step_.index > 0u)
        sum += sums.at[i];
    sums.at[i] = sum;
    imageStore(mean, ivec2(p), vec4(encode(sum.rgb / sum.a), 1.0));
}
