// A convolution of 1x1 over planes, with a leaky ReLU, as a product of tensors
// in MSL 4: written by hand, since GLSL has no tensors. Its twin is
// convolve.comp. Never compiled by Apple's compiler, nor run.
//
// A tensor knows its extents and strides, columns first: weights are (inputs,
// outputs), the left factor of outputs rows; source is (pixels, inputs). The
// four SIMD-groups of 32 that the product asks for are the local size of the
// twin, and each threadgroup makes the same tile of 32 pixels of 64 outputs.

#include <metal_stdlib>
#include <metal_tensor>
#include <MetalPerformancePrimitives/MetalPerformancePrimitives.h>

using namespace metal;
using namespace mpp::tensor_ops;

struct Convolution
{
    uint pixels;
    uint inputs;
    uint outputs;
    uint sourceRow;
    uint weightsRow;
    uint resultRow;
    float slope;
};

kernel void main0(constant Convolution& convolution [[buffer(0)]],
                  tensor<device half, dextents<int, 2>> source [[buffer(1)]],
                  tensor<device half, dextents<int, 2>> weights [[buffer(2)]],
                  tensor<device float, dextents<int, 2>> result [[buffer(3)]],
                  uint3 tile [[threadgroup_position_in_grid]])
{
    constexpr auto product = matmul2d_descriptor(64, 32, static_cast<int>(dynamic_extent));
    matmul2d<product, execution_simdgroups<4>> multiply;

    int pixel = int(tile.x) * 32;
    int output = int(tile.y) * 64;
    auto left = weights.slice(0, output);
    auto right = source.slice(pixel, 0);
    auto planes = result.slice(pixel, output);

    // Every thread of the four SIMD-groups gets here, as run needs.
    auto sums = multiply.get_destination_cooperative_tensor<decltype(left), decltype(right), float>();
    multiply.run(left, right, sums);
    for (uint16_t i = 0; i < sums.get_capacity(); i++)
    {
        if (!sums.is_valid_element(i))
        {
            continue;
        }
        float sum = sums[i];
        auto at = sums.get_multidimensional_index(i);
        // What is outside of the tensor, set drops: tiles may reach over its edge.
        planes.set(sum < 0.0 ? sum * convolution.slope : sum, at[0], at[1]);
    }
}
