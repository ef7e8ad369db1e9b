// Vertices and moving parts, as package demos/upscale/scene lays them out.
struct Vertex {
    vec3 position; // meters, in its part's space
    uint normal;   // octahedral, 12 bits x 12 bits; then ambient visibility, 8 bits
    vec2 uv;       // meters
    uint tangent;  // octahedral, 12 bits x 12 bits; then moving part, 8 bits
    uint tint;     // r, g, b in sRGB code values, and material, 8 bits each
};

struct Part {
    // Rows of the affine transform to the world, which scales all axes alike.
    vec4 x;
    vec4 y;
    vec4 z;
};

layout(set = 0, binding = 1, std430) readonly buffer Vertices { Vertex at[]; } vertices;
layout(set = 0, binding = 2, std430) readonly buffer Parts { Part at[]; } parts;

// octahedron unfolds a direction from two numbers of 12 bits.
vec3 octahedron(uint code) {
    vec2 e = vec2(code & 4095u, (code >> 12) & 4095u) * (2.0 / 4095.0) - 1.0;
    vec3 n = vec3(e, 1.0 - abs(e.x) - abs(e.y));
    float fold = max(-n.z, 0.0);
    n.x += n.x >= 0.0 ? -fold : fold;
    n.y += n.y >= 0.0 ? -fold : fold;
    return normalize(n);
}

// leaf is the material from which on vertices move in the wind.
const uint leaf = 200u;

// place is where a vertex stands in the world.
vec3 place(Vertex v, Part part, float time) {
    vec4 p = vec4(v.position, 1.0);
    if ((v.tint >> 24) >= leaf) {
        vec3 phase = v.position * vec3(0.9, 1.3, 1.1) + time * vec3(1.3, 1.7, 1.1);
        p.xyz += 0.03 * sin(phase + sin(phase.yzx * 2.3));
    }
    return vec3(dot(part.x, p), dot(part.y, p), dot(part.z, p));
}
