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

// progress is the bar of `get`: bytes, rate, peers, time left. Where the output is no terminal it draws nothing.
type progress struct {
	pool *mpb.Progress // nil: quiet
	bar  *mpb.Bar

	last    time.Time // when the bar was moved last
	pending int64     // bytes since then

	peers   func() int // connected, asked at most every progressPeersTime
	asked   atomic.Int64
	current atomic.Int64
}

// newProgress draws to w, if that is a terminal, a bar of total bytes.
func newProgress(w io.Writer, name string, total int64, peers func() int) *progress {
	p := &progress{peers: peers, last: time.Now()}
	if total == 0 || !isTerminal(w) {
		return p
	}
	p.pool = mpb.New(mpb.WithOutput(w), mpb.WithRefreshRate(progressRefresh), mpb.WithAutoRefresh())
	p.bar = p.pool.AddBar(total,
		mpb.PrependDecorators(decor.Name(shorten(name, progressName)), decor.CountersKibiByte("  % .1f / % .1f")),
		mpb.AppendDecorators(
			decor.EwmaSpeed(decor.SizeB1024(0), "% .1f ", progressEwma),
			decor.Any(p.peersText),
			decor.OnComplete(decor.EwmaETA(decor.ET_STYLE_GO, progressEwma), "done"),
		),
	)
	return p
}

const (
	progressName = 32                     // columns for the name
	progressStep = 200 * time.Millisecond // between two moves of the bar
	progressEwma = 30                     // age of the moving averages, in steps
)

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

// add counts n bytes more. The moving averages see them in steps of time, not in writes of all sizes.
func (p *progress) add(n int64) {
	if p.pool == nil {
		return
	}
	p.pending += n
	if took := time.Since(p.last); took >= progressStep {
		p.flush(took)
	}
}

// flush moves the bar by what came since the last time.
func (p *progress) flush(took time.Duration) {
	p.bar.EwmaIncrInt64(p.pending, took)
	p.pending, p.last = 0, p.last.Add(took)
}

// skip counts n bytes that were there already.
func (p *progress) skip(n int64) {
	if p.pool == nil || n == 0 {
		return
	}
	p.flush(time.Since(p.last))
	done := p.bar.Current() + n
	p.bar.SetRefill(done)
	p.bar.SetCurrent(done)
}

// close leaves the bar as it is and waits until it is drawn.
func (p *progress) close() {
	if p.pool == nil {
		return
	}
	p.flush(time.Since(p.last))
	p.bar.Abort(false) // nothing where it is complete
	p.pool.Wait()
}

// peersText is the decorator that shows the number of peers.
func (p *progress) peersText(decor.Statistics) string {
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
