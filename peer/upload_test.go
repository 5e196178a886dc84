package peer

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/metaexchange"
	"github.com/btgw/btgw/peer/wire"
)

func request(b metainfo.Block) []byte { return wire.AppendBlock(nil, wire.Request, wire.Block(b)) }

// seeding is a swarm that has everything, and a peer that asks.
func seeding(t *testing.T, cfg HostConfig, slow bool, test func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake)) {
	t.Helper()
	tor, data := content(t, 1<<20+5, 256<<10)
	inWorld(t, 10*time.Millisecond, cfg, func(w *world) {
		st := seed(tor.Info, data)
		s := swarm(t, w.host, tor, st)
		f := w.call(tor)
		if slow {
			f.bits[7] = 0
		}
		f.greet()
		test(w, tor, data, st, s, f)
		f.nc.Close()
		synctest.Wait()
		time.Sleep(time.Second)
		if st.openLeases() != 0 {
			t.Errorf("%d leases left open", st.openLeases())
		}
	})
}

func (s *store) openLeases() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened
}

func TestUpload(t *testing.T) {
	seeding(t, HostConfig{}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		f.expect(wire.HaveAll)
		f.expect(wire.Unchoke) // before we asked
		var want []byte
		for _, b := range []metainfo.Block{
			{Piece: 0, Begin: 0, Length: 16384}, {Piece: 3, Begin: 16384, Length: 16384}, {Piece: 3, Begin: 1, Length: 7},
			{Piece: 4, Begin: 0, Length: 5}, {Piece: 2, Begin: 131072, Length: 131072},
		} {
			f.write(request(b))
			want = wire.AppendPieceHeader(want, wire.Block(b))
			at := tor.Info.PieceOffset(int(b.Piece)) + int64(b.Begin)
			want = append(want, data[at:at+int64(b.Length)]...)
		}
		got := make([]byte, len(want))
		if _, err := f.r.Read(got[:0]); err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(got); {
			k, err := f.r.Read(got[n:])
			if err != nil {
				t.Fatal(err)
			}
			n += k
		}
		if !bytes.Equal(got, want) {
			t.Error("other bytes than asked for")
		}
		if st := s.Stats(); st.Uploaded != 16384*2+7+5+131072 || st.Unchoking != 1 {
			t.Errorf("%+v", st)
		}
	})
}

func TestUploadRefusals(t *testing.T) {
	good := metainfo.Block{Piece: 0, Begin: 0, Length: 16384}
	for _, tt := range []struct {
		name  string
		slow  bool
		block metainfo.Block
		setUp func(st *store, s *Swarm, c *Conn)
		want  string // what comes of it
	}{
		{name: "served", block: good, want: "[piece]"},
		{name: "choked", block: good, setUp: func(_ *store, _ *Swarm, c *Conn) { c.setChoke(true) }, want: "[choke reject]"},
		{name: "choked, without fast", slow: true, block: good, setUp: func(_ *store, _ *Swarm, c *Conn) { c.setChoke(true) }, want: "[choke]"},
		{name: "not in the torrent", block: metainfo.Block{Piece: 9, Length: 1}, want: "[reject]"},
		{name: "lost", block: good, setUp: func(st *store, _ *Swarm, _ *Conn) { st.lose(0) }, want: "[reject]"},
		{name: "lost, without fast", slow: true, block: good, setUp: func(st *store, _ *Swarm, _ *Conn) { st.lose(0) }, want: "[] EOF"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seeding(t, HostConfig{}, tt.slow, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
				f.quiet(time.Second)
				if tt.setUp != nil {
					tt.setUp(st, s, one(t, s))
				}
				f.write(request(tt.block))
				all, err := f.quiet(time.Second)
				got := fmt.Sprint(kinds(all))
				if err != nil {
					got += " " + err.Error()
				}
				if got != tt.want {
					t.Errorf("%s, want %s", got, tt.want)
				}
			})
		})
	}
}

