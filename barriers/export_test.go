package barriers

// Of this package's tests, for those of package barriers_test.

// Update says whether goldens are to be written anew.
var Update = update

// Shortest returns the shortest makespan that any sufficient barriers have, if
// it is shorter than the one given, else that one; and whether it was found.
func Shortest(f *Frame, makespan float64) (float64, bool) {
	const enough = 20_000
	s := newPuzzle(f).exactly(makespan, enough)
	return s.best, !s.gaveUp
}

// LongestWay is the time of the longest way through all conflicts, below which
// no barriers come.
func LongestWay(f *Frame) float64 {
	z := newPuzzle(f)
	return z.ends(z.newPlan(), make([]float64, len(z.events)))
}
