package sdk_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal/apple/sdk"
)

func TestPass(t *testing.T) {
	for ctype, want := range map[string]sdk.Passing{
		"void":                      {Kind: sdk.Void},
		"NSInteger":                 {Kind: sdk.Integer, Words: 1, Bits: 64, Signed: true},
		"MTLGPUAddress":             {Kind: sdk.Integer, Words: 1, Bits: 64},
		"MTLStages":                 {Kind: sdk.Integer, Name: "MTLStages", Words: 1, Bits: 64},
		"MTL4BlendState":            {Kind: sdk.Integer, Name: "MTL4BlendState", Words: 1, Bits: 64, Signed: true},
		"BOOL":                      {Kind: sdk.Bool, Words: 1, Bits: 8},
		"SEL":                       {Kind: sdk.Selector, Words: 1},
		"instancetype":              {Kind: sdk.Object, Words: 1},
		"id<MTLBuffer>":             {Kind: sdk.Object, Name: "MTLBuffer", Words: 1},
		"MTLHeapDescriptor *":       {Kind: sdk.Object, Name: "MTLHeapDescriptor", Words: 1},
		"NSArray<id<MTLBinding>> *": {Kind: sdk.Object, Name: "NSArray", Of: "MTLBinding", Words: 1},
		"NSArray<NSString *> *":     {Kind: sdk.Object, Name: "NSArray", Of: "NSString", Words: 1},
		"NSError **":                {Kind: sdk.Pointer, Name: "NSError *", Words: 1},
		"id<MTL4CommandBuffer> *":   {Kind: sdk.Pointer, Name: "id<MTL4CommandBuffer>", Words: 1},
		"const NSInteger *":         {Kind: sdk.Pointer, Name: "NSInteger", Words: 1},
		"void *":                    {Kind: sdk.Pointer, Name: "void", Words: 1},
		"dispatch_queue_t":          {Kind: sdk.Handle, Name: "dispatch_queue_t", Words: 1},
		"MTL4CommitFeedbackHandler": {Kind: sdk.Block, Name: "MTL4CommitFeedbackHandler", Words: 1},
		"float":                     {Kind: sdk.Float, Words: 1},
		"CFTimeInterval":            {Kind: sdk.Double, Words: 1},
		"MTLResourceID":             {Kind: sdk.StructWords, Name: "MTLResourceID", Words: 1},
		"NSRange":                   {Kind: sdk.StructWords, Name: "NSRange", Words: 2},
		"MTLSize":                   {Kind: sdk.StructPointer, Name: "MTLSize", Words: 1},
		"MTLViewport":               {Kind: sdk.StructPointer, Name: "MTLViewport", Words: 1}, // six doubles are two too many
		"MTLClearColor":             {Kind: sdk.StructDoubles, Name: "MTLClearColor", Words: 4},
		"MTLUnheardOf":              {},
	} {
		assert.Equal(t, want, sdk.Pass(ctype), ctype)
	}
}

func TestFindLooksAtWhatIsInherited(t *testing.T) {
	for _, name := range []string{"MTLBuffer", "MTLTexture"} {
		m, ok := sdk.Find(name, "allocatedSize", false) // of MTLAllocation, two steps up
		assert.True(t, ok)
		assert.Equal(t, "NSUInteger", m.Returns)
	}
	_, ok := sdk.Find("MTLHeapDescriptor", "new", true)
	assert.True(t, ok)
	_, ok = sdk.Find("MTLHeapDescriptor", "new", false)
	assert.False(t, ok, "a message to the class is not one to its objects")
	assert.True(t, sdk.Is("MTLTexture", "NSObjectProtocol"))
	assert.False(t, sdk.Is("MTLTexture", "MTLBuffer"))
}

// words is how many words a message has, self and selector included, and
// whether it has floats and doubles, which then are all that it has.
func words(t *testing.T, where string, m *sdk.Method) (n int, floats, doubles bool) {
	n = 2
	others := false
	for _, a := range m.Arguments {
		p := sdk.Pass(a.Type)
		assert.NotEqual(t, sdk.Unknown, p.Kind, "%s: how is %s passed?", where, a.Type)
		switch p.Kind {
		case sdk.Float:
			floats = true
		case sdk.Double, sdk.StructDoubles:
			doubles = true
		default:
			others = true
			n += p.Words
		}
	}
	kinds := 0
	for _, is := range []bool{floats, doubles, others} {
		if is {
			kinds++
		}
	}
	assert.LessOrEqual(t, kinds, 1, "%s mixes floats, doubles and words: no call of objc.Runtime can send it", where)
	return n, floats, doubles
}

// Every message can be sent by one of objc.Runtime's calls, and its result
// comes back in at most two integer registers.
func TestEveryMessageCanBeSent(t *testing.T) {
	for _, ty := range sdk.Types() {
		for i := range ty.Methods {
			m := &ty.Methods[i]
			where := ty.Name + " " + m.Selector
			n, _, _ := words(t, where, m)
			assert.LessOrEqual(t, n, 16, "%s: more words than objc.Calls has room for", where)
			switch p := sdk.Pass(m.Returns); p.Kind {
			case sdk.Unknown, sdk.Float, sdk.Double, sdk.StructPointer, sdk.StructDoubles:
				t.Errorf("%s returns %s, which objc.Runtime cannot give back", where, m.Returns)
			}
		}
	}
}
