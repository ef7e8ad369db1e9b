// Command gen writes package sdk's table and the driver's selectors from the
// SDK's tables and uses.txt.
//
//	go run ./metal/apple/sdk/gen [-sdk ../shared/metal4] [-sdkpackage metal/apple/sdk] [-driver metal/apple]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	tables := flag.String("sdk", "../shared/metal4", "the folder with selectors.json, enums.json and structs.json")
	pkg := flag.String("sdkpackage", "metal/apple/sdk", "the folder of package sdk, with uses.txt")
	driver := flag.String("driver", "metal/apple", "the folder of the driver")
	flag.Parse()
	if err := run(*tables, *pkg, *driver); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(tables, pkg, driver string) error {
	messages, selectors, err := generate(tables, filepath.Join(pkg, "uses.txt"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(pkg, "zmessages.go"), messages, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(driver, "zselectors.go"), selectors, 0o644)
}

// generate returns the text of zmessages.go and of zselectors.go.
func generate(tables, usesPath string) (messages, selectors []byte, err error) {
	s, err := readSDK(tables)
	if err != nil {
		return nil, nil, err
	}
	text, err := os.ReadFile(usesPath)
	if err != nil {
		return nil, nil, err
	}
	u, err := parseUses(string(text))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", usesPath, err)
	}
	t, err := choose(s, u)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", usesPath, err)
	}
	if messages, err = emitMessages(t); err != nil {
		return nil, nil, err
	}
	selectors, err = emitSelectors(t)
	return messages, selectors, err
}
