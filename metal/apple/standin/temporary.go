package standin

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"unsafe"

	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/apple/sdk"
)

type Options struct {
	Device        metal.Device
	Functions     []metal.Function
	Networks      map[string]metal.Network
	WithoutMetal4 bool
	Log           bool
}

type object struct {
	r          *Runtime
	id         objc.ID
	class      string
	isClass    bool
	refs       int
	properties map[string]value
	state      any
	bytes      []byte
	list       []*object
}

type value struct {
	word    uint64
	object  *object
	words   []uint64
	doubles []float64
	floats  []float32
}

type Runtime struct {
	mu      sync.Mutex
	objects []*object
	classes map[string]*object
	sels    map[string]objc.SEL
	names   []string
	faults  []string
	machine *machine
	pool    []*object
	count   int
	blocks  map[objc.ID]func(objc.ID)
}

func New(o Options) *Runtime {
	r := &Runtime{classes: map[string]*object{}, sels: map[string]objc.SEL{}, names: []string{""}, objects: []*object{nil}, blocks: map[objc.ID]func(objc.ID){}}
	r.machine = newMachine(&o)
	r.machine.apart = func(f func()) { r.mu.Unlock(); defer r.mu.Lock(); f() }
	r.machine.own = func(class string, state any) *object { o := r.new(class); o.state = state; o.refs = 1; return o }
	r.machine.deliver = func(state any, h func(objc.ID)) {
		r.mu.Lock()
		o := r.new("MTL4CommitFeedback")
		o.state = state
		r.mu.Unlock()
		h(o.id)
	}
	return r
}

func (r *Runtime) Faults() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.faults...)
}
func (r *Runtime) Close() []string { r.machine.close(); return nil }

func (r *Runtime) new(class string) *object {
	o := &object{r: r, class: class, id: objc.ID(len(r.objects)<<4 | 1<<40), refs: 1, properties: map[string]value{}}
	r.objects = append(r.objects, o)
	return o
}

func (r *Runtime) get(id uintptr) *object {
	if id == 0 {
		return nil
	}
	n := int(id&^(1<<40)) >> 4
	if n >= len(r.objects) {
		return nil
	}
	return r.objects[n]
}

func (r *Runtime) Class(name string) objc.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := sdk.TypeNamed(name); !ok {
		return 0
	}
	if o, ok := r.classes[name]; ok {
		return o.id
	}
	o := r.new(name)
	o.isClass = true
	r.classes[name] = o
	return o.id
}

func (r *Runtime) Selector(name string) objc.SEL {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.sels[name]; ok {
		return s
	}
	r.names = append(r.names, name)
	r.sels[name] = objc.SEL(len(r.names) - 1)
	return r.sels[name]
}

type call struct {
	r      *Runtime
	o      *object
	op     string
	args   []value
	first  uint64
	second uint64
}

func (c *call) self() *object            { return c.o }
func (c *call) selector() string         { return c.op }
func (c *call) integer(i int) int        { return int(c.args[i].word) }
func (c *call) word(i int) uint64        { return c.args[i].word }
func (c *call) object(i int) *object     { return c.args[i].object }
func (c *call) structure(i int) []uint64 { return c.args[i].words }
func (c *call) floats() []float32        { return c.args[0].floats }
func (c *call) pointer(i int) unsafe.Pointer {
	w := uintptr(c.args[i].word)
	return *(*unsafe.Pointer)(unsafe.Pointer(&w))
}
func (c *call) block(i int) func(objc.ID) { return c.r.blocks[objc.ID(c.args[i].word)] }
func (c *call) objects(i, n int) []*object {
	var out []*object
	for _, id := range unsafe.Slice((*uint64)(c.pointer(i)), n) {
		out = append(out, c.r.get(uintptr(id)))
	}
	return out
}

func (c *call) fault(format string, args ...any) {
	c.r.faults = append(c.r.faults, fmt.Sprintf("%s %s: %s", c.o, c.op, fmt.Sprintf(format, args...)))
}

func (o *object) fault(format string, args ...any) {
	o.r.faults = append(o.r.faults, fmt.Sprintf("%s: %s", o, fmt.Sprintf(format, args...)))
}

func (c *call) create(class string, state any) *object {
	o := c.r.new(class)
	o.state = state
	c.give(o)
	return o
}

func (c *call) loose(class string, state any) *object {
	o := c.r.new(class)
	o.state = state
	c.r.pool = append(c.r.pool, o)
	return o
}

