#version 460
// target[i] = source[i] * factor + offset, for count elements.
layout(local_size_x = 64) in;
layout(set = 0, binding = 0, std430) readonly buffer Source { float source[]; };
layout(set = 0, binding = 1, std430) writeonly buffer Target { float target[]; };
layout(set = 0, binding = 2, std430) readonly buffer Parameters { float factor; float offset; uint count; };
void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i < count) target[i] = source[i] * factor + offset;
}
