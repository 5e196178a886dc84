package peer_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/webseed"
	"github.com/btgw/btgw/peer/wire"
)

// A world is a network of which a few sockets on loopback are the internet; all
// else goes by the guard.
type world struct {
	*netguard.Guard
	mu      sync.Mutex
	public  map[string]bool // host:port
	refused map[string]int  // by port
}

func (w *world) open(addr string) { w.mu.Lock(); w.public[addr] = true; w.mu.Unlock() }

func (w *world) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	w.mu.Lock()
	public := w.public[address]
	w.mu.Unlock()
	if public {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
	nc, err := w.Guard.DialContext(ctx, network, address)
	if err != nil && errors.As(err, new(*netguard.ForbiddenError)) {
		_, port, _ := net.SplitHostPort(address)
		w.mu.Lock()
		w.refused[port]++
		w.mu.Unlock()
	}
	return nc, err
}

// ListenPacket opens a socket from which the internet can be sent to, and all else as the
// guard says.
func (w *world) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	var l net.ListenConfig
	pc, err := l.ListenPacket(ctx, network, address)
	return &worldConn{pc, w}, err
}

type worldConn struct {
	net.PacketConn
	world *world
}

func (c *worldConn) WriteTo(b []byte, to net.Addr) (int, error) {
	ap := to.(*net.UDPAddr).AddrPort()
	c.world.mu.Lock()
	defer c.world.mu.Unlock()
	if !c.world.public[ap.String()] {
		if err := c.world.Check(ap); err != nil {
			c.world.refused[fmt.Sprint(ap.Port())]++
			return 0, err
		}
	}
	return c.PacketConn.WriteTo(b, to)
}

func (w *world) refusals(port string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.refused[port]
}

// A victim listens on loopback, for TCP and UDP on one port, where nobody sent by a
// stranger may come.
type victim struct {
	tcp  net.Listener
	udp  net.PacketConn
	addr netip.AddrPort
	port string
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	udp, err := net.ListenPacket("udp4", fmt.Sprintf("127.0.0.1:%d", clients.FreePort(t)))
	if err != nil {
		t.Fatal(err)
	}
	v := &victim{udp: udp, addr: netip.MustParseAddrPort(udp.LocalAddr().String())}
	v.port = fmt.Sprint(v.addr.Port())
	if v.tcp, err = net.Listen("tcp4", v.addr.String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.tcp.Close(); v.udp.Close() })
	return v
}

// heard reports whether anybody comes within d.
func (v *victim) heard(d time.Duration) bool {
	came := make(chan bool, 2)
	end := time.Now().Add(d)
	_ = v.tcp.(*net.TCPListener).SetDeadline(end)
	_ = v.udp.SetReadDeadline(end)
	go func() {
		nc, err := v.tcp.Accept()
		if err == nil {
			nc.Close()
		}
		came <- err == nil
	}()
	go func() {
		_, _, err := v.udp.ReadFrom(make([]byte, 2048))
		came <- err == nil
	}()
	first := <-came
	if first { // the other is not waited for
		_ = v.tcp.(*net.TCPListener).SetDeadline(time.Now())
		_ = v.udp.SetReadDeadline(time.Now())
	}
	return <-came || first
}

// A lure is a way by which a stranger has us go to an address.
type lure struct {
	t    *testing.T
	net  *world
	to   *victim
	cfg  peer.HostConfig
	mt   *metainfo.Torrent
	hint fetch.Hints
	then func(h *peer.Host) // once the torrent is in use; nil: nothing
}

func (l *lure) magnet(format string, args ...any) {
	m, err := metainfo.ParseMagnet("magnet:?xt=urn:btih:" + l.mt.Info.ID().String() + "&" + fmt.Sprintf(format, args...))
	if err != nil {
		l.t.Fatal(err)
	}
	l.hint = fetch.Hints{Peers: m.Peers, Trackers: m.Trackers, WebSeeds: m.WebSeeds}
}

// web starts a server of the stranger's.
func (l *lure) web(handle http.HandlerFunc) string {
	s := httptest.NewServer(handle)
	l.t.Cleanup(s.Close)
	l.net.open(s.Listener.Addr().String())
	return s.URL
}

func (l *lure) answer(body string) string {
	return l.web(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }) + "/announce"
}

