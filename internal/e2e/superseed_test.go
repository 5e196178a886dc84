package e2e

import (
	"net/http"
	"testing"

	"github.com/btgw/btgw/internal/clients"
)

// TestSuperSeeder: a lone libtorrent that super-seeds shows one piece at a time, the first
// ten seconds after the connection, and any of them may be the one that is read. What
// comes in its place is uploaded to others meanwhile.
func TestSuperSeeder(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "shown.bin", Seed: 81, PieceLength: 128 << 10, Size: 4<<20 + 77})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	l.SuperSeed()
	g := start(t, options{})
	f := files(p)[0]
	g.wantsRange(t, p, f, f.Length-100, 100, hints(nil, l.Addr()))
	g.wants(t, p, hints(nil, l.Addr()))
	g.frugal(t, p)
	if st := g.status(p.Hash); st.PiecesHave != st.Pieces {
		t.Errorf("%d of %d pieces", st.PiecesHave, st.Pieces)
	}
	a := g.get(g.urlOf(p, f, ""), "Range", "bytes=0-99")
	a.is(t, "afterwards", http.StatusPartialContent, p.SHA256(f, 0, 100), 100)
}
