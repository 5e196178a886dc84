package gateway

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/metainfo"
)

// manyFiles adds a torrent over which it is dear to go.
func (g *gatewayTest) manyFiles(t *testing.T) metainfo.InfoHash {
	t.Helper()
	files := make(map[string][]byte)
	for i := range dearFiles {
		files[fmt.Sprintf("a longer name, so that pages are long %05d.mp3", i)] = []byte{1}
	}
	return g.backend.add(t, "many", metainfo.V1, files)
}

// Documents of many files wait for a turn, and are 503 where none comes; those of few files need
// none.
func TestDearDocumentsTakeTurns(t *testing.T) {
	work := cpushare.New()
	g := serve(t, func(cfg *Config) { cfg.Work, cfg.FirstByteTimeout = work, 100*time.Millisecond })
	many := g.manyFiles(t)
	few := g.backend.add(t, "few", metainfo.V1, map[string][]byte{"a": {1}, "b": {2}})
	paths := []string{"/many/?format=html", "/many/?format=json", "/many/?format=text", "/many/?format=m3u8", "/many/?format=tar", "/?format=torrent", "/many/nothing"}
	var turns []*cpushare.Turn
	for {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		turn, err := work.Enter(ctx, netip.Prefix{})
		cancel()
		if err != nil {
			break
		}
		turns = append(turns, turn)
	}
	for _, path := range paths {
		if a := g.get(t, many.Path()+path); a.status != 503 || a.document(t).Type != "urn:btgw:problem:busy" {
			t.Errorf("%s while others have their turns: %d", path, a.status)
		}
		if a := g.get(t, few.Path()+path); a.status == 503 {
			t.Errorf("%s of few files: %d", path, a.status)
		}
	}
	for _, turn := range turns {
		turn.Leave()
	}
	g = serve(t, func(cfg *Config) { cfg.Work, cfg.Backend = work, g.backend }) // which has time
	for _, path := range paths[:len(paths)-1] {
		first := g.get(t, many.Path()+path)
		second := g.get(t, many.Path()+path) // its length is known
		head := g.request(t, "HEAD", many.Path()+path)
		if first.status != 200 || first.cut || second.status != 200 || second.cut || !bytes.Equal(first.body, second.body) {
			t.Errorf("%s: %d and %d, %d and %d bytes", path, first.status, second.status, len(first.body), len(second.body))
		}
		if n := strconv.Itoa(len(first.body)); head.get("Content-Length") != n || head.status != 200 {
			t.Errorf("HEAD %s: %d, %s bytes, not %s", path, head.status, head.get("Content-Length"), n)
		}
		part := g.get(t, many.Path()+path, "Range: bytes=1000-1999")
		if path != "/many/?format=tar" && (part.status != 206 || !bytes.Equal(part.body, first.body[1000:2000])) {
			t.Errorf("part of %s: %d", path, part.status)
		}
	}
	// A length is of one document alone.
	if a, b := g.get(t, many.Path()+"/many/?format=html&tr=http://tracker.example/"), g.get(t, many.Path()+"/many/?format=html"); bytes.Equal(a.body, b.body) || a.cut || b.cut {
		t.Errorf("with a hint: %d bytes, without %d", len(a.body), len(b.body))
	}
	if s := work.Stats(); s.Turns < int64(4*len(paths)-4) {
		t.Errorf("%+v", s)
	}
}
