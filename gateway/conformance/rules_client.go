package conformance

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
)

// A step is one request of a client, as it was measured to send it. It gets the part
// [from, to) of the file, or a status without a part.
type step struct {
	method string
	lines  []string
	status int
	from   int
	to     int
	take   int  // so much of the body is read before the client hangs up; 0: all
	pause  bool // it does not hang up, and reads no more until all is over
}

// open is a Range from a byte to the end.
func open(from int) string { return fmt.Sprintf("Range: bytes=%d-", from) }

// glance is what a browser reads of an open range before it knows where it wants to be.
func glance(n int) int { return min(196_000, n/2) }

func bounded(from, to int) string { return fmt.Sprintf("Range: bytes=%d-%d", from, to-1) }

// replay sends the steps one after the other.
func (p *probe) replay(steps ...step) error {
	for i, s := range steps {
		paused, err := p.play(s)
		if paused != nil {
			defer paused.Close()
		}
		if err != nil {
			return fmt.Errorf("request %d: %w", i+1, err)
		}
	}
	return nil
}

// play sends one step, and checks what its client reads.
func (p *probe) play(s step) (paused net.Conn, err error) {
	method := s.method
	if method == "" {
		method = http.MethodGet
	}
	want := p.data[s.from:s.to]
	var a *answer
	if s.take > 0 {
		want = want[:s.take]
		a, paused, err = p.begin(p.ctx, request{method: method, path: p.file, lines: s.lines}, s.take)
		if paused != nil && !s.pause {
			paused.Close()
			paused = nil
		}
	} else {
		a, err = p.do(method, p.file, s.lines...)
	}
	if err == nil {
		err = a.wants(s.status)
	}
	if err == nil && method == http.MethodGet && s.status < 300 {
		err = a.bytes(want)
	}
	return paused, err
}

