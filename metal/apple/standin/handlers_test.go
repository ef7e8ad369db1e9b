package standin

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal/apple/sdk"
)

// The machine carries out what the driver may send: every message to an object
// of Metal's is a handler's, and every handler is for a message of the table.
func TestHandlers(t *testing.T) {
	for key := range handlers {
		of, selector, _ := strings.Cut(key, " ")
		_, ok := sdk.Find(of, selector, false)
		assert.True(t, ok, "%s is no message of the table: the handler is dead", key)
	}
	// Labels are properties, and the driver asks no pipeline for its resource ID.
	none := map[string]bool{
		"MTLComputePipelineState gpuResourceID": true, "MTLRenderPipelineState gpuResourceID": true,
	}
	for _, x := range sdk.Types() {
		if !x.Protocol || x.ByHand {
			continue
		}
		for _, m := range x.Methods {
			_, ok := handlers[x.Name+" "+m.Selector]
			assert.True(t, ok || none[x.Name+" "+m.Selector] || m.Selector == "label" || m.Selector == "setLabel:", "%s %s: nothing carries it out", x.Name, m.Selector)
		}
	}
}
