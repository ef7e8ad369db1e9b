package network_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/metal/vulkan/network"
)

// fill gives the constants whose weights are missing numbers, such that what is
// computed stays near 1.
func fill(p *coreml.Program) {
	filled := map[*coreml.Tensor]*coreml.Tensor{}
	stand := func(t *coreml.Tensor) *coreml.Tensor {
		if !t.Missing() {
			return t
		}
		if filled[t] == nil {
			filled[t] = standIn(t.Type, uint32(len(filled)))
		}
		return filled[t]
	}
	for name, t := range p.Constants {
		p.Constants[name] = stand(t)
	}
	for _, op := range p.Ops {
		for _, args := range op.Inputs {
			for i, a := range args {
				args[i].Value = stand(a.Value)
			}
		}
	}
}

func standIn(t coreml.Type, seed uint32) *coreml.Tensor {
	n := t.Elements()
	if !t.DataType.IsFloat() {
		return mil.Ints(t.DataType, t.Shape, make([]int, n))
	}
	data := noise(n, seed)
	for i := range data {
		if t.Rank() > 1 {
			data[i] *= float32(math.Sqrt(3 * float64(t.Shape[0]) / float64(n)))
		} else {
			data[i] = 1 + data[i]/10 // no variance is negative
		}
	}
	return mil.Floats(t.DataType, t.Shape, data)
}

// TestHeap compiles every package and program made by others, and compares the
// heap with the most bytes that are in use at one time.
func TestHeap(t *testing.T) {
	dir := modelsDir(t)
	files, err := filepath.Glob(filepath.Join(dir, "programs", "*.mlmodel"))
	require.NoError(t, err)
	packages, err := filepath.Glob(filepath.Join(dir, "*.mlpackage"))
	require.NoError(t, err)
	compiled := 0
	for _, path := range append(files, packages...) {
		name, _, _ := strings.Cut(filepath.Base(path), ".")
		t.Run(name, func(t *testing.T) {
			var pkg *coreml.Package
			if filepath.Ext(path) == ".mlpackage" {
				pkg, err = coreml.OpenDir(path)
			} else {
				var data []byte
				data, err = os.ReadFile(path)
				require.NoError(t, err)
				pkg, err = coreml.ReadModel(data)
			}
			if err != nil {
				t.Skip(err)
			}
			fill(pkg.Program)
			p, err := pkg.Specialize(nil)
			if err != nil {
				t.Skip(err)
			}
			limits := generous
			limits.FloatHeapSize = 64 << 20 // as the driver does
			plan, err := network.Compile(p, limits)
			require.NoError(t, err)
			checkPlan(t, plan)
			live := plan.LiveBytes()
			t.Logf("heap %d bytes, in use at one time %d: %.4f of it; %d operations, %d dispatches of %d kernels",
				plan.IntermediatesHeapSize, live, float64(plan.IntermediatesHeapSize)/float64(live), len(p.Ops), len(plan.Dispatches), len(plan.Kernels))
			require.LessOrEqual(t, float64(plan.IntermediatesHeapSize), 1.1*float64(live))
			compiled++
		})
	}
	require.GreaterOrEqual(t, compiled, 9)
}
