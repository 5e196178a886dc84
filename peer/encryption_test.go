package peer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anacrolix/torrent/mse"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/wire"
)

// TestEncryption is the table of both ends' policies: whether the content comes,
// with what on the wire, and how many round trips its handshake takes more.
func TestEncryption(t *testing.T) {
	const rtt = 100 * time.Millisecond
	for _, tt := range []struct {
		ours, theirs Encryption
		fails        bool
		encrypted    bool
		more         time.Duration
	}{
		{ours: EncryptionPrefer, theirs: EncryptionPrefer},
		{ours: EncryptionPrefer, theirs: EncryptionOff},
		{ours: EncryptionOff, theirs: EncryptionPrefer},
		{ours: EncryptionOff, theirs: EncryptionOff},
		{ours: EncryptionRequire, theirs: EncryptionPrefer, encrypted: true, more: rtt},
		{ours: EncryptionRequire, theirs: EncryptionRequire, encrypted: true, more: rtt},
		{ours: EncryptionRequire, theirs: EncryptionOff, fails: true},
		{ours: EncryptionOff, theirs: EncryptionRequire, fails: true},
		// two round trips until it hangs up, and the encrypted handshake's
		{ours: EncryptionPrefer, theirs: EncryptionRequire, encrypted: true, more: 3 * rtt},
	} {
		t.Run(fmt.Sprintf("%d to %d", tt.ours, tt.theirs), func(t *testing.T) {
			tor, data := content(t, 1<<20+5, 256<<10)
			inWorld(t, rtt, HostConfig{Encryption: tt.theirs}, func(w *world) {
				t := w.t
				gives := swarm(t, w.host, tor, seed(tor.Info, data))
				h := newTestHost(t, HostConfig{Network: w.net.Host(simnet.HostConfig{}), Encryption: tt.ours})
				defer closeHost(h)
				st := leech(tor.Info)
				takes := swarm(t, h, tor, st)
				begun := time.Now()
				takes.AddPeers(book.SourceTracker, w.here.AddrPort(ourPort))
				takes.SetWanted(true)
				if tt.fails {
					time.Sleep(time.Minute)
					if s := takes.Stats(); s.Connected != 0 || s.DialError == "" {
						t.Errorf("%+v", s)
					}
					return
				}
				st.wait(t, time.Minute)
				// TCP, handshake, requests, and a window of the rest
				if took := time.Since(begun); took < 3*rtt+tt.more || took > 5*rtt+tt.more {
					t.Errorf("took %v", took)
				}
				if !bytes.Equal(st.data, data) {
					t.Error("other bytes")
				}
				for _, s := range []*Swarm{gives, takes} {
					if n := s.Stats().Encrypted; (n == 1) != tt.encrypted {
						t.Errorf("%d encrypted", n)
					}
				}
			})
		})
	}
}

// TestEncryptedMannerIsRemembered: who hung up on plain once is dialled encrypted
// the next time.
func TestEncryptedMannerIsRemembered(t *testing.T) {
	const rtt = 100 * time.Millisecond
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, rtt, HostConfig{Encryption: EncryptionRequire}, func(w *world) {
		swarm(t, w.host, tor, seed(tor.Info, data))
		h := newTestHost(t, HostConfig{Network: w.net.Host(simnet.HostConfig{})})
		defer closeHost(h)
		s := swarm(t, h, tor, leech(tor.Info))
		s.AddPeers(book.SourceTracker, w.here.AddrPort(ourPort))
		s.SetWanted(true)
		time.Sleep(6 * rtt)
		one(t, s).Close(io.EOF)
		time.Sleep(book.Backoff(1) + 3*rtt + rtt/2) // it was of no use
		if st := s.Stats(); st.Encrypted != 1 {
			t.Errorf("%+v", st)
		}
		if n := w.host.Stats().Refused; n != 1 {
			t.Errorf("%d connections refused, want the first", n)
		}
	})
}

// speechless is a peer that requires encryption, and says nothing to a plain handshake, as rain
// does; with deaf it says nothing to an encrypted one.
type speechless struct {
	addr  netip.AddrPort
	plain atomic.Int32 // connections that began so
	other atomic.Int32 // connections that did not
	deaf  bool
	blind bool // it does not look at what comes, and takes all for a key: anacrolix/torrent where it requires encryption
}

// protocol is what a plain handshake begins with (BEP 3).
const protocol = "\x13BitTorrent protocol"

