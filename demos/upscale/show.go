package main

import (
	"bytes"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"time"

	"weft/demos/upscale/picture"
	"weft/demos/upscale/scene"
	"weft/graph"
	"weft/metal"
	"weft/models"
	"weft/passes"
)

// framesPerSecond is how fast the scene's animation runs.
const framesPerSecond = 30

// referenceSamples is how many samples a pixel the reference has.
const referenceSamples = 16

// show draws the frames, compares the last with its reference, and writes
// pictures, plan and report.
func show(o options, out, errs io.Writer) error {
	network, err := o.network()
	if err != nil {
		return err
	}
	device, queue, err := o.open()
	if err != nil {
		return err
	}
	defer device.Release()
	defer queue.Release()
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return fmt.Errorf("cannot make the folder %s: %w", o.out, err)
	}
	// The scene, the frames, each sample of the reference, the files.
	steps := newProgress(errs, "drawing", 1+o.frames+referenceSamples+1)
	defer steps.finish()
	s, err := scene.New(device, o.seed)
	if err != nil {
		return err
	}
	defer s.Release()
	steps.step()

	r := &report{Device: device.Name(), Seed: o.seed, Frames: o.frames}
	r.Low = [2]int{o.width, o.height}
	r.High = [2]int{models.UpscaleFactor * o.width, models.UpscaleFactor * o.height}
	r.Reference.SamplesPerPixel = referenceSamples
	shot, err := drawFrames(o, device, queue, s, network, r, steps)
	if err != nil {
		return err
	}
	reference, err := drawReference(o, device, queue, s, steps)
	if err != nil {
		return err
	}
	if err := deliver(o, r, shot, reference); err != nil {
		return err
	}
	steps.finish() // before the listing, which may share its terminal
	fmt.Fprint(out, shot.listing)
	r.print(out)
	fmt.Fprintf(out, "\npictures: %s: low.png bilinear.png bicubic.png neural.png reference.png compare.png, with plan.json and report.json\n", o.out)
	return nil
}

// shot is what the frames leave.
type shot struct {
	low, neural *image.NRGBA
	plan        []byte // JSON
	listing     string
}

// drawFrames runs the frame o.frames times and reads back the last.
func drawFrames(o options, device metal.Device, queue metal.CommandQueue, s *scene.Scene, network metal.Network, r *report, steps *progress) (*shot, error) {
	var now scene.Moment
	f, err := declareFrame(s, network, o.width, o.height, &now)
	if err != nil {
		return nil, err
	}
	plan, err := f.graph.Compile(device, graph.Timestamps())
	if err != nil {
		return nil, err
	}
	defer plan.Release()
	if err := s.Bind(plan, f.scene); err != nil {
		return nil, err
	}
	screen, err := device.NewTexture(metal.TextureDescriptor{
		Label: "screen", Format: metal.PixelFormatBGRA8Unorm, Width: r.High[0], Height: r.High[1], Usage: metal.TextureUsageRenderTarget,
	})
	if err != nil {
		return nil, err
	}
	defer screen.Release()
	if err := plan.BindTexture(f.screen, screen); err != nil {
		return nil, err
	}
	var times []float64
	for i := range o.frames {
		now.Time = float64(i) / framesPerSecond
		start := time.Now()
		if err := plan.Run(queue); err != nil {
			return nil, err
		}
		// The demo measures frames one by one; a game would go on.
		if err := plan.Wait(); err != nil {
			return nil, err
		}
		ms := float64(time.Since(start).Microseconds()) / 1000
		if i == 0 {
			r.FirstFrame = ms
		}
		if i > 0 || o.frames == 1 {
			times = append(times, ms)
		}
		steps.step()
	}
	r.MillisecondsPerFrame = median(times)
	for _, t := range plan.Times() {
		r.Passes = append(r.Passes, passTime{t.Pass, t.Milliseconds})
	}
	r.Encoders, r.Barriers = len(plan.Encoders()), len(plan.Barriers())
	var document bytes.Buffer
	if err := plan.WriteJSON(&document); err != nil {
		return nil, err
	}
	low, err := readImage(plan, f.low, f.graph.TextureDescriptor(f.scene.Color))
	if err != nil {
		return nil, err
	}
	high, err := readImage(plan, f.high, f.graph.TextureDescriptor(f.screen))
	if err != nil {
		return nil, err
	}
	return &shot{low: low, neural: high, plan: document.Bytes(), listing: plan.String()}, nil
}

// drawReference draws the last frame's moment with many samples a pixel.
func drawReference(o options, device metal.Device, queue metal.CommandQueue, s *scene.Scene, steps *progress) (*image.NRGBA, error) {
	g := graph.New()
	g.SetName("reference")
	reference, err := s.AddReference(g, scene.View{
		Width: models.UpscaleFactor * o.width, Height: models.UpscaleFactor * o.height, MipBias: scene.ReferenceBias,
	})
	if err != nil {
		return nil, err
	}
	read := &passes.ReadTexture{Name: "read", Texture: reference.Color}
	g.Add(read)
	plan, err := g.Compile(device)
	if err != nil {
		return nil, err
	}
	defer plan.Release()
	if err := s.Bind(plan, reference.Picture); err != nil {
		return nil, err
	}
	reference.Begin(float64(o.frames-1) / framesPerSecond)
	for range referenceSamples {
		if err := reference.Draw(plan, queue, 1); err != nil {
			return nil, err
		}
		if err := plan.Wait(); err != nil {
			return nil, err
		}
		steps.step()
	}
	return readImage(plan, read, g.TextureDescriptor(reference.Color))
}

// deliver compares the pictures and writes the files: at the very end, when
// nothing can go wrong any more but the disk.
func deliver(o options, r *report, s *shot, reference *image.NRGBA) error {
	bilinear := picture.Labelled{Label: "bilinear", Picture: picture.Bilinear(s.low, r.High[0], r.High[1])}
	bicubic := picture.Labelled{Label: "bicubic", Picture: picture.Bicubic(s.low, r.High[0], r.High[1])}
	neural := picture.Labelled{Label: "neural", Picture: s.neural}
	truth := picture.Labelled{Label: "reference", Picture: reference}
	var err error
	if r.Quality, err = compare([]picture.Labelled{bilinear, bicubic, neural}, truth); err != nil {
		return err
	}
	details, err := picture.Details(bicubic.Picture, reference, 4)
	if err != nil {
		return err
	}
	low := picture.Labelled{Label: "as rendered", Picture: picture.Nearest(s.low, r.High[0], r.High[1])}
	sheet, err := picture.Compare([]picture.Labelled{low, bilinear, bicubic, neural, truth}, details)
	if err != nil {
		return err
	}

	for _, file := range []struct {
		name string
		img  image.Image
	}{
		{"low", s.low},
		{"bilinear", bilinear.Picture},
		{"bicubic", bicubic.Picture},
		{"neural", s.neural},
		{"reference", reference},
		{"compare", sheet},
	} {
		if err := picture.Save(filepath.Join(o.out, file.name+".png"), file.img); err != nil {
			return err
		}
	}
	if err := picture.WriteFile(filepath.Join(o.out, "plan.json"), s.plan); err != nil {
		return err
	}
	return r.write(filepath.Join(o.out, "report.json"))
}
