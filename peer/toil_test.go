package peer

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// floods are messages that a peer sends without end, by how its flood is called.
func floods(tor *metainfo.Torrent) map[string][]byte {
	ext := func(id uint8, body string) []byte {
		return append([]byte{0, 0, 0, byte(2 + len(body)), byte(wire.Extended), id}, body...)
	}
	simple := func(ids ...wire.ID) (b []byte) {
		for _, id := range ids {
			b = wire.AppendSimple(b, id)
		}
		return b
	}
	field := []byte{0, 0, 0, byte(1 + (tor.Info.NumPieces()+7)/8), byte(wire.Bitfield)}
	field = append(field, make([]byte, (tor.Info.NumPieces()+7)/8)...)
	block := wire.Block{Length: metainfo.BlockLen}
	outside := wire.Block{Piece: 1 << 20, Length: metainfo.BlockLen}
	return map[string][]byte{
		"keep-alive messages":                    wire.AppendKeepAlive(nil),
		"choke and unchoke messages":             simple(wire.Unchoke, wire.Choke),
		"interested and not interested messages": simple(wire.Interested, wire.NotInterested),
		"have messages of pieces that it had":    wire.AppendIndex(nil, wire.Have, 1),
		"messages that take pieces back": append(wire.AppendIndex(nil, wire.Have, 1),
			ext(wire.ExtDontHave, "\x00\x00\x00\x01")...),
		"bitfield messages":                     field,
		"requests that are rejected":            wire.AppendBlock(nil, wire.Request, outside),
		"cancel messages":                       wire.AppendBlock(nil, wire.Cancel, block),
		"rejects of what was not asked":         wire.AppendBlock(nil, wire.Reject, block),
		"suggest and allowed fast messages":     wire.AppendIndex(wire.AppendIndex(nil, wire.Suggest, 0), wire.AllowedFast, 0),
		"extension handshakes":                  ext(wire.ExtHandshake, "d1:md11:ut_metadatai3eee"),
		"extension messages that make no sense": ext(wire.ExtMetadata, "d8:msg_typei0e5:piecei-1ee"),
		"metadata requests that are rejected": append(ext(wire.ExtHandshake, "d1:md11:ut_metadatai3eee"),
			slices.Repeat(ext(wire.ExtMetadata, "d8:msg_typei0e5:piecei0ee"), 1000)...),
		"metadata messages that answer nothing": ext(wire.ExtMetadata, "d8:msg_typei2e5:piecei0ee"),
		"peer exchange messages":                ext(wire.ExtPEX, "d5:added0:e"),
		"upload only messages":                  ext(wire.ExtUploadOnly, "\x01"),
		"port messages":                         {0, 0, 0, 3, byte(wire.Port), 1, 1},
		"hash requests that are rejected":       append([]byte{0, 0, 0, 49, byte(wire.HashRequest)}, make([]byte, 48)...),
		"hashes that answer nothing":            append([]byte{0, 0, 0, 49, byte(wire.HashReject)}, make([]byte, 48)...),
		"unknown messages":                      {0, 0, 0, 5, 99, 1, 2, 3, 4},
	}
}

// Every kind of message that a peer sends without end has it cut off, before it cost as much
// as a budget holds, and the third time it is banned.
func TestFloods(t *testing.T) {
	tor, _ := content(t, 1<<20, 16<<10)
	for name, message := range floods(tor) {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
				s := swarm(t, w.host, tor, leech(tor.Info))
				from := w.net.Host(simnet.HostConfig{})
				for strike := 1; strike <= floodStrikes; strike++ {
					f := w.callFrom(from, tor).named(strike)
					f.greet()
					synctest.Wait()
					c := one(t, s)
					go f.quiet(time.Hour) // it reads what it is answered
					sent := flood(f, message)
					synctest.Wait()
					if err := c.cause(); err == nil || !strings.HasSuffix(err.Error(), "flood of "+name) {
						t.Fatalf("after %d bytes: %v", sent, err)
					}
					if most := 2 * toilBurst * len(message); sent > max(most, 4<<20) {
						t.Errorf("cut off after %d bytes", sent)
					}
					if st := w.host.Stats(); st.Floods != int64(strike) || st.Violations != 0 || st.Banned > 0 != (strike == floodStrikes) {
						t.Errorf("%+v after flood %d", st, strike)
					}
				}
				f := w.callFrom(from, tor).named(9)
				f.nc.Write(f.handshake())
				f.closed(time.Second)
			})
		})
	}
}

// flood sends a message without end, 4 MB a second, and returns how many bytes it sent
// before it was cut off.
func flood(f *fake, message []byte) (sent int) {
	batch := slices.Repeat(message, 1+40_000/len(message))
	for sent < 64<<20 {
		if _, err := f.nc.Write(batch); err != nil {
			return sent
		}
		sent += len(batch)
		time.Sleep(10 * time.Millisecond)
	}
	return sent
}

