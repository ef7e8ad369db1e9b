// Package standin is an Objective-C runtime in Go that stands in for that of
// macOS in tests, on any system. Every message is checked against the macOS 26
// SDK's table (package sdk): the receiver lives and has the method; the words
// are as many as its arguments need and each is of its kind: a live object of
// the right class or protocol, nil only where it may be, a value that the
// enumeration has, an address that can be read, floats in float registers. What
// new, alloc and copy return is the client's, everything else is in an
// autorelease pool or of something that lives. What is right is carried out on a
// metal.Device; what is wrong is a fault, in words: Runtime.Faults and Close.
package standin
