package main

import (
	"fmt"
	"strings"

	"weft/shaders/mslcheck"
)

// leftovers are words that stand in MSL which spirv-cross could not finish, or
// that asks for buffers which no argument table has; it exits with 0 on both.
var leftovers = map[string]string{
	"spvBufferSizeConstants": "uses length() of a runtime array, which Metal does not have",
	"spvDescriptorSet":       "uses argument buffers",
	"spvSwizzleConstants":    "needs swizzle constants",
	"spvViewMask":            "needs a view mask",
	"spvDispatchBase":        "needs a dispatch base",
	"unknown_builtin":        "uses a builtin that Metal does not have",
	"unsupported":            "uses something that Metal does not have",
	"/* UNIMPLEMENTED":       "uses something that spirv-cross does not know",
}

// parseMSL finds the entry point of a Metal source and what it binds.
func parseMSL(source string) (map[binding]bool, error) {
	for word, problem := range leftovers {
		if strings.Contains(source, word) {
			return nil, fmt.Errorf("%s (%s)", problem, word)
		}
	}
	signature, err := mslcheck.Read(source)
	if err != nil {
		return nil, err
	}
	bound := map[binding]bool{}
	for _, a := range signature.Arguments {
		bound[binding{a.Kind, a.Index}] = true
	}
	return bound, nil
}
