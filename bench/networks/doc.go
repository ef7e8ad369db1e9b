// Networks measures networks on weft beside ONNX Runtime, on the CPU's cores,
// by turns in one run: what `make bench-networks` runs.
//
//	networks [-device NAME] [-rounds N] [-time DURATION] [-models FOLDER] RUNTIME
//
// RUNTIME is the folder of the npm package onnxruntime-node. The networks are
// espcn2x, an upscaler of known weights, and two packages made by others, where
// they are. Each is written as an ONNX model, and both get the same input; the
// outputs are compared before anything is measured. weft's time is from
// committing a frame with the one network until the device is done with it; ONNX
// Runtime's is that of session.run with one thread for each core.
package main
