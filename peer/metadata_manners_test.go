package peer

import (
	"bytes"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/metaexchange"
)

// TestMetadataOfManners: 2.1 MB of metadata, 128 parts, come in as few round trips as
// each manner of answering lets them.
func TestMetadataOfManners(t *testing.T) {
	const rtt = 50 * time.Millisecond
	tor := bigMetadata(t, 128)
	unnamed := simnet.Libtorrent()
	unnamed.Client = "Anything 1.0"
	few := simnet.Behaviour{MetadataQueue: 20, MetadataDelay: time.Millisecond}
	for _, tt := range []struct {
		name  string
		seeds []simnet.Behaviour
		limit float64 // round trips behind the extension handshake
	}{
		{"answers all", []simnet.Behaviour{{}}, 2},
		{"libtorrent", []simnet.Behaviour{simnet.Libtorrent()}, 6},
		{"two libtorrents", []simnet.Behaviour{simnet.Libtorrent(), simnet.Libtorrent()}, 5},
		{"a libtorrent by another name", []simnet.Behaviour{unnamed}, 17},
		{"rejects more than twenty", []simnet.Behaviour{few}, 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, rtt, HostConfig{}, func(w *world) {
				got := make(chan []byte, 1)
				s, err := w.host.NewSwarm(SwarmConfig{
					Hashes: tor.Info.Hashes(), Demand: leech(nil), Supply: noSupply{}, OnMetadata: func(raw []byte) { got <- raw },
				})
				if err != nil {
					t.Fatal(err)
				}
				var seeds []*simnet.Seed
				for _, b := range tt.seeds {
					seed, err := simnet.NewSeed(w.net.Host(simnet.HostConfig{}), simnet.SeedConfig{
						InfoHash: tor.Info.ID().Wire(), Info: tor.Info.Raw(), Content: bytes.NewReader(nil), Size: tor.Info.Span(),
						PieceLength: int(tor.Info.PieceLength), Behaviour: b,
					})
					if err != nil {
						t.Fatal(err)
					}
					defer seed.Close()
					seeds = append(seeds, seed)
					s.AddHostPorts(book.SourceUser, seed.Addr())
				}
				begun := time.Now()
				s.SetWanted(true)
				if !bytes.Equal(<-got, tor.Info.Raw()) {
					t.Error("other bytes")
				}
				asks := 0
				for _, seed := range seeds {
					asks += seed.Stats().MetadataAsks
				}
				took := float64(time.Since(begun)-2*rtt) / float64(rtt)
				t.Logf("%.2f round trips, %d asks", took, asks)
				if took > tt.limit {
					t.Errorf("%.2f round trips, want %v", took, tt.limit)
				}
				if asks > 128+metaexchange.MaxAsks {
					t.Errorf("%d asks for 128 parts", asks)
				}
			})
		})
	}
}
