package graph

// judgeOrder: overlapping accesses, one of them a write, run in the order in
// which they were declared. Versions of earlier frames are other memory.
func (v *verifier) judgeOrder() {
	g := v.g
	runs := func(a *access) bool { return a.frame == 0 }
	parts := g.partsOfAll(runs)
	reads, writes := make([]spans, len(g.resources)), make([]spans, len(g.resources))
	for r := range parts {
		reads[r], writes[r] = newSpans(parts[r]), newSpans(parts[r])
	}
	for i := range g.passes {
		at := v.position[i]
		if at < 0 {
			continue
		}
		list := g.accessesOf(&g.passes[i])
		for k := range list {
			a := &list[k]
			if a.frame != 0 {
				continue
			}
			part := g.boxOf(a)
			last := writes[a.resource].most(part)
			if a.write {
				last = max(last, reads[a.resource].most(part))
			}
			if last > at {
				v.find(FaultOrder, "pass %q runs before %q, which is declared earlier: both touch %q, and one writes it",
					g.passes[i].name, v.name(int(last)), g.resources[a.resource].name)
			}
		}
		for k := range list {
			if a := &list[k]; a.write {
				writes[a.resource].note(g.boxOf(a), at)
			} else if a.frame == 0 {
				reads[a.resource].note(g.boxOf(a), at)
			}
		}
	}
}
