// filmic maps scene light to display light in [0, 1], linear: Narkowicz's fit
// of the ACES curve.
vec3 filmic(vec3 c) {
    c *= 0.6;
    return clamp((c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14), 0.0, 1.0);
}

// encode is the sRGB curve.
vec3 encode(vec3 c) {
    return mix(12.92 * c, 1.055 * pow(max(c, vec3(1e-5)), vec3(1.0 / 2.4)) - 0.055, greaterThan(c, vec3(0.0031308)));
}
