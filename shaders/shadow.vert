// Draws the scene's depths as the sun sees them.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "view.glsl"
#include "vertex.glsl"

void main() {
    vec3 p = place(vertices.at[gl_VertexIndex], parts.at[gl_InstanceIndex], view.eye.w);
    gl_Position = view.shadowProject * vec4(p, 1.0);
}
