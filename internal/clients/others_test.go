package clients

import (
	"context"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// TestQBittorrentAndRTorrent take a payload from each other: one as it is told of
// the other by hand, with all encrypted, the other by a magnet link.
func TestQBittorrentAndRTorrent(t *testing.T) {
	t.Parallel()
	p := MakePayload(t, Spec{Size: 3<<20 + 7, PieceLength: 64 << 10, Version: metainfo.V1})
	// It takes three seconds. But now and then rTorrent takes a handshake for out of sync,
	// and qBittorrent tries again after a minute or two; and who is choked for a moment
	// waits for rTorrent's next round, of 30 s.
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()

	seed := StartRTorrent(t, RTorrentOptions{Encrypted: true})
	seed.Seed(p)
	first, dir := StartQBittorrent(t, QBittorrentOptions{Encrypted: true}), t.TempDir()
	first.Download(p.Torrent, dir)
	first.Connect(seed.Addr())
	first.WaitFinished(ctx)
	p.CheckCopy(t, dir)

	second, other := StartRTorrent(t, RTorrentOptions{Encrypted: true}), t.TempDir()
	second.DownloadMagnet(p.Magnet(), other)
	second.Connect(first.Addr())
	second.WaitFinished(ctx)
	p.CheckCopy(t, other)
}
