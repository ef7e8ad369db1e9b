#version 450
layout(local_size_x = 64) in;
layout(set = 0, binding = 0, std140) uniform Params { uint count; uint amount; } params;
layout(set = 0, binding = 1, std430) readonly buffer Source { uint at[]; } source;
layout(set = 0, binding = 2, std430) writeonly buffer Result { uint at[]; } result;

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i < params.count)
        result.at[i] = source.at[i] + params.amount;
}
