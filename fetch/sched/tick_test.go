package sched

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// restlessSwarms are swarms in which much happens: peers that fall silent, lie, choke, reject, lose
// pieces and leave, and readers that come and go. check is called before each event.
func restlessSwarms(t *testing.T, check func(m *model)) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 5))
		m := newModel(t, testInfo(t, 256<<10, 16<<20))
		var stops []func() bool
		for range 1 + r.IntN(6) {
			pos := r.Int64N(12 << 20)
			stops = append(stops, m.read(pos, pos+4<<20, float64(r.IntN(3))*mb))
		}
		for range r.IntN(4) {
			pos := r.Int64N(12 << 20)
			m.at(time.Duration(r.IntN(2000))*ms, func() {
				w := m.c.Open(m.now, pos, pos+4<<20)
				m.settle()
				m.at(m.now+time.Duration(r.IntN(1000))*ms, func() { m.c.Close(m.now, w); m.settle() })
			})
		}
		m.settle()
		for i := range 2 + r.IntN(12) {
			p := m.join(time.Duration(1+r.IntN(200))*ms, float64(200+r.IntN(4000))*1000)
			if i == 0 {
				continue // it has everything, and stays
			}
			if r.IntN(3) == 0 {
				p.mute = m.now + time.Duration(1+r.IntN(2000))*ms
			}
			p.liar = r.IntN(6) == 0
			for range r.IntN(4) {
				e := peer.Event{Kind: []peer.EventKind{peer.Choked, peer.Unchoked, peer.Rejected, peer.LostPiece, peer.Has}[r.IntN(5)]}
				e.Block = metainfo.Block{Piece: uint32(r.IntN(64)), Begin: uint32(r.IntN(16) * metainfo.BlockLen), Length: metainfo.BlockLen}
				m.at(time.Duration(r.IntN(3000))*ms, func() { m.event(p, e) })
			}
			if r.IntN(5) == 0 {
				m.at(time.Duration(r.IntN(2000))*ms, func() {
					if !p.l.Gone {
						m.c.Leave(m.now, p.l)
						m.settle()
					}
				})
			}
		}
		m.run(10*time.Minute, func() bool {
			check(m)
			all := true
			for _, s := range stops {
				all = s() && all
			}
			return all
		})
	}
}

// event has a peer say something. A rejection is of the block that it owes last.
func (m *model) event(p *modelPeer, e peer.Event) {
	if p.l.Gone {
		return
	}
	if n := len(p.l.queue); e.Kind == peer.Rejected && n > 0 {
		r := p.l.queue[n-1]
		e.Block = m.c.Info.Block(r.Flight.Piece, r.Block)
		for i, b := range p.queue {
			if b == e.Block {
				p.queue = append(p.queue[:i], p.queue[i+1:]...)
				break
			}
		}
	}
	m.c.Event(m.now, p.l, e)
	m.settle()
}

// Whatever happens, Next says in time when Tick is to be called, though it looks at what
// changed alone.
func TestNoTickIsMissed(t *testing.T) {
	var armed earliest
	restlessSwarms(t, func(m *model) {
		if m.now == 0 {
			armed = earliest{}
		}
		if armed.any && m.now >= armed.at {
			armed = earliest{}
			m.c.Tick(m.now)
			m.settle()
		}
		if at, ok := m.c.Next(m.now); ok {
			armed.add(at)
		}
		if all := m.c.nextOfAll(m.now); all.any && (!armed.any || all.at < armed.at) {
			t.Fatalf("at %v Tick is due at %v; it is to be called at %v (%v)", m.now, all.at, armed.at, armed.any)
		}
	})
}

// Whatever happens, whoever may have something to ask is looked at.
func TestNobodyIsPassedOver(t *testing.T) {
	restlessSwarms(t, func(m *model) {
		for i, l := range m.c.Links {
			if l.nth != i {
				t.Fatalf("peer %d is at place %d, and says %d", l.id, i, l.nth)
			}
			if !m.c.contented(m.now, l) && !m.c.board.restless.has(i) {
				t.Fatalf("at %v peer %d may have something to ask, and is not looked at", m.now, l.id)
			}
		}
	})
}