func (l *lure) redirect() string {
	return l.web(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+l.to.addr.String()+r.URL.Path, http.StatusFound)
	})
}

func (l *lure) compact() []byte {
	return binary.BigEndian.AppendUint16(l.to.addr.Addr().AsSlice(), l.to.addr.Port())
}

// udpTracker answers announces (BEP 15) with the victim.
func (l *lure) udpTracker() string {
	pc, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		l.t.Fatal(err)
	}
	l.net.open(pc.LocalAddr().String())
	var done sync.WaitGroup
	done.Go(func() {
		b := make([]byte, 2048)
		for {
			n, from, err := pc.ReadFrom(b)
			if err != nil {
				return
			}
			if n < 16 {
				continue
			}
			reply := append([]byte(nil), b[8:16]...) // action, transaction
			if binary.BigEndian.Uint32(reply) == 0 {
				reply = append(reply, 1, 2, 3, 4, 5, 6, 7, 8)
			} else {
				reply = binary.BigEndian.AppendUint32(reply, 60) // interval
				reply = append(append(reply, make([]byte, 8)...), l.compact()...)
			}
			_, _ = pc.WriteTo(reply, from)
		}
	})
	l.t.Cleanup(func() { pc.Close(); done.Wait() })
	return "udp://" + pc.LocalAddr().String()
}

// gossip is a peer that names the victim (BEP 11).
func (l *lure) gossip() string {
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		l.t.Fatal(err)
	}
	l.net.open(tcp.Addr().String())
	hello := wire.NewHandshake(l.mt.Info.ID().Wire(), [20]byte{'-', 'X', 'X', 1})
	says := wire.AppendHandshake(nil, hello)
	says = wire.AppendExtendedHandshake(says, &wire.ExtendedHandshake{PEX: 1})
	says = wire.AppendPEX(says, wire.ExtPEX, &wire.PEX{Added: []wire.PEXPeer{{Addr: l.to.addr, Flags: wire.PEXReachable}}})
	var done sync.WaitGroup
	done.Go(func() {
		for {
			nc, err := tcp.Accept()
			if err != nil {
				return
			}
			_, _ = nc.Write(says)
			_, _ = io.Copy(io.Discard, nc)
			nc.Close()
		}
	})
	l.t.Cleanup(func() { tcp.Close(); done.Wait() })
	return tcp.Addr().String()
}

