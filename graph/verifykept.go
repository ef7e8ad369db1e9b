package graph

// judgeCulling compares what the plan runs with what must run.
func (v *verifier) judgeCulling() {
	g := v.g
	kept := g.mustRun()
	listed := make([]bool, len(g.passes))
	for _, name := range v.d.Culled {
		i, ok := v.passes[name]
		switch {
		case !ok:
			v.find(FaultCulled, "the graph has no pass %q", name)
			continue
		case listed[i]:
			v.find(FaultCulled, "pass %q is listed twice", name)
		case v.position[i] >= 0:
			v.find(FaultCulled, "pass %q is listed as culled and is in encoder %d", name, v.encoderOf[v.encoderAt[v.position[i]]])
		}
		listed[i] = true
	}
	for i := range g.passes {
		name, runs := g.passes[i].name, v.position[i] >= 0
		switch {
		case kept[i] && listed[i]:
			v.find(FaultCulled, "pass %q is culled, but the frame needs it", name)
		case kept[i] && !runs:
			v.find(FaultEncoder, "pass %q is in no encoder, but the frame needs it", name)
		case !kept[i] && runs:
			v.find(FaultCulled, "pass %q runs, but nothing that the frame needs comes of it: cull it", name)
		case !kept[i] && !listed[i]:
			v.find(FaultCulled, "pass %q is neither in an encoder nor listed as culled", name)
		}
	}
}

// mustRun says which passes the frame needs: those with a side effect, and those
// with a write that either a needed pass reads or that carries on after the
// frame, before one later write by a pass that does not read it covers it whole.
func (g *Graph) mustRun() []bool {
	n := len(g.passes)
	kept := make([]bool, n)
	parts := g.partsOfAll(func(*access) bool { return true })
	// The nearest kept reader and the nearest writer, as n - their indices.
	readers, writers := make([]spans, len(g.resources)), make([]spans, len(g.resources))
	for r := range readers {
		readers[r], writers[r] = newSpans(parts[r]), newSpans(parts[r])
	}
	type cover struct {
		pass, next int32
		part       box
	}
	var covers []cover
	nearest := make([]int32, len(g.resources)) // index + 1
	reads := func(pass int32, of *access) bool {
		for _, a := range g.accessesOf(&g.passes[pass]) {
			if !a.write && a.frame == 0 && a.resource == of.resource && g.boxOf(&a).overlaps(g.boxOf(of)) {
				return true
			}
		}
		return false
	}
	needed := func(w *access) bool {
		part := g.boxOf(w)
		reader := n - int(readers[w.resource].most(part))
		carries := g.resources[w.resource].lifetime.carries()
		if reader == n+1 && !carries {
			return false
		}
		if n-int(writers[w.resource].most(part)) >= reader {
			return true // without a look at those that write other parts
		}
		for i := nearest[w.resource]; i > 0; i = covers[i-1].next {
			c := &covers[i-1]
			if int(c.pass) >= reader {
				break
			}
			if c.part.contains(part) {
				return false
			}
		}
		return true
	}
	for i := n - 1; i >= 0; i-- {
		p := &g.passes[i]
		kept[i] = p.sideEffect
		for _, a := range g.accessesOf(p) {
			kept[i] = kept[i] || a.write && needed(&a)
		}
		for _, a := range g.accessesOf(p) {
			part := g.boxOf(&a)
			switch {
			case a.write:
				next := nearest[a.resource]
				if next > 0 && part.contains(covers[next-1].part) && !reads(int32(i), &a) {
					next = covers[next-1].next // covered by what comes earlier
				}
				covers = append(covers, cover{int32(i), next, part})
				nearest[a.resource] = int32(len(covers))
				writers[a.resource].note(part, int32(n-i))
			case kept[i] && a.frame == 0:
				readers[a.resource].note(part, int32(n-i))
			}
		}
	}
	return kept
}
