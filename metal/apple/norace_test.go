//go:build !race

package apple_test

const raceDetector = false
