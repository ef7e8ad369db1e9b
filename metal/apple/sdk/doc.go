// Package sdk is what the Metal driver uses of the macOS 26 SDK: the messages
// that it sends with their types, the values of the enumerations and the layout
// of the structures, as Apple's headers have them. uses.txt is the list; the
// rest is generated from the SDK's tables:
//
//	go generate ./metal/apple/sdk
package sdk

//go:generate go run ./gen -sdk ../../../../shared/metal4 -sdkpackage . -driver ..
