package peer

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/wire"
)

func (f *fake) named(n int) *fake {
	copy(f.id[12:], fmt.Sprintf("%08d", n))
	return f
}

// open reports whether we keep the connection for a second.
func (f *fake) open() bool {
	_, err := f.quiet(time.Second)
	return err == nil
}

func TestHandshakeRefusals(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	other, _ := content(t, 1<<20, 16<<10)
	for _, tt := range []struct {
		name string
		tor  *metainfo.Torrent
		send func(f *fake)
		in   time.Duration // closed after this
	}{
		{"silence", tor, func(f *fake) {}, handshakeTimeout},
		{"half a handshake", tor, func(f *fake) { f.write(f.handshake()[:60]) }, handshakeTimeout},
		{"a byte a second", tor, func(f *fake) {
			for _, b := range f.handshake()[:9] {
				f.write([]byte{b})
				time.Sleep(time.Second)
			}
		}, handshakeTimeout},
		{"something else", tor, func(f *fake) { f.write([]byte{20}) }, handshakeTimeout}, // a key may begin so
		{"something else, as long as a key", tor, func(f *fake) { f.write(make([]byte, encryptedKeyLen+600)) }, 0},
		{"another torrent", other, func(f *fake) { f.write(f.handshake()) }, 0},
		{"ourselves", tor, func(f *fake) { f.id = [20]byte([]byte("-GW0100-mmmmmmmmmmmm")); f.write(f.handshake()) }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, 0, HostConfig{}, func(w *world) {
				s := swarm(t, w.host, tor, leech(tor.Info))
				begun := time.Now()
				f := w.call(tt.tor)
				tt.send(f)
				f.closed(time.Minute)
				w.at(begun, tt.in, "closed")
				synctest.Wait()
				if st, h := s.Stats(), w.host.Stats(); st.Connected != 0 || h.Conns != 0 || h.Refused != 1 || h.NoRoom != 0 {
					t.Errorf("%+v, %+v", st, h)
				}
			})
		})
	}
}

func TestLimitsOnAcceptedConnections(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	t.Run("an address", func(t *testing.T) {
		inWorld(t, 0, HostConfig{}, func(w *world) {
			swarm(t, w.host, tor, leech(tor.Info))
			h := w.net.Host(simnet.HostConfig{})
			var fakes []*fake
			for i := range DefaultMaxPerAddress + 1 {
				f := w.callFrom(h, tor).named(i)
				f.write(f.handshake())
				synctest.Wait()
				fakes = append(fakes, f)
			}
			for i, f := range fakes {
				if got, want := f.open(), i < DefaultMaxPerAddress; got != want {
					t.Errorf("connection %d open: %v", i, got)
				}
			}
			fakes[0].nc.Close()
			synctest.Wait()
			f := w.callFrom(h, tor).named(99)
			f.greet()
			if !f.open() {
				t.Error("the place of one that left is not free")
			}
		})
	})
	t.Run("a torrent, some kept for dials", func(t *testing.T) {
		inWorld(t, 0, HostConfig{MaxSwarmConns: 10}, func(w *world) {
			s := swarm(t, w.host, tor, leech(tor.Info))
			for i := range 10 {
				f := w.call(tor).named(i)
				f.write(f.handshake())
				if got, want := f.open(), i < 8; got != want {
					t.Errorf("connection %d open: %v", i, got)
				}
			}
			addr, accept := w.listen(tor)
			s.AddPeers(book.SourceUser, addr)
			s.SetWanted(true)
			f := accept().named(99)
			f.write(f.handshake())
			if !f.open() {
				t.Error("no room for a dial")
			}
		})
	})
	t.Run("a torrent", func(t *testing.T) {
		inWorld(t, 0, HostConfig{MaxSwarmConns: 3}, func(w *world) {
			s := swarm(t, w.host, tor, leech(tor.Info))
			for i := range 5 {
				f := w.call(tor).named(i)
				f.write(f.handshake())
				if got, want := f.open(), i < 3; got != want {
					t.Errorf("connection %d open: %v", i, got)
				}
			}
			if st := s.Stats(); st.Connected != 3 || st.Incoming != 3 {
				t.Errorf("%+v", st)
			}
			if st := w.host.Stats(); st.NoRoom != 2 || st.Refused != 0 {
				t.Errorf("%+v", st)
			}
		})
	})
	t.Run("the process", func(t *testing.T) {
		inWorld(t, 0, HostConfig{MaxConns: 3}, func(w *world) {
			swarm(t, w.host, tor, leech(tor.Info))
			for i := range 5 {
				f := w.call(tor).named(i)
				f.nc.Write(f.handshake())
				if got, want := f.open(), i < 3; got != want {
					t.Errorf("connection %d open: %v", i, got)
				}
			}
		})
	})
}

