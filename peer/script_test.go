package peer

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// A world is a simulated network with a Host of ours on it, in virtual time.
type world struct {
	t    *testing.T
	net  *simnet.Network
	here *simnet.Host
	host *Host
	rtt  time.Duration
}

const ourPort = 42069

// inWorld runs a test in a bubble, beside others, and waits for the end of all
// that it began. It is for once a test.
func inWorld(t *testing.T, rtt time.Duration, cfg HostConfig, test func(w *world)) {
	t.Helper()
	t.Parallel()
	bubble.Test(t, func(t *testing.T) {
		w := &world{t: t, net: simnet.New(simnet.Config{RTT: rtt}), rtt: rtt}
		w.here = w.net.Host(simnet.HostConfig{})
		cfg.Network = w.here
		cfg.Listen = ":42069"
		cfg.PeerID = [20]byte([]byte("-GW0100-mmmmmmmmmmmm"))
		w.host = newTestHost(t, cfg)
		test(w)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		w.host.Close(ctx)
	})
}

// at checks how much virtual time has gone by since begun.
func (w *world) at(begun time.Time, want time.Duration, what string) {
	w.t.Helper()
	if got := time.Since(begun); got != want {
		w.t.Errorf("%s after %v, want %v", what, got, want)
	}
}

// A fake is a peer that does what its test says.
type fake struct {
	t    *testing.T
	nc   net.Conn
	r    *bufio.Reader
	hash [20]byte
	id   [20]byte
	bits [8]byte // reserved
}

var fakeID = [20]byte([]byte("-XX0001-ffffffffffff"))

// listen waits on a new host for a connection of ours.
func (w *world) listen(tor *metainfo.Torrent) (netip.AddrPort, func() *fake) {
	h := w.net.Host(simnet.HostConfig{})
	l, err := h.Listen(context.Background(), "tcp", ":6881")
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { l.Close() })
	return h.AddrPort(6881), func() *fake {
		nc, err := l.Accept()
		if err != nil {
			w.t.Fatal(err)
		}
		return w.fake(nc, tor)
	}
}

// call connects to us from a new host.
func (w *world) call(tor *metainfo.Torrent) *fake {
	w.t.Helper()
	return w.callFrom(w.net.Host(simnet.HostConfig{}), tor)
}

func (w *world) callFrom(h *simnet.Host, tor *metainfo.Torrent) *fake {
	w.t.Helper()
	nc, err := h.DialContext(context.Background(), "tcp", w.here.AddrPort(ourPort).String())
	if err != nil {
		w.t.Fatal(err)
	}
	return w.fake(nc, tor)
}

func (w *world) fake(nc net.Conn, tor *metainfo.Torrent) *fake {
	f := &fake{t: w.t, nc: nc, r: bufio.NewReaderSize(nc, 1<<20), id: fakeID}
	f.bits = wire.NewHandshake(f.hash, f.id).Reserved
	if tor != nil {
		f.hash = tor.Info.Hashes()[0].Wire()
	}
	w.t.Cleanup(func() { nc.Close() })
	return f
}

func (f *fake) handshake() []byte {
	return wire.AppendHandshake(nil, wire.Handshake{Reserved: f.bits, InfoHash: f.hash, PeerID: f.id})
}

func (f *fake) write(b []byte) {
	f.t.Helper()
	if _, err := f.nc.Write(b); err != nil {
		f.t.Fatal(err)
	}
}

// greet sends the fake's handshake with rest, and reads ours.
func (f *fake) greet(rest ...byte) {
	f.t.Helper()
	f.write(append(f.handshake(), rest...))
	f.readHandshake()
}

func (f *fake) readHandshake() wire.Handshake {
	f.t.Helper()
	var b [wire.HandshakeLen]byte
	if _, err := io.ReadFull(f.r, b[:]); err != nil {
		f.t.Fatalf("reading our handshake: %v", err)
	}
	h, err := wire.ParseHandshake(b[:])
	if err != nil {
		f.t.Fatal(err)
	}
	return h
}

// A msg is a message that the fake received.
type msg struct {
	id      wire.ID
	payload []byte
}

// next reads a message, keep-alives included.
func (f *fake) next() (msg, error) {
	var head [4]byte
	if _, err := io.ReadFull(f.r, head[:]); err != nil {
		return msg{}, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n == 0 {
		return msg{id: wire.KeepAlive}, nil
	}
	if string(head[:]) == "\x13Bit" { // a handshake that nobody read
		if _, err := f.r.Discard(wire.HandshakeLen - len(head)); err != nil {
			return msg{}, err
		}
		return f.next()
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(f.r, b); err != nil {
		return msg{}, err
	}
	return msg{id: wire.ID(b[0]), payload: b[1:]}, nil
}

// expect reads messages up to one of a kind, which it returns.
func (f *fake) expect(id wire.ID) []byte {
	f.t.Helper()
	for {
		m, err := f.next()
		if err != nil {
			f.t.Fatalf("waiting for %s: %v", id, err)
		}
		if m.id == id {
			return m.payload
		}
	}
}

// expectBlock is expect for messages that name a block.
func (f *fake) expectBlock(id wire.ID, want metainfo.Block) {
	f.t.Helper()
	if got := metainfo.Block(wire.ParseBlock(f.expect(id))); got != want {
		f.t.Fatalf("%s %+v, want %+v", id, got, want)
	}
}

// extended reads up to an extension message of an id.
func (f *fake) extended(id uint8) []byte {
	f.t.Helper()
	for {
		if got, body := wire.ParseExtended(f.expect(wire.Extended)); got == id {
			return body
		}
	}
}

// quiet reads for d and returns what came, keep-alives left out.
func (f *fake) quiet(d time.Duration) (all []msg, err error) {
	f.nc.SetReadDeadline(time.Now().Add(d))
	defer f.nc.SetReadDeadline(time.Time{})
	for {
		m, err := f.next()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		if m.id != wire.KeepAlive {
			all = append(all, m)
		}
	}
}

// none checks that nothing of a kind comes within d.
func (f *fake) none(id wire.ID, d time.Duration) {
	f.t.Helper()
	all, err := f.quiet(d)
	if err != nil {
		f.t.Fatalf("waiting for the absence of %s: %v", id, err)
	}
	for _, m := range all {
		if m.id == id {
			f.t.Fatalf("%s came: %x", id, m.payload)
		}
	}
}

// closed checks that we close the connection within d.
func (f *fake) closed(d time.Duration) {
	f.t.Helper()
	if _, err := f.quiet(d); err == nil {
		f.t.Fatalf("connection still open after %v", d)
	}
}

// kinds names the messages, for comparison.
func kinds(all []msg) (out []string) {
	for _, m := range all {
		out = append(out, m.id.String())
	}
	return out
}

// one returns the only connection of a swarm.
func one(t *testing.T, s *Swarm) *Conn {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.conns) != 1 {
		t.Fatalf("%d connections, want 1", len(s.conns))
	}
	return s.conns[0]
}
