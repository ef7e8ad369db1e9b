// Package picture is what the demo does with pictures on the CPU: reading and
// writing files, enlarging by the classical filters, measuring how close two
// pictures are, and laying details side by side.
//
// Pictures are image.NRGBA with sRGB-encoded colors, as files and screens have
// them. Filters and measures work on those encoded values, as the literature on
// upscaling does, so that figures can be compared with it.
package picture
