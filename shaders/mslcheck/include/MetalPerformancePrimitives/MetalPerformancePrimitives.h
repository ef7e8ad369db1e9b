// The matrix product of the Metal Performance Primitives, C = A B: A is m x k,
// B k x n, C m x n, and tensors have their columns' dimension first.
#pragma once
#include <metal_tensor>

namespace mpp {
namespace tensor_ops {
struct matmul2d_descriptor {
  enum class mode { multiply, multiply_accumulate };
  int m, n, k;
  bool transpose_left, transpose_right, relaxed_precision;
  mode matmul_mode;
  constexpr matmul2d_descriptor(int m, int n, int k = static_cast<int>(metal::dynamic_extent), bool transpose_left = false,
                                bool transpose_right = false, bool relaxed_precision = false, mode matmul_mode = mode::multiply)
      : m(m), n(n), k(k), transpose_left(transpose_left), transpose_right(transpose_right), relaxed_precision(relaxed_precision), matmul_mode(matmul_mode) {}
};

// Which types may meet: a part of the table in Apple's header.
template <class A, class B, class C>
constexpr bool multiplies = (shim::same<A, half> || shim::same<A, float>) && (shim::same<B, half> || shim::same<B, float>) &&
                            (shim::same<C, float> || (shim::same<A, half> && shim::same<B, half> && shim::same<C, half>));

struct matmul2d_layout {};

template <matmul2d_descriptor D, class Scope> struct matmul2d {
  template <class A, class B, class E> metal::cooperative_tensor<E, metal::dextents<int, 2>, matmul2d_layout> get_destination_cooperative_tensor() const { return {}; }
  template <class A, class B, class C> void run(const A &, const B &, C &) const {
    static_assert(A::get_rank() == 2 && B::get_rank() == 2, "matmul2d takes tensors of two dimensions");
    static_assert(multiplies<typename A::value_type, typename B::value_type, typename C::value_type>, "matmul2d does not take these types together");
  }
};
} // namespace tensor_ops
} // namespace mpp
