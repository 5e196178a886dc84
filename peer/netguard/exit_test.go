package netguard

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/peer/netguard/socks5"
)

func TestParseBind(t *testing.T) {
	for text, want := range map[string]string{
		"10.8.0.2": "10.8.0.2", "::ffff:10.8.0.2": "10.8.0.2", "fd00::2": "fd00::2", "tun0": "tun0",
		"": "", "0.0.0.0": "", "::": "", "224.0.0.1": "", "a/b": "", "10.8.0.2:80": "", strings.Repeat("x", 200): "",
	} {
		b, err := ParseBind(text)
		if (err == nil) != (want != "") || err == nil && b.String() != want {
			t.Errorf("%q: %v, %v", text, b, err)
		}
	}
}

func TestParseProxy(t *testing.T) {
	for text, want := range map[string]string{
		"socks5://127.0.0.1:9050": "127.0.0.1:9050", "socks5h://user:pass@proxy.example": "proxy.example:1080", "socks5://[::1]": "[::1]:1080",
		"": "", "http://127.0.0.1:80": "", "127.0.0.1:1080": "", "socks5://": "", "socks5://host/path": "", "socks5://host?x": "",
		"socks5://" + strings.Repeat("u", 256) + "@host": "",
	} {
		p, err := ParseProxy(text)
		if (err == nil) != (want != "") || err == nil && p.String() != want {
			t.Errorf("%q: %v, %v", text, p, err)
		}
	}
	if _, err := ParseProxy("socks5://user:secret@host/path"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v tells the password", err)
	}
	p, err := ParseProxy("socks5://us%40er:pa%3Ass@host")
	if err != nil || p.user != (socks5.User{Name: "us@er", Password: "pa:ss"}) {
		t.Errorf("%v", err)
	}
}