// TestDialsWideAndAtOnce: among a hundred dead addresses the live one is found
// in the second wave, three seconds later.
func TestDialsWideAndAtOnce(t *testing.T) {
	const rtt = 100 * time.Millisecond
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, rtt, HostConfig{}, func(w *world) {
		there := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig("11.1.1.1")), Listen: ":6881"})
		swarm(t, there, tor, seed(tor.Info, data))
		down := leech(tor.Info)
		s := swarm(t, w.host, tor, down)
		var addrs []netip.AddrPort
		for i := range 60 {
			addrs = append(addrs, netip.AddrPortFrom(netip.AddrFrom4([4]byte{12, 0, byte(i), 1}), 1))
		}
		addrs = append(addrs, netip.MustParseAddrPort("11.1.1.1:6881"))
		s.AddPeers(book.SourceTracker, addrs...)
		synctest.Wait()
		if st := s.Stats(); st.Dialing != 0 || st.Known != 61 {
			t.Fatalf("dials while nobody waits: %+v", st)
		}
		begun := time.Now()
		s.SetWanted(true)
		synctest.Wait()
		if st := s.Stats(); st.Dialing != maxDials {
			t.Fatalf("%+v", st)
		}
		<-down.done
		if took := time.Since(begun); took < book.FirstDialTimeout+3*rtt || took > book.FirstDialTimeout+5*rtt {
			t.Errorf("took %v", took)
		}
		s.SetWanted(false)
		time.Sleep(time.Hour)
		synctest.Wait()
		if st := s.Stats(); st.Dialing != 0 || st.Connected != 1 {
			t.Errorf("after an hour without a reader: %+v", st)
		}
		closeHost(there)
	})
}

// TestRedials: the only peer goes and comes back.
func TestRedials(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		away := w.net.Host(hostConfig("11.1.1.1"))
		there := newTestHost(t, HostConfig{Network: away, Listen: ":6881"})
		swarm(t, there, tor, seed(tor.Info, data))
		down := leech(tor.Info)
		s := swarm(t, w.host, tor, down)
		s.AddHostPorts(book.SourceUser, "11.1.1.1:6881")
		s.SetWanted(true)
		<-down.done
		away.Leave()
		synctest.Wait()
		time.Sleep(500 * time.Millisecond)
		if st := s.Stats(); st.Connected != 0 || st.Known != 1 {
			t.Fatalf("%+v", st)
		}
		closeHost(there)
		again := newTestHost(t, HostConfig{Network: away, Listen: ":6881"})
		swarm(t, again, tor, seed(tor.Info, data))
		time.Sleep(10 * time.Second)
		if st := s.Stats(); st.Connected != 1 {
			t.Errorf("not connected again: %+v", st)
		}
		closeHost(again)
	})
}

// TestForbiddenAddresses are not tried twice, and the reason can be told.
func TestForbiddenAddresses(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	bubble.Test(t, func(t *testing.T) {
		h := newTestHost(t, HostConfig{Network: netguard.New(netguard.Policy{})})
		s := swarm(t, h, tor, leech(nil))
		s.AddHostPorts(book.SourceUser, "127.0.0.1:6881", "10.0.0.1:6881", "[::ffff:192.168.0.1]:6881", "not an address")
		s.SetWanted(true)
		synctest.Wait()
		if st := s.Stats(); st.Known != 0 || st.Dialing != 0 || st.DialError == "" {
			t.Errorf("%+v", st)
		}
		closeHost(h)
	})
}

