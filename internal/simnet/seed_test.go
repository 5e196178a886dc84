package simnet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// The floor of a cold start with known metadata: 3 R + P/B, and the headers of
// the blocks.
func TestSeedServesAtTheFloor(t *testing.T) {
	scene(t, Libtorrent(), func(s *Seed, l *leech) {
		l.shake(s)
		l.until(msgUnchoke)
		// The seed's first messages cross its uplink of 2 MB/s before it has more to say.
		if took := time.Since(l.start); took < 2*rtt || took > 2*rtt+time.Millisecond {
			t.Errorf("unchoke after %v", took)
		}
		asked := time.Now()
		var ask []byte
		for begin := 0; begin < testPieceLength; begin += 16 << 10 {
			ask = append(ask, message(msgRequest, 1, begin, 16<<10)...)
		}
		l.send(ask)
		for begin := 0; begin < testPieceLength; begin += 16 << 10 {
			b := l.until(msgPiece)
			if !bytes.Equal(b[8:], testContent()[testPieceLength+begin:][:16<<10]) || binary.BigEndian.Uint32(b[4:]) != uint32(begin) {
				t.Fatal("wrong block")
			}
		}
		want(t, "piece", time.Since(asked), rtt+(testPieceLength+4*13)*time.Second/2e6)
		l.send(message(msgRequest, 1, 0, 16<<10))
		l.until(msgPiece)
		if st := s.Stats(); st.Requests != 5 || st.Duplicates != 1 || st.Blocks != 5 || st.Open != 1 {
			t.Errorf("%+v", st)
		}
		if r := s.Requests(); len(r) != 5 || r[3].Begin != 3*16384 || r[3].Choked {
			t.Errorf("%+v", r)
		}
	})
}

func TestSeedMetadata(t *testing.T) {
	hello := payload(msgExtended, []byte("\x00d1:md11:ut_metadatai9eee"))
	ask := func(i int) []byte {
		return payload(msgExtended, fmt.Appendf([]byte{seedMetadataID}, "d8:msg_typei0e5:piecei%dee", i))
	}
	scene(t, Behaviour{}, func(s *Seed, l *leech) {
		l.shake(s)
		v, _, err := bdecode(l.until(msgExtended)[1:])
		if size := v.(map[string]any)["metadata_size"]; err != nil || size != len(testInfo()) {
			t.Fatalf("extension handshake %v, %v", v, err)
		}
		l.send(hello, ask(0), ask(1), ask(2), ask(3))
		var info []byte
		for range 3 {
			b := l.until(msgExtended)
			_, data, err := bdecode(b[1:])
			if b[0] != 9 || err != nil {
				t.Fatalf("answer to %d: %v", b[0], err)
			}
			info = append(info, data...)
		}
		if !bytes.Equal(info, testInfo()) {
			t.Error("another info dictionary")
		}
		if v, _, _ := bdecode(l.until(msgExtended)[1:]); v.(map[string]any)["msg_type"] != 2 {
			t.Errorf("beyond the end: %v", v)
		}
	})
	for kind, wantKind := range map[Metadata]int{RejectMetadata: 2, CorruptMetadata: 1, WrongSizeMetadata: 1} {
		scene(t, Behaviour{Metadata: kind}, func(s *Seed, l *leech) {
			l.shake(s)
			l.until(msgExtended)
			l.send(hello, ask(2))
			v, data, _ := bdecode(l.until(msgExtended)[1:])
			if v.(map[string]any)["msg_type"] != wantKind {
				t.Errorf("%v: %v", kind, v)
			}
			if kind == CorruptMetadata && bytes.HasSuffix(testInfo(), data) {
				t.Error("the metadata is right")
			}
		})
	}
}

