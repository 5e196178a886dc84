package peer

import (
	"bytes"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
)

// muchMetadata is a torrent whose info dictionary has 2.1 MB, 129 parts.
func muchMetadata(tb testing.TB) *clients.Payload {
	return clients.MakePayload(tb, clients.Spec{Size: 64 << 10, PieceLength: 16 << 10, Metadata: 2_100_000})
}

// fetchMetadata takes the time from the address of the peers to all of it.
func fetchMetadata(tb testing.TB, info *metainfo.Info, addrs ...string) time.Duration {
	tb.Helper()
	h := newTestHost(tb, HostConfig{Network: loopback{}})
	got := make(chan []byte, 1)
	begun := time.Now()
	s, err := h.NewSwarm(SwarmConfig{
		Hashes: info.Hashes(), Demand: leech(nil), Supply: noSupply{}, OnMetadata: func(raw []byte) { got <- raw },
	})
	if err != nil {
		tb.Fatal(err)
	}
	s.AddHostPorts(book.SourceUser, addrs...)
	s.SetWanted(true)
	select {
	case raw := <-got:
		if !bytes.Equal(raw, info.Raw()) {
			tb.Error("other bytes")
		}
	case <-time.After(2 * time.Minute):
		tb.Fatal("no metadata in two minutes")
	}
	took := time.Since(begun)
	s.Close(tb.Context())
	return took
}

// TestMuchMetadata: no client is asked for more than it answers. A libtorrent that is
// gives the rest at ticks of a second, ten parts each.
func TestMuchMetadata(t *testing.T) {
	t.Parallel()
	p := muchMetadata(t)
	libtorrent := func() string {
		l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
		l.Seed(p, true)
		return l.Addr()
	}
	for _, tt := range []struct {
		name  string
		limit time.Duration // the shortest of three: a busy machine makes some long, a client that was asked for too much all
		start func() []string
	}{
		{"libtorrent", 700 * time.Millisecond, func() []string { return []string{libtorrent()} }},
		{"two libtorrents", 700 * time.Millisecond, func() []string { return []string{libtorrent(), libtorrent()} }},
		{"qBittorrent", 700 * time.Millisecond, func() []string {
			q := clients.StartQBittorrent(t, clients.QBittorrentOptions{})
			q.Seed(p)
			fetchMetadata(t, p.Info, q.Addr()) // the first time it may hang up
			return []string{q.Addr()}
		}},
		// it may take a second to accept
		{"aria2", 2 * time.Second, func() []string { return []string{clients.SeedAria2(t, p).Addr()} }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addrs := tt.start()
			least := time.Hour
			for range 3 {
				took := fetchMetadata(t, p.Info, addrs...)
				t.Log(took)
				least = min(least, took)
			}
			if least > tt.limit {
				t.Errorf("%v at best, want at most %v", least, tt.limit)
			}
		})
	}
}

// TestMetadataOfTransmission: it begins after three seconds, sends three parts in two,
// however many it was asked for, and rejects more than 64: nothing of it is lost.
func TestMetadataOfTransmission(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Size: 64 << 10, PieceLength: 16 << 10, Metadata: 150_000})
	c := clients.StartTransmission(t)
	c.Seed(p)
	took := fetchMetadata(t, p.Info, c.Addr())
	if took > 40*time.Second {
		t.Errorf("%v for ten parts", took)
	}
	t.Log(took)
}

// BenchmarkMetadata fetches 2.1 MB of metadata from one and two libtorrents, and from
// one that is 50 ms away.
func BenchmarkMetadata(b *testing.B) {
	p := muchMetadata(b)
	var near, far []string
	for range 2 {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		l.Seed(p, true)
		near = append(near, l.Addr())
		far = append(far, clients.DelayProxy(b, l.Addr(), clients.ProxyOptions{RTT: 50 * time.Millisecond}))
	}
	for _, bb := range []struct {
		name  string
		addrs []string
	}{{"one", near[:1]}, {"two", near}, {"one at 50 ms", far[:1]}, {"two at 50 ms", far}} {
		b.Run(bb.name, func(b *testing.B) {
			var total time.Duration
			n := 0
			for b.Loop() {
				total += fetchMetadata(b, p.Info, bb.addrs...)
				n++
			}
			b.ReportMetric(float64(total.Microseconds())/1000/float64(n), "ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}
