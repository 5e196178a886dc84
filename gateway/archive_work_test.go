package gateway

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/metainfo"
)

// smallFiles adds a torrent of so many small files.
func (g *gatewayTest) smallFiles(t *testing.T, name string, n int) metainfo.InfoHash {
	t.Helper()
	files := make(map[string][]byte)
	for i := range n {
		files[fmt.Sprintf("%04d", i)] = []byte{byte(i), 1, 2}
	}
	return g.backend.add(t, name, metainfo.V1, files)
}

// What an archive takes is counted by the files that go out and those that are gone over, as
// part of what its client may have.
func TestArchivesAreCharged(t *testing.T) {
	work := cpushare.New()
	g := serve(t, func(cfg *Config) { cfg.Work = work })
	const files = 3 * dearArchive
	path := g.smallFiles(t, "many", files).Path() + "/?format=tar"
	var ranges []string
	for i := range 8 {
		ranges = append(ranges, fmt.Sprintf("%d-%d", i*20*tarBlock, i*20*tarBlock+1))
	}
	for _, c := range []struct {
		what, method, lines string
		opened, passed      int   // files
		turns               int64 // at least
	}{
		{what: "whole", method: "GET", opened: files + 1, passed: files, turns: 3},
		{what: "head", method: "HEAD", turns: 2},
		{what: "the last byte", method: "GET", lines: "Range: bytes=-1", opened: 1, turns: 3},
		{what: "ranges", method: "GET", lines: "Range: bytes=" + strings.Join(ranges, ","), opened: 8, turns: 1 + 2*8},
	} {
		before := work.Stats()
		var lines []string
		if c.lines != "" {
			lines = []string{c.lines}
		}
		if a := g.request(t, c.method, path, lines...); a.status >= 300 || a.cut {
			t.Fatalf("%s: %d", c.what, a.status)
		}
		now := work.Stats()
		want := time.Duration(c.opened)*archiveFile + time.Duration(c.passed)*archivePass
		if got := now.Charged - before.Charged; got != want {
			t.Errorf("%s: charged %v, want %v", c.what, got, want)
		}
		if got := now.Turns - before.Turns; got < c.turns {
			t.Errorf("%s: %d turns, want %d", c.what, got, c.turns)
		}
	}
}

// A client that had more than its part waits within its archive. Others do not, and neither do
// its files.
func TestArchivesOfOneClientWait(t *testing.T) {
	work := cpushare.New()
	g := serve(t, func(cfg *Config) { cfg.Work, cfg.TrustedProxies = work, []string{"127.0.0.0/8"} })
	hash := g.smallFiles(t, "few", 40)
	path := hash.Path() + "/?format=tar"
	work.Charge(netip.MustParsePrefix("192.0.2.1/32"), time.Hour)
	opened := make(chan struct{}, 100)
	setHook(g.backend, &g.backend.onOpen, func(*fakeContent) { opened <- struct{}{} })
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n", path, g.addr)
	for range tarAheadFiles {
		<-opened
	}
	if a := g.get(t, path, "X-Forwarded-For: 192.0.2.2"); a.status != 200 || a.cut || len(a.body) != 40*2*tarBlock+tarTrailer {
		t.Errorf("another client: %d, %d bytes", a.status, len(a.body))
	}
	if a := g.get(t, hash.Path()+"/few/0001", "X-Forwarded-For: 192.0.2.1"); a.status != 200 || len(a.body) != 3 {
		t.Errorf("a file: %d, %d bytes", a.status, len(a.body))
	}
	for range 40 + 1 {
		<-opened
	}
	select {
	case <-opened:
		t.Error("the client's archive went on")
	default:
	}
	_ = conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if r, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil {
		t.Errorf("%d before the client has paid", r.StatusCode)
	}
}

// Once the answer has begun a turn is waited for as long as the client stays: the deadline of the
// first byte is over.
func TestTurnsWithinABody(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.Work = cpushare.New() })
	ctx, leave := context.WithCancel(t.Context())
	res := new(response)
	request := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
	res.reset(httptest.NewRecorder(), request)
	c, _ := gin.CreateTestContext(res)
	c.Request = request
	v := &visit{c: c, deadline: newDeadline(ctx, -time.Second)}
	defer v.deadline.end()
	if _, err := g.enter(v); !errors.Is(err, fetch.ErrBusy) {
		t.Errorf("before the answer: %v", err)
	}
	res.status = http.StatusPartialContent
	turn, err := g.enter(v)
	if err != nil {
		t.Errorf("within the body: %v", err)
	}
	turn.Leave()
	leave()
	if _, err := g.enter(v); !errors.Is(err, fetch.ErrBusy) {
		t.Errorf("the client has gone: %v", err)
	}
}
