// Package apple drives Metal 4 by Objective-C messages.
package apple
