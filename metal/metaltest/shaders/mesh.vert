#version 460
// Vertices and instances are pulled from buffers. An instance moves and tints.
struct Vertex { vec4 position; vec4 color; };
struct Instance { vec4 offset; vec4 tint; };
layout(set = 0, binding = 0, std430) readonly buffer Vertices { Vertex vertices[]; };
layout(set = 0, binding = 1, std430) readonly buffer Instances { Instance instances[]; };
layout(location = 0) out vec4 color;
layout(location = 1) out vec2 uv;
void main() {
    Vertex v = vertices[gl_VertexIndex];
    Instance i = instances[gl_InstanceIndex];
    gl_Position = v.position + i.offset;
    gl_PointSize = 1.0;
    color = v.color * i.tint;
    uv = gl_Position.xy * vec2(0.5, -0.5) + 0.5;
}
