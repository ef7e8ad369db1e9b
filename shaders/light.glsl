// compress and expand carry light through the multisample resolve: averaging
// compressed values keeps one bright sample from hiding the others. Each is the
// other's inverse for c >= 0.
vec3 compress(vec3 c) { return c / (1.0 + max(max(c.r, c.g), c.b)); }
vec3 expand(vec3 c) { return c / max(1.0 - max(max(c.r, c.g), c.b), 1.0 / 1024.0); }
