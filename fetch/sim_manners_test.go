package fetch

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// script starts a scripted peer with everything, which has the manners of a
// client in the wild, and uploads at up bytes/s.
func (s *sim) script(up int64, b simnet.Behaviour) *simnet.Seed {
	s.t.Helper()
	return s.part(up, nil, b)
}

// part is script for a peer that has some of the pieces.
func (s *sim) part(up int64, pieces []int, b simnet.Behaviour) *simnet.Seed {
	s.t.Helper()
	seed, err := simnet.NewSeed(s.net.Host(simnet.HostConfig{Up: up}), simnet.SeedConfig{
		InfoHash: s.hash().Wire(), Info: s.torrent.Info.Raw(), Content: bytes.NewReader(s.content),
		Size: int64(len(s.content)), PieceLength: int(s.torrent.Info.PieceLength), Pieces: pieces, Behaviour: b, Record: true,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { seed.Close() })
	s.scripts = append(s.scripts, seed)
	return seed
}

func TestFirstByteFromLibtorrents(t *testing.T) {
	for _, peers := range []int{1, 4, 8} {
		t.Run(fmt.Sprint(peers), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const rtt = 50 * ms
				s := newSim(t, simnet.Ideal, rtt, 1<<20, 16<<20)
				for range peers {
					s.script(simRate, simnet.Libtorrent())
				}
				start := time.Now()
				c := s.open(0, 16<<20)
				defer c.Close()
				floor := 4*rtt + transfer(1<<20, float64(peers)*simRate)
				atMost(t, "first byte", s.first(c, start), floor, epsilon(simRate))
				s.read(c, 0, 16<<20)
				for i, x := range s.scripts {
					if st := x.Stats(); st.Offences > 0 {
						t.Errorf("seed %d took offence: %+v", i, st)
					}
				}
			})
		})
	}
}

// Every mix of manners gives the right bytes, offends nobody, and costs little
// more than the bytes.
func TestSwarmsOfAllManners(t *testing.T) {
	lt := simnet.Libtorrent()
	with := func(change func(*simnet.Behaviour)) simnet.Behaviour {
		b := lt
		change(&b)
		return b
	}
	liar := with(func(b *simnet.Behaviour) { b.Lie = simnet.LieEveryBlock })
	stalls := with(func(b *simnet.Behaviour) { b.StallAfter = 6 })
	dies := with(func(b *simnet.Behaviour) { b.DieAfter = 100_000 })
	never := with(func(b *simnet.Behaviour) { b.Unchoke = simnet.NeverUnchoke })
	silent := with(func(b *simnet.Behaviour) { b.Metadata = simnet.SilentMetadata })
	corrupt := with(func(b *simnet.Behaviour) { b.Metadata = simnet.CorruptMetadata })
	wrongSize := with(func(b *simnet.Behaviour) { b.Metadata = simnet.WrongSizeMetadata })
	for _, c := range []struct {
		name   string
		mix    []simnet.Behaviour
		first  time.Duration // in the ideal network, at most
		excess float64       // bytes sent by peers a byte served, at most
	}{
		{"libtorrent", []simnet.Behaviour{lt}, 735 * ms, 1.001},
		{"four libtorrents", []simnet.Behaviour{lt, lt, lt, lt}, 342 * ms, 1.02},
		{"aria2", []simnet.Behaviour{simnet.Aria2()}, 735 * ms, 1.001},
		{"Transmission", []simnet.Behaviour{simnet.Transmission()}, 12 * time.Second, 1.001},
		{"rqbit", []simnet.Behaviour{simnet.Rqbit()}, 735 * ms, 1.001},
		{"anacrolix", []simnet.Behaviour{simnet.Anacrolix()}, 735 * ms, 1.001},
		{"a liar of four", []simnet.Behaviour{lt, lt, lt, liar}, 662 * ms, 1.2},
		{"two of eight stall", []simnet.Behaviour{lt, lt, lt, lt, lt, lt, stalls, stalls}, 600 * ms, 1.02},
		{"one of two dies", []simnet.Behaviour{lt, dies}, 735 * ms, 1.02},
		{"one of two never unchokes", []simnet.Behaviour{never, lt}, 735 * ms, 1.001},
		{"wrong metadata", []simnet.Behaviour{corrupt, lt}, 835 * ms, 1.02},
		{"metadata of another size", []simnet.Behaviour{wrongSize, lt}, 835 * ms, 1.02},
		{"silent about metadata", []simnet.Behaviour{silent, lt}, 835 * ms, 1.02},
		{"all together", []simnet.Behaviour{lt, simnet.Aria2(), simnet.Transmission(), simnet.Rqbit(), simnet.Anacrolix(), liar, stalls, dies, never}, 900 * ms, 1.2},
	} {
		modes := []simnet.Mode{simnet.Ideal, simnet.SlowStart}
		if raced {
			modes = modes[:len(c.mix)/4] // of many peers alone
		}
		for _, mode := range modes {
			t.Run(fmt.Sprintf("%s, mode %d", c.name, mode), func(t *testing.T) {
				bubble.Test(t, func(t *testing.T) {
					mannered(t, mode, c.mix, c.first, c.excess)
				})
			})
		}
	}
}

