package sched

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// fetcher connects a sibling that fetches what it is asked for.
func (m *model) fetcher(rtt time.Duration, rate float64) *modelPeer {
	p := m.kin(rtt, rate, metainfo.NewBitfield(m.c.Info.NumPieces()))
	m.c.Event(m.now, p.l, peer.Event{Kind: peer.HasAll})
	m.c.Event(m.now, p.l, peer.Event{Kind: peer.Fetches})
	m.settle()
	return p
}

// wishes are what the sibling that fetches is told now, times left out but whether a reader waits; nil: nothing.
func (m *model) wishes() []peer.Wish {
	m.settle()
	l, all := m.c.Wishes(m.now)
	if l == nil {
		return nil
	}
	all = append([]peer.Wish{}, all...)
	for i := range all {
		all[i].In = min(all[i].In, 1)
	}
	return all
}

const piece256 = 16 * metainfo.BlockLen // bytes

// The sibling that fetches is told where readers wait and what comes next, so much and no more. What another sibling
// has is not wished for.
func TestWishes(t *testing.T) {
	m := newModel(t, testInfo(t, piece256, 64*piece256))
	m.fetcher(ms, 0)
	has := metainfo.NewBitfield(64)
	has.Set(1)
	other := m.kin(ms, 1e9, has)
	m.c.Have.Set(11)
	if got := m.wishes(); got != nil {
		t.Errorf("nobody reads: %v", got)
	}
	a := m.c.Open(m.now, 0, 64*piece256)
	b := m.c.Open(m.now, 10*piece256, 13*piece256)
	if got, want := m.wishes(), []peer.Wish{{First: 0, Count: 1}, {First: 10, Count: 1}, {First: 2, Count: 1, In: 1}}; !slices.Equal(got, want) {
		t.Errorf("two readers wait: %v, not %v", got, want)
	}
	if got := m.wishes(); got != nil {
		t.Errorf("nothing changed: %v", got)
	}
	m.c.Leave(m.now, other.l)
	m.c.Close(m.now, b)
	if got, want := m.wishes(), []peer.Wish{{First: 0, Count: 3}}; !slices.Equal(got, want) {
		t.Errorf("one of them left, and who had the next piece: %v, not %v", got, want)
	}
	m.c.Have.Set(0)
	m.c.Ready(m.now, a)
	m.c.Move(m.now, a, piece256)
	m.c.wishing = true
	if got, want := m.wishes(), []peer.Wish{{First: 1, Count: 3, In: 1}}; !slices.Equal(got, want) {
		t.Errorf("a reader has the next piece asked for: %v, not %v", got, want)
	}
	m.c.Stall(m.now, a)
	if got, want := m.wishes(), []peer.Wish{{First: 1, Count: 3}}; !slices.Equal(got, want) {
		t.Errorf("and waits for it: %v, not %v", got, want)
	}
	m.c.Close(m.now, a)
	if got := m.wishes(); got == nil || len(got) > 0 {
		t.Errorf("nobody reads any more: %v", got)
	}
}

// What siblings wish is fetched as for readers of our own, what they wait for first, and nothing else.
func TestWishesAreFetched(t *testing.T) {
	m := newModel(t, testInfo(t, piece256, 64*piece256))
	kin := m.kin(ms, 0, metainfo.NewBitfield(64))
	for range 3 {
		m.join(50*ms, 1e6)
	}
	asked := make(map[int]bool)
	var order []int
	m.trace = func(e Effect) {
		if p := int(e.Command.Block.Piece); e.Command.Op == peer.Request && !asked[p] {
			asked[p] = true
			order = append(order, p)
		}
	}
	m.c.Event(m.now, kin.l, peer.Event{Kind: peer.Wished, Wishes: []peer.Wish{{First: 30, Count: 2, In: time.Second}, {First: 7, Count: 2}}})
	m.settle()
	m.run(30*time.Second, func() bool { return m.c.Have.Has(7) && m.c.Have.Has(8) && m.c.Have.Has(30) && m.c.Have.Has(31) })
	if got := slices.Sorted(maps.Keys(asked)); order[0] != 7 || !slices.Equal(got, []int{7, 8, 30, 31}) {
		t.Errorf("asked for pieces %v", order)
	}
	m.c.Event(m.now, kin.l, peer.Event{Kind: peer.Wished, Wishes: []peer.Wish{{First: 40, Count: 4}}})
	m.settle()
	m.c.Event(m.now, kin.l, peer.Event{Kind: peer.Wished})
	m.settle()
	if len(m.c.Windows) > 0 || len(m.c.Stalled) > 0 || m.queued() > 0 {
		t.Errorf("%d windows, %d that wait and %d blocks are left of wishes", len(m.c.Windows), len(m.c.Stalled), m.queued())
	}
	m.c.Event(m.now, kin.l, peer.Event{Kind: peer.Wished, Wishes: []peer.Wish{{First: 50, Count: 4}}})
	m.settle()
	if m.c.Leave(m.now, kin.l); len(m.c.Windows) > 0 || len(m.c.Stalled) > 0 {
		t.Errorf("%d windows and %d that wait are left of one that left", len(m.c.Windows), len(m.c.Stalled))
	}
}

