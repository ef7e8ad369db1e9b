// Turns the lit picture into the one that is shown: tone mapped, sRGB encoded.
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_samplerless_texture_functions : require
#include "light.glsl"
#include "tonemap.glsl"

layout(set = 1, binding = 0) uniform texture2D light;
layout(location = 0) in vec2 coordinate;
layout(location = 0) out vec4 color;

void main() {
    vec3 c = expand(texelFetch(light, ivec2(gl_FragCoord.xy), 0).rgb);
    color = vec4(encode(filmic(c)), 1.0);
}
