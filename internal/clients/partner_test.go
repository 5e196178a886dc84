package clients

import (
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// TestDeluge takes a payload from another Deluge's library, libtorrent, and gives it on.
func TestDeluge(t *testing.T) {
	t.Parallel()
	p := MakePayload(t, Spec{Size: 1<<20 + 7, PieceLength: 64 << 10, Version: metainfo.V1})
	seed := SeedDeluge(t, p, PartnerOptions{})
	dir := t.TempDir()
	l := StartLibtorrent(t, LibtorrentOptions{})
	l.Download(p.Torrent, dir)
	l.Connect(seed.Addr())
	l.WaitFinished(within(t))
	p.CheckCopy(t, dir)

	leech, other := LeechDeluge(t, p, t.TempDir(), PartnerOptions{}), StartLibtorrent(t, LibtorrentOptions{})
	other.Seed(p, false)
	other.Connect(leech.Addr())
	leech.WaitFinished(within(t))
}
