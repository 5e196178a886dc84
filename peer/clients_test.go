package peer

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// TestOtherClients has Transmission, which unchokes at its tick, and aria2, which
// wants the handshake alone first, as seeders that we know the infohash of, and
// as leechers that know a magnet link alone and are dialled. All at once, since
// most of it is waiting.
func TestOtherClients(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Size: 20<<20 + 333, PieceLength: 256 << 10})
	data := payload(t, p)
	torrent := &metainfo.Torrent{Info: p.Info}

	seeder, leecher := clients.StartTransmission(t), clients.StartTransmission(t)
	aria := clients.SeedAria2(t, p)
	seeder.Seed(p)
	dirs := [2]string{t.TempDir(), t.TempDir()}
	leecher.DownloadMagnet(p.Magnet(), dirs[0])
	ariaLeecher := clients.LeechAria2(t, p.Magnet(), dirs[1])

	giver := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	gives := swarm(t, giver, torrent, seed(p.Info, data))
	gives.AddHostPorts(SourceUser, leecher.Addr(), ariaLeecher.Addr())
	gives.SetWanted(true)
	var downs [2]*store
	for i, addr := range []string{seeder.Addr(), aria.Addr()} {
		downs[i] = leech(nil)
		downs[i].depth = 250
		h := newTestHost(t, HostConfig{Network: loopback{}})
		s := swarm(t, h, torrent, downs[i])
		s.AddHostPorts(SourceUser, addr)
		s.SetWanted(true)
	}

	for i, name := range []string{"Transmission", "aria2"} {
		downs[i].wait(t, time.Minute)
		if !bytes.Equal(downs[i].data, data) {
			t.Errorf("other bytes from %s", name)
		}
		if n := downs[i].joinedNow(); n != 1 {
			t.Errorf("%d connections for one download from %s", n, name)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ariaLeecher.WaitFinished(ctx)
	leecher.WaitFinished(ctx)
	for _, dir := range dirs {
		p.CheckCopy(t, dir)
	}
	if st := gives.Stats(); st.Uploaded < 2*p.Info.Size() {
		t.Errorf("%+v", st)
	}
}