func (w *world) speechless(tor *metainfo.Torrent, deaf bool) *speechless {
	return w.speaks(tor, &speechless{deaf: deaf})
}

// speaks starts a peer that listens.
func (w *world) speaks(tor *metainfo.Torrent, m *speechless) *speechless {
	h := w.net.Host(simnet.HostConfig{})
	l, err := h.Listen(context.Background(), "tcp", ":6881")
	if err != nil {
		w.t.Fatal(err)
	}
	m.addr = h.AddrPort(6881)
	hash := tor.Info.Hashes()[0].Wire()
	var all sync.WaitGroup
	all.Go(func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer nc.Close()
				first := make([]byte, len(protocol)) // all of it: a key begins with its first byte once in 256 times
				if _, err := io.ReadFull(nc, first); err != nil {
					return
				}
				rw := struct {
					io.Reader
					io.Writer
				}{io.MultiReader(bytes.NewReader(first), nc), nc}
				plain := string(first) == protocol
				if plain {
					m.plain.Add(1)
				} else {
					m.other.Add(1)
				}
				if plain != m.deaf && !m.blind {
					_, _ = io.Copy(io.Discard, nc)
					return
				}
				f := &fake{hash: hash, id: fakeID}
				f.bits = wire.NewHandshake(hash, f.id).Reserved
				var out io.ReadWriter = rw
				if !m.deaf {
					if out, _, err = mse.ReceiveHandshake(context.Background(), rw, func(try func([]byte) bool) { try(hash[:]) }, mse.DefaultCryptoSelector); err != nil {
						return
					}
				}
				if _, err := io.ReadFull(out, make([]byte, wire.HandshakeLen)); err == nil {
					_, _ = out.Write(append(f.handshake(), wire.AppendSimple(nil, wire.HaveNone)...))
					_, _ = io.Copy(io.Discard, out)
				}
			})
		}
	})
	w.t.Cleanup(all.Wait)
	w.t.Cleanup(func() { l.Close() })
	return m
}

// TestSilentOnPlain: a peer that keeps a plain connection open and says nothing is tried
// encrypted after plainPatience, and at once the next time, by another torrent too.
func TestSilentOnPlain(t *testing.T) {
	const rtt = 100 * time.Millisecond
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, rtt, HostConfig{}, func(w *world) {
		m := w.speechless(tor, false)
		s := swarm(w.t, w.host, tor, leech(tor.Info))
		s.AddPeers(book.SourceTracker, m.addr)
		s.SetWanted(true)
		// TCP, the wait, TCP, the encrypted handshake with ours in it
		time.Sleep(rtt + plainPatience + 2*rtt - time.Millisecond)
		if st := s.Stats(); st.Connected != 0 || m.plain.Load() != 1 {
			t.Errorf("too early: %+v, %d plain", st, m.plain.Load())
		}
		time.Sleep(rtt + 2*time.Millisecond)
		if st := s.Stats(); st.Encrypted != 1 {
			t.Fatalf("%+v", st)
		}
		one(w.t, s).Close(io.EOF)
		time.Sleep(book.Backoff(1) + 4*rtt)
		if st := s.Stats(); st.Encrypted != 1 || m.plain.Load() != 1 || m.other.Load() != 2 {
			t.Errorf("%+v, %d plain, %d not", st, m.plain.Load(), m.other.Load())
		}
		if w.host.manners.Of(m.addr) != book.EncryptedManner {
			t.Error("not remembered for other torrents")
		}
	})
}

// TestKeyForPlain: a peer that answers a plain handshake with its key is tried encrypted soon, and at once the next time.
func TestKeyForPlain(t *testing.T) {
	const rtt = 100 * time.Millisecond
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, rtt, HostConfig{}, func(w *world) {
		m := w.speaks(tor, &speechless{blind: true})
		s := swarm(w.t, w.host, tor, leech(tor.Info))
		s.AddPeers(book.SourceTracker, m.addr)
		s.SetWanted(true)
		time.Sleep(plainPatience + 6*rtt)
		if st := s.Stats(); st.Encrypted != 1 || m.plain.Load() > 1 {
			t.Fatalf("%+v, %d plain, %d not", st, m.plain.Load(), m.other.Load())
		}
		one(w.t, s).Close(io.EOF)
		time.Sleep(book.Backoff(1) + 4*rtt)
		if st := s.Stats(); st.Encrypted != 1 || m.plain.Load() > 1 {
			t.Errorf("%+v, %d plain, %d not", st, m.plain.Load(), m.other.Load())
		}
	})
}