// A bound socket has the address, and nothing of the other family leaves.
func TestBindAddress(t *testing.T) {
	bind, err := ParseBind("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	g := New(Policy{AllowPrivate: true, Bind: bind})
	ln, err := g.Listen(t.Context(), "tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if at := netip.MustParseAddrPort(ln.Addr().String()); at.Addr() != netip.MustParseAddr("127.0.0.1") {
		t.Errorf("it listens on %v", at)
	}
	nc, err := g.DialContext(t.Context(), "tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	nc.Close()
	if _, err := g.DialContext(t.Context(), "tcp", "[::1]:80"); !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("IPv6: %v", err)
	}
	if _, err := g.ListenPacket(t.Context(), "udp6", ":0"); !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("datagrams over IPv6: %v", err)
	}
	pc, err := g.ListenPacket(t.Context(), "udp4", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer pc.Close()
	if at := netip.MustParseAddrPort(pc.LocalAddr().String()); at.Addr() != netip.MustParseAddr("127.0.0.1") {
		t.Errorf("datagrams leave from %v", at)
	}
}

// While there is no such interface or address, no socket is made.
func TestBindIsNotThere(t *testing.T) {
	for _, text := range []string{"no-such-if0", "192.0.2.77"} {
		bind, err := ParseBind(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := bind.Check(); !errors.Is(err, syscall.EADDRNOTAVAIL) {
			t.Errorf("%s: is there, %v", text, err)
		}
		g := New(Policy{AllowPrivate: true, Bind: bind})
		if nc, err := g.DialContext(t.Context(), "tcp", "127.0.0.1:9"); !errors.Is(err, syscall.EADDRNOTAVAIL) {
			t.Errorf("%s: dialled %v, %v", text, nc, err)
		}
		if ln, err := g.Listen(t.Context(), "tcp4", ":0"); !errors.Is(err, syscall.EADDRNOTAVAIL) {
			t.Errorf("%s: listens %v, %v", text, ln, err)
		}
		if pc, err := g.ListenPacket(t.Context(), "udp4", ":0"); !errors.Is(err, syscall.EADDRNOTAVAIL) {
			t.Errorf("%s: listens %v, %v", text, pc, err)
		}
	}
}

// fakeProxy takes connections until the end of the test; each is answered by serve.
func fakeProxy(t *testing.T, serve func(net.Conn)) *Proxy {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { cancel(); ln.Close(); all.Wait() })
	all.Go(func() {
		for {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer nc.Close()
				defer context.AfterFunc(ctx, func() { nc.Close() })()
				serve(nc)
			})
		}
	})
	p, err := ParseProxy("socks5://" + ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// takes reads a greeting and a request, and gives the request.
func takes(nc net.Conn) ([]byte, error) {
	greeting := make([]byte, 3)
	if _, err := io.ReadFull(nc, greeting); err != nil {
		return nil, err
	}
	if _, err := nc.Write([]byte{5, 0}); err != nil {
		return nil, err
	}
	request := make([]byte, 10)
	_, err := io.ReadFull(nc, request)
	return request, err
}

// What the guard refuses is refused before the proxy hears of it, and the far end of a connection is the host, not the proxy.
func TestProxyIsGuarded(t *testing.T) {
	asked := make(chan string, 10)
	p := fakeProxy(t, func(nc net.Conn) {
		request, err := takes(nc)
		if err != nil {
			return
		}
		asked <- string(request)
		_, _ = nc.Write([]byte("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00hello"))
	})
	g := New(Policy{Proxy: p})
	for _, address := range []string{"127.0.0.1:80", "10.0.0.1:80", "169.254.169.254:80", "[::1]:80", "20.1.2.3:0"} {
		if _, err := g.DialContext(t.Context(), "tcp", address); !errors.As(err, new(*ForbiddenError)) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if len(asked) != 0 {
		t.Errorf("the proxy was asked for %q", <-asked)
	}
	nc, err := g.DialContext(t.Context(), "tcp", "20.1.2.3:6881")
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	b := make([]byte, 5)
	if _, err := io.ReadFull(nc, b); err != nil || string(b) != "hello" || nc.RemoteAddr().String() != "20.1.2.3:6881" {
		t.Errorf("%q from %v: %v", b, nc.RemoteAddr(), err)
	}
	if got := <-asked; got != "\x05\x01\x00\x01\x14\x01\x02\x03\x1a\xe1" {
		t.Errorf("the proxy was asked for %q", got)
	}
	if _, err := g.Listen(t.Context(), "tcp", ":0"); err == nil {
		t.Error("it listens beside the proxy")
	}
}

// A proxy that passes no datagrams on, or hangs up, is not asked again at once. One that is not there says nothing of the hosts
// behind it.
func TestProxyWithoutDatagrams(t *testing.T) {
	for name, reply := range map[string]string{"not supported": "\x05\x07\x00\x01\x00\x00\x00\x00\x00\x00", "hangs up": ""} {
		var asked sync.Map
		p := fakeProxy(t, func(nc net.Conn) {
			asked.Store(nc, true)
			if _, err := takes(nc); err == nil {
				_, _ = nc.Write([]byte(reply))
			}
		})
		g := New(Policy{Proxy: p})
		if err := g.Datagrams(t.Context()); !errors.Is(err, ErrNoDatagrams) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := g.ListenPacket(t.Context(), "udp4", ":0"); !errors.Is(err, ErrNoDatagrams) {
			t.Errorf("%s: %v", name, err)
		}
		count := 0
		asked.Range(func(any, any) bool { count++; return true })
		if count != 1 {
			t.Errorf("%s: it was asked %d times", name, count)
		}
	}
	gone, err := ParseProxy("socks5://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	g := New(Policy{Proxy: gone})
	if _, err := g.DialContext(t.Context(), "tcp", "20.1.2.3:6881"); !errors.As(err, new(*ProxyError)) || !errors.Is(err, syscall.ENETUNREACH) {
		t.Errorf("no proxy: %v", err)
	}
}

// Datagrams go to the proxy and come from it alone, and go on when it ended the way and gives another.
func TestRelay(t *testing.T) {
	far, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	relayAt := netip.MustParseAddrPort(far.LocalAddr().String())
	ways := make(chan net.Conn, 4)
	p := fakeProxy(t, func(nc net.Conn) {
		if _, err := takes(nc); err != nil {
			return
		}
		_, _ = nc.Write(socks5.AppendAddr([]byte{5, 0, 0}, relayAt))
		ways <- nc
		_, _ = io.Copy(io.Discard, nc)
	})
	g := New(Policy{Proxy: p})
	conn, err := g.ListenPacket(t.Context(), "udp4", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	pc := conn.(*PacketConn)
	peer := netip.MustParseAddrPort("20.1.2.3:6881")
	echo := func() error {
		if _, err := pc.WriteToUDPAddrPort([]byte("ping"), peer); err != nil {
			return err
		}
		buf := make([]byte, 100)
		_ = far.SetReadDeadline(time.Now().Add(time.Second))
		n, from, err := far.ReadFromUDPAddrPort(buf)
		if err != nil {
			return err
		}
		payload, to, ok := socks5.ParseDatagram(buf[:n])
		if !ok || to != peer || string(payload) != "ping" {
			t.Errorf("the proxy got %q for %v, %v", payload, to, ok)
		}
		// A stranger's datagram is not the proxy's.
		stranger, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(relayAt.Addr(), from.Port())))
		if err != nil {
			return err
		}
		defer stranger.Close()
		_, _ = stranger.Write(socks5.AppendDatagram(nil, []byte("evil"), peer))
		if _, err := far.WriteToUDPAddrPort(socks5.AppendDatagram(nil, []byte("pong"), peer), from); err != nil {
			return err
		}
		n, of, err := pc.ReadFromUDPAddrPort(buf)
		if err != nil || string(buf[:n]) != "pong" || of != peer {
			t.Errorf("%q of %v, %v", buf[:n], of, err)
		}
		return nil
	}
	if err := echo(); err != nil {
		t.Fatal(err)
	}
	if _, err := pc.WriteToUDPAddrPort([]byte("x"), netip.MustParseAddrPort("127.0.0.1:53")); !errors.As(err, new(*ForbiddenError)) {
		t.Errorf("a forbidden address: %v", err)
	}
	(<-ways).Close()
	<-ways // it asked again
	for end := time.Now().Add(30 * time.Second); ; {
		err := echo()
		if err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}
