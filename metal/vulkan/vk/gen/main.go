// Command gen writes the bindings of package vk from vk.xml: the types,
// constants and commands of the subset in subset.go.
//
//	go run ./metal/vulkan/vk/gen [-xml vk.xml] [-out metal/vulkan/vk]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// defaultXML is where Debian's libvulkan-dev puts the registry.
const defaultXML = "/usr/share/vulkan/registry/vk.xml"

func main() {
	xml := flag.String("xml", defaultXML, "the Vulkan API registry")
	out := flag.String("out", "metal/vulkan/vk", "the folder of package vk")
	flag.Parse()
	if err := run(*xml, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(xml, out string) error {
	files, err := generate(xml)
	if err != nil {
		return err
	}
	for name, text := range files {
		p := filepath.Join(out, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(p, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
