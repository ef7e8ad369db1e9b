package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"weft/demos/upscale/picture"
)

// report is what report.json holds.
type report struct {
	Device    string `json:"device"`
	Seed      int64  `json:"seed"`
	Frames    int    `json:"frames"`
	Low       [2]int `json:"low"`  // width and height of the picture as rendered, pixels
	High      [2]int `json:"high"` // and of all others
	Reference struct {
		SamplesPerPixel int `json:"samples_per_pixel"`
	} `json:"reference"`
	Quality []quality `json:"quality"`
	// MillisecondsPerFrame is the median over all frames but the first, which
	// waits for shaders to be compiled: from Run to the GPU's end of the frame.
	MillisecondsPerFrame float64 `json:"ms_per_frame"`
	FirstFrame           float64 `json:"ms_first_frame"`
	// Passes lists the GPU's time for each pass of the last frame.
	Passes   []passTime `json:"passes"`
	Encoders int        `json:"encoders"`
	Barriers int        `json:"barriers"`
}

// quality is how close an enlarged picture is to the reference.
type quality struct {
	Method string  `json:"method"`
	PSNR   float64 `json:"psnr_db"`
	SSIM   float64 `json:"ssim"`
}

type passTime struct {
	Name         string  `json:"name"`
	Milliseconds float64 `json:"ms"`
}

// compare measures pictures against the reference.
func compare(pictures []picture.Labelled, reference picture.Labelled) ([]quality, error) {
	var out []quality
	for _, p := range pictures {
		psnr, err := picture.PSNR(p.Picture, reference.Picture)
		if err != nil {
			return nil, err
		}
		ssim, err := picture.SSIM(p.Picture, reference.Picture)
		if err != nil {
			return nil, err
		}
		// JSON has no infinity; equal pictures do not happen, but must not fail.
		out = append(out, quality{p.Label, min(psnr, 200), ssim})
	}
	return out, nil
}

func (r *report) write(path string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return picture.WriteFile(path, append(data, '\n'))
}

// print writes the table a person reads.
func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "\n%dx%d rendered, %dx%d shown, on %s\n\n", r.Low[0], r.Low[1], r.High[0], r.High[1], r.Device)
	fmt.Fprintf(w, "  %-10s %9s %8s\n", "", "PSNR", "SSIM")
	for _, q := range r.Quality {
		fmt.Fprintf(w, "  %-10s %6.2f dB %8.4f\n", q.Method, q.PSNR, q.SSIM)
	}
	fmt.Fprintf(w, "\n  against a reference of %d samples a pixel\n\n", r.Reference.SamplesPerPixel)
	longest := 0
	for _, p := range r.Passes {
		longest = max(longest, len(p.Name))
	}
	slowest := 0.0
	for _, p := range r.Passes {
		slowest = math.Max(slowest, p.Milliseconds)
	}
	for _, p := range r.Passes {
		bar := 0
		if slowest > 0 {
			bar = int(math.Round(30 * p.Milliseconds / slowest))
		}
		fmt.Fprintf(w, "  %-*s %9.2f ms %s\n", longest, p.Name, p.Milliseconds, strings.Repeat("▇", bar))
	}
	fmt.Fprintf(w, "\n  %.1f ms a frame (median; the first, shaders compiled, %.1f ms), %d passes, %d encoders, %d barriers\n",
		r.MillisecondsPerFrame, r.FirstFrame, len(r.Passes), r.Encoders, r.Barriers)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
