#version 460
// Writes which thread each element belongs to: a grid of groups of 4x2x2.
layout(local_size_x = 4, local_size_y = 2, local_size_z = 2) in;
layout(set = 0, binding = 5, std430) writeonly buffer Target { uint target[]; };
void main() {
    uvec3 n = gl_NumWorkGroups * gl_WorkGroupSize, at = gl_GlobalInvocationID;
    target[(at.z * n.y + at.y) * n.x + at.x] = at.x | at.y << 8 | at.z << 16;
}
