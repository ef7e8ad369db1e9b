#version 450
layout(local_size_x = 8, local_size_y = 8) in;
layout(set = 1, binding = 0, rgba8) uniform writeonly image2D picture;

void main() {
    ivec2 p = ivec2(gl_GlobalInvocationID.xy);
    if (all(lessThan(p, imageSize(picture))))
        imageStore(picture, p, vec4(vec2(p), 51.0, 255.0) / 255.0);
}