func TestMayBeKey(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "\x13BitTorrent prot": false, "SSH-2.0-OpenSSH_9.2\r\n": false, "HTTP/1.1 400 Bad Request\r\n": false, "220 ready\r\n": false,
		"\x00": true, "\x13Bit\xff": true, "\xd1\x02abcdefgh": true, "abc\x80": true,
	} {
		if got := mayBeKey([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestSilentOnEncrypted: a peer that required encryption and no longer takes it is tried
// in plain; one that was plain, and says nothing any more, encrypted the next time.
func TestSilentOnEncrypted(t *testing.T) {
	const rtt = 100 * time.Millisecond
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, rtt, HostConfig{}, func(w *world) {
		m := w.speechless(tor, true)
		w.host.manners.Learn(m.addr, book.EncryptedManner)
		s := swarm(w.t, w.host, tor, leech(tor.Info))
		s.AddPeers(book.SourceTracker, m.addr)
		s.SetWanted(true)
		time.Sleep(rtt + handshakeTimeout + 3*rtt)
		if st := s.Stats(); st.Connected != 1 || st.Encrypted != 0 || m.other.Load() != 1 {
			t.Fatalf("%+v, %d not plain", st, m.other.Load())
		}
		if w.host.manners.Of(m.addr) != book.UnknownManner {
			t.Error("still held to require encryption")
		}
	})
	t.Run("was plain", func(t *testing.T) {
		inWorld(t, rtt, HostConfig{}, func(w *world) {
			m := w.speechless(tor, false)
			s := swarm(w.t, w.host, tor, leech(tor.Info))
			s.AddPeers(book.SourceTracker, m.addr)
			s.mu.Lock()
			s.book.Add(time.Now(), book.SourceLSD, m.addr).Manner = book.PlainManner
			s.mu.Unlock()
			s.SetWanted(true)
			time.Sleep(rtt + handshakeTimeout + book.Backoff(1)*3/2 + plainPatience + 5*rtt)
			if st := s.Stats(); st.Encrypted != 1 || m.plain.Load() != 2 {
				t.Errorf("%+v, %d plain", st, m.plain.Load())
			}
		})
	})
}

// TestSlowHandshake: a peer that takes longer than plainPatience for its handshake, and
// speaks plain alone, has all of handshakeTimeout once encrypted was tried in vain.
func TestSlowHandshake(t *testing.T) {
	const rtt = 100 * time.Millisecond
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, rtt, HostConfig{}, func(w *world) {
		b := simnet.Behaviour{HandshakeDelay: plainPatience + 2*time.Second}
		x, err := simnet.NewSeed(w.net.Host(simnet.HostConfig{}), simnet.SeedConfig{
			InfoHash: tor.Info.Hashes()[0].Wire(), Content: bytes.NewReader(make([]byte, 1<<20)), Size: 1 << 20, PieceLength: 256 << 10, Behaviour: b,
		})
		if err != nil {
			t.Fatal(err)
		}
		w.t.Cleanup(x.Close)
		s := swarm(w.t, w.host, tor, leech(tor.Info))
		s.AddPeers(book.SourceTracker, netip.MustParseAddrPort(x.Addr()))
		s.SetWanted(true)
		time.Sleep(plainPatience + book.Backoff(1)*3/2 + b.HandshakeDelay + 10*rtt)
		if st := s.Stats(); st.Connected != 1 || st.Encrypted != 0 {
			t.Errorf("%+v", st)
		}
	})
}

// TestEncryptedStrangers: what begins like an encrypted handshake and is none
// ends in time, and there are only so many at once.
func TestEncryptedStrangers(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		swarm(t, w.host, tor, seed(tor.Info, data))
		for _, junk := range [][]byte{
			[]byte("GET / HTTP/1.1\r\n\r\n"),       // less than a key
			bytes.Repeat([]byte{0xff}, 96),         // a key alone
			bytes.Repeat([]byte{0}, 96+532+1),      // no synchronisation
			bytes.Repeat([]byte{0xfe}, 70000),      // more than there can be
			append(make([]byte, 96), "\x13Bit"...), // a key of zero
		} {
			begun := time.Now()
			f := w.call(nil)
			f.write(junk)
			if _, err := io.Copy(io.Discard, f.r); err != nil {
				t.Logf("%d bytes: %v", len(junk), err)
			}
			if took := time.Since(begun); took > handshakeTimeout+time.Second {
				t.Errorf("%d bytes of junk keep a connection for %v", len(junk), took)
			}
		}
		var all []*fake
		for range maxDecrypting + 5 {
			f := w.call(nil)
			f.write(bytes.Repeat([]byte{0xff}, 96))
			all = append(all, f)
		}
		time.Sleep(time.Second)
		if n := w.host.Stats().NoRoom; n != 5 {
			t.Errorf("%d refused beyond %d handshakes at once", n, maxDecrypting)
		}
		for _, f := range all {
			f.nc.Close()
		}
		time.Sleep(time.Second)
	})
}

