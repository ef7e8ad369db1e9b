// Package apple drives Metal 4 by Objective-C messages, without cgo.
//
// # Messages
//
// Everything Metal can do is a message: a receiver, a selector, and words. The
// selectors and classes are resolved once, when a device is opened, into tables
// that the constants of zselectors.go index (package sdk says what each message
// takes, by Apple's SDK). Messages go through weft/metal/apple/objc, which has
// the runtime of macOS behind an interface; this package has no build tags and
// never asks which runtime that is. Its tests run it on a stand-in (package
// standin), which checks every message and carries it out on another driver.
//
// An argument is one word, or two (a range, a buffer range), or the address of a
// copy of a structure that is larger. Floats travel in registers of their own
// and by a slower way: a value that has not changed is not sent again. What is
// recorded frame after frame allocates nothing and uses no reflection.
//
// # Ownership
//
// What new, alloc, copy and init return belongs to the caller. Every object of
// this driver owns one Objective-C object, and its Release gives that up. All
// else is autoreleased: it lives until the innermost autorelease pool of its
// thread ends. A Go program has no such pools, so every call here that may leave
// something in one opens its own, keeps the goroutine on its thread until it has
// closed it, and retains what is to live longer: an encoder until EndEncoding, a
// drawable until Present.
//
// # Errors
//
// Metal does not return errors for wrong arguments; it ends the process, or
// worse. So every argument is checked before it is sent, by package rules, and
// verbs keep the first fault for CommandBuffer.End. What a call says by NSError
// is returned with the object's label. What the GPU says of a commit comes later,
// on a thread of the system's: the next call that can return an error returns
// it, with the labels of the command buffers.
//
// # Residency
//
// Metal makes whole allocations resident. A member of a residency set stands for
// the allocation that it lies in: a view for its texture, a placed resource for
// its heap, a tensor for its buffer.
//
// # Networks
//
// A network is loaded from metal.Network.Compiled, the .mtlpackage that
// metal-package-builder makes on a Mac of the .mlpackage. Where it is missing or
// older, the error says what makes it.
package apple
