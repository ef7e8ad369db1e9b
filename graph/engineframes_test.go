package graph

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/barriers"
)

// Frames like those of engines take at least what is live at once, at most what
// they take without sharing, and with PreferMemory no more than without.
func TestMemoryOfFrames(t *testing.T) {
	var out strings.Builder
	row := "%-18s %10v %8v %8v | %8v %8v\n"
	out.WriteString("Transient memory in MiB: by default, with PreferMemory, and what is live at once.\n\n")
	fmt.Fprintf(&out, row, "frame", "no sharing", "default", "live", "memory", "live")
	quick, small := planFrames(t), planFrames(t, PreferMemory())
	for i, p := range quick {
		q, s := p.Memory(), small[i].Memory()
		for _, m := range []Memory{q, s} {
			assert.LessOrEqual(t, m.LiveLowerBound, m.Peak, p.Name())
			assert.LessOrEqual(t, m.Peak, m.WithoutAliasing, p.Name())
		}
		assert.LessOrEqual(t, s.Peak, q.Peak, "%s: more with PreferMemory", p.Name())
		assert.LessOrEqual(t, float64(s.Peak), 1.1*float64(s.LiveLowerBound), "%s with PreferMemory", p.Name())
		fmt.Fprintf(&out, row, p.Name(), mib(q.WithoutAliasing), mib(q.Peak), mib(q.LiveLowerBound), mib(s.Peak), mib(s.LiveLowerBound))
	}
	golden(t, "testdata/frames/memory.txt", out.String())
}

// planFrames plans each frame of testdata/frames; nothing in them is culled.
func planFrames(t *testing.T, option ...Option) []*Plan {
	files, err := filepath.Glob("testdata/frames/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var plans []*Plan
	for _, file := range files {
		in, err := os.Open(file)
		require.NoError(t, err)
		g, err := ReadJSON(in)
		require.NoError(t, in.Close())
		require.NoError(t, err, file)
		p, err := g.Plan(option...)
		require.NoError(t, err, file)
		report := barriers.Check(p.Judged())
		require.True(t, report.OK(), "%s: %v", file, report)
		assert.Empty(t, p.Culled(), file)
		plans = append(plans, p)
	}
	return plans
}

// golden compares with a file, or writes it.
func golden(t *testing.T, file, got string) {
	t.Log("\n" + got)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

func mib(n int) string { return fmt.Sprintf("%.1f", float64(n)/(1<<20)) }
