// Package vk is Vulkan 1.3 as the driver needs it: the structures, constants
// and commands of a subset, generated from the Khronos registry vk.xml, and
// called through purego without cgo.
//
// # Names
//
// VkBufferCreateInfo is [BufferCreateInfo], its member pNext is PNext,
// VK_BUFFER_USAGE_STORAGE_BUFFER_BIT is [BufferUsageStorageBufferBit] and
// vkCreateBuffer is the method CreateBuffer of [DeviceCommands]. Structures
// have C's layout (a test compares with a C compiler's), so a pointer to one is
// what Vulkan wants. Only 64-bit targets are supported.
//
// # Loading
//
// [Open] loads the Vulkan loader of the system; its Global commands make an
// instance, [Library.LoadInstance] loads the commands of that instance, and
// [Library.LoadDevice] those of a device: addresses, looked up once.
//
// # Memory
//
// A method keeps its pointer arguments reachable during the call and makes the
// compiler put what they point to on the heap, where it does not move; so a
// pointer to a local variable is safe and costs an allocation, and a pointer to
// a part of a long-lived structure costs none. The call itself allocates
// nothing. Vulkan keeps no pointer after a call returns, with the exception of
// callbacks' user data, which must not be Go memory. Memory that Vulkan owns
// (mapped memory) is never seen by the garbage collector.
package vk

//go:generate go run ./gen -out .
