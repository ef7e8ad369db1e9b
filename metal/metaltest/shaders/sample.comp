#version 460
// results[i] = the texture at places[i]: u, v, level of detail. Places come in
// sixteens.
layout(local_size_x = 16) in;
layout(set = 0, binding = 0, std430) readonly buffer Places { vec4 places[]; };
layout(set = 0, binding = 1, std430) writeonly buffer Results { vec4 results[]; };
layout(set = 1, binding = 3) uniform texture2D image;
layout(set = 2, binding = 1) uniform sampler filtering;
void main() {
    uint i = gl_GlobalInvocationID.x;
    results[i] = textureLod(sampler2D(image, filtering), places[i].xy, places[i].z);
}
