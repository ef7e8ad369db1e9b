package system_test

import (
	"fmt"

	"weft/metal/system"
)

// Every machine has the device that records.
func ExampleDevice() {
	d, err := system.Device(system.Options{Name: "record"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer d.Release()
	fmt.Println(d.Name())
	// Output: record
}