// Every way by which an address comes in ends at the one dialer, which refuses it
// (SECURITY T1): somebody who listens on loopback hears nothing. Where private
// addresses are allowed the same ways lead there.
func TestEveryWayInIsGuarded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		lay  func(l *lure)
	}{
		{"URL hint x.pe", func(l *lure) { l.hint.Peers = []string{l.to.addr.String()} }},
		{"URL hint x.pe, a name", func(l *lure) { l.hint.Peers = []string{"localhost:" + l.to.port} }},
		{"magnet x.pe", func(l *lure) { l.magnet("x.pe=%s", l.to.addr) }},
		{"magnet x.pe, IPv4 in IPv6", func(l *lure) { l.magnet("x.pe=[::ffff:127.0.0.1]:%s", l.to.port) }},
		{"magnet tr, HTTP", func(l *lure) { l.magnet("tr=%s", url.QueryEscape("http://"+l.to.addr.String()+"/announce")) }},
		{"magnet tr, a name", func(l *lure) { l.magnet("tr=%s", url.QueryEscape("http://localhost:"+l.to.port+"/announce")) }},
		{"magnet tr, UDP", func(l *lure) { l.magnet("tr=%s", url.QueryEscape("udp://"+l.to.addr.String())) }},
		{"magnet ws", func(l *lure) { l.magnet("ws=%s", url.QueryEscape("http://"+l.to.addr.String()+"/a")) }},
		{"magnet ws, a name", func(l *lure) { l.magnet("ws=%s", url.QueryEscape("http://localhost:"+l.to.port+"/a")) }},
		{"tracker in a torrent", func(l *lure) { l.mt.Trackers = [][]string{{"http://" + l.to.addr.String() + "/announce"}} }},
		{"web seed in a torrent", func(l *lure) { l.mt.WebSeeds = []string{"http://" + l.to.addr.String() + "/a"} }},
		{"tracker's answer, compact", func(l *lure) {
			l.hint.Trackers = []string{l.answer(fmt.Sprintf("d8:intervali60e5:peers6:%se", l.compact()))}
		}},
		{"tracker's answer, dictionaries", func(l *lure) {
			l.hint.Trackers = []string{l.answer(fmt.Sprintf("d8:intervali60e5:peersld2:ip9:127.0.0.14:porti%seeee", l.to.port))}
		}},
		{"tracker's answer, a name", func(l *lure) {
			l.hint.Trackers = []string{l.answer(fmt.Sprintf("d8:intervali60e5:peersld2:ip9:localhost4:port%d:%seee", len(l.to.port), l.to.port))}
		}},
		{"tracker's answer, UDP", func(l *lure) { l.hint.Trackers = []string{l.udpTracker()} }},
		{"tracker's redirect", func(l *lure) { l.hint.Trackers = []string{l.redirect() + "/announce"} }},
		{"web seed's redirect", func(l *lure) { l.hint.WebSeeds = []string{l.redirect() + "/a"} }},
		{"peer exchange", func(l *lure) { l.hint.Peers = []string{l.gossip()} }},
		{"DHT", func(l *lure) {
			node := peer.FakeNode(l.t, l.to.addr)
			l.net.open(node)
			l.cfg.Listen, l.cfg.DHT = "127.0.0.1:0", &peer.DHTConfig{Bootstrap: []string{node}}
		}},
		{"local network", func(l *lure) {
			l.then = func(h *peer.Host) { h.FoundLocally(l.mt.Info.ID().Wire(), l.to.addr) }
		}},
	} {
		for _, private := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, allowed %v", tt.name, private), func(t *testing.T) {
				t.Parallel()
				w := &world{
					Guard: netguard.New(netguard.Policy{AllowPrivate: private}), public: map[string]bool{}, refused: map[string]int{},
				}
				mt, err := metainfo.Make(t.Context(), metainfo.MakeOptions{
					FS: fstest.MapFS{"a": {Data: []byte(t.Name())}}, Root: "a", Version: metainfo.V1,
				})
				if err != nil {
					t.Fatal(err)
				}
				l := &lure{t: t, net: w, to: newVictim(t), mt: mt, cfg: peer.HostConfig{Network: w}}
				tt.lay(l)
				end := l.follow()
				if private {
					if !l.to.heard(20 * time.Second) {
						t.Error("nobody came, though it is allowed")
					}
					end()
					return
				}
				for late := time.Now().Add(time.Minute); w.refusals(l.to.port) == 0; time.Sleep(5 * time.Millisecond) {
					if time.Now().After(late) {
						t.Fatal("nothing was refused")
					}
				}
				end()
				if n := w.Refused(); n < 1 {
					t.Errorf("%d refusals are counted", n)
				}
				if l.to.heard(50 * time.Millisecond) {
					t.Error("somebody came")
				}
			})
		}
	}
}

// follow has a reader want the torrent. What it returns ends all, and waits for that.
func (l *lure) follow() (end func()) {
	l.t.Helper()
	pool := cache.NewPool(64 << 20)
	store, err := cache.Open(cache.Config{MemoryBytes: 64 << 20, Pool: pool})
	if err != nil {
		l.t.Fatal(err)
	}
	host, err := peer.NewHost(l.cfg)
	if err != nil {
		l.t.Fatal(err)
	}
	web := webseed.NewClient(l.net, contact.NewGate())
	s, err := fetch.NewSession(fetch.Config{Host: host, Store: store, Pool: pool, WebSeeds: web, Memory: 64 << 20})
	if err != nil {
		l.t.Fatal(err)
	}
	ended := sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := errors.Join(s.Close(ctx), host.Close(ctx), store.Close()); err != nil {
			l.t.Error(err)
		}
		web.Close()
	})
	l.t.Cleanup(ended)
	ih, err := s.Add(l.t.Context(), l.mt)
	if err != nil {
		l.t.Fatal(err)
	}
	c, err := s.Open(context.Background(), ih, l.hint, &l.mt.Info.Files[0], 0, 1)
	if err != nil {
		l.t.Fatal(err)
	}
	if l.then != nil {
		l.then(host)
	}
	return func() { c.Close(); ended() }
}
