// Draws the scene.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "view.glsl"
#include "vertex.glsl"

layout(location = 0) out vec3 position;
layout(location = 1) out vec4 normal;  // w: ambient visibility
layout(location = 2) out vec3 tangent;
layout(location = 3) out vec2 uv;
layout(location = 4) out vec3 tint;
layout(location = 5) flat out uint material;

vec3 turn(Part part, vec3 d) {
    return vec3(dot(part.x.xyz, d), dot(part.y.xyz, d), dot(part.z.xyz, d));
}

void main() {
    Vertex v = vertices.at[gl_VertexIndex];
    Part part = parts.at[v.tangent >> 24];
    position = place(v, part, view.eye.w);
    normal = vec4(turn(part, octahedron(v.normal)), float(v.normal >> 24) / 255.0);
    tangent = turn(part, octahedron(v.tangent));
    uv = v.uv;
    vec3 code = unpackUnorm4x8(v.tint).rgb;
    tint = code * (code * (code * 0.305306011 + 0.682171111) + 0.012522878); // sRGB to linear, within 1/400
    material = v.tint >> 24;
    gl_Position = view.project * vec4(position, 1.0);
}
