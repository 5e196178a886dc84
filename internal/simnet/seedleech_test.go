package simnet

import (
	"bytes"
	"crypto/sha1"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// swarm starts a Seed with everything, and others without anything that dial it.
func swarm(t *testing.T, first Behaviour, others ...Behaviour) (*Seed, []*Seed) {
	n := New(Config{RTT: rtt})
	start := func(b Behaviour, pieces []int) *Seed {
		s, err := NewSeed(n.Host(HostConfig{Up: 1e6}), SeedConfig{
			InfoHash: sha1.Sum(testInfo()), Info: testInfo(), Content: bytes.NewReader(testContent()),
			Size: testSize, PieceLength: testPieceLength, Pieces: pieces, Behaviour: b,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s
	}
	one := start(first, nil)
	var rest []*Seed
	for _, b := range others {
		s := start(b, []int{})
		if err := s.Dial(t.Context(), one.Addr()); err != nil {
			t.Fatal(err)
		}
		rest = append(rest, s)
	}
	return one, rest
}

func TestSeedThatLeeches(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		rider := Behaviour{Leech: 4, Unchoke: NeverUnchoke}
		one, riders := swarm(t, Libtorrent(), rider)
		one.Choke(true) // what it owes is asked again
		time.Sleep(100 * time.Millisecond)
		one.Choke(false)
		time.Sleep(5 * time.Second)
		if got := riders[0].Stats().Uploaded; got != testSize {
			t.Errorf("%d bytes came, of %d", got, testSize)
		}
		if st := one.Stats(); st.Offences != 0 || st.Bytes != testSize {
			t.Errorf("%+v", st)
		}
	})
}

func TestSlotsGoRound(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		b := Libtorrent()
		b.Slots, b.Rotate = 1, 10*time.Second
		one, _ := swarm(t, b, Behaviour{Leech: 1}, Behaviour{Leech: 1}, Behaviour{Leech: 1})
		seen := map[string]int{}
		for range 6 {
			time.Sleep(time.Second)
			u := one.Unchoked()
			if len(u) != 1 {
				t.Fatalf("%d peers are unchoked", len(u))
			}
			seen[u[0].Addr.String()]++
			time.Sleep(9 * time.Second)
		}
		if len(seen) != 3 {
			t.Errorf("turns: %v", seen)
		}
		for who, n := range seen {
			if n != 2 {
				t.Errorf("%s had %d of 6 turns", who, n)
			}
		}
	})
}
