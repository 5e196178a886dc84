package peer

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// uploadOnly reads what the fake is told for a second, and returns what was said of
// uploading alone: by the message under id 9, or in extension handshakes.
func (f *fake) uploadOnly() (said []string) {
	f.t.Helper()
	all, err := f.quiet(time.Second)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, m := range all {
		if m.id != wire.Extended {
			continue
		}
		switch id, body := wire.ParseExtended(m.payload); id {
		case 9:
			said = append(said, fmt.Sprintf("message %d", body))
		case wire.ExtHandshake:
			h, err := wire.ParseExtendedHandshake(body)
			if err != nil || h.UploadOnlyID != wire.ExtUploadOnly || h.DontHave != wire.ExtDontHave || h.MetadataSize == 0 {
				f.t.Fatalf("%+v, %v", h, err)
			}
			said = append(said, fmt.Sprintf("handshake %d", h.UploadOnly))
		}
	}
	return said
}

// Peers hear that we only upload when nothing is wanted, or nothing is left to want;
// it is taken back when a reader comes, and when the cache lets a piece go that he
// may want.
func TestUploadOnly(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 0, HostConfig{}, func(w *world) {
		st := seed(tor.Info, data)
		for p := 1; p < 4; p++ {
			st.have.Clear(p)
		}
		s := swarm(t, w.host, tor, st)
		modern, plain, old := w.call(tor).named(1), w.call(tor).named(2), w.call(tor).named(3)
		modern.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{UploadOnlyID: 9})...)
		plain.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{Metadata: 2})...)
		old.bits = [8]byte{}
		old.greet()
		told := func(what string, message, handshake []string) {
			t.Helper()
			if got := modern.uploadOnly(); !slices.Equal(got, message) {
				t.Errorf("%s: told %q by message, want %q", what, got, message)
			}
			if got := plain.uploadOnly(); !slices.Equal(got, handshake) {
				t.Errorf("%s: told %q by handshake, want %q", what, got, handshake)
			}
			if got := old.uploadOnly(); got != nil {
				t.Errorf("%s: a peer without extensions is told %q", what, got)
			}
		}
		yes, no := []string{"message [1]"}, []string{"message [0]"}
		told("a part, no reader", []string{"handshake 1"}, []string{"handshake 1"})
		s.SetWanted(true)
		told("a reader", no, []string{"handshake -1"})
		s.Have(1)
		s.Have(2)
		told("more", nil, nil)
		s.Have(3)
		told("all", yes, []string{"handshake 1"})
		s.DontHave(2)
		told("evicted", no, []string{"handshake -1"})
		s.Have(2)
		told("fetched again", yes, []string{"handshake 1"})
		s.SetWanted(false)
		s.DontHave(2)
		told("evicted, no reader", nil, nil)
		for p := range 4 {
			s.DontHave(p)
		}
		told("nothing left", no, []string{"handshake -1"})
	})
}

// A leech whose metadata is not known, or that has nothing, does not say that it
// only uploads; a super-seed hides it until its end.
func TestUploadOnlyIsNotSaid(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	for name, tt := range map[string]struct {
		store *store
		super bool
		end   []string
	}{
		"nothing here": {leech(tor.Info), false, nil},
		"super-seed":   {seed(tor.Info, data), true, []string{"message [1]"}},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 0, HostConfig{}, func(w *world) {
				s := swarm(t, w.host, tor, tt.store)
				s.SetSuperSeed(tt.super)
				f := w.call(tor)
				f.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{UploadOnlyID: 9})...)
				if got := f.uploadOnly(); !slices.Equal(got, []string{"handshake 0"}) {
					t.Errorf("told %q", got)
				}
				s.SetSuperSeed(false)
				if got := f.uploadOnly(); !slices.Equal(got, tt.end) {
					t.Errorf("told %q at the end", got)
				}
			})
		})
	}
}

