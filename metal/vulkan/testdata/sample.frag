#version 450
layout(set = 1, binding = 3) uniform texture2D picture;
layout(set = 2, binding = 2) uniform sampler nearest;
layout(location = 0) in vec4 color;
layout(location = 0) out vec4 result;

void main() { result = color * texture(sampler2D(picture, nearest), gl_FragCoord.xy / vec2(textureSize(sampler2D(picture, nearest), 0))); }
