// Package mslcheck judges MSL where Apple's compiler is not: [Read] reads what
// an entry point binds, [Compile] has clang check syntax and types against
// declarations of Metal's library, those of include/.
//
// A text that passes may still be refused on a Mac, or do something else there.
// What cannot be seen:
//
//   - Functions that the declarations lack are errors here, and no proof that
//     Metal lacks them; those that are there were typed from Apple's language
//     specification, not taken from Apple's headers.
//   - Address spaces: device, thread and threadgroup are one, so that a pointer
//     may cross them; only writing to constant is an error. Read asks for one
//     on each buffer.
//   - bool vectors are int vectors, as clang compares ext_vector_type into those;
//     bfloat, atomics, SIMD-group functions and cube arrays are not declared.
//   - C++20, which class template arguments need, where Metal has C++17 with
//     restrictions: recursion, virtual functions and exceptions pass here.
//   - What the declared results are: nothing is executed. That tensors meet the
//     tiles and that all threads reach a matmul2d, no type says.
//   - Limits, alignment and layout of structures, and what a pipeline asks, such
//     as formats of attachments.
package mslcheck
