package standin

import "weft/metal/apple/objc"

// machine is what the messages are about. This one does nothing: it goes when
// the real one is there.
type machine struct {
	apart   func(func())
	own     func(class string, state any) *object
	deliver func(state any, block func(objc.ID))
}

var handlers = map[string]func(*machine, *call){}

func newMachine(*Options) *machine   { return &machine{} }
func (m *machine) release(o *object) {}
func (m *machine) close()            {}
