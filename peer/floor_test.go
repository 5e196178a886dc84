package peer

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/metaexchange"
	"github.com/btgw/btgw/peer/wire"
)

// TestFirstFlights: the handshake alone, then everything else in one write, at
// the moment the peer's handshake is there.
func TestFirstFlights(t *testing.T) {
	const rtt = 100 * time.Millisecond
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, rtt, HostConfig{}, func(w *world) {
		addr, accept := w.listen(tor)
		begun := time.Now()
		s := swarm(t, w.host, tor, leech(tor.Info))
		s.AddPeers(book.SourceTracker, addr)
		s.SetWanted(true)
		f := accept()
		f.readHandshake()
		w.at(begun, 3*rtt/2, "handshake")
		if n := f.r.Buffered(); n != 0 {
			t.Fatalf("%d bytes behind the handshake: aria2 would close", n)
		}
		all, err := f.quiet(time.Second)
		if len(all) != 0 || err != nil {
			t.Fatalf("%v, %v before the peer's handshake", kinds(all), err)
		}
		sent := time.Now()
		f.write(f.handshake())
		m, err := f.next()
		if err != nil {
			t.Fatal(err)
		}
		w.at(sent, rtt, "first message")
		got := []string{m.id.String()}
		for f.r.Buffered() > 0 {
			m, _ := f.next()
			got = append(got, m.id.String())
		}
		if want := "[extended have none interested unchoke]"; fmt.Sprint(got) != want {
			t.Errorf("second flight %v, want %v", got, want)
		}
	})
}

// TestRoundTripOfTheHandshake: something between us and a peer may connect us before
// the peer hears of it; what the handshake takes is the peer's own, up to a bound.
func TestRoundTripOfTheHandshake(t *testing.T) {
	const rtt = 40 * time.Millisecond
	tor, _ := content(t, 1<<20, 256<<10)
	for _, x := range []struct{ behind, want time.Duration }{
		{0, rtt}, {50 * time.Millisecond, rtt + 50*time.Millisecond}, {2 * time.Second, maxGreetingRTT},
	} {
		t.Run(x.behind.String(), func(t *testing.T) {
			inWorld(t, rtt, HostConfig{}, func(w *world) {
				addr, accept := w.listen(tor)
				s := swarm(t, w.host, tor, leech(tor.Info))
				s.AddPeers(book.SourceTracker, addr)
				s.SetWanted(true)
				f := accept()
				f.readHandshake()
				time.Sleep(x.behind)
				f.write(f.handshake())
				f.expect(wire.Extended)
				if got := one(t, s).RTT(); got != x.want {
					t.Errorf("round trip %v, want %v", got, x.want)
				}
			})
		})
	}
}

// TestFirstBlockByInfohashAlone: TCP, handshake, metadata, request: 4 R.
func TestFirstBlockByInfohashAlone(t *testing.T) {
	const rtt = 100 * time.Millisecond
	tor, data := content(t, 1<<20, 256<<10)
	for _, tt := range []struct {
		name  string
		known bool
		want  time.Duration
	}{{"infohash alone", false, 4 * rtt}, {"metadata known", true, 3 * rtt}} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, rtt, HostConfig{}, func(w *world) {
				there := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig("11.1.1.1")), Listen: ":6881"})
				swarm(t, there, tor, seed(tor.Info, data))
				down := leech(nil)
				if tt.known {
					down = leech(tor.Info)
				}
				down.depth = 1
				begun := time.Now()
				s := swarm(t, w.host, tor, down)
				s.AddHostPorts(book.SourceUser, "11.1.1.1:6881")
				s.SetWanted(true)
				time.Sleep(tt.want - 1)
				synctest.Wait()
				if n := down.leftNow(); n != 64 {
					t.Errorf("%d blocks left before %v", n, tt.want)
				}
				time.Sleep(time.Nanosecond)
				synctest.Wait()
				w.at(begun, tt.want, "look")
				if n := down.leftNow(); n != 63 {
					t.Errorf("%d blocks left at %v: the first has not come", n, tt.want)
				}
				if rtts := one(t, s).RTT(); rtts != rtt {
					t.Errorf("round trip %v", rtts)
				}
				closeHost(there)
			})
		})
	}
}

// TestMetadataOfManyPartsIsOneRoundTrip: 40 parts come in the time of one.
func TestMetadataOfManyPartsIsOneRoundTrip(t *testing.T) {
	const rtt = 100 * time.Millisecond
	tor := bigMetadata(t, 40)
	inWorld(t, rtt, HostConfig{}, func(w *world) {
		there := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig("11.1.1.1")), Listen: ":6881"})
		swarm(t, there, tor, leech(tor.Info))
		got := make(chan []byte, 1)
		st := leech(nil)
		begun := time.Now()
		s, err := w.host.NewSwarm(SwarmConfig{
			Hashes: tor.Info.Hashes(), Demand: st, Supply: noSupply{}, OnMetadata: func(raw []byte) { got <- raw },
		})
		if err != nil {
			t.Fatal(err)
		}
		s.AddHostPorts(book.SourceUser, "11.1.1.1:6881")
		s.SetWanted(true)
		raw := <-got
		w.at(begun, 3*rtt, "metadata")
		if !bytes.Equal(raw, tor.Info.Raw()) {
			t.Error("other bytes")
		}
		closeHost(there)
	})
}

// bigMetadata is a torrent without content whose metadata has so many parts.
func bigMetadata(t *testing.T, parts int) *metainfo.Torrent {
	t.Helper()
	n := parts*wire.MetadataPart/20 - 5
	raw := fmt.Appendf(nil, "d6:lengthi%de4:name1:x12:piece lengthi16384e6:pieces%d:", n*16384, n*20)
	hashes := make([]byte, n*20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(hashes) // it has no errors
	raw = append(append(raw, hashes...), 'e')
	info, err := metainfo.ParseInfo(raw)
	if err != nil || metaexchange.NumParts(int64(len(raw))) != parts {
		t.Fatalf("metadata of %d bytes: %v", len(raw), err)
	}
	return &metainfo.Torrent{Info: info}
}

type noSupply struct{}

func (noSupply) Have() metainfo.Bitfield { return nil }
func (noSupply) Open(int) (Lease, error) { return nil, errBanned }
