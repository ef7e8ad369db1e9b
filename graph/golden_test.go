package graph

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the goldens of testdata anew")

// Each file of testdata holds a graph document, a line of dashes and the plan as
// text, or the error. The plan of a file that ends in "-memory" prefers memory.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	const rule = "\n----\n"
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			in, want, _ := strings.Cut(string(data), rule)
			var option []Option
			if strings.HasSuffix(file, "-memory.txt") {
				option = append(option, PreferMemory())
			}
			got := planText(in, option...)
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(in+rule+got), 0o644))
				return
			}
			assert.Equal(t, want, got)
		})
	}
}

func planText(in string, option ...Option) string {
	g, err := ReadJSON(strings.NewReader(in))
	if err != nil {
		return err.Error() + "\n"
	}
	p, err := g.Plan(option...)
	if err != nil {
		return err.Error() + "\n"
	}
	return p.String()
}

// A graph that is written reads as the same graph.
func TestGraphSurvivesItsDocument(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		in, _, _ := strings.Cut(string(data), "\n----\n")
		g, err := ReadJSON(strings.NewReader(in))
		if err != nil {
			continue
		}
		var out bytes.Buffer
		require.NoError(t, g.WriteJSON(&out))
		line := regexp.MustCompile(`line \d+`)
		anywhere := func(s string) string { return line.ReplaceAllString(s, "line") }
		assert.Equal(t, anywhere(planText(in)), anywhere(planText(out.String())), file)
	}
}
