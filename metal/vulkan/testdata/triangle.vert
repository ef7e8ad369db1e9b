#version 450
layout(set = 0, binding = 0, std430) readonly buffer Vertices { vec4 at[]; } vertices;
layout(set = 0, binding = 1, std140) uniform Tint { vec4 color; } tint;
layout(location = 0) out vec4 color;

void main() {
    gl_Position = vertices.at[gl_VertexIndex];
    color = tint.color;
}
