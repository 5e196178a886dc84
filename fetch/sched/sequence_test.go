package sched

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// filesInfo makes a torrent of so many files of one piece each.
func filesInfo(t testing.TB, pieceLen int64, files int) *metainfo.Info {
	return longFilesInfo(t, pieceLen, files, 1)
}

// longFilesInfo is filesInfo of files of so many pieces each.
func longFilesInfo(t testing.TB, pieceLen int64, files, pieces int) *metainfo.Info {
	raw := []byte("d5:filesl")
	for i := range files {
		name := fmt.Sprintf("%05d", i)
		raw = fmt.Appendf(raw, "d6:lengthi%de4:pathl%d:%see", int64(pieces)*pieceLen, len(name), name)
	}
	raw = fmt.Appendf(raw, "e4:name4:many12:piece lengthi%de6:pieces%d:", pieceLen, files*pieces*20)
	info, err := metainfo.ParseInfo(append(append(raw, make([]byte, files*pieces*20)...), 'e'))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// TestSequence opens files one after another and says how many are wanted ahead.
func TestSequence(t *testing.T) {
	const piece = 64 << 10
	least := MinWindow / piece
	for _, x := range []struct {
		name  string
		opens []int
		ahead int // pieces wanted; those that were opened are here
	}{
		{"three files say nothing", []int{5, 6, 7}, 0},
		{"four do", []int{5, 6, 7, 8}, least},
		{"in nearly their order", []int{7, 5, 8, 6}, least},
		{"what was left out is wanted too", []int{5, 6, 7, 9, 10}, least},
		{"every second one is no order", []int{0, 2, 4, 6, 8, 10, 12}, 0},
		{"nor is backwards", []int{50, 40, 30, 20, 10}, 0},
		{"nor is one file again", []int{5, 5, 5, 5}, 0},
		{"more is wanted of a long one", upTo(64), least + 2*63},
		{"another file breaks it", append(upTo(64), 900), 0},
		{"a file of before does not", append(upTo(64), 0), least + 2*63},
		{"it has to show again that it holds", append(upTo(64), 900, 64, 65, 66), 0},
		{"it does", append(upTo(64), 900, 64, 65, 66, 67), least},
		{"to the end of the torrent", []int{994, 995, 996, 997}, 2},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := newModel(t, filesInfo(t, piece, 1000)).c
			for i, rank := range x.opens {
				now := time.Duration(i) * time.Millisecond
				o := Opening{Rank: rank}
				if !c.Have.Has(rank) {
					o.Window = &Window{}
				}
				c.Have.Set(rank)
				c.Follow(now, o)
				c.plan(now)
			}
			if len(c.wants) != x.ahead {
				t.Errorf("%d pieces are wanted, not %d", len(c.wants), x.ahead)
			}
		})
	}
}

func upTo(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

// TestListedSequence is TestSequence of a client that has a playlist.
func TestListedSequence(t *testing.T) {
	const piece = 64 << 10
	least := MinWindow / piece
	for _, x := range []struct {
		name  string
		opens []int
		ahead int // pieces wanted
	}{
		{"one file does", []int{5}, least},
		{"a seek ahead begins anew", []int{5, 6, 7, 100}, least},
		{"however far it is", []int{5, 8}, least},
		{"so does one back", []int{50, 51, 40}, least - 2},
		{"more is wanted of a long one", upTo(64), least + 2*63},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := newModel(t, filesInfo(t, piece, 1000)).c
			for i, rank := range x.opens {
				now := time.Duration(i) * time.Millisecond
				c.Have.Set(rank)
				c.Follow(now, Opening{Rank: rank, Window: &Window{}, Listed: true})
				c.plan(now)
			}
			last := x.opens[len(x.opens)-1]
			for _, w := range c.wants {
				if w.piece <= last || w.piece > last+max(least, x.ahead) {
					t.Errorf("piece %d is wanted", w.piece)
				}
			}
			if len(c.wants) != x.ahead {
				t.Errorf("%d pieces are wanted, not %d", len(c.wants), x.ahead)
			}
		})
	}
}

// What another client opens does not break a sequence, and each has its own.
func TestSequencesOfClients(t *testing.T) {
	c := newModel(t, filesInfo(t, 64<<10, 1000)).c
	client := func(i int) netip.Prefix { return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), 32) }
	for i := range 5 {
		for n := range 3 {
			c.Follow(0, Opening{Rank: 300*n + i, Client: client(n), Window: &Window{}})
		}
	}
	if len(c.Windows) != 3 {
		t.Errorf("%d sequences are fetched ahead", len(c.Windows))
	}
	for n := range 2 * maxSequences {
		c.Follow(0, Opening{Rank: n, Client: client(3 + n), Window: &Window{}})
	}
	if len(c.sequences) != maxSequences || len(c.Windows) != 0 {
		t.Errorf("%d sequences, %d fetched ahead", len(c.sequences), len(c.Windows))
	}
}

// Nobody goes on: what is ahead is let be, and in the end forgotten.
func TestSequenceEnds(t *testing.T) {
	m := newModel(t, filesInfo(t, 64<<10, 1000))
	for i := range 4 {
		m.c.Have.Set(i)
		m.c.Follow(0, Opening{Rank: i, Window: &Window{}})
	}
	m.settle()
	if next := m.c.nextOfAll(0); !next.any || next.at > idleReader {
		t.Errorf("looked at again at %v, %v", next.at, next.any)
	}
	m.c.Tick(idleReader)
	if len(m.c.wants) > 0 {
		t.Errorf("%d pieces are wanted of nobody", len(m.c.wants))
	}
	m.c.Follow(idleReader, Opening{Rank: 4})
	m.c.plan(idleReader)
	if len(m.c.wants) == 0 {
		t.Error("nothing is wanted of one that goes on")
	}
	m.c.Follow(idleReader+sequenceLife, Opening{Rank: 500})
	if m.c.Follows() || len(m.c.Windows) > 0 {
		t.Errorf("%d sequences after their life", len(m.c.sequences))
	}
}
