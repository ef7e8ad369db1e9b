// One triangle that covers the picture: draw 3 vertices, no buffers. coordinate
// is 0 to 1, row 0 on top.
#version 450

layout(location = 0) out vec2 coordinate;

void main() {
    vec2 corner = vec2(gl_VertexIndex == 1 ? 3.0 : -1.0, gl_VertexIndex == 2 ? -3.0 : 1.0);
    coordinate = vec2(0.5, -0.5) * corner + 0.5;
    gl_Position = vec4(corner, 1.0, 1.0); // at the far plane
}
