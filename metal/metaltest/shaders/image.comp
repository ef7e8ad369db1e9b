#version 460
// Copies an image upside down, plus a hundredth, one texel a thread.
layout(local_size_x = 8, local_size_y = 8) in;
layout(set = 1, binding = 0, rgba32f) readonly uniform image2D source;
layout(set = 1, binding = 1, rgba32f) writeonly uniform image2D target;
void main() {
    ivec2 size = imageSize(target), at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, size))) return;
    imageStore(target, at, imageLoad(source, ivec2(at.x, size.y - 1 - at.y)) + 0.01);
}