// TestEncryptedInitialPayload: the handshake of BitTorrent may come with the
// encrypted one or behind it, and more with it; plain is chosen where it is
// offered.
func TestEncryptedInitialPayload(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	hash := tor.Info.Hashes()[0].Wire()
	for _, tt := range []struct {
		name     string
		provides mse.CryptoMethod
		inside   int // so many bytes of the handshake and what follows it
		want     mse.CryptoMethod
	}{
		{"all of it", mse.AllSupportedCrypto, 68, mse.CryptoMethodPlaintext},
		{"none of it", mse.AllSupportedCrypto, 0, mse.CryptoMethodPlaintext},
		{"a part of it", mse.CryptoMethodRC4, 30, mse.CryptoMethodRC4},
		{"more than it", mse.CryptoMethodRC4, 73, mse.CryptoMethodRC4},
		{"more than it, then plain", mse.CryptoMethodPlaintext, 70, mse.CryptoMethodPlaintext},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
				t := w.t
				swarm(t, w.host, tor, seed(tor.Info, data))
				f := w.call(tor)
				out := append(f.handshake(), wire.AppendSimple(nil, wire.Interested)...)
				rw, method, err := mse.InitiateHandshake(f.nc, hash[:], out[:tt.inside], tt.provides)
				if err != nil || method != tt.want {
					t.Fatalf("%v, %v", method, err)
				}
				f.r.Reset(rw)
				if _, err := rw.Write(out[tt.inside:]); err != nil {
					t.Fatal(err)
				}
				f.readHandshake()
				f.expect(wire.HaveAll)
				f.expect(wire.Unchoke)
				b := tor.Info.Block(1, 2)
				if _, err := rw.Write(request(b)); err != nil {
					t.Fatal(err)
				}
				at := tor.Info.PieceOffset(1) + int64(b.Begin)
				if got := f.expect(wire.Piece); !bytes.Equal(got[8:], data[at:at+int64(b.Length)]) {
					t.Error("other bytes")
				}
			})
		})
	}
}

// FuzzGreeting: whatever a stranger begins a connection with, in plain, instead of
// an encrypted handshake, or within one, is a handshake for us or an error, and
// ends.
func FuzzGreeting(f *testing.F) {
	hash := [20]byte{7}
	hello := wire.AppendHandshake(nil, wire.NewHandshake(hash, fakeID))
	f.Add(uint8(0), hello)
	f.Add(uint8(0), bytes.Repeat([]byte{0xff}, 96+600))
	f.Add(uint8(1), hello)
	f.Add(uint8(2), append(hello, "more"...))
	f.Add(uint8(3), []byte("no handshake"))
	f.Add(uint8(4), hello[:20])
	f.Fuzz(func(t *testing.T, provides uint8, data []byte) {
		if len(data) > 1<<16-1 {
			return
		}
		h, err := NewHost(HostConfig{Network: loopback{}})
		if err != nil {
			t.Fatal(err)
		}
		h.swarms[hash] = nil
		ours, theirs := net.Pipe()
		var both sync.WaitGroup
		both.Go(func() {
			defer theirs.Close()
			if provides == 0 {
				both.Go(func() { _, _ = io.Copy(io.Discard, theirs) })
				_, _ = theirs.Write(data)
				return
			}
			_, _, _ = mse.InitiateHandshake(theirs, hash[:], data, mse.CryptoMethod(provides))
		})
		_, got, err := h.greeted(ours, time.Now().Add(handshakeTimeout))
		ours.Close()
		both.Wait()
		if err == nil && (len(data) < len(hello) || got != mustParse(data)) {
			t.Fatalf("%x for %x", got, data)
		}
	})
}

func mustParse(b []byte) wire.Handshake {
	h, err := wire.ParseHandshake(b)
	if err != nil {
		panic(err)
	}
	return h
}
