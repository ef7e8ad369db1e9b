// Command upscale draws a 3D scene small, has a neural network double its size
// between two render passes of one command buffer, and writes pictures that
// compare the result with classical filters and a supersampled reference. With
// -in it enlarges a picture.
//
// Data takes this way: main.go reads the flags (options.go) and calls show.go,
// which draws the frame that frame.go declares and writes the pictures and
// report.go's table, or photo.go.
package main
