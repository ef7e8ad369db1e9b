package standin

import (
	"fmt"

	"weft/barriers"
)

// barrierNames are those of weft/metal's calls.
var barrierNames = map[barriers.Kind]string{
	barriers.Consumer: "BarrierAfterQueueStages", barriers.Producer: "BarrierAfterStages", barriers.Intra: "BarrierAfterEncoderStages",
}

// encoded lists the encoders of all commits and their barriers, in order, one a
// line; a barrier says how many commands of its encoder come before it.
func (m *machine) encoded() []string {
	var lines []string
	for _, w := range m.committed {
		for _, p := range w.passes {
			lines = append(lines, fmt.Sprintf("%v encoder %q", p.kind, p.label))
			for _, b := range p.barriers {
				lines = append(lines, fmt.Sprintf("%s after=%v before=%v visibility=%v", barrierNames[b.kind], b.after, b.before, b.visibility))
			}
		}
	}
	return lines
}
