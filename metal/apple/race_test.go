//go:build race

package apple_test

// raceDetector: under it sync.Pool drops things at random, so that allocations
// cannot be counted.
const raceDetector = true
