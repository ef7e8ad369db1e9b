//go:build race

package vulkan

// raceDetector: under it sync.Pool drops things at random, so that allocations
// cannot be counted.
const raceDetector = true