// What closes the connection, after how long.
func TestSeedCloses(t *testing.T) {
	block := message(msgRequest, 0, 0, 16<<10)
	for name, c := range map[string]struct {
		Behaviour
		flight []byte // with the handshake
		first  []byte // after the Seed's first messages
	}{
		"aria2, more than a handshake":     {Aria2(), message(msgInterested), nil},
		"aria2, request while choked":      {Aria2(), nil, block},
		"libtorrent, request while choked": {with(Libtorrent(), func(b *Behaviour) { b.Unchoke = NeverUnchoke }), nil, block},
		"anacrolix, beyond the end":        {Anacrolix(), nil, message(msgRequest, 5, 16384, 16384)},
		"rqbit, not aligned":               {Rqbit(), nil, message(msgRequest, 0, 1, 16384)},
		"nonsense":                         {Behaviour{}, nil, message(msgRequest, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			scene(t, c.Behaviour, func(s *Seed, l *leech) {
				if c.flight != nil {
					l.Conn.Close()
					var err error
					h := s.Host().net.Host(HostConfig{})
					if l.Conn, err = h.DialContext(l.Context(), "tcp", s.Addr()); err != nil {
						t.Fatal(err)
					}
					l.send(s.greeting(), c.flight)
				} else {
					l.shake(s)
					l.send(c.first)
				}
				l.ended()
				if st := s.Stats(); st.Offences != 1 || st.Open != 0 || st.Blocks != 0 {
					t.Errorf("%+v", st)
				}
			})
		})
	}
}

func with(b Behaviour, change func(*Behaviour)) Behaviour {
	change(&b)
	return b
}

func TestSeedRejects(t *testing.T) {
	scene(t, Behaviour{AllowedFast: []int{2}, Unchoke: NeverUnchoke}, func(s *Seed, l *leech) {
		l.shake(s)
		if i := l.until(msgAllowedFast); i[3] != 2 {
			t.Errorf("allowed fast %v", i)
		}
		l.send(message(msgRequest, 0, 0, 16384), message(msgRequest, 2, 0, 16384), message(msgRequest, 9, 0, 16384))
		kinds := ""
		for range 3 {
			k, body := l.next()
			kinds += fmt.Sprintln(k, body[3])
		}
		if want := "16 0\n16 9\n7 2\n"; kinds != want { // messages go before blocks
			t.Errorf("answers:\n%s", kinds)
		}
	})
}

// Transmission: handshake after 0.35 s, the rest after 0.85 s, unchoke at the
// 10 s tick, blocks 0.4 s after their request; cancels in that time count.
func TestSeedTransmission(t *testing.T) {
	scene(t, Transmission(), func(s *Seed, l *leech) {
		l.send(message(msgInterested))
		l.shake(s)
		near := func(what string, exact time.Duration) {
			t.Helper()
			if took := time.Since(l.start); took < exact || took > exact+time.Millisecond {
				t.Errorf("%s after %v, want %v", what, took, exact)
			}
		}
		near("handshake", 2*rtt+350*time.Millisecond)
		l.until(msgHaveAll)
		near("first messages", 2*rtt+850*time.Millisecond)
		l.until(msgUnchoke)
		near("unchoke", 10*time.Second+rtt/2)
		asked := time.Now()
		l.send(message(msgRequest, 0, 0, 16384), message(msgRequest, 0, 16384, 16384), message(msgCancel, 0, 16384, 16384))
		if r := l.until(msgReject); r[6] != 64 {
			t.Errorf("reject of the cancelled block: %v", r)
		}
		l.until(msgPiece)
		want(t, "block", time.Since(asked), rtt+400*time.Millisecond+(16384+13)*time.Second/2e6)
		if st := s.Stats(); st.Cancels != 1 || st.Blocks != 1 {
			t.Errorf("%+v", st)
		}
	})
}