// A peer that sends its block a byte at a time has as many reads made as bytes.
func TestFloodOfBytes(t *testing.T) {
	tor, _ := content(t, 1<<20, 16<<10)
	inWorld(t, 0, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, leech(tor.Info))
		f := w.call(tor)
		f.greet()
		synctest.Wait()
		c := one(t, s)
		f.write([]byte{0, 0, 0x40, 0, 99})
		for range 2 * toilBurst {
			if _, err := f.nc.Write([]byte{1}); err != nil {
				break
			}
			synctest.Wait()
		}
		if !flooded(c.cause()) {
			t.Errorf("ended: %v", c.cause())
		}
	})
}

// What an honest peer sends at full speed costs nothing, or less than what a second gives.
func TestHonestPeersMeetNoBudget(t *testing.T) {
	const pieces = 100_000
	raw := fmt.Sprintf("d6:lengthi%de4:name1:a12:piece lengthi%de6:pieces%d:%se", pieces<<20, 1<<20, 20*pieces, make([]byte, 20*pieces))
	info, err := metainfo.ParseInfo([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		run  func(c *Conn) error
	}{
		{"haves of all pieces in a moment, without a bitfield before", func(c *Conn) error {
			for p := range uint32(c.info.NumPieces()) {
				if err := c.event(Event{Kind: Has, Block: metainfo.Block{Piece: p}}); err != nil {
					return err
				}
			}
			return nil
		}},
		{"bitfields in place of haves, where those would be longer, at 1 GB/s", func(c *Conn) error {
			field := metainfo.NewBitfield(c.info.NumPieces())
			for p := range c.info.NumPieces() {
				c.work.now = c.work.now.Add(time.Millisecond)
				if field.Set(p); p%(len(field)/9+1) > 0 {
					continue
				}
				if err := c.event(Event{Kind: HasField, Field: field.Clone()}); err != nil {
					return err
				}
			}
			return nil
		}},
		{"interest that follows each piece that we get, 1,000 a second", func(c *Conn) error {
			for range 100_000 {
				c.told.Add(1)
				c.work.now = c.work.now.Add(time.Millisecond)
				for range 2 {
					if err := c.toilOfInterest(); err != nil {
						return err
					}
				}
			}
			return nil
		}},
		{"pieces lost as fast as they come, at 1 GB/s", func(c *Conn) error {
			for n := range 100_000 {
				p := metainfo.Block{Piece: uint32(n % c.info.NumPieces())}
				for _, k := range []EventKind{Has, LostPiece} {
					if err := c.event(Event{Kind: k, Block: p}); err != nil {
						return err
					}
				}
				c.work.now = c.work.now.Add(time.Millisecond)
			}
			return nil
		}},
		{"500 requests rejected at each choke, chokes every 10 s, 100 cancels a second", func(c *Conn) error {
			for range 1000 {
				for range 500 {
					if err := c.toil(toilRequest, 0); err != nil {
						return err
					}
				}
				for range 1000 {
					if err := c.toil(toilCancel, 0); err != nil {
						return err
					}
				}
				if err := c.receiveChoke(true); err != nil {
					return err
				}
				c.work.now = c.work.now.Add(10 * time.Second)
			}
			return nil
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &Conn{info: info, swarm: &Swarm{}}
			c.said.pieces = metainfo.NewBitfield(info.NumPieces())
			c.work.now = time.Unix(1, 0)
			if err := tt.run(c); err != nil {
				t.Error(err)
			}
		})
	}
}

// An address has so much metadata of us and no more, however often it connects, and all of
// them together too.
func TestGiftsAreBounded(t *testing.T) {
	var g gifts
	g.init()
	now := time.Unix(1, 0)
	given := func(addr string) (n int) {
		for g.give(now, netip.MustParseAddr(addr), 16<<10) {
			n += 16 << 10
		}
		return n
	}
	if n := given("203.0.113.1"); n != siteGiftBurst {
		t.Errorf("an address has %d bytes", n)
	}
	if n := given("2001:db8::1") + given("2001:db8::2"); n != siteGiftBurst {
		t.Errorf("a /64 has %d bytes", n)
	}
	all := 2 * siteGiftBurst
	for i := range 100 {
		all += given(fmt.Sprintf("198.51.100.%d", i))
	}
	if all != giftBurst {
		t.Errorf("all have %d bytes", all)
	}
	if g.withheld.Load() == 0 {
		t.Error("nothing is counted")
	}
	now = now.Add(time.Second)
	if n := given("203.0.113.1"); n != siteGiftRate {
		t.Errorf("a second later it has %d bytes more", n)
	}
}
