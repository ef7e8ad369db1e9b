package network_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/metal/vulkan/network"
)

// bench runs a program and reports its speed. The first run, in which a CPU
// driver compiles the shaders, is not counted; ms/best is the fastest run,
// which a busy machine disturbs least; ms/quiet is, on a driver that runs on
// the CPU, what it would be with every core to itself.
func bench(b *testing.B, p *coreml.Program) {
	g := device(b)
	limits := g.limits
	limits.FloatHeapSize = 64 << 20 // as the driver does
	plan, err := network.Compile(p, limits)
	require.NoError(b, err)
	l := g.load(b, plan)
	defer l.close()
	for i, in := range plan.Inputs {
		n := 1
		for _, e := range in.Dimensions {
			n *= e
		}
		write(in, l.tensors[network.FromInput][i].bytes, noise(n, 1))
	}
	start := time.Now()
	l.run(b)
	warm := time.Since(start)
	best, cpu := time.Hour, time.Hour
	for b.Loop() {
		before := cpuTime()
		best = min(best, l.run(b))
		cpu = min(cpu, cpuTime()-before)
	}
	b.ReportMetric(2*float64(plan.MultiplyAdds)/float64(best.Nanoseconds()), "GFLOP/s")
	b.ReportMetric(float64(best.Microseconds())/1000, "ms/best")
	b.ReportMetric(float64(cpu.Microseconds())/1000/float64(runtime.NumCPU()), "ms/quiet")
	b.ReportMetric(float64(warm.Milliseconds()), "ms/first")
	b.ReportMetric(float64(plan.IntermediatesHeapSize)/(1<<20), "heap-MiB")
}

func BenchmarkConv(b *testing.B) {
	for _, kind := range kinds {
		for _, c := range []struct{ kernel, cin, cout, width, height int }{
			{3, 32, 32, 640, 360}, {3, 32, 12, 640, 360}, {5, 4, 32, 640, 360}, {1, 64, 64, 640, 360}, {3, 64, 64, 320, 180}, {9, 3, 16, 320, 180},
		} {
			b.Run(fmt.Sprintf("%s %dx%d %d-%d", kind, c.kernel, c.kernel, c.cin, c.cout), func(b *testing.B) {
				bench(b, program(b, func(m *mil.Builder) {
					x := m.Input("x", kind, 1, c.cin, c.height, c.width)
					y := m.Op("conv", "", mil.Args{"x": x, "weight": weights(kind, 1, c.cout, c.cin, c.kernel, c.kernel), "pad_type": "same"})
					m.Output(m.Op("relu", "y", mil.Args{"x": y}))
				}))
			})
		}
	}
}

// BenchmarkProduct multiplies matrices as transformers do: many rows by
// weights, and small matrices by each other.
func BenchmarkProduct(b *testing.B) {
	b.Run("4096x192 192x384", func(b *testing.B) {
		bench(b, program(b, func(m *mil.Builder) {
			x := m.Input("x", coreml.Float16, 4096, 192)
			m.Output(m.Op("linear", "y", mil.Args{"x": x, "weight": weights(coreml.Float16, 1, 384, 192)}))
		}))
	})
	b.Run("384 times 64x32 32x64", func(b *testing.B) {
		bench(b, program(b, func(m *mil.Builder) {
			x, y := m.Input("x", coreml.Float16, 384, 64, 32), m.Input("y", coreml.Float16, 384, 64, 32)
			z := m.Op("matmul", "", mil.Args{"x": x, "y": y, "transpose_y": true})
			m.Output(m.Op("softmax", "z", mil.Args{"x": z, "axis": -1}))
		}))
	})
}

// BenchmarkUpscaler is the network of about 15,000 parameters whose speed
// elsewhere is known: 960x540 to 1920x1080, 15.6 GFLOP a frame.
func BenchmarkUpscaler(b *testing.B) {
	for _, kind := range kinds {
		b.Run(kind.String(), func(b *testing.B) {
			bench(b, program(b, func(m *mil.Builder) { upscaler(m, kind, 540, 960) }))
		})
	}
}

// upscaler builds conv 5x5, conv 3x3, conv 3x3 and a pixel shuffle by two.
func upscaler(m *mil.Builder, kind coreml.DataType, height, width int) {
	x := m.Input("x", kind, 1, 3, height, width)
	for i, c := range []struct{ kernel, cin, cout int }{{5, 3, 32}, {3, 32, 32}, {3, 32, 12}} {
		x = m.Op("conv", "", mil.Args{
			"x": x, "weight": weights(kind, uint32(i), c.cout, c.cin, c.kernel, c.kernel), "pad_type": "same",
			"bias": mil.Floats(kind, []int{c.cout}, noise(c.cout, uint32(i))),
		})
		if i < 2 {
			x = m.Op("relu", "", mil.Args{"x": x})
		}
	}
	m.Output(m.Op("pixel_shuffle", "y", mil.Args{"x": x, "upscale_factor": 2}))
}

// BenchmarkPackage runs the packages beside the project and the project's own
// upscaler at the size of the demo.
func BenchmarkPackage(b *testing.B) {
	for name := range goldens {
		b.Run(name, func(b *testing.B) {
			p, _, _ := openModel(b, name)
			bench(b, p)
		})
	}
	b.Run("upscale", func(b *testing.B) {
		pkg, err := coreml.OpenDir(filepath.Join("..", "..", "..", "models", "upscale.mlpackage"))
		require.NoError(b, err)
		p, err := pkg.Specialize(map[string][]int{pkg.Inputs[0].Name: {1, 3, 360, 640}})
		require.NoError(b, err)
		bench(b, p)
	})
}

// BenchmarkCompile is the time from a program to a plan.
func BenchmarkCompile(b *testing.B) {
	for name := range goldens {
		p, _, _ := openModel(b, name)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := network.Compile(p, generous)
				require.NoError(b, err)
			}
		})
	}
}