// What a peer asks for without a gap is read ahead as one, a piece at a time; a
// block alone is not, nor what an upload limit keeps waiting.
func TestUploadReadsAhead(t *testing.T) {
	for _, tt := range []struct {
		name  string
		limit int64
		asked [][3]int // piece, first block, blocks
		want  string
	}{
		{"pieces", 0, [][3]int{{0, 0, 16}, {2, 0, 16}}, "[0:0k+256k 2:0k+256k]"},
		{"parts", 0, [][3]int{{1, 3, 5}, {1, 10, 2}, {1, 0, 3}}, "[1:48k+80k 1:160k+32k 1:0k+48k]"},
		{"blocks", 0, [][3]int{{0, 1, 1}, {1, 1, 1}, {0, 2, 1}}, "[]"},
		{"limited", 64 << 10, [][3]int{{0, 0, 16}}, "[]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seeding(t, HostConfig{UploadRate: tt.limit}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
				f.quiet(time.Second)
				var out []byte
				n := 0
				for _, a := range tt.asked {
					for b := range a[2] {
						out = append(out, request(tor.Info.Block(a[0], a[1]+b))...)
						n++
					}
				}
				f.write(out)
				if got, err := f.quiet(10 * time.Second); len(got) != n {
					t.Errorf("%d messages, %v", len(got), err)
				}
				st.mu.Lock()
				defer st.mu.Unlock()
				if got := fmt.Sprint(st.ahead); got != tt.want {
					t.Errorf("read ahead: %s, want %s", got, tt.want)
				}
			})
		})
	}
}

func (s *store) lose(piece int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost[piece] = true
}

// TestUploadQueueIsBounded: what is asked beyond 500 requests is rejected, all
// else is answered.
func TestUploadQueueIsBounded(t *testing.T) {
	seeding(t, HostConfig{UploadRate: 1 << 20}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		f.quiet(time.Second)
		var all []byte
		const asked = 2000
		for range asked {
			all = append(all, request(metainfo.Block{Piece: 0, Begin: 0, Length: 16384})...)
		}
		begun := time.Now()
		f.write(all)
		counts := map[wire.ID]int{}
		for range asked {
			m, err := f.next()
			if err != nil {
				t.Fatal(err)
			}
			counts[m.id]++
		}
		if n := counts[wire.Piece]; n < maxUploadQueue || n > maxUploadQueue+40 || counts[wire.Reject] != asked-n {
			t.Errorf("%v", counts)
		}
		// The limit grants a quarter of a MiB at once, then a MiB a second.
		want := float64(counts[wire.Piece]*16384-uploadBurst) / (1 << 20)
		if took := time.Since(begun).Seconds(); took < want*0.9 || took > want*1.1 {
			t.Errorf("took %.2f s at 1 MiB/s, want %.2f", took, want)
		}
	})
}

func TestCancelIsAnswered(t *testing.T) {
	seeding(t, HostConfig{UploadRate: 1 << 20}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		f.quiet(time.Second)
		var all []byte
		for n := range 16 {
			for p := range 4 {
				all = append(all, request(tor.Info.Block(p, n))...)
			}
		}
		last := tor.Info.Block(3, 15)
		f.write(wire.AppendBlock(all, wire.Cancel, wire.Block(last)))
		counts := map[wire.ID]int{}
		for range 64 {
			m, err := f.next()
			if err != nil {
				t.Fatal(err)
			}
			counts[m.id]++
			if m.id == wire.Reject && metainfo.Block(wire.ParseBlock(m.payload)) != last {
				t.Errorf("rejected %x", m.payload)
			}
		}
		if counts[wire.Piece] != 63 || counts[wire.Reject] != 1 {
			t.Errorf("%v", counts)
		}
	})
}