func (c *call) give(o *object) {
	if o != nil {
		c.first = uint64(o.id)
	}
}

func (c *call) answer(words ...uint64) {
	c.first = words[0]
	if len(words) > 1 {
		c.second = words[1]
	}
}

func (c *call) yes(b bool) {
	c.first = 0xffffff00
	if b {
		c.first |= 1
	}
}

func (c *call) refuse(i int, domain string, code int, text string) {
	if p := c.pointer(i); p != nil {
		*(*uint64)(p) = uint64(c.failure(domain, code, text).id)
	}
}

func (c *call) failure(domain string, code int, text string) *object {
	o := c.r.new("NSError")
	o.properties["code"] = value{word: uint64(code)}
	o.properties["domain"] = value{object: c.text(domain)}
	o.properties["localizedDescription"] = value{object: c.text(text)}
	return o
}

func (c *call) text(s string) *object {
	o := c.r.new("NSString")
	o.bytes = append([]byte(s), 0)
	return o
}

func (c *call) array(list ...*object) *object {
	o := c.r.new("NSArray")
	o.list = list
	return o
}

func (c *call) data(w []uint64) *object {
	o := c.r.new("NSData")
	for _, x := range w {
		for i := range 8 {
			o.bytes = append(o.bytes, byte(x>>(8*i)))
		}
	}
	return o
}

func (o *object) String() string { return fmt.Sprintf("%s %q", o.class, o.label()) }
func (o *object) label() string  { return o.text("label") }
func (o *object) string() string {
	if o == nil || len(o.bytes) == 0 {
		return ""
	}
	return string(o.bytes[:len(o.bytes)-1])
}
func (o *object) path() string { return o.string() }
func (o *object) text(p string) string {
	return o.properties[p].object.string()
}
func (o *object) has(p string) (uint64, bool) { v, ok := o.properties[p]; return v.word, ok }
func (o *object) integer(p string, d int) int {
	if v, ok := o.properties[p]; ok {
		return int(v.word)
	}
	return d
}

func (o *object) float(p string, d float32) float32 {
	if v, ok := o.properties[p]; ok {
		return v.floats[0]
	}
	return d
}

func (o *object) double(p string, d float64) float64 {
	if v, ok := o.properties[p]; ok {
		return v.doubles[0]
	}
	return d
}

func (o *object) doubles(p string, d ...float64) []float64 {
	if v, ok := o.properties[p]; ok {
		return v.doubles
	}
	return d
}

func (o *object) structure(p string, d ...uint64) []uint64 {
	if v, ok := o.properties[p]; ok {
		return v.words
	}
	return d
}

func (o *object) child(p string) *object {
	return o.properties[p].object
}

func (o *object) element(i int) *object {
	if o == nil || i >= len(o.list) {
		return nil
	}
	return o.list[i]
}

func (r *Runtime) find(class, sel string) func(*machine, *call) {
	if h, ok := handlers[class+" "+sel]; ok {
		return h
	}
	t, ok := sdk.TypeNamed(class)
	if !ok {
		return nil
	}
	for _, p := range t.Inherits {
		if h := r.find(p, sel); h != nil {
			return h
		}
	}
	return nil
}

func property(setter string) string {
	n := strings.TrimSuffix(strings.TrimPrefix(setter, "set"), ":")
	return strings.ToLower(n[:1]) + n[1:]
}

