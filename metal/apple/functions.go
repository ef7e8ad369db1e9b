package apple

import (
	"fmt"
	"strings"
	"sync"

	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/rules"
)

// function is a shader function and what it takes from argument tables.
type function struct {
	*rules.Function
	buffers []bufferUse
}

// bufferUse is one buffer argument of a function, and how it takes a tensor.
type bufferUse struct {
	index int
	how   tensorBind
}

// entryPoint is what functions are called in MSL.
const entryPoint = "main0"

// newFunction is a function with what was read of it, from its SPIR-V, which
// binds by the indices of its MSL.
func newFunction(f *metal.Function, r *rules.Function) (*function, error) {
	if f.MSL == "" {
		return nil, fmt.Errorf("function %q has no MSL: this driver compiles MSL", f.Name)
	}
	out := &function{Function: r}
	for _, a := range r.Arguments {
		if a.Set == rules.SetBuffers {
			how := tensorAddress
			if takesTensor(f.MSL, a.Binding) {
				how = tensorResource
			}
			out.buffers = append(out.buffers, bufferUse{a.Binding, how})
		}
	}
	return out, nil
}

// takesTensor reports whether the parameter of an MSL function that is bound to
// a buffer index is a tensor. Every parameter ends with an attribute, so one
// begins where the attribute before it ends.
func takesTensor(msl string, index int) bool {
	parameter, _, found := strings.Cut(msl, fmt.Sprintf("[[buffer(%d)]]", index))
	if !found {
		return false
	}
	if i := strings.LastIndex(parameter, "]]"); i >= 0 {
		parameter = parameter[i:]
	}
	if i := strings.LastIndex(parameter, entryPoint+"("); i >= 0 {
		parameter = parameter[i:]
	}
	return strings.Contains(parameter, "tensor<")
}

// libraries are the MTLLibrary objects of a device, one for each text.
type libraries struct {
	mu  sync.Mutex
	all map[string]objc.ID
}

// library compiles MSL, or finds it compiled. The device owns the result.
func (c *caller) library(f *metal.Function) (objc.ID, error) {
	d := c.device
	d.libraries.mu.Lock()
	defer d.libraries.mu.Unlock()
	if id, ok := d.libraries.all[f.MSL]; ok {
		return id, nil
	}
	// MSL 4: the default would follow the SDK that the Go program was linked
	// against, of which there is none.
	o := c.make(classMTLCompileOptions)
	defer c.release(o)
	c.send(o, selSetLanguageVersion, mtlLanguageVersion4_0)
	m := c.make(classMTL4LibraryDescriptor)
	defer c.release(m)
	c.text(m, selSetSource, f.MSL)
	c.text(m, selSetName, f.Name)
	c.send(m, selSetOptions, uintptr(o))
	id := c.object(d.compiler, selNewLibraryWithDescriptorError, uintptr(m), c.ErrorOut())
	if id == 0 {
		return 0, c.said(fmt.Sprintf("function %q: compiling its MSL", f.Name))
	}
	c.label(id, f.Name)
	if d.libraries.all == nil {
		d.libraries.all = map[string]objc.ID{}
	}
	d.libraries.all[f.MSL] = id
	return id, nil
}

func (l *libraries) release(c *caller) {
	for _, id := range l.all {
		c.release(id)
	}
	l.all = nil
}

// functionOf makes an MTL4LibraryFunctionDescriptor, which the caller releases.
func (c *caller) functionOf(library objc.ID, name string) objc.ID {
	m := c.make(classMTL4LibraryFunctionDescriptor)
	c.text(m, selSetName, name)
	c.send(m, selSetLibrary, uintptr(library))
	return m
}

// setFunction compiles a function and sets it in a pipeline descriptor.
func (c *caller) setFunction(pipeline objc.ID, set selector, f *metal.Function) error {
	library, err := c.library(f)
	if err != nil {
		return err
	}
	m := c.functionOf(library, entryPoint)
	c.send(pipeline, set, uintptr(m))
	c.release(m)
	return nil
}
