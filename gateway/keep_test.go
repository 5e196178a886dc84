package gateway

import (
	"bufio"
	"cmp"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/metainfo"
)

// A reader that takes nothing is kept for as long as that costs nobody anything.
func TestPausedReaders(t *testing.T) {
	for name, c := range map[string]struct {
		maxPause  time.Duration
		pause     time.Duration
		pressedAt time.Duration // memory is short from then on; 0: never
		streams   int
		cut       bool
		query     string
		ranges    string
	}{
		"an archive":                      {24 * time.Hour, 3 * time.Hour, 0, 100, false, "/?format=tar", ""},
		"a range":                         {24 * time.Hour, 3 * time.Hour, 0, 100, false, "", "bytes=1000-1999999"},
		"several ranges":                  {24 * time.Hour, 3 * time.Hour, 0, 100, false, "", "bytes=0-899999,1000000-1999999"},
		"a range for too long":            {time.Hour, 2 * time.Hour, 0, 100, true, "", "bytes=1000-1999999"},
		"three hours":                     {24 * time.Hour, 3 * time.Hour, 0, 100, false, "", ""},
		"longer than it may be":           {time.Hour, 2 * time.Hour, 0, 100, true, "", ""},
		"without the setting":             {0, 6 * time.Minute, 0, 100, true, "", ""},
		"less than five minutes":          {0, 4 * time.Minute, 0, 100, false, "", ""},
		"memory is short":                 {24 * time.Hour, 2 * time.Hour, time.Hour, 100, true, "", ""},
		"memory is short in five minutes": {24 * time.Hour, 4 * time.Minute, time.Second, 100, false, "", ""},
		"places are short":                {24 * time.Hour, time.Hour, 0, 1, true, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				backend := newFakeBackend()
				data := random(1, 2<<20)
				hash := backend.add(t, "film.mkv", metainfo.V1, map[string][]byte{"": data})
				var pressed atomic.Bool
				s, err := New(Config{Backend: backend, Log: slog.New(slog.DiscardHandler), MaxPause: c.maxPause, MemoryPressed: pressed.Load, MaxStreams: c.streams})
				if err != nil {
					t.Fatal(err)
				}
				ln := newPipeListener()
				served := make(chan error, 1)
				go func() { served <- s.Serve(ln) }()
				conn := ln.dial()
				path, ranges := hash.Path()+cmp.Or(c.query, "/film.mkv"), ""
				if c.ranges != "" {
					ranges = "Range: " + c.ranges + "\r\n"
				}
				if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\n"+ranges+"Connection: close\r\n\r\n"); err != nil {
					t.Fatal(err)
				}
				res, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.CopyN(io.Discard, res.Body, 300_000); err != nil {
					t.Fatal(err)
				}
				if c.pressedAt > 0 {
					time.Sleep(c.pressedAt)
					pressed.Store(true)
				}
				time.Sleep(c.pause - c.pressedAt)
				n, err := io.Copy(io.Discard, res.Body)
				if cut := err != nil; cut != c.cut || !cut && n != res.ContentLength-300_000 || res.StatusCode >= 300 || res.ContentLength < 1_900_000 {
					t.Errorf("%d bytes more, %v", n, err)
				}
				conn.Close()
				if err := s.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				if err := <-served; err != nil {
					t.Error(err)
				}
			})
		})
	}
}
