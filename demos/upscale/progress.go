package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// patience is how long work may take before anything shows how far it has come.
const patience = 2 * time.Second

// progress shows how far work has come, on the error stream, which is not what
// a program reads: a bar on a terminal, a line now and then elsewhere.
type progress struct {
	done    atomic.Int64
	stop    chan struct{}
	stopped sync.WaitGroup
	once    sync.Once
}

// newProgress starts to count steps of work; steps is -1 where nobody knows how
// many there are. Call finish, once or more often, when the work is over.
func newProgress(w io.Writer, what string, steps int) *progress {
	p := &progress{stop: make(chan struct{})}
	p.stopped.Go(func() {
		select {
		case <-p.stop:
		case <-time.After(patience):
			if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
				p.draw(w, what, steps)
			} else {
				p.list(w, what, steps)
			}
		}
	})
	return p
}

// draw keeps a bar up to date. What cannot be drawn is no reason to stop the
// work.
func (p *progress) draw(w io.Writer, what string, steps int) {
	bar := progressbar.NewOptions(steps,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionClearOnFinish())
	p.every(100*time.Millisecond, func() { _ = bar.Set64(p.done.Load()) })
	_ = bar.Finish()
}

// list writes lines, for logs.
func (p *progress) list(w io.Writer, what string, steps int) {
	p.every(10*time.Second, func() {
		if steps > 0 {
			fmt.Fprintf(w, "%s: %d of %d done\n", what, p.done.Load(), steps)
		} else {
			fmt.Fprintf(w, "%s ...\n", what)
		}
	})
}

func (p *progress) every(period time.Duration, show func()) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		show()
		select {
		case <-p.stop:
			return
		case <-tick.C:
		}
	}
}

// step counts one more step as done.
func (p *progress) step() { p.done.Add(1) }

// finish takes the bar away.
func (p *progress) finish() {
	p.once.Do(func() { close(p.stop) })
	p.stopped.Wait()
}
