// Draws the scene's depths as the sun sees them.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "view.glsl"
#include "vertex.glsl"

void main() {
    Vertex v = vertices.at[gl_VertexIndex];
    vec3 p = place(v, parts.at[v.tangent >> 24], view.eye.w);
    gl_Position = view.shadowProject * vec4(p, 1.0);
}