func mannered(t *testing.T, mode simnet.Mode, mix []simnet.Behaviour, most time.Duration, excess float64) {
	const size = 16 << 20
	s := newSim(t, mode, 50*ms, 1<<20, size)
	for _, b := range mix {
		s.script(simRate, b)
	}
	start := time.Now()
	c := s.open(0, size)
	defer c.Close()
	if first := s.first(c, start); mode == simnet.Ideal && first > most {
		t.Errorf("first byte after %v", first)
	}
	s.read(c, 0, size)
	var sent int64
	requests := 0
	for i, x := range s.scripts {
		st := x.Stats()
		sent += st.Bytes
		requests += int(st.Requests)
		if st.Offences > 0 {
			t.Errorf("seed %d took offence: %+v", i, st)
		}
	}
	if float64(sent) > excess*size {
		t.Errorf("peers sent %.3f bytes a byte served", float64(sent)/size)
	}
	if blocks := size / (16 << 10); requests > 4*blocks {
		t.Errorf("%d requests for %d blocks", requests, blocks)
	}
}

func TestNineteenOfTwentyLie(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 4 << 20
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, size)
		for i := range 20 {
			b := simnet.Libtorrent()
			if i != 13 {
				b.Lie = simnet.LieEveryBlock
			}
			s.script(simRate, b)
		}
		c := s.open(0, size)
		defer c.Close()
		s.read(c, 0, size)
		st, _ := s.gate.session.Status(s.hash())
		t.Logf("%d banned, %d pieces failed, %d bytes wasted", st.Swarm.Banned, st.HashFailures, st.Wasted)
		if st.Swarm.Banned != 19 {
			t.Errorf("%d peers banned, 19 lied", st.Swarm.Banned)
		}
	})
}

func TestNobodyIsHonest(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 1<<20)
		for range 3 {
			b := simnet.Libtorrent()
			b.Lie = simnet.Lie4KiB
			s.script(simRate, b)
		}
		c := s.open(0, 1<<20)
		defer c.Close()
		got, err := drain(c, 25*time.Second)
		e, ok := err.(*UnavailableError)
		if len(got) > 0 || !ok || !e.Bad {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	})
}

// A peer that never lets us download has the piece all the same, and is counted.
func TestHoldersOfTheMissingPiece(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 1<<20)
		for range 2 {
			s.script(simRate, simnet.Behaviour{Unchoke: simnet.OnTick, Tick: time.Minute})
		}
		s.know()
		c := s.open(0, 1<<20)
		defer c.Close()
		_, err := drain(c, 25*time.Second)
		if e, ok := err.(*UnavailableError); !ok || e.Stage != StagePeers || e.Holders != 2 {
			t.Errorf("%v", err)
		}
	})
}

// The first wait is for a peer until one lets us download, and for the piece from
// then on.
func TestLone(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 50*ms, 256<<10, 1<<20)
		s.script(simRate, simnet.Behaviour{Unchoke: simnet.OnTick, Tick: 3 * time.Second})
		s.know()
		c := s.open(0, 1<<20)
		defer c.Close()
		start := time.Now()
		took := s.first(c, start)
		if lone := c.Lone(); lone < 3*time.Second || lone > 3*time.Second+100*ms || took <= lone {
			t.Errorf("alone for %v of %v", lone, took)
		}
		s.read(c, 0, 1<<20)
		other := s.open(0, 1<<20)
		defer other.Close()
		if s.first(other, time.Now()); other.Lone() != 0 {
			t.Errorf("alone for %v with the piece held", other.Lone())
		}
	})
}
