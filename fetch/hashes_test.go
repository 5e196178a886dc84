package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/fetch/hashplan"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// hashSim is a swarm of a v2 torrent, of which the gateway knows the infohash alone.
func hashSim(t *testing.T, pieceLen int64, size int) *sim {
	return newSimOf(t, metainfo.V2, simnet.Ideal, simRTT, pieceLen, size)
}

// hashes is an honest answer to a hash request, as a message. Its proof is made anew
// from the content's layer.
func (s *sim) hashes(request []byte) []byte {
	root := [32]byte(request)
	r := metainfo.HashRange{Root: root}
	for i, p := range []*uint32{&r.Base, &r.Index, &r.Length, &r.Proof} {
		*p = binary.BigEndian.Uint32(request[32+4*i:])
	}
	b, ok := s.torrent.Info.FullLayerTree(root, s.torrent.Layers[root]).Append(slices.Clone(request), r)
	if !ok {
		return hashMessage(23, request)
	}
	return hashMessage(22, b)
}

func hashMessage(id byte, payload []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(1+len(payload)))
	return append(append(b, id), payload...)
}

// hashManners are what a peer may do with a hash request.
func (s *sim) hashManners() map[string]func(request []byte) []byte {
	rejected := 0
	return map[string]func(request []byte) []byte{
		"honest":  s.hashes,
		"silent":  nil,
		"rejects": func(request []byte) []byte { return hashMessage(23, request) },
		"rejects at first": func(request []byte) []byte {
			if rejected++; rejected <= 2 {
				return hashMessage(23, request)
			}
			return s.hashes(request)
		},
		"wrong": func(request []byte) []byte {
			b := s.hashes(request)
			b[len(b)-1] ^= 1
			return b
		},
		"wrong length": func(request []byte) []byte {
			b := s.hashes(request)
			b = b[:len(b)-32]
			binary.BigEndian.PutUint32(b, uint32(len(b)-4))
			return b
		},
		"other hashes": func(request []byte) []byte { // as those that it was not asked for
			b := s.hashes(request)
			binary.BigEndian.PutUint32(b[5+36:], 7)
			return slices.Concat(slices.Repeat(b, 20), hashMessage(23, request))
		},
		"no message": func([]byte) []byte { return []byte{0, 0, 0, 40, 22, 1, 2, 3} },
	}
}

// hashScript starts a scripted peer with everything and these manners.
func (s *sim) hashScript(manners string) *simnet.Seed {
	b := simnet.Libtorrent()
	b.Hashes = s.hashManners()[manners]
	return s.script(simRate, b)
}

// The hashes of pieces come while the pieces do.
func TestHashesCostNoTime(t *testing.T) {
	for _, peers := range []int{1, 4} {
		t.Run(fmt.Sprint(peers), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := hashSim(t, 1<<20, 16<<20)
				for range peers {
					s.seed(simRate, false)
				}
				start := time.Now()
				c := s.open(0, 16<<20)
				defer c.Close()
				// As without: TestFirstByteFromLibtorrents.
				floor := 4*simRTT + transfer(1<<20, float64(peers)*simRate)
				atMost(t, "first byte", s.first(c, start), floor, 2*epsilon(simRate))
				s.read(c, 0, 16<<20)
				st, _ := s.gate.session.Status(s.hash())
				if st.Wasted > 16<<20/100 || st.HashFailures > 0 {
					t.Errorf("%+v", st)
				}
				if layers, _ := s.gate.session.Layers(s.hash()); len(layers) != 1 {
					t.Error("the layer is not known")
				}
			})
		})
	}
}

