//go:build race

package reference_test

// underRace tells tests that the race detector slows them down.
const underRace = true
