#version 460
// Three targets of different kinds.
layout(location = 0) in vec4 color;
layout(location = 0) out vec4 first;
layout(location = 1) out vec4 second;
layout(location = 2) out uvec4 third;
void main() {
    first = color;
    second = color * 8.0 - 2.0;
    third = uvec4(color * 100.0 + 0.5);
}
