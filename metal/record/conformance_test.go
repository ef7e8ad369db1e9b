package record_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal"
	"weft/metal/metaltest"
	"weft/metal/record"
)

func TestConformance(t *testing.T) {
	metaltest.Run(t, func(t *testing.T) metal.Device {
		d := record.New(record.Options{})
		t.Cleanup(func() { // after the suite has released it
			for _, f := range d.Faults() {
				assert.NotContains(t, f.Error(), "not released")
			}
		})
		return d
	}, metaltest.Options{
		Strict: true,
		Check: func(t *testing.T, d metal.Device) {
			faults := d.(*record.Device).Faults()
			if t.Name() != "TestConformance/misuse" {
				assert.Empty(t, faults)
			}
			for _, f := range faults { // every refusal is one, but the suite cleans up
				assert.NotEqual(t, "Release", f.Call, "%v", f)
			}
		},
	})
}
