// Command gen makes the SPIR-V, the MSL and the Go variables of package
// shaders from its GLSL sources. Run it from the repository's root:
//
//	go run ./shaders/gen [-from shaders] [-to shaders]
//
// It needs glslangValidator, spirv-opt, spirv-val (Debian: glslang-tools,
// spirv-tools) and spirv-cross.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	from := flag.String("from", "shaders", "folder of the GLSL sources")
	to := flag.String("to", "", "folder to write spirv/, msl/ and zfunctions.go to (default: the sources' own)")
	flag.Parse()
	if *to == "" {
		*to = *from
	}
	if err := generate(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "shaders/gen:", err)
		os.Exit(1)
	}
}
