// Package shaders holds the functions that the conformance suite runs, made by
// shaders/gen as those of weft/shaders are, whose documentation has the
// convention. To change one, edit the GLSL here and run make shaders.
package shaders
