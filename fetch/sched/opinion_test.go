package sched

import (
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// opinions makes a piece of two blocks of which a copy failed that two peers sent,
// and which has come again from two others.
func opinions(t *testing.T) (m *model, f *Flight, links []*Link) {
	m = newModel(t, testInfo(t, 2*metainfo.BlockLen, 64<<20))
	for range 5 {
		links = append(links, m.join(50*ms, 100_000).l)
	}
	f = m.c.begin(0, 3)
	for _, pair := range [][]*Link{links[:2], links[2:4]} {
		for n, l := range pair {
			m.c.request(0, l, f, n)
			f.Place(n)[0] = byte(l.id)
			m.c.Arrived(0, l, f, n, nil)
		}
		if len(f.Failed) == 0 {
			m.c.failed(0, f)
		}
	}
	return m, f, links
}

// A piece that came again and is to be hashed is rid of what two liars sent, both
// found at one time, and is not given up for it.
func TestLiarsFoundTogether(t *testing.T) {
	m, f, links := opinions(t)
	m.c.convict(0, links[2], "")
	m.c.convict(0, links[3], "")
	for n, l := range links[:2] {
		if b := f.Blocks[n]; b.State != BlockDone || b.from != l || f.Place(n)[0] != byte(l.id) {
			t.Errorf("block %d is not the other peer's opinion: %+v", n, b)
		}
	}
	if f.left != 0 || f.parole != nil || len(m.c.Review) == 0 {
		t.Errorf("%d blocks are left, parole %v, %d to be hashed", f.left, f.parole, len(m.c.Review))
	}
}

// Where those whom all speaks for sent what failed again, other opinions are asked
// for, not one peer for all of it.
func TestCredibleLiarIsDoubted(t *testing.T) {
	m, f, links := opinions(t)
	for _, l := range links {
		l.Proven, l.disputed, l.compared = 20, 0, 0
	}
	for tries := 0; f.left == 0 && tries < 2; tries++ {
		m.c.failed(0, f) // the second try is the first copy once more
	}
	if !f.opinions || f.parole != nil || f.free == 0 {
		t.Errorf("opinions %v, parole %v, %d blocks free after %d takes", f.opinions, f.parole, f.free, f.takes)
	}
}

// What a good piece shows of others does nothing to the piece itself.
func TestGoodPieceWithALiarsBlock(t *testing.T) {
	m, f, links := opinions(t)
	f.Failed[0].from[1] = links[2] // who lied there, and not in what it sent now
	if !m.c.Verified(0, f, true) {
		t.Fatal("it is not good")
	}
	if f.Blocks[0].from != links[2] || !links[2].convicted {
		t.Errorf("%+v, convicted %v", f.Blocks[0], links[2].convicted)
	}
}

// Where no choice of what came is right, all of it comes once more of others than
// before, of many at once; one peer is asked alone only if that fails too.
func TestFailedPieceComesAfresh(t *testing.T) {
	m, f, links := opinions(t)
	f.takes = maxTakes
	m.c.failed(0, f)
	if f.parole != nil || f.free != 2 || f.nextFree(links[0]) != 1 || f.nextFree(links[1]) != 0 {
		t.Fatalf("parole %v, %d blocks free, of the first peer %d, of the second %d",
			f.parole, f.free, f.nextFree(links[0]), f.nextFree(links[1]))
	}
	again := func() {
		for n, l := range []*Link{links[1], links[0]} {
			m.c.request(0, l, f, n)
			f.Place(n)[0] = byte(l.id)
			m.c.Arrived(0, l, f, n, nil)
		}
	}
	again()
	f.takes = maxTakes
	m.c.failed(0, f)
	if f.parole == nil {
		t.Error("it came afresh a second time, and nobody was found to have lied")
	}
	m.c.convict(0, links[4], "")
	if !f.renewed {
		t.Error("who sent nothing of it is reason to fetch it again")
	}
	m.c.convict(0, links[3], "")
	if f.renewed || f.parole != nil {
		t.Error("it stays with one peer though a liar was found")
	}
}
