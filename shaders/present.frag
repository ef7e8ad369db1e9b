// Shows a picture at the target's size, in the target's encoding.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "srgb.glsl"

layout(set = 0, binding = 0, std140) uniform Present {
    uint convert; // 0: as it is; 1: linear light to sRGB; 2: sRGB to linear light
} present;
layout(set = 1, binding = 0) uniform texture2D source;
layout(set = 2, binding = 0) uniform sampler filtering;
layout(location = 0) in vec2 coordinate;
layout(location = 0) out vec4 color;

void main() {
    vec3 c = texture(sampler2D(source, filtering), coordinate).rgb;
    color = vec4(converted(c, present.convert), 1.0);
}
