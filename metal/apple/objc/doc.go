// Package objc sends Objective-C messages without cgo.
package objc