// A peer that only uploads and has nothing is not told that we are interested, with
// or without the metadata, in whatever order it says so; one that has something, or
// may get it, is.
func TestNoInterestInUploadOnlyWithoutPieces(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	only := wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{UploadOnly: wire.Yes})
	leeching := wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{})
	message := wire.AppendUploadOnly(nil, wire.ExtUploadOnly, true)
	none := wire.AppendSimple(nil, wire.HaveNone)
	have := wire.AppendIndex(nil, wire.Have, 1)
	for _, tt := range []struct {
		name string
		says [][]byte
		want bool
	}{
		{"nothing said", nil, true},
		{"only uploads", [][]byte{only}, true},
		{"has nothing", [][]byte{none}, true},
		{"only uploads, has nothing", [][]byte{only, none}, false},
		{"has nothing, only uploads", [][]byte{none, only}, false},
		{"has nothing, only uploads from now on", [][]byte{leeching, none, message}, false},
		{"only uploads, a handshake that does not say", [][]byte{none, only, leeching}, false},
		{"only uploads, has a piece", [][]byte{only, none, have}, true},
	} {
		for _, known := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, metadata %v", tt.name, known), func(t *testing.T) {
				inWorld(t, 0, HostConfig{}, func(w *world) {
					st := leech(nil)
					if known {
						st = leech(tor.Info)
					}
					s := swarm(t, w.host, tor, st)
					f := w.call(tor)
					f.greet(slices.Concat(tt.says...)...)
					synctest.Wait()
					s.SetWanted(true)
					synctest.Wait()
					c := one(t, s)
					if known && !tt.want {
						c.speculate() // as for a peer that comes while a reader waits
					}
					c.wmu.Lock()
					defer c.wmu.Unlock()
					if want := tt.want && (!known || len(tt.says) == 3 && tt.says[2][4] == byte(wire.Have)); c.interested != want {
						t.Errorf("interested: %v", c.interested)
					}
				})
			})
		}
	}
	t.Run("claimed at first", func(t *testing.T) {
		inWorld(t, 0, HostConfig{}, func(w *world) {
			s := swarm(t, w.host, tor, leech(nil))
			s.SetWanted(true)
			f := w.call(tor)
			f.greet()
			f.expect(wire.Interested)
			f.write(slices.Concat(only, none))
			f.expect(wire.NotInterested)
			f.write(have)
			f.none(wire.NotInterested, time.Second)
		})
	})
}

// Libtorrent believes us when we only upload, and when we no longer do; and tells us
// when it has all.
func TestUploadOnlyWithLibtorrent(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Size: 2 << 20, PieceLength: 256 << 10})
	tor := &metainfo.Torrent{Info: p.Info}
	h := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	s := swarm(t, h, tor, seed(p.Info, payload(t, p)))
	idle := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	far := swarm(t, idle, tor, leech(p.Info))
	lt := clients.StartLibtorrent(t, clients.LibtorrentOptions{Settings: map[string]any{"close_redundant_connections": true}})
	lt.Download(p.Torrent, t.TempDir(), loopbackAddr(idle).String())
	awaitFor(t, "a connection with libtorrent", func() bool { return far.Stats().Connected == 1 })
	lt.Connect(loopbackAddr(h).String())
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	lt.WaitFinished(ctx)
	awaitFor(t, "libtorrent to say that it only uploads", func() bool {
		far.mu.Lock()
		defer far.mu.Unlock()
		if len(far.conns) != 1 {
			return false
		}
		e := far.conns[0].ext.Load()
		return e != nil && e.UploadOnly == wire.Yes
	})
	awaitFor(t, "libtorrent to leave another that only uploads", func() bool { return s.Stats().Connected == 0 })

	s.SetWanted(true)
	s.DontHave(3)
	kept := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	kept.Seed(p, true)
	kept.Connect(loopbackAddr(h).String())
	says := func(want bool) func() bool {
		return func() bool {
			peers := kept.Stats().Peers
			return len(peers) == 1 && peers[0].UploadOnly == want
		}
	}
	awaitFor(t, "libtorrent to see us as a leech", says(false))
	s.Have(3)
	awaitFor(t, "libtorrent to see us as a seed", says(true))
	s.DontHave(3)
	awaitFor(t, "libtorrent to see us as a leech again", says(false))
}
