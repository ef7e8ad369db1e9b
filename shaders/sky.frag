// Fills what the scene left open: sky, sun and clouds.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "view.glsl"
#include "light.glsl"

layout(location = 0) in vec2 coordinate;
layout(location = 0) out vec4 color;

float hash(vec2 p) {
    p = fract(p * vec2(0.1031, 0.1030));
    p += dot(p, p.yx + 33.33);
    return fract((p.x + p.y) * p.x);
}

float noise(vec2 p) {
    vec2 i = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}

void main() {
    vec2 ndc = (coordinate - 0.5) * vec2(2.0, -2.0) - view.jitter.xy;
    vec3 d = normalize(view.forward.xyz + view.right.xyz * ndc.x + view.up.xyz * ndc.y);
    vec3 c = sky(d);

    // Clouds on a plane far above.
    vec2 p = d.xz / (max(d.y, 0.0) + 0.12) * view.clouds.y + view.clouds.zw;
    float sum = 0.0, size = 0.5;
    for (int i = 0; i < 5; i++) {
        sum += size * noise(p);
        p = p * 2.03 + vec2(17.3, 9.1);
        size *= 0.5;
    }
    float cloud = smoothstep(1.0 - view.clouds.x, 1.25 - view.clouds.x, sum) * clamp(d.y * 6.0, 0.0, 1.0);
    float toSun = max(dot(d, view.sun.xyz), 0.0);
    vec3 lit = mix(view.horizon.rgb, view.zenith.rgb, 0.35) * 0.9 + view.sunLight.rgb * (0.10 + 0.25 * toSun * toSun * toSun);
    c = mix(c, lit, cloud * 0.8);
    c += view.sunLight.rgb * 20.0 * (1.0 - cloud) * smoothstep(0.99988, 0.99993, toSun);
    color = vec4(compress(min(c * view.sunLight.w, 100.0)), 1.0);
}
