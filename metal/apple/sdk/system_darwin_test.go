package sdk_test

import (
	"slices"
	"strings"
	"testing"

	native "github.com/ebitengine/purego/objc"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal/apple/objc"
	"weft/metal/apple/sdk"
)

// The system that this runs on has every message of the table, with the types
// of the table: what Apple's headers were read for is asked of Apple's runtime.
func TestTheSystemHasEveryMessage(t *testing.T) {
	r, err := objc.System()
	require.NoError(t, err)
	c := objc.NewCalls(r)
	defer c.Push().Pop()
	compared, unregistered := 0, 0
	for _, ty := range sdk.Types() {
		types := protocolTypes
		if !ty.Protocol {
			types = classTypes(r, c)
		} else if native.GetProtocol(protocolName(ty)) == nil {
			unregistered++
			t.Logf("protocol %s is not registered: nothing is compared", ty.Name)
			continue
		}
		for _, m := range ty.Methods {
			parts := types(ty, m)
			if !assert.Len(t, parts, len(m.Arguments)+3, "%s %s", ty.Name, m.Selector) {
				continue
			}
			compared++
			assert.True(t, agrees(m.Returns, parts[0]), "%s %s returns %s, the table says %s", ty.Name, m.Selector, parts[0], m.Returns)
			for i, a := range m.Arguments {
				assert.True(t, agrees(a.Type, parts[3+i]), "%s %s: %s is %s, the table says %s", ty.Name, m.Selector, a.Name, parts[3+i], a.Type)
			}
		}
	}
	t.Logf("%d messages are as this system has them; %d protocols could not be asked", compared, unregistered)
}

// protocolTypes is what the runtime says of a protocol's method.
func protocolTypes(ty sdk.Type, m sdk.Method) []string {
	p := native.GetProtocol(protocolName(ty))
	for _, required := range []bool{true, false} {
		methods := p.CopyMethodDescriptionList(required, !m.Class)
		at := slices.IndexFunc(methods, func(d native.MethodDescription) bool { return d.Name() == m.Selector })
		if at >= 0 {
			return encoded(methods[at].Types())
		}
	}
	return nil
}

// classTypes returns what says what the runtime says of a class' method. Metal's
// descriptors are made of hidden subclasses, so an object is asked.
func classTypes(r objc.Runtime, c *objc.Calls) func(sdk.Type, sdk.Method) []string {
	f := objc.NewFoundation(r)
	return func(ty sdk.Type, m sdk.Method) []string {
		op := uintptr(r.Selector(m.Selector))
		class := r.Class(ty.Name)
		signature := objc.ID(0)
		if m.Class {
			signature = c.SendID(class, r.Selector("methodSignatureForSelector:"), op)
		} else if signature = c.SendID(class, r.Selector("instanceMethodSignatureForSelector:"), op); signature == 0 {
			made := c.SendID(class, r.Selector("new"))
			defer f.Release(c, made)
			signature = c.SendID(made, r.Selector("methodSignatureForSelector:"), op)
		}
		if signature == 0 {
			return nil
		}
		// What the signature calls types are C strings: an NSString copies them.
		read := func(chars uintptr) string {
			s := c.SendID(r.Class("NSString"), r.Selector("stringWithUTF8String:"), chars)
			return strings.TrimLeft(f.Text(c, s), "rnNoORVA")
		}
		parts := []string{read(c.Send(signature, r.Selector("methodReturnType")))}
		for i := range c.Send(signature, r.Selector("numberOfArguments")) {
			parts = append(parts, read(c.Send(signature, r.Selector("getArgumentTypeAtIndex:"), i)))
		}
		return parts
	}
}

// protocolName is a protocol's name in the runtime, where a class may have the
// same.
func protocolName(ty sdk.Type) string {
	if ty.Name == "NSObjectProtocol" {
		return "NSObject"
	}
	return ty.Name
}
