// Lights the scene: sun with shadow, lamps, sky, haze.
#version 450
#extension GL_GOOGLE_include_directive : require
#include "view.glsl"
#include "light.glsl"

struct Material {
    float layer;        // of the texture arrays
    float density;      // repeats of the texture per meter
    float relief;       // scales the normal map
    float roughness;    // scales the texture's roughness
    float metalness;
    float reflectance;  // of a dielectric, at normal incidence
    float emission;     // radiance of a white texel
    float translucency; // share of the sun's light that shines through
};

layout(set = 0, binding = 3, std430) readonly buffer Materials { Material at[]; } materials;
layout(set = 1, binding = 0) uniform texture2DArray colors;  // rgb: color; a: roughness
layout(set = 1, binding = 1) uniform texture2DArray reliefs; // rg: normal; b: cavity; a: 1 where tint colors the texel
layout(set = 1, binding = 2) uniform texture2D shadows;
layout(set = 1, binding = 3) uniform texture2D occlusion;    // from above: r: openness of the ground
layout(set = 2, binding = 0) uniform sampler tile;
layout(set = 2, binding = 1) uniform samplerShadow compare;
layout(set = 2, binding = 2) uniform sampler edge;

layout(location = 0) in vec3 position;
layout(location = 1) in vec4 normal;
layout(location = 2) in vec3 tangent;
layout(location = 3) in vec2 uv;
layout(location = 4) in vec3 tint;
layout(location = 5) flat in uint material;
layout(location = 0) out vec4 color;

const float pi = 3.14159265;

// mip is the level at which a texel covers as much as the pixel. A footprint
// that is long and thin takes a level between its two sides.
float mip(vec2 dx, vec2 dy) {
    vec2 size = vec2(textureSize(sampler2DArray(colors, tile), 0).xy);
    float x = dot(dx * size, dx * size), y = dot(dy * size, dy * size);
    float longest = max(max(x, y), 1e-8);
    return 0.25 * log2(longest * max(min(x, y), longest / 30.0)) + view.jitter.z;
}

// sunlit is the share of the sun that reaches p: 3x3 bilinear comparisons.
float sunlit(vec3 p, vec3 n) {
    float slope = 1.0 - clamp(dot(n, view.sun.xyz), 0.0, 1.0);
    vec4 c = view.shadowProject * vec4(p + n * (0.015 + 0.035 * slope), 1.0);
    vec3 at = vec3(c.xy * vec2(0.5, -0.5) + 0.5, c.z);
    float sum = 0.0;
    for (int y = -1; y <= 1; y++)
        for (int x = -1; x <= 1; x++)
            sum += textureLod(sampler2DShadow(shadows, compare), vec3(at.xy + vec2(x, y) * (1.3 * view.jitter.w), at.z), 0.0);
    return sum / 9.0;
}

// reflected is GGX times pi: Fresnel by Schlick, visibility by Hammon's
// approximation of height-correlated Smith.
vec3 reflected(vec3 n, vec3 v, vec3 l, float alpha, vec3 f0, float nv, float nl) {
    vec3 h = normalize(v + l);
    float nh = clamp(dot(n, h), 0.0, 1.0), a2 = alpha * alpha;
    float d = nh * nh * (a2 - 1.0) + 1.0;
    float g = 0.5 / mix(2.0 * nl * nv, nl + nv, alpha);
    float k = 1.0 - clamp(dot(v, h), 0.0, 1.0), k2 = k * k;
    return (f0 + (1.0 - f0) * (k2 * k2 * k)) * (a2 / (d * d) * g);
}

void main() {
    Material m = materials.at[material];
    vec3 st = vec3(uv * m.density, m.layer);
    float level = mip(dFdx(st.xy), dFdy(st.xy));
    vec4 base = textureLod(sampler2DArray(colors, tile), st, level);
    vec4 relief = textureLod(sampler2DArray(reliefs, tile), st, level);
    vec3 albedo = base.rgb * mix(vec3(1.0), tint, relief.a);

    vec3 away = position - view.eye.xyz;
    float distance = length(away);
    vec3 v = -away / distance;
    vec3 n = normalize(normal.xyz);
    vec3 across = cross(n, tangent);
    vec2 tilt = (relief.xy * 2.0 - 1.0) * m.relief;
    vec3 bumped = normalize(n + tangent * tilt.x + across * tilt.y);

    // Kaplanyan and Tokuyoshi: what the normal does within a pixel is roughness.
    vec3 dx = dFdx(n), dy = dFdy(n);
    float rough = clamp(base.a * m.roughness, 0.05, 1.0);
    float alpha = sqrt(min(rough * rough * rough * rough + min(dot(dx, dx) + dot(dy, dy), 0.18), 1.0));

    vec3 f0 = mix(vec3(m.reflectance), albedo, m.metalness);
    vec3 diffuse = albedo * (1.0 - m.metalness);
    float nv = max(dot(bumped, v), 0.02);

    // The sun.
    vec3 l = view.sun.xyz;
    float nl = dot(bumped, l);
    float lit = sunlit(position, n * sign(dot(n, l)));
    float front = clamp(nl, 0.0, 1.0);
    vec3 sum = diffuse * (front + m.translucency * clamp(-dot(n, l), 0.0, 1.0));
    sum += reflected(bumped, v, l, alpha, f0, nv, front) * front;
    sum *= view.sunLight.rgb * lit;

    // The sky above and the ground below, dimmer in corners and near the ground.
    float open = textureLod(sampler2D(occlusion, edge), position.xz / 64.0 + 0.5, 0.0).r;
    open = mix(open, 1.0, clamp(position.y * 0.45, 0.0, 1.0));
    float ambient = normal.w * relief.b * open;
    vec3 above = mix(view.zenith.rgb, view.horizon.rgb, 0.5);
    vec3 dome = mix(view.bounce.rgb, above, bumped.y * 0.5 + 0.5);
    sum += diffuse * dome * ambient;
    float grazing = 1.0 - nv, grazing2 = grazing * grazing;
    vec3 fresnel = f0 + (max(vec3(1.0 - rough), f0) - f0) * (grazing2 * grazing2 * grazing);
    vec3 mirror = mix(sky(reflect(-v, bumped)), dome, rough * rough);
    sum += fresnel * mirror * ambient * mix(1.0, open, rough);

    // The lamps.
    int lamps = int(view.forward.w);
    for (int i = 0; i < lamps; i++) {
        vec3 to = view.lampPosition[i].xyz - position;
        float d2 = dot(to, to), reach = view.lampPosition[i].w;
        float fade = clamp(1.0 - d2 / (reach * reach), 0.0, 1.0);
        vec3 toward = to * inversesqrt(d2);
        float facing = clamp(dot(bumped, toward), 0.0, 1.0);
        float k = facing * fade * fade / max(d2, 0.02);
        sum += view.lampLight[i].rgb * (k * (diffuse + reflected(bumped, v, toward, alpha, f0, nv, facing)));
    }

    sum += albedo * m.emission;
    float haze = exp2(-view.bounce.w * distance);
    vec3 air = sky(normalize(vec3(away.x, max(away.y, 0.02 * distance), away.z)));
    sum = mix(air, sum, haze);
    color = vec4(compress(sum * view.sunLight.w), 1.0);
}