func TestSeedLiesStallsDies(t *testing.T) {
	ask := bytes.Join([][]byte{message(msgRequest, 0, 0, 16384), message(msgRequest, 0, 16384, 16384), message(msgRequest, 0, 32768, 16384)}, nil)
	wrong := func(b []byte, begin int) (n int) {
		content := testContent()[begin:]
		for i, c := range b[8:] {
			if c != content[i] {
				n++
			}
		}
		return n
	}
	for i, lie := range []func(int, int, []byte){LieEveryBlock, Lie4KiB} {
		scene(t, Behaviour{Lie: lie}, func(s *Seed, l *leech) {
			l.shake(s)
			l.until(msgUnchoke)
			l.send(ask)
			if n := wrong(l.until(msgPiece), 0); n != []int{1, 4}[i] {
				t.Errorf("%d wrong bytes", n)
			}
		})
	}
	scene(t, Behaviour{StallAfter: 2}, func(s *Seed, l *leech) {
		l.shake(s)
		l.until(msgUnchoke)
		l.send(ask)
		l.until(msgPiece)
		l.until(msgPiece)
		l.SetReadDeadline(time.Now().Add(time.Hour))
		if _, err := readMessage(l); err == nil {
			t.Error("a stalled seed speaks")
		}
		l.SetReadDeadline(time.Time{})
		s.Stall(false)
		l.until(msgPiece)
	})
	scene(t, Behaviour{DieAfter: 40000}, func(s *Seed, l *leech) {
		l.shake(s)
		l.until(msgUnchoke)
		l.send(ask)
		l.until(msgPiece)
		l.until(msgPiece)
		l.until(msgPiece)
		l.ended()
		if _, err := s.Host().net.Host(HostConfig{}).DialContext(l.Context(), "tcp", s.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("dialling the dead: %v", err)
		}
	})
}

func TestSeedSlotsAndChoke(t *testing.T) {
	scene(t, Behaviour{Slots: 1}, func(s *Seed, l *leech) {
		l.shake(s)
		l.until(msgUnchoke)
		second := &leech{TB: t, start: time.Now()}
		var err error
		if second.Conn, err = s.Host().net.Host(HostConfig{}).DialContext(l.Context(), "tcp", s.Addr()); err != nil {
			t.Fatal(err)
		}
		defer second.Close()
		second.send(s.greeting())
		second.shake(s)
		second.until(msgHaveAll)
		s.Choke(true)
		l.until(msgChoke)
		s.Choke(false)
		l.until(msgUnchoke)
		l.Close()
		second.until(msgUnchoke)
	})
}

func TestSeedDialsAndGrows(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		me := n.Host(HostConfig{})
		ln := mustListen(t, me)
		s, err := NewSeed(n.Host(HostConfig{}), SeedConfig{
			Addr: "none", Content: bytes.NewReader(testContent()), Size: testSize, PieceLength: testPieceLength,
			Pieces: []int{1, 5},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.Dial(t.Context(), ln.Addr().String()); err != nil {
			t.Fatal(err)
		}
		c, err := ln.Accept()
		if err != nil {
			t.Fatal(err)
		}
		l := &leech{TB: t, Conn: c, start: time.Now()}
		defer l.Close()
		l.shake(s)
		l.send(s.greeting())
		if b := l.until(msgBitfield); !bytes.Equal(b, []byte{0b01000100}) {
			t.Errorf("bitfield %08b", b)
		}
		s.AddPiece(3)
		if b := l.until(msgHave); b[3] != 3 {
			t.Errorf("have %v", b)
		}
		l.send(message(msgRequest, 5, 0, 16384), message(msgRequest, 5, 16384, 20000-16384), message(msgRequest, 0, 0, 16384))
		l.until(msgReject)
		l.until(msgPiece)
		if b := l.until(msgPiece); len(b) != 8+20000-16384 {
			t.Errorf("last block of %d bytes", len(b)-8)
		}
	})
}

func FuzzBdecode(f *testing.F) {
	f.Add([]byte("d1:md11:ut_metadatai3eee"))
	f.Add([]byte("li1e3:abce"))
	f.Add([]byte("i"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, rest, err := bdecode(b); err == nil && v == nil && len(rest) == len(b) {
			t.Errorf("%q: nothing read", b)
		}
	})
}

func TestSeedTellsWhomItServes(t *testing.T) {
	scene(t, Libtorrent(), func(s *Seed, l *leech) {
		l.shake(s)
		l.until(msgUnchoke)
		l.send(message(2)) // interested
		time.Sleep(rtt)
		u := s.Unchoked()
		if len(u) != 1 || u[0].Addr.String() != l.LocalAddr().String() || !u[0].Interested || u[0].Since != 3*rtt/2 {
			t.Errorf("%+v", u)
		}
		s.Choke(true)
		if u := s.Unchoked(); len(u) != 0 {
			t.Errorf("%+v though choked", u)
		}
	})
}
