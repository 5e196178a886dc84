package gateway

import (
	"context"
	"errors"
	"io"
	"testing"
)

// A trusted proxy that asks for a range as a whole gets it, or an error: never
// a body that is cut.
func TestWhole(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.TrustedProxies = []string{"127.0.0.1"} })
	hash, data := g.single(t, "film.mkv", 3<<20)
	path := hash.Path() + "/film.mkv"
	breaks := func(c *fakeContent) {
		c.chunk = 100_000
		c.wait = func(ctx context.Context, pos int) error {
			if pos >= 300_000 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
	}
	const slice, long = "Range: bytes=1048576-2097151", "Range: bytes=1048576-2097152"
	a := g.get(t, path, slice, "Prefer: respond-async, WHOLE")
	if a.status != 206 || a.get("Preference-Applied") != "whole" || a.get("Content-Range") != "bytes 1048576-2097151/3145728" {
		t.Errorf("%d %v", a.status, a.header)
	}
	a.wantBody(t, data[1<<20:2<<20])

	setHook(g.backend, &g.backend.onOpen, breaks)
	if a := g.get(t, path, slice, "Prefer: whole"); a.status != 500 || a.cut || a.get("Cache-Control") != "no-store" {
		t.Errorf("an end that cannot be had: %d %v", a.status, a.header)
	}
	for _, lines := range [][]string{{slice}, {long, "Prefer: whole"}, {slice, "Prefer: wholesome"}, {"Prefer: whole"}} {
		if a := g.get(t, path, lines...); a.status/100 != 2 || !a.cut {
			t.Errorf("%v: %d, cut %t", lines, a.status, a.cut)
		}
	}
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.lose = func(int) bool { return true }
	})
	if a := g.get(t, path, slice, "Prefer: whole"); a.status != 500 {
		t.Errorf("a cache that loses it again and again: %d", a.status)
	}
	setHook(g.backend, &g.backend.onOpen, nil)
	for range wholeSlots {
		if !g.wholes.enter() {
			t.Fatal("no place")
		}
	}
	if a := g.get(t, path, slice, "Prefer: whole"); a.status != 206 || a.get("Preference-Applied") != "" {
		t.Errorf("without a place: %d %v", a.status, a.header)
	}
	for range wholeSlots {
		g.wholes.leave()
	}

	other := serve(t, nil)
	hash, _ = other.single(t, "film.mkv", 3<<20)
	setHook(other.backend, &other.backend.onOpen, func(c *fakeContent) {
		c.chunk = 100_000
		c.fail = func(pos int) error {
			if pos > 0 {
				return errors.New("disk")
			}
			return nil
		}
	})
	if a := other.get(t, hash.Path()+"/film.mkv", slice, "Prefer: whole"); a.status != 206 || !a.cut {
		t.Errorf("somebody who is not trusted: %d, cut %t", a.status, a.cut)
	}
}
