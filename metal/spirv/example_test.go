package spirv_test

import (
	"fmt"

	"weft/metal/spirv"
)

func ExampleReflect() {
	m, err := spirv.Reflect(everything)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Stage, m.Threads)
	for _, r := range m.Resources {
		if r.Set == 1 {
			fmt.Println(r.Binding, r.Kind, r.Name, "read:", r.Reads, "written:", r.Writes)
		}
	}
	// Unordered output:
	// dispatch {8 4 2}
	// 0 sampled image image read: true written: false
	// 1 storage image result read: false written: true
	// 2 storage image volume read: true written: true
}