// TestChokeRejectsTheQueue: with the fast extension, every request is answered.
func TestChokeRejectsTheQueue(t *testing.T) {
	seeding(t, HostConfig{UploadRate: 1 << 20}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		f.quiet(time.Second)
		var all []byte
		for n := range 16 {
			for p := range 4 {
				all = append(all, request(tor.Info.Block(p, n))...)
			}
		}
		f.write(all)
		time.Sleep(100 * time.Millisecond)
		one(t, s).setChoke(true)
		got, _ := f.quiet(5 * time.Second)
		counts := map[wire.ID]int{}
		choked := false
		for _, m := range got {
			counts[m.id]++
			choked = choked || m.id == wire.Choke
			if choked && m.id == wire.Piece {
				t.Error("block after the choke")
			}
		}
		if counts[wire.Piece]+counts[wire.Reject] != 64 || counts[wire.Reject] == 0 || counts[wire.Choke] != 1 {
			t.Errorf("%v", counts)
		}
	})
}

// TestAllowedFast: a choked peer may have a few pieces, once.
func TestAllowedFast(t *testing.T) {
	tor, data := content(t, 4<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{UploadSlots: 1}, func(w *world) {
		s := swarm(t, w.host, tor, seed(tor.Info, data))
		first := w.call(tor)
		first.greet()
		first.expect(wire.Unchoke)
		first.write(wire.AppendSimple(nil, wire.Interested))
		first.quiet(time.Second)
		f := w.call(tor)
		f.id[19] = 'g'
		f.greet()
		all, _ := f.quiet(time.Second)
		if got, want := fmt.Sprint(kinds(all)), "[extended have all allowed fast allowed fast allowed fast allowed fast allowed fast]"; got != want {
			t.Fatalf("%s, want %s", got, want)
		}
		granted := wire.ParseIndex(all[2].payload)
		for n := range 16 {
			f.write(request(tor.Info.Block(int(granted), n)))
			f.expect(wire.Piece)
		}
		f.write(request(tor.Info.Block(int(granted), 0)))
		f.expectBlock(wire.Reject, tor.Info.Block(int(granted), 0))
		other := uint32(0)
		for contains(all[2:], other) {
			other++
		}
		f.write(request(tor.Info.Block(int(other), 0)))
		f.expectBlock(wire.Reject, tor.Info.Block(int(other), 0))
		if st := s.Stats(); st.Unchoking != 1 || st.Connected != 2 {
			t.Errorf("%+v", st)
		}
	})
}

func contains(all []msg, piece uint32) bool {
	for _, m := range all {
		if wire.ParseIndex(m.payload) == piece {
			return true
		}
	}
	return false
}

// TestServeMetadata: parts come as they are asked for, twice over a minute at
// most; a private torrent's do not.
func TestServeMetadata(t *testing.T) {
	tor := bigMetadata(t, 3)
	raw := tor.Info.Raw()
	ask := func(part int) []byte {
		return wire.AppendMetadata(nil, wire.ExtMetadata, wire.MetadataMessage{Part: part})
	}
	offer := wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{Metadata: 33})
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		swarm(t, w.host, tor, leech(tor.Info))
		f := w.call(tor)
		f.greet(offer...)
		h, err := wire.ParseExtendedHandshake(f.extended(wire.ExtHandshake))
		if err != nil || h.MetadataSize != int64(len(raw)) || h.Metadata != wire.ExtMetadata || h.Port != ourPort || h.ReqQ != maxUploadQueue {
			t.Fatalf("%+v, %v", h, err)
		}
		get := func(part int) wire.MetadataMessage {
			f.write(ask(part))
			m, err := wire.ParseMetadata(f.extended(33))
			if err != nil || m.Part != part {
				t.Fatalf("%+v, %v", m, err)
			}
			return m
		}
		var got []byte
		for part := range 3 {
			m := get(part)
			if m.Type != wire.MetadataData || m.Total != int64(len(raw)) {
				t.Fatalf("part %d: %+v", part, m)
			}
			got = append(got, m.Data...)
		}
		if !bytes.Equal(got, raw) {
			t.Error("other bytes")
		}
		if m := get(3); m.Type != wire.MetadataReject {
			t.Errorf("part beyond the last: %+v", m)
		}
		for range 3 {
			get(0)
		}
		if m := get(0); m.Type != wire.MetadataReject {
			t.Error("a third copy within a minute")
		}
		time.Sleep(metaexchange.ServedPeriod + 1)
		if m := get(0); m.Type != wire.MetadataData {
			t.Error("refused for good")
		}
	})
}

