package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

const (
	// playTime bounds what a player or a browser does with a film, on a slow
	// machine.
	playTime = 3 * time.Minute
	// filmRate is the picture's, in bits a second.
	filmRate = 800_000
)

// film is one of a minute.
func film(t *testing.T, name string, fastStart bool) *clients.Payload {
	t.Helper()
	return clients.MakeFilm(t, clients.FilmSpec{
		Name: name, FastStart: fastStart, Seconds: 60, Size: "160x90", Rate: filmRate, PieceLength: 64 << 10,
	})
}

// filmSwarm seeds films from two clients at 50 ms, which give some bytes a second
// together.
func filmSwarm(t *testing.T, rate int, films ...*clients.Payload) (peers []string) {
	t.Helper()
	const n = 2
	for range n {
		l := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: rate / n})
		for _, p := range films {
			l.Seed(p, true)
		}
		peers = append(peers, clients.DelayProxy(t, l.Addr(), clients.ProxyOptions{RTT: 50 * time.Millisecond}))
	}
	return peers
}

// TestPlayers: mpv, VLC and GStreamer play each container out of the swarm, know
// how long it is, and seek in it by a range of their own.
func TestPlayers(t *testing.T) {
	t.Parallel()
	const seek = 50
	films := []*clients.Payload{film(t, "first.mp4", true)}
	for _, name := range []string{"last.mp4", "film.mkv", "film.webm", "film.ts", "film.avi"} {
		films = append(films, film(t, name, false))
	}
	for _, player := range clients.Players {
		t.Run(player.Name, func(t *testing.T) {
			t.Parallel()
			g := start(t, options{})
			query := hints(nil, filmSwarm(t, 3*filmRate/2/8*len(films), films...)...)
			for _, p := range films {
				if slices.Contains(player.Cannot, filepath.Ext(p.Info.Name)) {
					continue
				}
				t.Run(p.Info.Name, func(t *testing.T) {
					t.Parallel()
					f := files(p)[0]
					r := clients.Record(t, p, f, g.urlOf(p, f, query))
					ctx, cancel := context.WithTimeout(t.Context(), playTime)
					defer cancel()
					duration, reached := player.Play(ctx, t, r.URL, seek)
					if fmt.Sprintf("%.0f", duration) != "60" || reached < seek+1 || reached > duration+0.5 {
						t.Errorf("%v s long, %v s reached", duration, reached)
					}
					r.Check(t, 0.5, 0.97) // neither the start nor the index
				})
			}
		})
	}
}

// TestBrowsers: Chromium and Firefox play a film in a page of another origin,
// seek in it and play its end.
func TestBrowsers(t *testing.T) {
	t.Parallel()
	films := []*clients.Payload{film(t, "last.mp4", false), film(t, "film.webm", false)}
	for _, browser := range clients.Browsers {
		t.Run(browser.Name, func(t *testing.T) {
			t.Parallel()
			query := hints(nil, filmSwarm(t, 3*filmRate/8, films...)...)
			g := start(t, options{})
			for _, p := range films {
				f := files(p)[0]
				r := clients.Record(t, p, f, g.urlOf(p, f, query))
				ctx, cancel := context.WithTimeout(t.Context(), playTime)
				v := browser.Watch(ctx, t, clients.Film{URL: r.URL, Seeks: []float64{50, 25}, Play: 0.5})
				cancel()
				if fmt.Sprintf("%.0f", v.Duration) != "60" || len(v.Seeks) != 2 {
					t.Errorf("%s: %+v", p.Info.Name, v)
				}
				r.Check(t, 0.5, 0.97)
			}
		})
	}
}

// TestHLS: hls.js plays a film of segments in a page of another origin, out of the swarm, to its end.
func TestHLS(t *testing.T) {
	t.Parallel()
	p := clients.MakeHLS(t, clients.FilmSpec{Name: "series", Seconds: 12, Size: "160x90", Rate: filmRate, PieceLength: 64 << 10}, 2)
	g := start(t, options{})
	query := hints(nil, filmSwarm(t, 3*filmRate/8, p)...)
	i := slices.IndexFunc(files(p), func(f *metainfo.File) bool { return p.Info.FileName(f) == "index.m3u8" })
	ctx, cancel := context.WithTimeout(t.Context(), playTime)
	defer cancel()
	v := clients.Browsers[0].Watch(ctx, t, clients.Film{URL: g.urlOf(p, files(p)[i], query), HLS: true, Play: 10})
	if fmt.Sprintf("%.0f", v.Duration) != "12" {
		t.Errorf("%+v", v)
	}
}
