package mslcheck

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed include
var include embed.FS

// flags make clang read MSL: half exists on that target, numbers without a
// suffix are float, a vector never becomes another one by itself, and unknown
// attributes are Read's to judge.
var flags = []string{
	"-x", "c++", "-std=c++20", "-target", "aarch64-linux-gnu", "-nostdinc", "-nostdinc++", "-fsyntax-only",
	"-fno-lax-vector-conversions", "-Xclang", "-cl-single-precision-constant", "-fno-color-diagnostics",
	"-Wall", "-Werror", "-Wno-unknown-attributes", "-Wno-user-defined-literals", "-Wno-unused",
}

// Compile checks syntax and types of MSL texts, named by keys, with clang. The
// error has clang's words.
func Compile(texts map[string]string) error {
	clang, err := exec.LookPath("clang")
	if err != nil {
		return errors.New("mslcheck: clang is not installed: run make setup")
	}
	dir, err := os.MkdirTemp("", "mslcheck")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, include); err != nil {
		return err
	}
	var problems []error
	for name, text := range texts {
		c := exec.Command(clang, append(flags, "-I"+filepath.Join(dir, "include"), "-")...)
		c.Stdin = strings.NewReader(fmt.Sprintf("#line 1 %q\n%s", name, text))
		if out, err := c.CombinedOutput(); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w\n%s", name, err, out))
		}
	}
	return errors.Join(problems...)
}