// TestOneConnectionOfTwoThatCross: both sides keep the same one.
func TestOneConnectionOfTwoThatCross(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 50*time.Millisecond, HostConfig{}, func(w *world) {
		there := newTestHost(t, HostConfig{Network: w.net.Host(hostConfig("11.1.1.1")), Listen: ":6881"})
		far := swarm(t, there, tor, seed(tor.Info, data))
		down := leech(tor.Info)
		near := swarm(t, w.host, tor, down)
		near.AddHostPorts(book.SourceUser, "11.1.1.1:6881")
		far.AddPeers(book.SourceUser, w.here.AddrPort(ourPort))
		near.SetWanted(true)
		far.SetWanted(true)
		<-down.done
		time.Sleep(time.Minute)
		synctest.Wait()
		a, b := near.Stats(), far.Stats()
		if a.Connected != 1 || b.Connected != 1 || a.Incoming+b.Incoming != 1 || a.Dialing+b.Dialing != 0 {
			t.Errorf("near %+v\nfar %+v", a, b)
		}
		closeHost(there)
	})
}

// TestOurselves: a tracker gives us our own address.
func TestOurselves(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, leech(tor.Info))
		s.AddPeers(book.SourceTracker, w.here.AddrPort(ourPort))
		s.SetWanted(true)
		time.Sleep(time.Minute)
		synctest.Wait()
		if st := s.Stats(); st.Connected != 0 || st.Known != 0 || st.Dialing != 0 {
			t.Errorf("%+v", st)
		}
	})
}

// TestBannedPeer does not come back, from whatever port, in either direction.
func TestBannedPeer(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, leech(tor.Info))
		h := w.net.Host(simnet.HostConfig{})
		two := w.callFrom(h, tor).named(2)
		two.greet()
		two.quiet(time.Second)
		c := one(t, s)
		f := w.callFrom(h, tor).named(1)
		f.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{Port: 6881})...)
		f.quiet(time.Second)
		c.Ban("sends what it likes")
		f.closed(time.Second)
		two.closed(time.Second)
		var be *BannedError
		if !errors.As(c.cause(), &be) || be.Reason != "sends what it likes" {
			t.Errorf("ended: %v", c.cause())
		}
		again := w.callFrom(h, tor).named(3)
		again.closed(time.Second)
		s.SetWanted(true)
		s.AddPeers(book.SourceTracker, h.AddrPort(6881))
		time.Sleep(time.Minute)
		if st := s.Stats(); st.Connected != 0 || st.Banned != 1 {
			t.Errorf("%+v", st)
		}
		if n := h.Stats().Accepted; n != 0 {
			t.Errorf("dialled %d times", n)
		}
		time.Sleep(book.BanTime)
		f = w.callFrom(h, tor).named(4)
		f.greet()
		if !f.open() {
			t.Error("banned for ever")
		}
	})
}

// TestSilence: we are never silent for two minutes, and end a connection that
// is for three.
func TestSilence(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, 0, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, leech(tor.Info))
		f := w.call(tor)
		f.greet()
		begun := time.Now()
		f.quiet(time.Second)
		var last time.Time
		for {
			m, err := f.next()
			if err != nil {
				break
			}
			if m.id != wire.KeepAlive || time.Since(begun) > 2*time.Minute {
				t.Errorf("%s after %v", m.id, time.Since(begun))
			}
			last = time.Now()
		}
		if last.Sub(begun) != keepAliveAfter {
			t.Errorf("keep-alive after %v", last.Sub(begun))
		}
		w.at(begun, idleTimeout, "end")
		f = w.call(tor)
		f.greet()
		for range 5 {
			time.Sleep(2 * time.Minute)
			f.write(wire.AppendKeepAlive(nil))
		}
		if st := s.Stats(); st.Connected != 1 {
			t.Error("a peer that keeps alive was let go")
		}
	})
}

// TestCloseAtAnyMoment: Close returns, and nothing is left, wherever connections
// are in their life.
func TestCloseAtAnyMoment(t *testing.T) {
	const rtt = 20 * time.Millisecond
	tor, data := content(t, 8<<20, 256<<10)
	for after := time.Duration(0); after < 8*rtt; after += rtt / 4 {
		t.Run(after.String(), func(t *testing.T) {
			inWorld(t, rtt, HostConfig{}, func(w *world) {
				there := newTestHost(t, HostConfig{Network: w.net.Host(simnet.HostConfig{
					Addrs: []netip.Addr{netip.MustParseAddr("11.1.1.1")}, Up: 10 << 20,
				}), Listen: ":6881"})
				swarm(t, there, tor, seed(tor.Info, data))
				down := leech(nil)
				s := swarm(t, w.host, tor, down)
				s.AddHostPorts(book.SourceUser, "11.1.1.1:6881", "192.0.2.1:1")
				w.listen(tor)
				s.SetWanted(true)
				time.Sleep(after)
				s.Close(context.Background())
				down.mu.Lock()
				if len(down.links) != 0 {
					t.Error("a Download was not left")
				}
				down.mu.Unlock()
				if n := w.host.Stats(); n.Conns != 0 || n.Swarms != 0 {
					t.Errorf("%+v", n)
				}
				s.SetWanted(false)
				s.AddPeers(book.SourceUser, addrN(1))
				s.SetInfo(tor.Info)
				s.Have(1)
				s.Close(context.Background())
				closeHost(there)
			})
		})
	}
}

