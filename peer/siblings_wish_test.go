package peer

import (
	"reflect"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/peer/sibling"
	"github.com/btgw/btgw/peer/wire"
)

// fetched is another torrent of the first of a pair, which fetches it for siblings: it has a web seed.
func (p *pair) fetched() (*Swarm, *store) {
	p.t.Helper()
	tor, _ := content(p.t, 2<<20, 256<<10)
	st := leech(tor.Info)
	s, err := p.hosts[0].NewSwarm(SwarmConfig{
		Hashes: tor.Info.Hashes(), Info: tor.Info, Demand: st, Supply: st,
		Pull: func(int, bool, func()) func() { return func() {} },
	})
	if err != nil {
		p.t.Fatal(err)
	}
	s.WebSeeded(true)
	s.SetWanted(true)
	time.Sleep(time.Second)
	return s, st
}

// wishes are what Demand heard of them so far, by all connections.
func (s *store) wishes() (all [][]Wish) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.links {
		for _, e := range l.events {
			switch e.Kind {
			case Wished:
				all = append(all, e.Wishes)
			case Unheeded:
				all = append(all, nil)
			}
		}
	}
	return all
}

// A proved sibling says what its readers need next, until another gateway fetches. Nobody else does, and what is not
// in the torrent ends the connection.
func TestSiblingWishes(t *testing.T) {
	said := []wire.Wish{{First: 0, Count: 2}, {First: 7, Count: 1, In: 1500}}
	heard := []Wish{{First: 0, Count: 2}, {First: 7, Count: 1, In: 1500 * time.Millisecond}}
	for _, tt := range []struct {
		name   string
		proves bool
		said   []wire.Wish
		drains bool
		want   [][]Wish
		ends   bool
	}{
		{"what is in the torrent", true, said, false, [][]Wish{heard}, false},
		{"and then we drain", true, said, true, [][]Wish{heard, nil}, false},
		{"nothing any more", true, []wire.Wish{}, false, [][]Wish{{}}, false},
		{"without a proof", false, said, false, nil, true},
		{"of a piece that is not there", true, []wire.Wish{{First: 7, Count: 2}}, false, nil, true},
		{"of more than there can be", true, []wire.Wish{{First: 1<<32 - 1, Count: 1<<32 - 1}}, false, nil, true},
		{"of no piece", true, []wire.Wish{{First: 1}}, false, nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				p := newPair(t)
				s, st := p.fetched()
				f, nonce := p.dial(p.nets[1], st.info.Hashes()[0].Wire()), sibling.Nonce{1}
				f.describe(nonce)
				if err := f.listen(time.Second); ended(err) {
					t.Fatal(err)
				}
				if tt.proves {
					f.send(wire.AppendSibling(nil, wire.ExtSibling, wire.SiblingMessage{Proof: p.prove(f, nonce)}))
				}
				f.send(wire.AppendSibling(nil, wire.ExtSibling, wire.SiblingMessage{Heeds: true, Wishing: true, Wishes: tt.said}))
				err := f.listen(100 * time.Millisecond)
				if tt.drains {
					p.hosts[0].Drain()
					err = f.listen(100 * time.Millisecond)
				}
				got := st.wishes()
				if !tt.proves { // it ends when it has not proved itself in time
					err = f.listen(2 * handshakeTimeout)
				}
				if ended(err) != tt.ends {
					t.Errorf("%v; %d siblings", err, s.Stats().Siblings)
				}
				if !tt.ends && !reflect.DeepEqual(got, tt.want) || tt.ends && len(got) > 0 {
					t.Errorf("heard %+v, not %+v", got, tt.want)
				}
			})
		})
	}
}

// A sibling that does not know of wishes is told none.
func TestAnOlderSiblingHearsNoWishes(t *testing.T) {
	for _, heeds := range []bool{false, true} {
		bubble.Test(t, func(t *testing.T) {
			p := newPair(t)
			f, nonce := p.dial(p.nets[1], p.tor.Info.ID().Wire()), sibling.Nonce{1}
			f.describe(nonce)
			if err := f.listen(time.Second); ended(err) {
				t.Fatal(err)
			}
			p.swarm.kin.lead.Store(&p.hosts[1].fleet.cfg.Node)
			f.send(wire.AppendSibling(nil, wire.ExtSibling, wire.SiblingMessage{Proof: p.prove(f, nonce)}))
			f.send(wire.AppendSibling(nil, wire.ExtSibling, wire.SiblingMessage{Pulls: true, Heeds: heeds}))
			if err := f.listen(100 * time.Millisecond); ended(err) {
				t.Fatal(err)
			}
			p.swarm.kin.lead.Store(&p.hosts[1].fleet.cfg.Node)
			for _, c := range siblingConnsOf(p.swarm) {
				c.Wish([]Wish{{First: 1, Count: 3, In: time.Hour * 24 * 365}, {First: 0, Count: 1}})
			}
			if err := f.listen(100 * time.Millisecond); ended(err) {
				t.Fatal(err)
			}
			var want []wire.Wish
			if heeds {
				want = []wire.Wish{{First: 1, Count: 3, In: 1<<32 - 1}, {First: 0, Count: 1}}
			}
			if !reflect.DeepEqual(f.wishes, want) {
				t.Errorf("heeds %v: it was told %+v", heeds, f.wishes)
			}
		})
	}
}
