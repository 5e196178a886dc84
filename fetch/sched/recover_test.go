package sched

import (
	"slices"
	"testing"

	"github.com/btgw/btgw/fetch/blame"
	"github.com/btgw/btgw/metainfo"
)

// fail is that a copy of the piece which peers sent failed its hash, each in turn a block.
func (m *model) fail(f *Flight, from ...*Link) {
	bad := blame.Copy[*Link]{Memory: versionMemory{m.c.memory, false}, Block: m.pool.Get(f.Size)}
	for n := range f.Blocks {
		bad.From, bad.Kept = append(bad.From, from[n%len(from)]), append(bad.Kept, false)
	}
	f.Case.Fail(&bad)
	bad.Block.Release()
}

// again is that the piece failed, where few have before.
func (m *model) again(f *Flight) {
	m.c.Stats = Stats{}
	m.c.failed(0, f)
}

// versions makes a piece of two blocks of which a copy failed that two peers sent,
// and which has come again from two others.
func versions(t *testing.T) (m *model, f *Flight, links []*Link) {
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
		if !f.Case.Failed() {
			m.c.failed(0, f)
		}
	}
	return m, f, links
}

// A piece that came again and is to be hashed is rid of what two liars sent, both
// found at one time, and is not given up for it.
func TestLiarsFoundTogether(t *testing.T) {
	m, f, links := versions(t)
	m.c.convict(0, links[2], "")
	m.c.convict(0, links[3], "")
	for n, l := range links[:2] {
		if b := f.Blocks[n]; b.State != BlockDone || b.from != l || f.Place(n)[0] != byte(l.id) {
			t.Errorf("block %d is not the other peer's version: %+v", n, b)
		}
	}
	if f.left != 0 || f.parole != nil || len(m.c.Review) == 0 {
		t.Errorf("%d blocks are left, parole %v, %d to be hashed", f.left, f.parole, len(m.c.Review))
	}
}

// Where those whom all speaks for sent what failed again, others are asked
// for versions, not one peer for all of it.
func TestCredibleLiarIsDoubted(t *testing.T) {
	m, f, links := versions(t)
	for _, l := range links {
		l.Record = blame.Record{Proven: 20}
	}
	for tries := 0; f.left == 0 && tries < 2; tries++ {
		m.again(f) // the second try is the first copy once more
	}
	if !f.Case.Apart || f.parole != nil || f.free == 0 {
		t.Errorf("apart %v, parole %v, %d blocks free", f.Case.Apart, f.parole, f.free)
	}
}

// What a good piece shows of others does nothing to the piece itself.
func TestGoodPieceWithALiarsBlock(t *testing.T) {
	m, f, links := versions(t)
	m.fail(f, links[0], links[2]) // the last lied there, and not in what it sent now
	if !m.c.Verified(0, f, true) {
		t.Fatal("it is not good")
	}
	if f.Blocks[0].from != links[2] || !links[2].Convicted {
		t.Errorf("%+v, convicted %v", f.Blocks[0], links[2].Convicted)
	}
}

// Where no choice of what came is right, all of it comes once more of others than before, of many at
// once. One peer is asked alone only if that fails too, and not any more once a liar is found.
func TestFailedPieceComesAgain(t *testing.T) {
	m, f, links := versions(t)
	word := byte(100) // no two versions are the same
	fails := 0
	for m.again(f); f.parole == nil; m.again(f) {
		if fails++; fails > 12 {
			t.Fatal("it comes again and again")
		}
		for n := range f.Blocks {
			if f.Blocks[n].State == BlockDone {
				continue
			}
			i := slices.IndexFunc(links, func(l *Link) bool { return !f.avoids(l, n) })
			if i < 0 {
				t.Fatalf("nobody is left for block %d", n)
			}
			m.c.request(0, links[i], f, n)
			word++
			f.Place(n)[0] = word
			m.c.Arrived(0, links[i], f, n, nil)
			links = append(links[i+1:], links[:i+1]...)
		}
	}
	if fails < 2 {
		t.Errorf("one peer has it alone after %d failures", fails)
	}
	m.c.convict(0, links[0], "")
	if f.parole != nil {
		t.Error("it stays with one peer though a liar was found")
	}
}
