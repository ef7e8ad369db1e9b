package barriers

// crowds holds the walks of many events at one point of the queue. Events whose
// walks stand alike go on alike for ever: they become one crowd, and one walk.
// There are as many walks as states, and those are few.
type crowds struct {
	walks  []walk
	parent []int32 // of crowds, those that were joined and those that go on
	where  []int32 // index in walks of a crowd that goes on
	states map[uint64]int32
}

// find returns the crowd that goes on for one that may have joined another.
func (c *crowds) find(crowd int32) int32 {
	for c.parent[crowd] != crowd {
		c.parent[crowd] = c.parent[c.parent[crowd]]
		crowd = c.parent[crowd]
	}
	return crowd
}

// walkOf returns the walk of a crowd that goes on.
func (c *crowds) walkOf(crowd int32) *walk { return &c.walks[c.where[crowd]] }

// start lets an event in one stage begin to walk and returns its crowd.
func (c *crowds) start(stage slotSet, flush bool) int32 {
	w := walk{here: stage, flush: flush, crowd: int32(len(c.parent))}
	for i := range c.walks {
		if c.walks[i].state() == w.state() {
			return c.walks[i].crowd
		}
	}
	c.parent = append(c.parent, w.crowd)
	c.where = append(c.where, int32(len(c.walks)))
	c.walks = append(c.walks, w)
	return w.crowd
}

func (c *crowds) open() {
	for i := range c.walks {
		c.walks[i].open()
	}
}

func (c *crowds) run(runs slotSet) {
	for i := range c.walks {
		c.walks[i].run(runs)
	}
}

func (c *crowds) cross(q *queue, gates []int32) {
	for _, n := range gates {
		for i := range c.walks {
			c.walks[i].cross(&q.gates[n])
		}
	}
}

// join makes one crowd of those that stand alike.
func (c *crowds) join() {
	if len(c.walks) < 2 {
		return
	}
	if c.states == nil {
		c.states = map[uint64]int32{}
	}
	clear(c.states)
	kept := c.walks[:0]
	for _, w := range c.walks {
		state := w.state()
		if same, ok := c.states[state]; ok {
			c.parent[w.crowd] = same
			continue
		}
		c.states[state] = w.crowd
		c.where[w.crowd] = int32(len(kept))
		kept = append(kept, w)
	}
	c.walks = kept
}

// visitor looks on as all walks go along the queue together.
type visitor interface {
	// before comes to the barriers at one place ahead of or behind a pass.
	before(gates []int32, pass, frame int, behind bool)
	// at comes to the work of a pass.
	at(pass, frame int)
	// begin lets events of a pass of the first frame begin to walk.
	begin(pass int)
}

// march takes the walks that the visitor begins in the first frame along it and
// that many further frames.
func (c *crowds) march(q *queue, frames int, v visitor) {
	for frame := 0; frame <= frames; frame++ {
		for p := range q.passes {
			if q.passes[p].opens {
				c.open()
			}
			if gates := q.gatesAhead(p); len(gates) > 0 {
				v.before(gates, p, frame, false)
				c.cross(q, gates)
			}
			v.at(p, frame)
			c.run(q.passes[p].runs & q.named)
			if frame == 0 {
				v.begin(p)
			}
			if gates := q.gatesBehind(p); len(gates) > 0 {
				v.before(gates, p, frame, true)
				c.cross(q, gates)
			}
			c.join()
		}
	}
}
