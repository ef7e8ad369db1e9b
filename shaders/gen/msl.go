package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	entry    = regexp.MustCompile(`(?s)\b(?:kernel|vertex|fragment) [^;{]*?\bmain0\(([^{]*)\)\s*\{`)
	argument = regexp.MustCompile(`\[\[(buffer|texture|sampler)\((\d+)\)\]\]`)
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
	found := entry.FindAllStringSubmatch(source, -1)
	if len(found) != 1 {
		return nil, fmt.Errorf("%d entry points called main0, must be 1", len(found))
	}
	if open, closed := strings.Count(source, "{"), strings.Count(source, "}"); open != closed {
		return nil, fmt.Errorf("%d opening braces and %d closing ones", open, closed)
	}
	bound := map[binding]bool{}
	for _, a := range argument.FindAllStringSubmatch(found[0][1], -1) {
		n, err := strconv.Atoi(a[2])
		if err != nil {
			return nil, err
		}
		b := binding{a[1], n}
		if bound[b] {
			return nil, fmt.Errorf("%v is bound twice", b)
		}
		bound[b] = true
	}
	if n := len(argument.FindAllString(source, -1)); n != len(bound) {
		return nil, errors.New("a binding stands outside the entry point")
	}
	return bound, nil
}
