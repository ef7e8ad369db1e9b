// IEC 61966-2-1.
vec3 encoded(vec3 c) {
    c = clamp(c, 0.0, 1.0);
    return mix(12.92 * c, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, greaterThan(c, vec3(0.0031308)));
}

vec3 linear(vec3 c) {
    return mix(c / 12.92, pow((max(c, vec3(0.0)) + 0.055) / 1.055, vec3(2.4)), greaterThan(c, vec3(0.04045)));
}

// converted is c as it is for 0, from linear light to sRGB for 1, from sRGB to
// linear light for 2.
vec3 converted(vec3 c, uint how) {
    if (how == 1u)
        return encoded(c);
    if (how == 2u)
        return linear(c);
    return c;
}
