package graph

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// Fault is one mistake in a declaration. Compile joins all of a graph.
type Fault struct {
	Pass     string // "" if it is not about a pass
	Resource string // "" if it is not about a resource
	Place    string // file:line of the call that declared it; "" if unknown
	Problem  string // what is wrong, and what would be right
}

func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString("graph: ")
	if f.Place != "" {
		b.WriteString(f.Place + ": ")
	}
	if f.Pass != "" {
		fmt.Fprintf(&b, "pass %q: ", f.Pass)
	}
	if f.Resource != "" {
		fmt.Fprintf(&b, "resource %q: ", f.Resource)
	}
	b.WriteString(f.Problem)
	return b.String()
}

// maxFaults is how many mistakes are reported one by one.
const maxFaults = 20

// faults collects mistakes, so that a user sees all of them at once.
type faults struct {
	all  []*Fault
	more int // how many were not kept
}

func (f *faults) add(pass, resource string, at place, format string, args ...any) {
	if len(f.all) == maxFaults {
		f.more++
		return
	}
	f.all = append(f.all, &Fault{Pass: pass, Resource: resource, Place: at.String(), Problem: fmt.Sprintf(format, args...)})
}

// err returns all faults as one error, or nil.
func (f *faults) err() error {
	if len(f.all) == 0 {
		return nil
	}
	var all []error
	for _, fault := range f.all {
		all = append(all, fault)
	}
	if f.more > 0 {
		all = append(all, fmt.Errorf("graph: and %d faults more", f.more))
	}
	return errors.Join(all...)
}

func (g *Graph) faultResource(at ref, format string, args ...any) {
	r := &g.resources[g.index(at)]
	g.faults.add("", r.name, r.place, format, args...)
}

// faultError keeps the error of an Expand.
func (g *Graph) faultError(at place, err error) {
	var f *Fault
	if errors.As(err, &f) {
		g.faults.add(f.Pass, f.Resource, at, "%s", f.Problem)
		return
	}
	g.faults.add("", "", at, "%v", err)
}

// problemOf strips the prefix that metal's errors carry: the fault has its own.
func problemOf(err error) string { return strings.TrimPrefix(err.Error(), "metal: ") }

// isNil reports whether x is nil, or a nil pointer in an interface.
func isNil(x any) bool {
	v := reflect.ValueOf(x)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}
