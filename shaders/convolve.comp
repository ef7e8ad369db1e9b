// A convolution of 1x1 over planes, with a leaky ReLU: each pixel's outputs are
// the weights times its inputs. The twin of convolve.comp.metal, which
// multiplies tensors: a threadgroup of 128 makes 32 pixels of 64 outputs.
//
// Tensors have the dimensions (pixels, inputs), (inputs, outputs) and (pixels,
// outputs), the first two of halves. Here, extents and strides are numbers.
#version 450

layout(local_size_x = 128) in;
layout(set = 0, binding = 0, std140) uniform Convolution {
    uint pixels;
    uint inputs;
    uint outputs;
    uint sourceRow; // elements from an input's plane to the next
    uint weightsRow; // elements from an output's weights to the next
    uint resultRow; // elements from an output's plane to the next
    float slope; // below zero
} convolution;
layout(set = 0, binding = 1, std430) readonly buffer Source { uint at[]; } source;
layout(set = 0, binding = 2, std430) readonly buffer Weights { uint at[]; } weights;
layout(set = 0, binding = 3, std430) writeonly buffer Result { float at[]; } result;

float element(uint pair, uint i) {
    vec2 both = unpackHalf2x16(pair);
    return (i & 1u) == 0u ? both.x : both.y;
}

void main() {
    uint thread = gl_LocalInvocationIndex;
    uint pixel = 32u * gl_WorkGroupID.x + thread % 32u;
    if (pixel >= convolution.pixels)
        return;
    uint first = 64u * gl_WorkGroupID.y + thread / 32u * 16u;
    uint end = min(first + 16u, convolution.outputs);
    for (uint o = first; o < end; o++) {
        float sum = 0.0;
        for (uint i = 0u; i < convolution.inputs; i++) {
            uint s = i * convolution.sourceRow + pixel;
            uint w = o * convolution.weightsRow + i;
            sum += element(weights.at[w / 2u], w) * element(source.at[s / 2u], s);
        }
        result.at[o * convolution.resultRow + pixel] = sum < 0.0 ? sum * convolution.slope : sum;
    }
}
