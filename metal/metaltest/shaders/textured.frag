#version 460
layout(location = 1) in vec2 uv;
layout(set = 1, binding = 0) uniform texture2D image;
layout(set = 2, binding = 0) uniform sampler filtering;
layout(location = 0) out vec4 target;
void main() { target = texture(sampler2D(image, filtering), uv); }
