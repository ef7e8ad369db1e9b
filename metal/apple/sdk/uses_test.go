package sdk_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal/apple/sdk"
)

// sources parses the files of a folder that are not tests.
func sources(t *testing.T, folder string) map[string]*ast.File {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	files := map[string]*ast.File{}
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			files[filepath.Base(name)] = f
		}
	}
	return files
}

// asked is what a package asks the runtime for by the literal name.
func asked(t *testing.T, folder, method string) []string {
	var names []string
	for _, f := range sources(t, folder) {
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 1 {
				f, isMethod := call.Fun.(*ast.SelectorExpr)
				text, isLiteral := call.Args[0].(*ast.BasicLit)
				if isMethod && isLiteral && f.Sel.Name == method {
					name, err := strconv.Unquote(text.Value)
					require.NoError(t, err)
					names = append(names, name)
				}
			}
			return true
		})
	}
	return names
}

var seam = filepath.Join("..", "objc")

// The driver has no selectors and classes but the generated ones.
func TestDriverAsksForNothingElse(t *testing.T) {
	assert.Empty(t, asked(t, "..", "Selector"))
	assert.Empty(t, asked(t, "..", "Class"))
}

func TestSeamAsksForWhatIsListed(t *testing.T) {
	selectors, classes := asked(t, seam, "Selector"), asked(t, seam, "Class")
	require.NotEmpty(t, selectors)
	require.NotEmpty(t, classes)
	for _, name := range selectors {
		assert.True(t, slices.ContainsFunc(sdk.Types(), func(ty sdk.Type) bool {
			return slices.ContainsFunc(ty.Methods, func(m sdk.Method) bool { return m.Selector == name })
		}), "no type in uses.txt has %s", name)
	}
	for _, name := range classes {
		ty, ok := sdk.TypeNamed(name)
		assert.True(t, ok && !ty.Protocol, "uses.txt has no class %s", name)
	}
}

// What uses.txt lists, somebody uses: the driver by the generated names, or
// package objc by the literal ones.
func TestNothingIsListedForNothing(t *testing.T) {
	files := sources(t, "..")
	used := map[string]bool{}
	for name, f := range files {
		if name != "zselectors.go" {
			ast.Inspect(f, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					used[id.Name] = true
				}
				return true
			})
		}
	}
	for _, name := range append(asked(t, seam, "Selector"), asked(t, seam, "Class")...) {
		used[name] = true
	}
	names := generated(files["zselectors.go"])
	require.Greater(t, len(names), 100)
	for id, name := range names {
		ty, isType := sdk.TypeNamed(name)
		received := isType && len(ty.Methods) > 0 // by whom is not known here
		parent := isType && slices.ContainsFunc(sdk.Types(), func(o sdk.Type) bool { return slices.Contains(o.Inherits, ty.Name) })
		assert.True(t, used[id] || used[name] || received || parent, "%s (%s) is listed in uses.txt, and nothing uses it", name, id)
	}
}

// generated is the constants of zselectors.go, with the strings that stand for
// them: the n-th of a list of names for the n-th constant.
func generated(f *ast.File) map[string]string {
	names := map[string]string{}
	var block []string
	for _, d := range f.Decls {
		d, ok := d.(*ast.GenDecl)
		if !ok || d.Tok == token.TYPE {
			continue
		}
		if d.Tok == token.CONST {
			block = nil
			for _, s := range d.Specs {
				id := s.(*ast.ValueSpec).Names[0].Name
				block = append(block, id)
				names[id] = id
			}
			continue
		}
		list := d.Specs[0].(*ast.ValueSpec).Values[0].(*ast.CompositeLit)
		for i, e := range list.Elts {
			names[block[i]], _ = strconv.Unquote(e.(*ast.BasicLit).Value)
		}
	}
	return names
}
