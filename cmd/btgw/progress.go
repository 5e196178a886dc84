package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// progress is the bar of `get`, `make` and `verify`: bytes, rate, peers, time left. Where the output is no terminal it draws nothing.
type progress struct {
	pool *mpb.Progress // nil: quiet
	bar  *mpb.Bar

	mu    sync.Mutex // guards what is below: the bar is drawn by a goroutine of its own
	rate  rateMeter
	came  time.Time // when something last did, or the bar began
	swarm func() swarmState
	asked time.Time
	state swarmState
}

// A swarmState is what the bar says of a swarm.
type swarmState struct {
	peers   int    // connected
	waiting string // for what, while nothing comes
}

// newProgress draws to w, if that is a terminal, a bar of total bytes. swarm is asked at most every
// progressPeersTime; nil: there is none.
func newProgress(w io.Writer, name string, total int64, swarm func() swarmState) *progress {
	p := &progress{swarm: swarm, came: time.Now()}
	if total == 0 || !isTerminal(w) {
		return p
	}
	p.pool = mpb.New(mpb.WithOutput(w), mpb.WithRefreshRate(progressRefresh), mpb.WithAutoRefresh())
	p.bar = p.pool.AddBar(total,
		mpb.PrependDecorators(decor.Name(shorten(name, progressName)), decor.CountersKibiByte("  % .1f / % .1f")),
		mpb.AppendDecorators(
			decor.Any(p.rateText),
			decor.Any(p.peersText),
			decor.OnComplete(decor.Any(p.leftText), "done"),
		),
	)
	return p
}

// progressName is how many columns the name has.
const progressName = 32

// isTerminal says whether a person sees what is written to w as it is written.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// searching shows a line of text on w, if that is a terminal, anew each progressPeersTime, until the function that it returns
// is called: then the line is gone.
func searching(w io.Writer, text func() string) (found func()) {
	if !isTerminal(w) {
		return func() {}
	}
	const clearLine = "\r\x1b[K"
	done := make(chan struct{})
	var shown sync.WaitGroup
	shown.Go(func() {
		tick := time.NewTicker(progressPeersTime)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				fmt.Fprint(w, clearLine+text())
			case <-done:
				fmt.Fprint(w, clearLine)
				return
			}
		}
	})
	return func() {
		close(done)
		shown.Wait()
	}
}

// add counts n bytes more that came.
func (p *progress) add(n int64) {
	if p.pool == nil {
		return
	}
	p.mu.Lock()
	p.came = time.Now()
	p.rate.add(p.came, n)
	p.mu.Unlock()
	p.bar.IncrInt64(n)
}

// skip counts n bytes that were there already.
func (p *progress) skip(n int64) {
	if p.pool == nil || n == 0 {
		return
	}
	done := p.bar.Current() + n
	p.bar.SetRefill(done)
	p.bar.SetCurrent(done)
}

// close leaves the bar as it is and waits until it is drawn.
func (p *progress) close() {
	if p.pool == nil {
		return
	}
	p.bar.Abort(false) // nothing where it is complete
	p.pool.Wait()
}

// rateText is the decorator that shows the rate.
func (p *progress) rateText(decor.Statistics) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("% .1f/s ", decor.SizeB1024(p.rate.perSecond(time.Now())))
}

// leftText is the decorator that shows the time left.
func (p *progress) leftText(s decor.Statistics) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	left, known := p.rate.left(time.Now(), s.Total-s.Current)
	if !known {
		return "–"
	}
	return left.String()
}

// peersText is the decorator that shows the number of peers, and what is waited for where nothing has come for
// progressSilence.
func (p *progress) peersText(decor.Statistics) string {
	if p.swarm == nil {
		return ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.asked) > progressPeersTime {
		p.asked, p.state = now, p.swarm()
	}
	text := plural(p.state.peers, "peer") + " "
	if now.Sub(p.came) >= progressSilence && p.state.waiting != "" {
		text += "waiting for " + p.state.waiting + " "
	}
	return text
}

// plural is a count of things.
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return strconv.Itoa(n) + " " + thing
}

// shorten cuts s to n characters, the end of a name (its extension) kept.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-9]) + "…" + string(r[len(r)-8:])
}