// parallel sends the steps at once.
func (p *probe) parallel(steps ...step) error {
	errs := make([]error, len(steps))
	var all sync.WaitGroup
	for i, s := range steps {
		all.Go(func() { errs[i] = p.replay(s) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// patternRules replay what clients and caches send.
func patternRules() []Rule {
	pattern := func(id, what string, play func(p *probe, n int) error) Rule {
		return Rule{ID: "client-" + id, Source: "http.md clients", What: what, check: func(p *probe) error { return play(p, p.size()) }}
	}
	slices := func(n, size int) []step {
		var steps []step
		for off := 0; off < n; off += size {
			steps = append(steps, step{lines: []string{bounded(off, off+size)}, status: 206, from: off, to: min(n, off+size)})
		}
		return steps
	}
	return []Rule{
		pattern("chromium-mp4", "Chromium: hangs up after 196 KB, the tail with If-Range, the middle with a bounded end, a seek", func(p *probe, n int) error {
			tag := "If-Range: " + p.etag
			return p.replay(step{lines: []string{open(0)}, status: 206, to: n, take: glance(n)}, step{lines: []string{open(n - 5000), tag}, status: 206, from: n - 5000, to: n},
				step{lines: []string{bounded(8000, n-5000), tag}, status: 206, from: 8000, to: n - 5000, take: 9000},
				step{lines: []string{bounded(n/2, n-5000), tag}, status: 206, from: n / 2, to: n - 5000})
		}),
		pattern("chromium-seek", "Chromium: a second connection for the cues while the first streams", func(p *probe, n int) error {
			return p.replay(step{lines: []string{open(0)}, status: 206, to: n, take: glance(n), pause: true}, step{lines: []string{open(n - 3000), "If-Range: " + p.etag}, status: 206, from: n - 3000, to: n})
		}),
		pattern("firefox", "Firefox: open ranges without If-Range, the first left unread", func(p *probe, n int) error {
			return p.replay(step{lines: []string{open(0)}, status: 206, to: n, take: glance(n), pause: true}, step{lines: []string{open(n / 2)}, status: 206, from: n / 2, to: n})
		}),
		pattern("safari", "Safari: two bytes first, then the rest", func(p *probe, n int) error {
			return p.replay(step{lines: []string{bounded(0, 2)}, status: 206, to: 2}, step{lines: []string{bounded(0, n)}, status: 206, to: n})
		}),
		pattern("ffmpeg", "ffmpeg: hangs up on bytes=0-, the tail, back, the target", func(p *probe, n int) error {
			return p.replay(step{lines: []string{open(0)}, status: 206, to: n, take: glance(n)}, step{lines: []string{open(n - 1000)}, status: 206, from: n - 1000, to: n},
				step{lines: []string{open(4096)}, status: 206, from: 4096, to: n}, step{lines: []string{open(n / 3)}, status: 206, from: n / 3, to: n})
		}),
		pattern("ffmpeg-ts", "ffmpeg: 23 reads for one seek in MPEG-TS", func(p *probe, n int) error {
			var steps []step
			for i, from := 0, n/2; i < 23; i++ {
				steps = append(steps, step{lines: []string{open(from)}, status: 206, from: from, to: n})
				if from += (n / 4) >> min(i, 12); from >= n-1 || i%2 == 0 {
					from -= (n / 3) >> min(i, 12)
				}
			}
			return p.replay(steps...)
		}),
		pattern("vlc", "VLC: If-Match with a range, and a range at the end", func(p *probe, n int) error {
			tag := "If-Match: " + p.etag
			return p.replay(step{lines: []string{open(0)}, status: 206, to: n}, step{lines: []string{open(n / 2), tag}, status: 206, from: n / 2, to: n},
				step{lines: []string{open(n), tag}, status: 416})
		}),
		pattern("gstreamer", "GStreamer: a GET without Range that it hangs up on, then ranges", func(p *probe, n int) error {
			return p.replay(step{status: 200, to: n, take: 4096}, step{lines: []string{open(n / 2)}, status: 206, from: n / 2, to: n})
		}),
		pattern("aria2", "aria2 -x8: a plain GET and eight ranges at once", func(p *probe, n int) error {
			return p.parallel(append(slices(n, (n+7)/8), step{status: 200, to: n})...)
		}),
		pattern("axel", "axel: ranges over HTTP/1.0", func(p *probe, n int) error {
			a, err := p.one(request{method: "GET", path: p.file, proto: "HTTP/1.0", lines: []string{open(n / 2)}})
			return first(err, func() error { return errors.Join(a.wants(206), a.bytes(p.data[n/2:])) })
		}),
		pattern("curl-resume", "curl -C -: from where it stopped, and 416 at full size", func(p *probe, n int) error {
			return p.replay(step{lines: []string{open(n - 7)}, status: 206, from: n - 7, to: n}, step{lines: []string{open(n)}, status: 416})
		}),
		pattern("wget-resume", "wget -c: HEAD, then a range, and 416 at full size", func(p *probe, n int) error {
			return p.replay(step{method: http.MethodHead, status: 200}, step{lines: []string{open(1)}, status: 206, from: 1, to: n}, step{lines: []string{open(n)}, status: 416})
		}),
		pattern("nginx-slice", "nginx slice: aligned ranges, the last one past the end, one ETag", func(p *probe, n int) error {
			return p.replay(slices(n, 16<<10)...)
		}),
		pattern("nginx-slice-parallel", "neighbouring slices at once", func(p *probe, n int) error { return p.parallel(slices(n, (n+15)/16)...) }),
		pattern("nginx-plain", "nginx without slice, Varnish: Range dropped, HEAD made a GET", func(p *probe, n int) error { return p.replay(step{status: 200, to: n}) }),
		pattern("lftp", "lftp pget: a HEAD, then eight open ranges at once, each left where the next begins", func(p *probe, n int) error {
			steps := []step{{method: http.MethodHead, status: 200}}
			part := (n + 7) / 8
			for from := 0; from < n; from += part {
				steps = append(steps, step{lines: []string{open(from)}, status: 206, from: from, to: n, take: min(part, n-from)})
			}
			return p.parallel(steps...)
		}),
		pattern("cdn", "CDNs: 1 MiB ranges, larger than what the viewer asked", func(p *probe, n int) error { return p.replay(slices(n, 1<<20)...) }),
	}
}