// A reader in the middle of a long layer has its run first, and then the rest comes.
func TestHashesInTheOrderOfReading(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = (6*metainfo.HashRun + 5) * 16 << 10
		s := hashSim(t, 16<<10, size)
		b := simnet.Libtorrent()
		var asked []uint32
		b.Hashes = func(request []byte) []byte {
			asked = append(asked, binary.BigEndian.Uint32(request[36:]))
			return s.hashes(request)
		}
		seed := s.script(simRate, b)
		start := time.Now()
		c := s.open(size/2, 100_000)
		atMost(t, "first byte", s.first(c, start), 4*simRTT+transfer(16<<10, simRate), 6*epsilon(simRate))
		s.read(c, size/2, 100_000)
		c.Close()
		time.Sleep(5 * simRTT)
		if want := []uint32{3 * 512, 4 * 512, 5 * 512, 6 * 512, 0, 512, 2 * 512}; !slices.Equal(asked, want) {
			t.Errorf("asked for the hashes of pieces %v, want %v", asked, want)
		}
		if st := seed.Stats(); st.Offences > 0 || st.Open != 1 {
			t.Errorf("%+v", st)
		}
		if layers, _ := s.gate.session.Layers(s.hash()); len(layers) != 1 {
			t.Error("the layer is not known")
		}
	})
}

// One peer that has hashes is enough, whatever the others do with requests for them,
// and nobody is banned.
func TestHashesDespiteOthers(t *testing.T) {
	for bad, late := range map[string]time.Duration{
		"silent": hashplan.Late, "rejects": 0, "rejects at first": 0, "wrong": 0, "wrong length": 0, "other hashes": 0, "no message": 0,
	} {
		t.Run(bad, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := hashSim(t, 256<<10, 8<<20)
				for range 3 {
					s.hashScript(bad)
				}
				s.hashScript("honest")
				start := time.Now()
				c := s.open(0, 8<<20)
				defer c.Close()
				// Each of the three is asked before the honest one, at worst.
				most := 4*simRTT + transfer(256<<10, simRate) + 3*(simRTT+late) + time.Second
				if d := s.first(c, start); d > most {
					t.Errorf("first byte after %v, %v is the most", d, most)
				}
				s.read(c, 0, 8<<20)
				if st, _ := s.gate.session.Status(s.hash()); st.Swarm.Banned > 0 || st.HashFailures > 0 {
					t.Errorf("%+v", st)
				}
			})
		})
	}
}

// Who is alone gets another chance.
func TestHashesFromOneThatRejectsAtFirst(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := hashSim(t, 256<<10, 8<<20)
		s.hashScript("rejects at first")
		start := time.Now()
		c := s.open(0, 8<<20)
		defer c.Close()
		if d, most := s.first(c, start), 4*simRTT+2*simRTT+3*hashplan.RefusedRest+50*ms; d > most {
			t.Errorf("first byte after %v, %v is the most", d, most)
		}
		s.read(c, 0, 8<<20)
	})
}

// Where nobody sends hashes that is the answer, when the time is over, and the torrent
// is asked for little.
func TestNobodySendsHashes(t *testing.T) {
	for bad, refused := range map[string]bool{
		"silent": false, "rejects": true, "wrong": true, "wrong length": true, "other hashes": true,
	} {
		t.Run(bad, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := hashSim(t, 256<<10, 8<<20)
				for range 2 {
					s.hashScript(bad)
				}
				c := s.open(0, 8<<20)
				defer c.Close()
				ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
				defer cancel()
				err := c.Wait(ctx)
				var e *UnavailableError
				if refused != errors.Is(err, ErrNoLayers) || !refused && (!errors.As(err, &e) || e.Stage != StageHashes) {
					t.Errorf("%v", err)
				}
				ctx, cancel = context.WithTimeout(context.Background(), 25*time.Second)
				defer cancel()
				if err := s.gate.session.AwaitLayers(ctx, s.hash(), Hints{}); err == nil || refused != errors.Is(err, ErrNoLayers) {
					t.Errorf("layers: %v", err)
				}
				for _, x := range s.scripts {
					if st := x.Stats(); st.HashAsks > 20 {
						t.Errorf("asked %d times", st.HashAsks)
					}
				}
				st, _ := s.gate.session.Status(s.hash())
				if st.Downloaded > 4<<20 || st.Swarm.Banned > 0 {
					t.Errorf("%+v", st)
				}
				// An upload helps at once.
				s.know()
				s.read(c, 0, 8<<20)
			})
		})
	}
}

