#version 460
layout(set = 0, binding = 1, std430) readonly buffer Vertices { vec4 vertices[]; };
layout(location = 0) out vec4 color;
layout(location = 2) out vec2 uv;
void main() {
    gl_Position = vertices[gl_VertexIndex];
    color = vec4(1);
    uv = gl_Position.xy;
}
