package main

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"sort"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/netguard"
)

// demoTorrent is a torrent of made-up content.
type demoTorrent struct {
	*metainfo.Torrent
	files []demoFile // in the torrent's order, without padding
}

// fileAt is the index of the file that holds offset off of the torrent's byte space, or of the next one.
func (t *demoTorrent) fileAt(off int64) int {
	files := t.Info.Files
	return sort.Search(len(files), func(i int) bool { return files[i].Offset+files[i].Length > off })
}

// fill makes the bytes of the torrent's byte space from off.
func (t *demoTorrent) fill(p []byte, off int64) {
	for i := t.fileAt(off); len(p) > 0 && i < len(t.Info.Files); i++ {
		f := &t.Info.Files[i]
		n := min(int64(len(p)), f.Offset+f.Length-off)
		if n == 0 {
			continue
		}
		if made, ok := t.file(t.Info.Path(f)); ok && !f.Pad {
			made.content.fill(p[:n], off-f.Offset)
		} else {
			clear(p[:n])
		}
		p, off = p[n:], off+n
	}
}

// file finds the file with a path below the torrent's name.
func (t *demoTorrent) file(path []string) (demoFile, bool) {
	for _, f := range t.files {
		if slices.Equal(f.path, path) {
			return f, true
		}
	}
	return demoFile{}, false
}

// demoSeeder is a peer that has all of every demo torrent: btgw's own peer package, over content that is made when asked for.
type demoSeeder struct {
	host   *peer.Host
	swarms []*peer.Swarm
}

// newDemoSeeder seeds torrents from a free port of loopback, known to the trackers of each, at most rate bytes a second (0:
// as fast as it goes).
func newDemoSeeder(torrents []*demoTorrent, rate int64, log *slog.Logger) (*demoSeeder, error) {
	network := netguard.New(netguard.Policy{AllowPrivate: true})
	host, err := peer.NewHost(peer.HostConfig{Network: network, Listen: "127.0.0.1:0", UploadRate: rate, Log: log})
	if err != nil {
		return nil, err
	}
	s := &demoSeeder{host: host}
	for _, t := range torrents {
		swarm, err := host.NewSwarm(peer.SwarmConfig{
			Hashes: t.Info.Hashes(), Info: t.Info, Trackers: t.Trackers, Demand: nothing{}, Supply: supply{t},
		})
		if err != nil {
			return nil, errors.Join(err, s.close(context.Background()))
		}
		swarm.AddClient(netip.Prefix{}) // ourselves
		swarm.SetWanted(true)           // announce now
		s.swarms = append(s.swarms, swarm)
	}
	return s, nil
}

// close says "stopped" and ends the connections.
func (s *demoSeeder) close(ctx context.Context) error { return s.host.Close(ctx) }

// supply uploads a demo torrent.
type supply struct{ torrent *demoTorrent }

// Have is everything.
func (s supply) Have() metainfo.Bitfield {
	n := s.torrent.Info.NumPieces()
	all := metainfo.NewBitfield(n)
	for i := range n {
		all.Set(i)
	}
	return all
}

// Open leases a piece.
func (s supply) Open(piece int) (peer.Lease, error) {
	return madeUp{s.torrent, s.torrent.Info.PieceOffset(piece)}, nil
}

// madeUp is a piece of a demo torrent, made when it is read.
type madeUp struct {
	torrent *demoTorrent
	offset  int64
}

// ReadAt makes the bytes.
func (m madeUp) ReadAt(p []byte, off int64) (int, error) {
	m.torrent.fill(p, m.offset+off)
	return len(p), nil
}

// ReadAhead has nothing to do.
func (madeUp) ReadAhead(int64, int) {}

// Release has nothing to free.
func (m madeUp) Release() {}

// nothing is the demand of a seeder, and its download from each peer.
type nothing struct{}

// Join is the same for all connections.
func (nothing) Join(*peer.Conn) peer.Download { return nothing{} }

// Update asks for nothing.
func (nothing) Update([]peer.Event) {}

// Place takes nothing.
func (nothing) Place(metainfo.Block) []byte { return nil }

// Leave has nothing to free.
func (nothing) Leave() {}
