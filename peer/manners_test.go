package peer

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/peer/book"
)

// TestManners: the content comes, by infohash alone, from peers with the manners
// of each client, whether we dial or they do, and none of them has a reason to
// close.
func TestManners(t *testing.T) {
	const rtt = 50 * time.Millisecond
	slow := simnet.Libtorrent()
	slow.NoFast = true
	old := simnet.Behaviour{NoFast: true, Unchoke: simnet.OnInterested, Choked: simnet.CloseConn, Missing: simnet.CloseConn}
	for _, tt := range []struct {
		name   string
		b      simnet.Behaviour
		within time.Duration
	}{
		// TCP, handshake, metadata, request: 4 R, and here three requests more.
		{"libtorrent", simnet.Libtorrent(), 7 * rtt},
		{"anacrolix", simnet.Anacrolix(), 7 * rtt},
		{"rqbit", simnet.Rqbit(), 7 * rtt},
		{"without the fast extension", slow, 7 * rtt},
		{"aria2", simnet.Aria2(), 7 * rtt},
		{"transmission", simnet.Transmission(), 13 * time.Second},
		{"slow metadata", simnet.Behaviour{MetadataDelay: 3 * time.Second}, 3*time.Second + 7*rtt},
		{"old", old, 7 * rtt},
	} {
		for _, incoming := range []bool{false, true} {
			name := tt.name
			if incoming {
				name += ", dialling us"
			}
			t.Run(name, func(t *testing.T) {
				tor, data := content(t, 1<<20+5, 256<<10)
				b := tt.b
				if incoming {
					b.StrictFirstFlight = false // aria2 is strict where it is dialled
				}
				inWorld(t, rtt, HostConfig{}, func(w *world) {
					t := w.t
					s, err := simnet.NewSeed(w.net.Host(simnet.HostConfig{}), simnet.SeedConfig{
						InfoHash: tor.Info.ID().Wire(), Info: tor.Info.Raw(), Content: bytes.NewReader(data), Size: int64(len(data)),
						PieceLength: int(tor.Info.PieceLength), Behaviour: b,
					})
					if err != nil {
						t.Fatal(err)
					}
					defer s.Close()
					down := leech(nil)
					sw := swarm(t, w.host, tor, down)
					begun := time.Now()
					if incoming {
						sw.SetWanted(true)
						if err := s.Dial(context.Background(), w.here.AddrPort(ourPort).String()); err != nil {
							t.Fatal(err)
						}
					} else {
						sw.AddHostPorts(book.SourceUser, s.Addr())
						sw.SetWanted(true)
					}
					down.wait(t, time.Minute)
					if took := time.Since(begun); took > tt.within {
						t.Errorf("took %v, want %v at most", took, tt.within)
					}
					if !bytes.Equal(down.data, data) {
						t.Error("other bytes")
					}
					synctest.Wait()
					if n := down.joinedNow(); n != 1 {
						t.Errorf("%d connections for one download", n)
					}
					if st := s.Stats(); st.Offences != 0 || st.Refused != 0 {
						t.Errorf("we misbehaved: %+v", st)
					}
					if c := one(t, sw); c.cause() != nil || b.Client != "" && c.Client() != b.Client {
						t.Errorf("client %q, %v", c.Client(), c.cause())
					}
				})
			})
		}
	}
}

func (s *store) joinedNow() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.joined
}

// TestMetadataFromLiars: peers that give wrong metadata, another size, none or
// nothing at all do not keep it from us, and those that lied are gone.
func TestMetadataFromLiars(t *testing.T) {
	const rtt = 50 * time.Millisecond
	tor := bigMetadata(t, 5)
	inWorld(t, rtt, HostConfig{}, func(w *world) {
		t := w.t
		for i, m := range []simnet.Metadata{
			simnet.CorruptMetadata, simnet.CorruptMetadata, simnet.WrongSizeMetadata, simnet.RejectMetadata,
			simnet.SilentMetadata, simnet.NoMetadata, simnet.ServeMetadata,
		} {
			// The honest one is the furthest away.
			h := w.net.Host(simnet.HostConfig{RTT: time.Duration(i) * rtt, Name: string(rune('a' + i))})
			s, err := simnet.NewSeed(h, simnet.SeedConfig{
				InfoHash: tor.Info.ID().Wire(), Info: tor.Info.Raw(), Content: bytes.NewReader(nil), Size: tor.Info.Span(),
				PieceLength: int(tor.Info.PieceLength), Behaviour: simnet.Behaviour{Metadata: m},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
		}
		got := make(chan []byte, 1)
		sw, err := w.host.NewSwarm(SwarmConfig{
			Hashes: tor.Info.Hashes(), Demand: leech(nil), Supply: noSupply{}, OnMetadata: func(raw []byte) { got <- raw },
		})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		for i := range 7 {
			sw.AddHostPorts(book.SourceUser, string(rune('a'+i))+":6881")
		}
		sw.SetWanted(true)
		if raw := <-got; !bytes.Equal(raw, tor.Info.Raw()) {
			t.Error("other bytes")
		}
		// Three round trips to the honest one, then one a liar of its size more.
		if took, most := time.Since(begun), 8*7*rtt; took > most {
			t.Errorf("took %v, want %v at most", took, most)
		}
		synctest.Wait()
		if st := sw.Stats(); st.Banned == 0 || st.Connected < 4 {
			t.Errorf("%+v", st)
		}
		t.Log(time.Since(begun), sw.Stats())
	})
}
