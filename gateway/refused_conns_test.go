package gateway

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// Where all connections are busy another gets an answer that says so, and a place as soon as
// there is one.
func TestConnectionsBeyondTheBoundAreRefused(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.MaxConns = 2 })
	hash, _ := g.single(t, "a.bin", 1000)
	proceed, waiting := make(chan struct{}), make(chan struct{}, 2)
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.wait = func(context.Context, int) error {
			waiting <- struct{}{}
			<-proceed
			return nil
		}
	})
	answers := make(chan *answer, 2)
	for range 2 {
		go func() { answers <- g.get(t, hash.Path()+"/a.bin") }()
		<-waiting
	}
	a := g.get(t, hash.Path()+"/a.bin")
	if a.status != http.StatusServiceUnavailable || a.get("Retry-After") == "" || a.get("Connection") != "close" ||
		!strings.Contains(string(a.body), "urn:btgw:problem:busy") {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
	close(proceed)
	for range 2 {
		if a := <-answers; a.status != http.StatusOK || a.cut {
			t.Errorf("one that was answered: %d", a.status)
		}
	}
	setHook(g.backend, &g.backend.onOpen, nil)
	if a := g.get(t, hash.Path()+"/a.bin"); a.status != http.StatusOK {
		t.Errorf("afterwards: %d", a.status)
	}
}
