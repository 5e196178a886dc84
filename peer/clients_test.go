package peer

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// TestOtherSeeders: content by infohash alone from Transmission, which unchokes
// at its tick, and from aria2, which wants the handshake alone first.
func TestOtherSeeders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		start func(t *testing.T, p *clients.Payload) (addr string)
	}{
		{"transmission", func(t *testing.T, p *clients.Payload) string {
			tr := clients.StartTransmission(t)
			tr.Seed(p)
			return tr.Addr()
		}},
		{"aria2", func(t *testing.T, p *clients.Payload) string { return clients.SeedAria2(t, p).Addr() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := clients.MakePayload(t, clients.Spec{Size: 20<<20 + 333, PieceLength: 256 << 10})
			addr := tt.start(t, p)
			h := newTestHost(t, HostConfig{Network: loopback{}})
			down := leech(nil)
			down.depth = 250
			s := swarm(t, h, &metainfo.Torrent{Info: p.Info}, down)
			s.AddHostPorts(SourceUser, addr)
			s.SetWanted(true)
			down.wait(t, time.Minute)
			if !bytes.Equal(down.data, payload(t, p)) {
				t.Error("other bytes")
			}
			if n := down.joinedNow(); n != 1 {
				t.Errorf("%d connections for one download", n)
			}
		})
	}
}

// TestOtherLeechers: Transmission and aria2, which know a magnet link alone and
// are dialled, get all from us.
func TestOtherLeechers(t *testing.T) {
	t.Parallel()
	type leecher interface{ WaitFinished(context.Context) }
	for _, tt := range []struct {
		name  string
		start func(t *testing.T, p *clients.Payload, dir string) (l leecher, addr string)
	}{
		{"transmission", func(t *testing.T, p *clients.Payload, dir string) (leecher, string) {
			tr := clients.StartTransmission(t)
			tr.DownloadMagnet(p.Magnet(), dir)
			return tr, tr.Addr()
		}},
		{"aria2", func(t *testing.T, p *clients.Payload, dir string) (leecher, string) {
			a := clients.LeechAria2(t, p.Magnet(), dir)
			return a, a.Addr()
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := clients.MakePayload(t, clients.Spec{Size: 20<<20 + 333, PieceLength: 256 << 10})
			h := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
			s := swarm(t, h, &metainfo.Torrent{Info: p.Info}, seed(p.Info, payload(t, p)))
			dir := t.TempDir()
			l, addr := tt.start(t, p, dir)
			s.AddHostPorts(SourceUser, addr)
			s.SetWanted(true)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			l.WaitFinished(ctx)
			p.CheckCopy(t, dir)
			if st := s.Stats(); st.Uploaded < p.Info.Size() {
				t.Errorf("%+v", st)
			}
		})
	}
}
