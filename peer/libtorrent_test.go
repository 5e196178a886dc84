package peer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
)

// TestFromLibtorrent: content by infohash alone from a libtorrent that seeds,
// for each kind of torrent whose pieces are in order.
func TestFromLibtorrent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		spec clients.Spec
	}{
		{"v1", clients.Spec{Size: 20<<20 + 333, PieceLength: 256 << 10}},
		{"small pieces, metadata of several parts", clients.Spec{Size: 24 << 20, PieceLength: 16 << 10}},
		{"hybrid", clients.Spec{Size: 5 << 20, PieceLength: 64 << 10, Version: metainfo.Hybrid}},
		{"v2", clients.Spec{Size: 5<<20 + 1, PieceLength: 64 << 10, Version: metainfo.V2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := clients.MakePayload(t, tt.spec)
			lt := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			lt.Seed(p, true)
			h := newTestHost(t, HostConfig{Network: loopback{}})
			noFloods(t, h)
			down := leech(nil)
			down.depth = 250
			s := swarm(t, h, &metainfo.Torrent{Info: p.Info}, down)
			s.AddHostPorts(book.SourceUser, lt.Addr())
			s.SetWanted(true)
			down.wait(t, time.Minute)
			file := &p.Info.Files[0]
			sum := sha256.Sum256(down.data[:file.Length])
			if want := p.SHA256(file, 0, -1); hex.EncodeToString(sum[:]) != want {
				t.Errorf("SHA-256 %x, want %s", sum, want)
			}
			if st := s.Stats(); st.Connected != 1 || st.Downloaded != p.Info.Span() || down.joinedNow() != 1 {
				t.Errorf("%d connections: %+v", down.joinedNow(), st)
			}
		})
	}
}

// TestToLibtorrent: a libtorrent that knows a magnet link alone gets all from
// us.
func TestToLibtorrent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		spec clients.Spec
	}{
		{"v1", clients.Spec{Size: 20<<20 + 333, PieceLength: 256 << 10}},
		{"small pieces, metadata of several parts", clients.Spec{Size: 24 << 20, PieceLength: 16 << 10}},
		{"hybrid", clients.Spec{Size: 5 << 20, PieceLength: 64 << 10, Version: metainfo.Hybrid}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := clients.MakePayload(t, tt.spec)
			h := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
			noFloods(t, h)
			s := swarm(t, h, &metainfo.Torrent{Info: p.Info}, seed(p.Info, payload(t, p)))
			lt := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			dir := t.TempDir()
			addr := loopbackAddr(h).String()
			lt.DownloadMagnet(p.Magnet(addr), dir, addr)
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
			defer cancel()
			lt.WaitFinished(ctx)
			p.CheckCopy(t, dir)
			if st := s.Stats(); st.Uploaded < p.Info.Size() {
				t.Errorf("%+v", st)
			}
		})
	}
}

// payload reads the content of a torrent of one file.
func payload(t *testing.T, p *clients.Payload) []byte {
	t.Helper()
	b, err := os.ReadFile(p.Path(&p.Info.Files[0]))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBetweenLibtorrents: we take from a seeder and give to a leecher at once,
// piece by piece as they come.
func TestBetweenLibtorrents(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Size: 20 << 20, PieceLength: 256 << 10})
	from := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: 8 << 20})
	from.Seed(p, true)
	h := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	noFloods(t, h)
	st := leech(nil)
	st.depth = 64
	s := swarm(t, h, &metainfo.Torrent{Info: p.Info}, st)
	st.complete = s.Have
	to := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	dir := t.TempDir()
	addr := loopbackAddr(h).String()
	to.DownloadMagnet(p.Magnet(addr), dir, addr)
	s.AddHostPorts(book.SourceUser, from.Addr())
	s.SetWanted(true)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	to.WaitFinished(ctx)
	p.CheckCopy(t, dir)
	if !bytes.Equal(st.data, payload(t, p)) {
		t.Error("other bytes")
	}
	if stats := s.Stats(); stats.Uploaded < p.Info.Size() || stats.Connected != 2 {
		t.Errorf("%+v", stats)
	}
}

// noFloods checks at the test's end that no peer met its budget of work.
func noFloods(t *testing.T, h *Host) {
	t.Cleanup(func() {
		if st := h.Stats(); st.Floods != 0 || st.Violations != 0 {
			t.Errorf("an honest client was cut off: %+v", st)
		}
	})
}
