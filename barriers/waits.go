package barriers

// waits says what waits for what in a small frame. Works of the first frame are
// bits of a word; others wait for each other in the same way.
type waits struct {
	of   []uint64 // all work of each frame: the work of the first that it waits for
	from []uint64 // the same that all work of its stage from there on waits for
	all  works    // of a frame
}

// works are sets of work, by stage.
type works [stageCount]uint64

func (w *works) union(stages set) (all uint64) {
	for s := stages; s != 0; s &= s - 1 {
		all |= w[s.index()]
	}
	return all
}

func (w *works) add(stages set, more uint64) {
	for s := stages; s != 0; s &= s - 1 {
		w[s.index()] |= more
	}
}

// find does what estimate.forward does, with sets for times.
func (w *waits) find(e *estimate, b *board, needs []need) {
	var far, near, held, own, due works
	t, size := e.t, len(e.work)
	w.of, w.from, w.all = resize(w.of, e.frames*size), resize(w.from, e.frames*size), works{}
	for i := range e.work {
		w.all[e.work[i].stage] |= 1 << i
	}
	e.read(needs)
	for frame := range e.frames {
		copy(e.cursor, e.heads)
		for p := range t.runs {
			for n := b.ahead[p]; n >= 0; n = b.drafts[n].next {
				if d := &b.drafts[n]; d.kind == Consumer {
					own.add(d.before, far.union(d.after))
					due.add(d.before, far.union(d.after))
				} else {
					own.add(d.before, near.union(d.after))
				}
			}
			var asked works
			for k := range min(frame+1, len(e.heads)) {
				i := e.cursor[k]
				for ; int(i) < len(e.asks) && int(e.asks[i].to) == p && int(e.asks[i].frames) == k; i++ {
					asked[e.asks[i].stage] |= w.with(frame-k, e.asks[i].work, size)
				}
				e.cursor[k] = i
			}
			var object, geometry uint64
			for i := e.starts[p]; i < e.starts[p+1]; i++ {
				s := e.work[i].stage
				all := held[s] | own[s] | asked[s]
				switch s {
				case meshStage:
					all |= object
				case fragmentStage:
					all |= geometry
				}
				w.of[frame*size+int(i)] = all
				all = w.with(frame, i, size)
				switch s {
				case objectStage:
					object, geometry = all, geometry|all
				case vertexStage, meshStage:
					geometry |= all
				}
				near[s] |= all
			}
			for n := b.behind[p]; n >= 0; n = b.drafts[n].next {
				d := &b.drafts[n]
				due.add(d.before, near.union(d.after)|far.union(d.after))
			}
			if int32(p) == t.last[t.encoder[p]] {
				for s := range far {
					far[s] |= near[s]
					held[s] |= due[s]
				}
				near, own, due = works{}, works{}, works{}
			}
		}
	}
	var later works
	later.add(1<<stageCount-1, ^uint64(0))
	for i := len(w.of) - 1; i >= 0; i-- {
		s := e.work[i%size].stage
		later[s] &= w.of[i]
		w.from[i] = later[s]
	}
}

// with is what some work waits for, and itself.
func (w *waits) with(frame int, i int32, size int) uint64 {
	all := w.of[frame*size+int(i)]
	if frame == 0 {
		all |= 1 << i
	}
	return all
}

// free says that what a part holds back waits for all that it covers.
func (w *waits) free(e *estimate, x *part) bool {
	t := e.t
	covered := w.all[x.after] & (1<<(x.covered+1) - 1)
	if x.kind == Intra {
		covered &^= 1<<e.starts[t.first[t.encoder[x.pass]]] - 1
		for i := x.held; i < e.starts[t.last[t.encoder[x.pass]]+1]; i++ {
			if e.work[i].stage == x.before && covered&^w.of[i] != 0 {
				return false
			}
		}
		return true
	}
	at := x.held
	if at < 0 { // the first of its stage in the second frame
		for at = int32(len(e.work)); e.work[int(at)-len(e.work)].stage != x.before; at++ {
		}
	}
	return covered&^w.from[at] == 0 && w.all[x.after]&^w.from[int(at)+len(e.work)] == 0
}
