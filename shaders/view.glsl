// What every shader of the demo's scene knows about the frame: the same block
// as scene.viewBlock in Go.
layout(set = 0, binding = 0, std140) uniform View {
    mat4 project;       // world to clip space, jitter included
    mat4 shadowProject; // world to the shadow map's clip space
    vec4 eye;           // xyz in meters; w: time in seconds
    vec4 right;         // xyz: camera basis scaled to the picture's edge at distance 1
    vec4 up;
    vec4 forward;       // w: number of lamps
    vec4 jitter;        // xy: offset of the picture in clip space; z: mip bias; w: shadow texel
    vec4 sun;           // xyz: direction to the sun; w: angular size of the glow
    vec4 sunLight;      // rgb: irradiance at normal incidence; w: exposure
    vec4 zenith;        // rgb: radiance straight up
    vec4 horizon;       // rgb: radiance at the horizon
    vec4 bounce;        // rgb: light from below; w: haze per meter
    vec4 clouds;        // x: cover, y: scale, zw: drift
    vec4 lampPosition[8]; // w: reach in meters
    vec4 lampLight[8];    // rgb: intensity
} view;

// sky is the radiance from direction d, without clouds and the sun's disc.
vec3 sky(vec3 d) {
    float height = max(d.y, 0.0);
    vec3 c = mix(view.horizon.rgb, view.zenith.rgb, 1.0 - exp2(-5.0 * height));
    float toSun = max(dot(d, view.sun.xyz), 0.0);
    float glow = toSun * toSun;
    glow *= glow;
    c += view.sunLight.rgb * (0.025 * glow + 0.07 * exp2(view.sun.w * (toSun - 1.0)));
    return mix(c, view.bounce.rgb, clamp(-d.y * 4.0, 0.0, 1.0));
}
