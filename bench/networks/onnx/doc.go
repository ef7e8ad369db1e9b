// Package onnx writes a Core ML program as an ONNX model, so that ONNX Runtime
// can run what weft runs: for measuring, and nothing else.
//
// Everything is fp32, whatever the program declares; casts between
// floating-point types go away. Only the operations that the measured networks
// have are translated, and any other is refused by name. Numbers of messages
// and fields are those of onnx.proto, operations those of opset 17.
package onnx