func (r *Runtime) send(id objc.ID, op objc.SEL, words []uintptr, f []float32, d []float64) (uint64, uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	if id == 0 {
		return 0, 0
	}
	sel := r.names[op]
	o := r.get(uintptr(id))
	c := &call{r: r, o: o, op: sel}
	if o.isClass {
		switch sel {
		case "alloc", "new":
			n := r.new(o.class)
			return uint64(n.id), 0
		case "fileURLWithPath:":
			n := r.new("NSURL")
			n.bytes = r.get(words[0]).bytes
			return uint64(n.id), 0
		}
	}
	switch sel {
	case "retain":
		o.refs++
		return uint64(id), 0
	case "init":
		return uint64(id), 0
	case "release":
		o.refs--
		if o.refs == 0 {
			r.machine.release(o)
		}
		return 0, 0
	case "autorelease":
		return uint64(id), 0
	case "respondsToSelector:":
		return 1, 0
	case "initWithUTF8String:":
		p := *(*unsafe.Pointer)(unsafe.Pointer(&words[0]))
		for i := 0; ; i++ {
			b := *(*byte)(unsafe.Add(p, i))
			o.bytes = append(o.bytes, b)
			if b == 0 {
				break
			}
		}
		return uint64(id), 0
	case "UTF8String", "bytes":
		return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(o.bytes)))), 0
	case "count":
		if o.class == "NSArray" {
			return uint64(len(o.list)), 0
		}
	case "length":
		if o.class == "NSData" {
			return uint64(len(o.bytes)), 0
		}
	case "objectAtIndex:":
		return uint64(o.list[words[0]].id), 0
	case "objectAtIndexedSubscript:":
		for len(o.list) <= int(words[0]) {
			o.list = append(o.list, r.new(strings.TrimSuffix(o.class, "Array")))
		}
		return uint64(o.list[words[0]].id), 0
	}
	m, ok := sdk.Find(o.class, sel, o.isClass)
	if !ok {
		r.faults = append(r.faults, fmt.Sprintf("%s: no selector %s", o, sel))
		return 0, 0
	}
	n := 0
	for _, a := range m.Arguments {
		p := sdk.Pass(a.Type)
		var v value
		switch p.Kind {
		case sdk.Float:
			v.floats = f
		case sdk.Double, sdk.StructDoubles:
			v.doubles = d
		case sdk.StructWords:
			for range p.Words {
				v.words = append(v.words, uint64(words[n]))
				n++
			}
			v.word = v.words[0]
		case sdk.StructPointer:
			s, _ := sdk.StructNamed(p.Name)
			q := *(*unsafe.Pointer)(unsafe.Pointer(&words[n]))
			v.words = append(v.words, unsafe.Slice((*uint64)(q), s.Size/8)...)
			n++
		case sdk.Object:
			v.object = r.get(words[n])
			v.word = uint64(words[n])
			n++
		case sdk.Integer:
			v.word = uint64(words[n])
			if p.Bits == 8 {
				v.word &= 0xff
			}
			n++
		default:
			v.word = uint64(words[n])
			n++
		}
		c.args = append(c.args, v)
	}
	if h := r.find(o.class, sel); h != nil {
		h(r.machine, c)
		return c.first, c.second
	}
	if strings.HasPrefix(sel, "set") && len(c.args) == 1 {
		if x := c.args[0].object; x != nil {
			x.refs++
		}
		o.properties[property(sel)] = c.args[0]
		return 0, 0
	}
	if v, ok := o.properties[sel]; ok {
		if v.object != nil {
			return uint64(v.object.id), 0
		}
		return v.word, 0
	}
	p := sdk.Pass(m.Returns)
	if p.Kind == sdk.Object && m.ReturnsNull == sdk.Nonnull {
		n := r.new(p.Name)
		o.properties[sel] = value{object: n}
		return uint64(n.id), 0
	}
	if len(c.args) > 0 || p.Kind != sdk.Object {
		r.faults = append(r.faults, fmt.Sprintf("%s: nothing carries out %s", o, sel))
	}
	return 0, 0
}

func (r *Runtime) Send(w []uintptr) uintptr {
	a, _ := r.send(objc.ID(w[0]), objc.SEL(w[1]), w[2:], nil, nil)
	return uintptr(a)
}

func (r *Runtime) SendPair(w []uintptr) (uintptr, uintptr) {
	a, b := r.send(objc.ID(w[0]), objc.SEL(w[1]), w[2:], nil, nil)
	return uintptr(a), uintptr(b)
}

func (r *Runtime) SendFloats(self objc.ID, op objc.SEL, a []float32) {
	r.send(self, op, nil, append([]float32(nil), a...), nil)
}

func (r *Runtime) SendDoubles(self objc.ID, op objc.SEL, a []float64) {
	r.send(self, op, nil, nil, append([]float64(nil), a...))
}

func (r *Runtime) Call(f objc.Function, w []uintptr) uintptr {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch f {
	case objc.CreateSystemDefaultDevice:
		return uintptr(r.new("MTLDevice").id)
	case objc.DispatchQueueCreate:
		return uintptr(r.new("queue").id)
	}
	return 1
}

func (r *Runtime) NewBlock(f func(objc.ID)) objc.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.new("block")
	r.blocks[o.id] = f
	return o.id
}
func (r *Runtime) ReleaseBlock(objc.ID) {}

var _ = math.Pi

func (r *Runtime) Encoded() []string { r.mu.Lock(); defer r.mu.Unlock(); return r.machine.encoded() }

func (r *Runtime) Messages() int { r.mu.Lock(); defer r.mu.Unlock(); return r.count }
