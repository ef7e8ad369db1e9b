// Elements of tensors by their kind: 0 float32, 1 float16, 2 bfloat16, 3 int8,
// 4 uint8, 5 int16, 6 uint16, 7 int32, 8 uint32.

// perWord is how many elements a word holds.
uint perWord(uint kind) {
    if (kind == 3u || kind == 4u)
        return 4u;
    return kind == 1u || kind == 2u || kind == 5u || kind == 6u ? 2u : 1u;
}

// whole is the nearest integer from low to high. Where high is the last float
// below 2^31, it stands for what is above it.
ivec4 whole(vec4 v, float low, float high) { return ivec4(roundEven(clamp(v, low, high))); }

// upper is the upper half of a float, rounded to nearest. What is no number
// stays one.
uint upper(float v) {
    uint bits = floatBitsToUint(v);
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        return 0x7fc0u;
    return (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
}

// wordsOf is four elements in as many words as they need.
uvec4 wordsOf(vec4 v, uint kind) {
    switch (kind) {
    case 1u:
        return uvec4(packHalf2x16(v.xy), packHalf2x16(v.zw), 0u, 0u);
    case 2u:
        return uvec4(upper(v.x) | upper(v.y) << 16, upper(v.z) | upper(v.w) << 16, 0u, 0u);
    case 3u:
    case 4u: {
        uvec4 b = uvec4(kind == 3u ? whole(v, -128.0, 127.0) : whole(v, 0.0, 255.0)) & 0xffu;
        return uvec4(b.x | b.y << 8 | b.z << 16 | b.w << 24, 0u, 0u, 0u);
    }
    case 5u:
    case 6u: {
        uvec4 h = uvec4(kind == 5u ? whole(v, -32768.0, 32767.0) : whole(v, 0.0, 65535.0)) & 0xffffu;
        return uvec4(h.x | h.y << 16, h.z | h.w << 16, 0u, 0u);
    }
    case 7u:
        return uvec4(whole(v, -2147483648.0, 2147483520.0));
    case 8u:
        return uvec4(roundEven(clamp(v, 0.0, 4294967040.0)));
    }
    return floatBitsToUint(v);
}

// elementOf is element i, counted from 0, of a word.
float elementOf(uint word, uint i, uint kind) {
    switch (kind) {
    case 1u:
        return unpackHalf2x16(word)[i];
    case 2u:
        return uintBitsToFloat(word >> 16 * i << 16);
    case 3u:
        return float(int(word << 24u - 8u * i) >> 24);
    case 4u:
        return float(word >> 8u * i & 0xffu);
    case 5u:
        return float(int(word << 16u - 16u * i) >> 16);
    case 6u:
        return float(word >> 16u * i & 0xffffu);
    case 7u:
        return float(int(word));
    case 8u:
        return float(word);
    }
    return uintBitsToFloat(word);
}
