//go:build !race

package vulkan

const raceDetector = false
