package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"
)

// progress is the bar of `get`, `make` and `verify`: bytes, rate, peers, time left. Where the output is no terminal it draws nothing.
type progress struct {
	pool *mpb.Progress // nil: quiet
	bar  *mpb.Bar

	mu   sync.Mutex // guards rate: the bar is drawn by a goroutine of its own
	rate rateMeter

	peers   func() int // connected, asked at most every progressPeersTime; nil: there are none to show
	asked   atomic.Int64
	current atomic.Int64
}

// newProgress draws to w, if that is a terminal, a bar of total bytes.
func newProgress(w io.Writer, name string, total int64, peers func() int) *progress {
	p := &progress{peers: peers}
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
	p.rate.add(time.Now(), n)
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

// peersText is the decorator that shows the number of peers.
func (p *progress) peersText(decor.Statistics) string {
	if p.peers == nil {
		return ""
	}
	if now := time.Now().UnixNano(); now-p.asked.Load() > int64(progressPeersTime) {
		p.asked.Store(now)
		p.current.Store(int64(p.peers()))
	}
	return fmt.Sprintf("%d peers ", p.current.Load())
}

// shorten cuts s to n characters, the end of a name (its extension) kept.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-9]) + "…" + string(r[len(r)-8:])
}
