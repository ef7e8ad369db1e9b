// Package vulkan is the driver that runs weft/metal's calls on Vulkan 1.3,
// through purego, without cgo.
//
// # From Metal 4 to Vulkan
//
// A placement heap is a VkDeviceMemory, and a buffer or texture in it is bound
// at the caller's offset. A texture is an image that is in the layout GENERAL
// from its first use on, so that every Metal barrier is one global memory
// barrier; the life of a texture that shares memory begins with
// DiscardContents, a transition from UNDEFINED. A tensor is a range of a
// buffer, bound as a storage buffer. A shared event is a timeline semaphore, a
// counter heap a pool of timestamp queries.
//
// Metal's stages are these of Vulkan: vertex is indices and the vertex shader;
// fragment is the fragment shader, the depth and stencil tests and the
// attachments; dispatch is the compute shader; blit is every copy, blit and
// fill; machineLearning is the compute shader, since networks run as compute
// kernels. A barrier carries the accesses of those stages, or none at all with
// VisibilityNone. Indirect arguments are read before the stages of their draw or
// dispatch, and have a barrier of their own there.
//
// A render encoder is one VkRenderPass, begun at its first draw, or at its end
// where it draws nothing, so that the barriers at its head stand before it. A
// barrier after a draw ends the render pass and begins it anew on the same
// contents; that is why attachments are stored whatever the store action says.
// The render passes declare no dependencies of their own.
//
// An argument table becomes a descriptor set when something is drawn or
// dispatched, with the layout that the shader itself asks for. Pipelines parse
// their SPIR-V: descriptor set 0 holds buffers and tensors, 1 textures, 2
// samplers, and the binding is the index in the table.
//
// # Validation
//
// With [Options.Validation], or WEFT_VALIDATION=1 in the environment, the
// Khronos validation layer watches every call, with synchronization checks
// within and across command buffers; [Device.ValidationMessages] returns what
// it said. It is the judge of the barriers in tests.
package vulkan