// queued is how many blocks all peers were asked for.
func (m *model) queued() (n int) {
	for _, l := range m.c.Links {
		n += len(l.queue)
	}
	return n
}

// Another gateway begins to fetch: what is in flight by wishes ends, and nothing else is begun.
func TestWishesThatAreBegunEnd(t *testing.T) {
	m := newModel(t, testInfo(t, piece256, 64*piece256))
	kin := m.kin(ms, 0, metainfo.NewBitfield(64))
	out := m.join(50*ms, 1e6)
	m.c.Event(m.now, kin.l, peer.Event{Kind: peer.Wished, Wishes: []peer.Wish{{First: 7, Count: 40}}})
	m.settle()
	m.run(time.Second, func() bool { return m.now >= 200*ms })
	begun := slices.Sorted(maps.Keys(m.c.Flights))
	if len(begun) == 0 || len(begun) == 40 {
		t.Fatalf("%d pieces are in flight", len(begun))
	}
	m.c.Event(m.now, out.l, peer.Event{Kind: peer.Withheld})
	m.c.Event(m.now, kin.l, peer.Event{Kind: peer.Unheeded})
	m.settle()
	had := m.c.Have.Count(64)
	m.run(m.now+time.Minute, func() bool { return m.c.Have.Count(64) == had+len(begun) })
	if len(m.c.Windows) > 0 || len(m.c.Flights) > 0 {
		t.Errorf("%d windows and %d flights are left", len(m.c.Windows), len(m.c.Flights))
	}
	for _, p := range begun {
		if !m.c.Have.Has(p) {
			t.Errorf("piece %d was begun and is not here", p)
		}
	}
}

// What a sibling was to fetch is asked of nobody else for a moment after another one began to fetch, unless it
// falls behind or leaves.
func TestWishesArePromised(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(m *model, old *Link)
		asks bool
	}{
		{"at once", func(*model, *Link) {}, false},
		{"it has the piece", func(m *model, old *Link) {
			m.c.Event(m.now, old, peer.Event{Kind: peer.Has, Block: metainfo.Block{Piece: 0}})
		}, true},
		{"it is late", func(_ *model, old *Link) { old.late = 1 }, true},
		{"it left", func(m *model, old *Link) { m.c.Leave(m.now, old) }, true},
		{"later", func(m *model, _ *Link) { m.now += promiseTime; m.c.Tick(m.now) }, true},
	} {
		m := newModel(t, testInfo(t, piece256, 64*piece256))
		old := m.fetcher(ms, 0)
		m.c.Open(m.now, 0, 64*piece256)
		m.wishes()
		m.c.Event(m.now, old.l, peer.Event{Kind: peer.HasNone})
		lead := m.fetcher(ms, 0)
		tt.do(m, old.l)
		if m.c.asks(m.now, lead.l, 0) != tt.asks {
			t.Errorf("%s: another is asked: %v", tt.name, !tt.asks)
		}
		if !m.c.asks(m.now, lead.l, 60) {
			t.Errorf("%s: what was not wished for is asked of nobody", tt.name)
		}
	}
}

// A sibling that has owed a piece for long is one of many, whatever its rate was. Of the one that fetches it is
// known otherwise whether it is late.
func TestASiblingThatOwesForLongIsOneOfMany(t *testing.T) {
	for _, fetches := range []bool{false, true} {
		m := newModel(t, testInfo(t, piece256, 64*piece256))
		all := metainfo.NewBitfield(64)
		all.SetAll(64)
		kin, out := m.kin(ms, 0, all).l, m.join(50*ms, 1e6).l
		kin.fetches = fetches
		kin.push(m.now, Request{Flight: m.c.begin(m.now, 3), at: m.now})
		for _, x := range []struct {
			now   time.Duration
			piece int
			asks  bool
		}{{patience, 3, false}, {patience + 1, 3, !fetches}, {patience + 1, 4, false}} {
			if m.c.asks(x.now, out, x.piece) != x.asks {
				t.Errorf("fetches %v: after %v a peer outside is asked for piece %d: %v", fetches, x.now, x.piece, !x.asks)
			}
		}
	}
}
