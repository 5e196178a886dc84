package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/btgw/btgw/internal/clients"
)

// seeder is a client that has a payload.
type seeder interface{ Addr() string }

// seeders start a client each and let it seed.
var seeders = []struct {
	name string
	seed func(t *testing.T, p *clients.Payload) seeder
}{
	{"libtorrent", func(t *testing.T, p *clients.Payload) seeder {
		l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
		l.Seed(p, false)
		return l
	}},
	{"transmission", func(t *testing.T, p *clients.Payload) seeder {
		tr := clients.StartTransmission(t)
		tr.Seed(p)
		return tr
	}},
	{"aria2", func(t *testing.T, p *clients.Payload) seeder { return clients.SeedAria2(t, p) }},
}

// several is a payload of several files, in which pieces cross the borders of
// files, a file has no byte and the last piece is short.
func several(t *testing.T, seed uint64) *clients.Payload {
	t.Helper()
	return clients.MakePayload(t, clients.Spec{
		Name: "several files", Seed: seed, PieceLength: 256 << 10,
		Files: []clients.FileSpec{
			{Path: []string{"a large one.bin"}, Size: 6<<20 + 4321},
			{Path: []string{"empty"}, Size: 0},
			{Path: []string{"folder", "inner", "third.txt"}, Size: 99},
			{Path: []string{"folder", "second.mkv"}, Size: 1<<20 + 1},
		},
	})
}

// TestSeeders gets everything from each client alone, by infohash and peer
// address.
func TestSeeders(t *testing.T) {
	t.Parallel()
	for _, s := range seeders {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			p := several(t, 21)
			from := s.seed(t, p)
			g := start(t, options{})
			g.wants(t, p, hints(nil, from.Addr()))
			g.frugal(t, p)
			if st := g.status(p.Hash); st.Swarm.Connected != 1 {
				t.Errorf("%d peers connected", st.Swarm.Connected)
			}
		})
	}
}

// TestAllSeeders gets everything from all of them together: the client waits
// within the body until each lets btgw download, Transmission at its next tick.
func TestAllSeeders(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "all.bin", Seed: 22, PieceLength: 512 << 10, Size: 24<<20 + 777})
	var addrs []string
	for _, s := range seeders {
		addrs = append(addrs, s.seed(t, p).Addr())
	}
	g := start(t, options{})
	f := files(p)[0]
	s := g.open(t.Context(), g.urlOf(p, f, hints(nil, addrs...)))
	defer s.close()
	s.read(1 << 20)
	await(t, "all let it download", func() bool { return g.status(p.Hash).Unchoked == len(seeders) })
	s.readAll()
	s.is(t, "the body", http.StatusOK, p.SHA256(f, 0, -1), f.Length)
	if st := g.status(p.Hash); st.HashFailures != 0 || st.Swarm.Banned != 0 {
		t.Errorf("%d pieces failed, %d bans", st.HashFailures, st.Swarm.Banned)
	}
}

// TestByInfohashAlone: the URL of a single file without its name, so that one
// curl -OJ by infohash is enough.
func TestByInfohashAlone(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "named by the torrent.bin", Seed: 23, Size: 1<<20 + 5})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	a := g.get(g.url + p.Hash.Path() + hints(nil, l.Addr()))
	a.is(t, "by infohash", http.StatusOK, p.SHA256(files(p)[0], 0, -1), 1<<20+5)
	if got, want := a.header.Get("Content-Location"), p.Hash.Path()+"/named%20by%20the%20torrent.bin"; got != want {
		t.Errorf("Content-Location %q, want %q", got, want)
	}
	if got, want := a.header.Get("Content-Disposition"), `filename="named by the torrent.bin"`; !strings.Contains(got, want) {
		t.Errorf("Content-Disposition %q, want %s in it", got, want)
	}
}