// All layers come for who wants the .torrent, and are kept.
func TestAwaitLayers(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := hashSim(t, 16<<10, 20*metainfo.HashRun*16<<10)
		s.seed(simRate, false)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := s.gate.session.Info(ctx, s.hash(), s.hints()); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if err := s.gate.session.AwaitLayers(ctx, s.hash(), Hints{}); err != nil {
			t.Fatal(err)
		}
		// Four at a time.
		if d, most := time.Since(start), 5*simRTT+transfer(20<<14, simRate)+100*ms; d > most {
			t.Errorf("they came after %v, %v is the most", d, most)
		}
		layers, _ := s.gate.session.Layers(s.hash())
		for root, layer := range s.torrent.Layers {
			if !slices.Equal(layers[root], layer) {
				t.Error("not the same layer")
			}
		}
		if st, _ := s.gate.session.Status(s.hash()); st.Downloaded > 0 {
			t.Errorf("%d bytes of pieces came", st.Downloaded)
		}
		synctest.Wait()
		if kept, ok := s.gate.store.Metainfo(s.hash()); !ok || len(kept.Layers) != 1 {
			t.Error("they are not kept")
		}
	})
}

// Leaves are answered from the pieces that are here.
func TestLeavesOfPieces(t *testing.T) {
	for _, version := range []metainfo.Version{metainfo.V2, metainfo.Hybrid} {
		bubble.Test(t, func(t *testing.T) {
			s := newSimOf(t, version, simnet.Ideal, simRTT, 64<<10, 5*64<<10+20_000)
			seed := s.seed(simRate, false)
			tor := inUse(seed.session, s.hash())
			root := s.torrent.Info.PiecesRoot(&s.torrent.Info.Files[0])
			// The last piece has two blocks, the second is short.
			b, ok := tor.serveHashes([]byte("x"), metainfo.HashRange{Root: root, Index: 20, Length: 2, Proof: 2})
			one, two := sha256.Sum256(s.content[5*64<<10:][:16<<10]), sha256.Sum256(s.content[5*64<<10+16<<10:])
			none := sha256.Sum256(make([]byte, 64)) // over two leaves beyond the end
			want := slices.Concat([]byte("x"), one[:], two[:], none[:], s.torrent.Layers[root][4*32:5*32])
			if !ok || !slices.Equal(b, want) {
				t.Errorf("v%d: %v, %x, want %x", version, ok, b, want)
			}
			for _, r := range []metainfo.HashRange{{Index: 4, Length: 8, Proof: 2}, {Index: 0, Length: 4, Proof: 5}, {Index: 24, Length: 4}} {
				r.Root = root
				if b, ok := tor.serveHashes(nil, r); ok || b != nil {
					t.Errorf("v%d: %+v was answered", version, r)
				}
			}
			tor.stored.Remove()
			if _, ok := tor.serveHashes(nil, metainfo.HashRange{Root: root, Length: 4}); ok {
				t.Error("the leaves of what is not here")
			}
		})
	}
}

// Any mix of manners with one honest peer among them gives the right bytes of any range,
// without a ban.
func TestHashesInAnyMix(t *testing.T) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 1))
				s := hashSim(t, 16<<10<<r.IntN(3), 1+r.IntN(24<<20))
				names := slices.Sorted(maps.Keys(s.hashManners()))
				mix := []string{"honest"}
				for range r.IntN(6) {
					mix = append(mix, names[r.IntN(len(names))])
				}
				r.Shuffle(len(mix), func(i, j int) { mix[i], mix[j] = mix[j], mix[i] })
				for _, manners := range mix {
					s.hashScript(manners)
				}
				off := r.Int64N(int64(len(s.content)))
				n := 1 + r.Int64N(int64(len(s.content))-off)
				c := s.open(off, n)
				defer c.Close()
				s.read(c, off, n)
				if st, _ := s.gate.session.Status(s.hash()); st.Swarm.Banned > 0 || st.HashFailures > 0 {
					t.Errorf("%v: %+v", mix, st)
				}
			})
		})
	}
}
