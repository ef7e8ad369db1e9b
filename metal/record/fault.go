package record

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// Fault is one broken rule. It is an error.
type Fault struct {
	Object string // `command buffer "frame", render encoder "scene"`
	Call   string // "DrawPrimitives"
	Reason string // what is wrong, and what would be right
	Caller string // "scene/draw.go:33"; empty where it is not known
}

// Error is the fault in one line.
func (f *Fault) Error() string {
	text := fmt.Sprintf("record: %s: %s: %s", f.Object, f.Call, f.Reason)
	if f.Caller != "" {
		text += " (" + f.Caller + ")"
	}
	return text
}

// maxFaults bounds what a program that breaks a rule every frame leaves behind.
const maxFaults = 1000

// fail keeps a fault and returns it.
func (d *Device) fail(object, call, format string, args ...any) *Fault {
	f := &Fault{Object: object, Call: call, Reason: fmt.Sprintf(format, args...), Caller: caller()}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.faults) < maxFaults {
		d.faults = append(d.faults, f)
	}
	return f
}

// Faults returns all faults so far, the oldest first, at most the first 1000.
func (d *Device) Faults() []*Fault {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]*Fault(nil), d.faults...)
}

// caller is the place outside this package that called into it.
func caller() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		frame, more := frames.Next()
		if frame.Function != "" && !strings.HasPrefix(frame.Function, "weft/metal/record.") {
			dir, file := filepath.Split(frame.File)
			return fmt.Sprintf("%s/%s:%d", filepath.Base(dir), file, frame.Line)
		}
		if !more {
			return ""
		}
	}
}
