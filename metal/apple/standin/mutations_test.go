package standin

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mutation is a way to make a frame wrong. It returns the script with one line
// changed at random, or nil where the line does not lend itself to it.
type mutation struct {
	name string
	// always: whatever the line, it must be caught. The others change what is
	// asked for, and some of that is as good as what was.
	always bool
	make   func(random *rand.Rand, script []string, i int) []string
}

var mutations = []mutation{
	{"the receiver is nil", true, onMessage(func(_ *rand.Rand, w []string) bool { return set(w, 0, "nil") })},
	{"the receiver is no object", true, onMessage(func(_ *rand.Rand, w []string) bool { return set(w, 0, "4096") })},
	{"the selector has a letter too few", true, onMessage(func(r *rand.Rand, w []string) bool {
		at := r.IntN(len(w[1]))
		return set(w, 1, w[1][:at]+w[1][at+1:])
	})},
	{"a word too few", true, func(r *rand.Rand, script []string, i int) []string {
		if w := strings.Fields(script[i]); !isMessage(script[i]) || len(words(w)) < 3 || strings.HasSuffix(script[i], "f") {
			return nil
		}
		return replaced(script, i, script[i][:strings.LastIndex(script[i], " ")])
	}},
	{"a word too many", true, func(_ *rand.Rand, script []string, i int) []string {
		if !isMessage(script[i]) {
			return nil
		}
		return replaced(script, i, script[i]+" 0")
	}},
	{"an object argument is nil", true, onArgument(func(_ *rand.Rand, w []string, i int) bool {
		return isName(w[i]) && w[1] != "setLabel:" && set(w, i, "nil")
	})},
	{"an object argument is a number", true, onArgument(func(_ *rand.Rand, w []string, i int) bool { return isName(w[i]) && set(w, i, "4096") })},
	{"an object argument is another object", false, onArgument(func(r *rand.Rand, w []string, i int) bool {
		return isName(w[i]) && set(w, i, pick(r, "device", "queue", "set", "source", "target", "commands"))
	})},
	{"an address is a number", true, onArgument(func(_ *rand.Rand, w []string, i int) bool {
		return (w[i] == "error" || strings.ContainsAny(w[i][:1], "\"[")) && set(w, i, "4096")
	})},
	{"a number is another", false, onArgument(func(r *rand.Rand, w []string, i int) bool {
		return isNumber(w[i]) && set(w, i, pick(r, "0", "1", "3", "1000", "0x100000", "0x8000000000000000"))
	})},
	{"a reference is not counted", true, func(_ *rand.Rand, script []string, i int) []string {
		if !strings.HasSuffix(script[i], " release") && !strings.HasSuffix(script[i], " retain") {
			return nil
		}
		return slices.Delete(slices.Clone(script), i, i+1)
	}},
	{"a reference is counted twice", true, func(_ *rand.Rand, script []string, i int) []string {
		if !strings.HasSuffix(script[i], " release") && !strings.HasSuffix(script[i], " retain") {
			return nil
		}
		return slices.Insert(slices.Clone(script), i, script[i])
	}},
	{"a message is dropped", false, func(_ *rand.Rand, script []string, i int) []string {
		return slices.Delete(slices.Clone(script), i, i+1)
	}},
	{"a message is sent twice", false, func(_ *rand.Rand, script []string, i int) []string {
		return slices.Insert(slices.Clone(script), i, script[i])
	}},
	{"two messages are swapped", false, func(_ *rand.Rand, script []string, i int) []string {
		if i == 0 {
			return nil
		}
		script = slices.Clone(script)
		script[i-1], script[i] = script[i], script[i-1]
		return script
	}},
}

// Random mistakes are caught: those of some kinds always, of the others most.
func TestMutations(t *testing.T) {
	// Whoever waits in vain, waits less.
	beneath, script := gpu(t), lines(strings.Replace(frame, "timeoutMS: 1 10000", "timeoutMS: 1 100", 1))
	tried, caught := 0, 0
	for n, m := range mutations {
		random := rand.New(rand.NewPCG(1, uint64(n)))
		const each = 20
		hits, made := 0, 0
		var missed []string
		for attempts := 0; made < each && attempts < 2000; attempts++ {
			i := random.IntN(len(script))
			wrong := m.make(random, script, i)
			if wrong == nil || slices.Equal(wrong, script) {
				continue
			}
			made++
			if len(play(t, beneath, wrong)) > 0 {
				hits++
			} else {
				missed = append(missed, fmt.Sprintf("%s -> %s", script[i], wrong[min(i, len(wrong)-1)]))
			}
		}
		require.Equal(t, each, made, m.name)
		t.Logf("%-40s %d of %d caught", m.name, hits, made)
		slices.Sort(missed)
		for _, line := range slices.Compact(missed) {
			t.Log("    not: ", line)
		}
		if m.always {
			assert.Equal(t, made, hits, m.name)
		}
		tried, caught = tried+made, caught+hits
	}
	t.Logf("%d of %d caught", caught, tried)
}

// onMessage changes the words of a message.
func onMessage(change func(r *rand.Rand, w []string) bool) func(*rand.Rand, []string, int) []string {
	return func(r *rand.Rand, script []string, i int) []string {
		if !isMessage(script[i]) {
			return nil
		}
		all := strings.Fields(script[i])
		if !change(r, words(all)) {
			return nil
		}
		return replaced(script, i, strings.Join(all, " "))
	}
}

// onArgument changes an argument of a message.
func onArgument(change func(r *rand.Rand, w []string, i int) bool) func(*rand.Rand, []string, int) []string {
	return onMessage(func(r *rand.Rand, w []string) bool {
		return len(w) > 2 && change(r, w, 2+r.IntN(len(w)-2))
	})
}

// words are those of the message in a line, without its result.
func words(line []string) []string {
	if len(line) > 2 && line[1] == "=" {
		return line[2:]
	}
	return line
}

func isMessage(line string) bool {
	w := words(strings.Fields(line))
	return len(w) > 1 && w[0] != "pop"
}

func isNumber(word string) bool {
	return word[0] >= '0' && word[0] <= '9' && !strings.HasSuffix(word, "f")
}

func isName(word string) bool {
	return word != "error" && !strings.ContainsAny(word[:1], "0123456789\"[")
}

func set(w []string, i int, to string) bool { w[i] = to; return true }

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

func replaced(script []string, i int, line string) []string {
	script = slices.Clone(script)
	script[i] = line
	return script
}