// TestSlots: eight peers are unchoked, those who ask before those who do not.
func TestSlots(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 0, HostConfig{UploadSlots: 2}, func(w *world) {
		s := swarm(t, w.host, tor, seed(tor.Info, data))
		var f [4]*fake
		for i := range f {
			f[i] = w.call(tor).named(i)
			f[i].greet()
			all, _ := f[i].quiet(time.Millisecond)
			unchoked := false
			for _, m := range all {
				unchoked = unchoked || m.id == wire.Unchoke
			}
			if unchoked != (i < 2) {
				t.Errorf("peer %d unchoked: %v", i, unchoked)
			}
		}
		// One that asks takes the place of one that does not, at once.
		f[2].write(wire.AppendSimple(nil, wire.Interested))
		f[2].expect(wire.Unchoke)
		f[0].expect(wire.Choke)
		f[1].write(wire.AppendSimple(nil, wire.Interested))
		synctest.Wait()
		f[3].write(wire.AppendSimple(nil, wire.Interested))
		f[3].none(wire.Unchoke, time.Millisecond)
		// One that leaves, or has enough, makes room at once.
		f[1].nc.Close()
		f[3].expect(wire.Unchoke)
		if st := s.Stats(); st.Unchoking != 2 || st.Interested != 2 {
			t.Errorf("%+v", st)
		}
	})
}

// TestInterestThatFlickers does not have slots given anew each time.
func TestInterestThatFlickers(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 0, HostConfig{UploadSlots: 1}, func(w *world) {
		swarm(t, w.host, tor, seed(tor.Info, data))
		victim := w.call(tor).named(1)
		victim.greet()
		victim.expect(wire.Unchoke)
		f := w.call(tor).named(2)
		f.greet()
		for range 1000 {
			f.write(wire.AppendSimple(wire.AppendSimple(nil, wire.Interested), wire.NotInterested))
			victim.write(wire.AppendSimple(wire.AppendSimple(nil, wire.Interested), wire.NotInterested))
			synctest.Wait()
		}
		all, _ := victim.quiet(time.Second)
		if len(all) > 2*maxFlips {
			t.Errorf("%d messages for a peer whose neighbour flickers", len(all))
		}
	})
}

// TestSeedsLeaveTheirSlots to peers that may have a use for them.
func TestSeedsLeaveTheirSlots(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, 0, HostConfig{UploadSlots: 1}, func(w *world) {
		swarm(t, w.host, tor, leech(tor.Info))
		f := w.call(tor).named(1)
		f.greet(wire.AppendSimple(nil, wire.HaveAll)...)
		f.expect(wire.Unchoke)
		synctest.Wait() // or what it has may be read after the next has come
		g := w.call(tor).named(2)
		g.greet()
		g.expect(wire.Unchoke)
		f.expect(wire.Choke)
	})
}

// TestSpeculativeInterest is claimed while it may save a round trip, and taken
// back if Demand does not share it.
func TestSpeculativeInterest(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, 0, HostConfig{}, func(w *world) {
		st := leech(nil)
		s := swarm(t, w.host, tor, st)
		f := w.call(tor)
		f.greet()
		f.none(wire.Interested, time.Second)
		s.SetWanted(true)
		f.expect(wire.Interested)
		st.learn(tor.Info)
		s.SetInfo(tor.Info)
		f.expect(wire.NotInterested)
		// What the peer has makes it real.
		f.write(wire.AppendIndex(nil, wire.Have, 1))
		f.expect(wire.Interested)
		f.none(wire.NotInterested, time.Minute)
	})
}