func TestMetadataOfPrivateTorrentsIsNotServed(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10, func(o *metainfo.MakeOptions) { o.Private = true })
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		swarm(t, w.host, tor, seed(tor.Info, data))
		f := w.call(tor)
		f.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{Metadata: 33})...)
		h, _ := wire.ParseExtendedHandshake(f.extended(wire.ExtHandshake))
		if h.Metadata != 0 || h.MetadataSize != 0 {
			t.Errorf("offered: %+v", h)
		}
		f.write(wire.AppendMetadata(nil, wire.ExtMetadata, wire.MetadataMessage{}))
		if m, err := wire.ParseMetadata(f.extended(33)); err != nil || m.Type != wire.MetadataReject {
			t.Errorf("%+v, %v", m, err)
		}
	})
}

// TestHaveAndDontHave: peers learn of pieces as they come and go, and a peer
// that came before the metadata was known learns all of it.
func TestHaveAndDontHave(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		st := leech(nil)
		s := swarm(t, w.host, tor, st)
		f := w.call(tor)
		f.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{DontHave: 44})...)
		h, _ := wire.ParseExtendedHandshake(f.extended(wire.ExtHandshake))
		if h.MetadataSize != 0 {
			t.Errorf("metadata offered that is not known: %+v", h)
		}
		f.expect(wire.HaveNone)
		st.learn(tor.Info)
		copy(st.data, data)
		st.have.Set(2)
		s.SetInfo(tor.Info)
		h, _ = wire.ParseExtendedHandshake(f.extended(wire.ExtHandshake))
		if h.MetadataSize != int64(len(tor.Info.Raw())) {
			t.Errorf("metadata not offered: %+v", h)
		}
		if p := wire.ParseIndex(f.expect(wire.Have)); p != 2 {
			t.Errorf("have %d", p)
		}
		s.Have(2) // known
		s.Have(3)
		if p := wire.ParseIndex(f.expect(wire.Have)); p != 3 {
			t.Errorf("have %d", p)
		}
		s.DontHave(1) // not had
		s.DontHave(2)
		if p, err := wire.ParseDontHave(f.extended(44)); p != 2 || err != nil {
			t.Errorf("dont have %d, %v", p, err)
		}
		other := w.call(tor)
		other.id[19] = 'g'
		other.greet()
		if got := other.expect(wire.Bitfield); !bytes.Equal(got, []byte{0x10}) {
			t.Errorf("bitfield %x", got)
		}
	})
}

func TestHashRequestIsRejected(t *testing.T) {
	seeding(t, HostConfig{}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		payload := bytes.Repeat([]byte{7}, 48)
		f.write(append([]byte{0, 0, 0, 49, 21}, payload...))
		if got := f.expect(wire.HashReject); !bytes.Equal(got, payload) {
			t.Errorf("%x", got)
		}
	})
}

// TestPeerThatDoesNotRead: what it is told does not pile up without end.
func TestPeerThatDoesNotRead(t *testing.T) {
	seeding(t, HostConfig{}, false, func(w *world, tor *metainfo.Torrent, data []byte, st *store, s *Swarm, f *fake) {
		f.quiet(time.Second)
		c := one(t, s)
		for n := 0; n < 10<<20 && c.cause() == nil; n++ {
			c.tellHave(0)
		}
		if c.cause() != errSlow {
			t.Errorf("ended: %v", c.cause())
		}
	})
}
