package barriers

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

var update = flag.Bool("update", false, "rewrite the expected part of testdata/*.txt")

const divider = "\n----\n"

// TestGolden derives the barriers of the frame in the upper part of each file
// and compares them with the lower part.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			input, want, _ := strings.Cut(string(data), divider)
			f := parseFrame(t, input)
			got := planText(t, f)
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(strings.TrimRight(input, "\n")+divider+got), 0o644))
				return
			}
			require.Equal(t, want, got)
		})
	}
}

// planText derives, has the result judged, and writes it down; then it says what
// Check answers when any one of the barriers is missing.
func planText(t *testing.T, f *Frame) string {
	barriers := Derive(f)
	report := Check(f, barriers)
	require.True(t, report.OK(), "%v", &report)
	var s strings.Builder
	for i := range barriers {
		fmt.Fprintf(&s, "%s\n", barriers[i].Describe(f))
		for k := range barriers[i].Because {
			fmt.Fprintf(&s, "  %s\n", barriers[i].Because[k].Describe(f))
		}
	}
	fmt.Fprintf(&s, "makespan %g\n", Makespan(f, barriers))
	for i := range barriers {
		without := append(append([]Barrier(nil), barriers[:i]...), barriers[i+1:]...)
		report := Check(f, without)
		require.NotEmpty(t, report.Unordered)
		for _, h := range barriers[i].Because {
			require.True(t, reported(&report, h), "without barrier %d, Check misses %s", i, h.Describe(f))
		}
		fmt.Fprintf(&s, "without %d: %s\n", i, report.Unordered[0])
	}
	return s.String()
}

func reported(r *Report, h Hazard) bool {
	for _, u := range r.Unordered {
		if u.From == h.From && u.To == h.To && u.Frames == h.Frames && u.Kind == h.Kind &&
			u.Resource == h.Resource && u.FromResource == h.FromResource {
			return true
		}
	}
	return false
}

// parseFrame reads a frame: lines "resource NAME LIFETIME [history N] [heap N
// OFFSET SIZE]", "encoder KIND", "pass NAME STAGES [STAGE=COST]...", and below a
// pass "read|write|attach|load RESOURCE STAGES [mips|layers|bytes A B] [frame N]".
func parseFrame(t *testing.T, text string) *Frame {
	t.Helper()
	f := &Frame{}
	names := map[string]int{}
	for n, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		bad := fmt.Sprintf("line %d: %q", n+1, line)
		switch words[0] {
		case "resource":
			names[words[1]] = len(f.Resources)
			f.Resources = append(f.Resources, parseResource(t, bad, words))
		case "encoder":
			f.Encoders = append(f.Encoders, Encoder{map[string]EncoderKind{
				"render": RenderEncoder, "compute": ComputeEncoder, "machineLearning": MachineLearningEncoder,
			}[words[1]]})
		case "pass":
			p := Pass{Name: words[1], Encoder: len(f.Encoders) - 1, Runs: parseStages(t, bad, words[2])}
			for _, c := range words[3:] {
				stage, cost, _ := strings.Cut(c, "=")
				time, err := strconv.ParseFloat(cost, 64)
				require.NoError(t, err, bad)
				p.Cost = append(p.Cost, StageCost{parseStages(t, bad, stage), time})
			}
			f.Passes = append(f.Passes, p)
		default:
			r, ok := names[words[1]]
			require.True(t, ok, bad)
			f.Accesses = append(f.Accesses, parseAccess(t, bad, words, len(f.Passes)-1, r)...)
		}
	}
	require.NoError(t, f.Validate())
	return f
}

func parseResource(t *testing.T, bad string, words []string) Resource {
	r := Resource{Name: words[1]}
	for l := Transient; l <= Fresh; l++ {
		if l.String() == words[2] {
			r.Lifetime = l
		}
	}
	for i := 3; i < len(words); i++ {
		switch words[i] {
		case "history":
			r.History = int(number(t, bad, words[i+1]))
			i++
		case "heap":
			r.Memory = Placement{int(number(t, bad, words[i+1])), number(t, bad, words[i+2]), number(t, bad, words[i+3])}
			i += 3
		}
	}
	return r
}

func parseAccess(t *testing.T, bad string, words []string, pass, resource int) []Access {
	a := Access{Pass: pass, Resource: resource, Stages: parseStages(t, bad, words[2])}
	for i := 3; i < len(words); i++ {
		if words[i] == "frame" {
			a.Frame = int(number(t, bad, words[i+1]))
			i++
			continue
		}
		r := Range{number(t, bad, words[i+1]), number(t, bad, words[i+2])}
		switch words[i] {
		case "mips":
			a.Part.Mips = r
		case "layers":
			a.Part.Layers = r
		case "bytes":
			a.Part.Bytes = r
		}
		i += 2
	}
	switch words[0] {
	case "write":
		a.Write = true
	case "attach":
		a.Write, a.Attachment = true, true
	case "load":
		a.Attachment = true
		w := a
		w.Write = true
		return []Access{a, w}
	}
	return []Access{a}
}

func parseStages(t *testing.T, bad, text string) metal.Stages {
	var all metal.Stages
	for _, name := range strings.Split(text, "|") {
		s, err := metal.ParseStage(name)
		require.NoError(t, err, bad)
		all |= s
	}
	return all
}

func number(t *testing.T, bad, text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err, bad)
	return n
}
