// Shows a picture at the target's size, in the target's encoding.
#version 450

layout(set = 0, binding = 0, std140) uniform Present {
    uint convert; // 0: as it is; 1: linear light to sRGB; 2: sRGB to linear light
} present;
layout(set = 1, binding = 0) uniform texture2D source;
layout(set = 2, binding = 0) uniform sampler filtering;
layout(location = 0) in vec2 coordinate;
layout(location = 0) out vec4 color;

// IEC 61966-2-1.
vec3 encoded(vec3 c) {
    c = clamp(c, 0.0, 1.0);
    return mix(12.92 * c, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, greaterThan(c, vec3(0.0031308)));
}

vec3 linear(vec3 c) {
    return mix(c / 12.92, pow((max(c, vec3(0.0)) + 0.055) / 1.055, vec3(2.4)), greaterThan(c, vec3(0.04045)));
}

void main() {
    vec3 c = texture(sampler2D(source, filtering), coordinate).rgb;
    if (present.convert == 1u)
        c = encoded(c);
    else if (present.convert == 2u)
        c = linear(c);
    color = vec4(c, 1.0);
}
