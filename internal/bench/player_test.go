package bench

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"
)

const (
	// playRate is what a player plays, in bytes a second, where nothing else is said.
	playRate = 1_000_000
	// playChunk is what it takes at once, in bytes.
	playChunk = 32 << 10
)

// player plays a file at its rate: it begins with the bytes of a second, the most that it
// keeps, then takes as many as it has played. It stalls where it has nothing to play, and goes on with
// the next bytes that come.
type player struct {
	client  *http.Client
	rate    int64         // bytes a second
	began   chan struct{} // closed when it plays
	stalls  int
	stalled time.Duration
	err     error // what ended it before the end
}

func newPlayer(client *http.Client) *player {
	return &player{client: client, rate: playRate, began: make(chan struct{})}
}

// play plays length bytes from off, or as much of them as it gets until ctx ends.
func (p *player) play(ctx context.Context, url string, off, length int64) {
	body, err := open(ctx, p.client, url, fmt.Sprintf("%d-%d", off, off+length-1))
	if err != nil {
		p.err = err
		return
	}
	defer body.Close()
	chunk := make([]byte, playChunk)
	var start time.Time // when byte 0 was played; stalls move it
	for at := int64(0); at < length && ctx.Err() == nil; at += playChunk {
		if !start.IsZero() {
			time.Sleep(time.Until(start.Add(p.time(at - p.rate))))
		}
		if _, err := io.ReadFull(body, chunk[:min(playChunk, length-at)]); err != nil {
			if ctx.Err() == nil {
				p.err = fmt.Errorf("%d bytes from %d: %w", at, off, err)
			}
			return
		}
		switch late := time.Since(start) - p.time(at); {
		case start.IsZero() && at+playChunk >= p.rate:
			start = time.Now()
			close(p.began)
		case !start.IsZero() && late > 0:
			p.stalls++
			p.stalled += late
			start = start.Add(late)
		}
	}
}

// time is how long n bytes play.
func (p *player) time(n int64) time.Duration {
	return time.Duration(float64(n) / float64(p.rate) * float64(time.Second))
}

// viewing is what came of players, in all runs.
type viewing struct {
	stalling, failures int
	stalled            time.Duration
}

func (v *viewing) add(b *testing.B, players []*player) {
	for i, player := range players {
		if player.err != nil {
			b.Logf("stream %d: %v", i, player.err)
			v.failures++
		}
		if player.stalls > 0 {
			v.stalling++
			v.stalled += player.stalled
		}
	}
}

// report gives the means of the runs.
func (v *viewing) report(b *testing.B) {
	n := float64(b.N)
	b.ReportMetric(float64(v.stalling)/n, "streams-stalling")
	b.ReportMetric(v.stalled.Seconds()/n, "s-stalled")
	b.ReportMetric(float64(v.failures)/n, "failures")
}

// clientFrom is an HTTP client with an address of its own, 127.1.0.1 and so on,
// so that the gateway's bounds for one client do not count for all of them.
func clientFrom(n int) *http.Client {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 1, byte(n/250), byte(1+n%250))}}
	return &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
}

// open asks for a range and gives its body.
func open(ctx context.Context, client *http.Client, url, span string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Range", "bytes="+span)
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusPartialContent {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 512))
		resp.Body.Close()
		return nil, fmt.Errorf("%s: %s", resp.Status, text)
	}
	return resp.Body, nil
}

// quantile gives the smallest of some times that q of them do not exceed, in ms.
func quantile(times []time.Duration, q float64) float64 {
	if len(times) == 0 {
		return 0
	}
	times = slices.Sorted(slices.Values(times))
	at := min(int(q*float64(len(times))), len(times)-1)
	return times[at].Seconds() * 1000
}
