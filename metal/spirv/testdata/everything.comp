#version 460
layout(local_size_x = 8, local_size_y = 4, local_size_z = 2) in;
layout(set = 0, binding = 0, std430) readonly buffer In { vec4 scale; mat3 turn; float values[]; } source;
layout(set = 0, binding = 3, std430) buffer Out { float values[]; } target;
layout(set = 0, binding = 4, std430) buffer Unused { float values[16]; } unused;
layout(set = 0, binding = 5, std140) uniform Constants { uint count; vec3 color; } constants;
layout(set = 0, binding = 6, std430) buffer Counters { uint counters[4]; };
layout(set = 1, binding = 0) uniform texture2DArray image;
layout(set = 1, binding = 1, rgba8) uniform writeonly image2D result;
layout(set = 1, binding = 2, r32ui) uniform uimage3D volume;
layout(set = 2, binding = 7) uniform sampler linear;

float sampled(uint i) {
    return texture(sampler2DArray(image, linear), vec3(float(i), 0, 0)).x;
}

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= constants.count) return;
    target.values[i] = source.values[i] * source.scale.x + sampled(i);
    atomicAdd(counters[i % 4], 1);
    imageStore(result, ivec2(i, 0), vec4(constants.color, 1));
    uint old = imageLoad(volume, ivec3(i, 0, 0)).x;
    imageStore(volume, ivec3(i, 0, 0), uvec4(old + 1));
}
