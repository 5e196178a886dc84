package sched

import (
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A handover is a gateway that fetches from two peers outside, in the middle of it, when a sibling begins to
// fetch in its place.
type handover struct {
	*model
	out    [2]*modelPeer
	kin    *modelPeer
	begun  map[int]bool // pieces that were in flight by then
	asked  map[*Link]map[int]int
	isDone func() bool
}

func newHandover(t *testing.T) *handover {
	h := &handover{model: newModel(t, testInfo(t, 16*metainfo.BlockLen, 64*16*metainfo.BlockLen)), begun: make(map[int]bool), asked: make(map[*Link]map[int]int)}
	for i := range h.out {
		h.out[i] = h.join(50*ms, 1e6)
	}
	h.kin = h.model.kin(ms, 8e6, metainfo.NewBitfield(h.c.Info.NumPieces()))
	h.isDone = h.read(0, h.c.Info.Span(), 0)
	h.settle()
	h.run(500*ms, func() bool { return h.now >= 400*ms })
	h.trace = func(e Effect) {
		if e.Command.Op == peer.Request {
			if h.asked[e.Link] == nil {
				h.asked[e.Link] = make(map[int]int)
			}
			h.asked[e.Link][int(e.Command.Block.Piece)]++
		}
	}
	for _, f := range h.c.Order {
		if f.begunOutside() {
			h.begun[f.Piece] = true
		}
	}
	if len(h.begun) == 0 {
		t.Fatal("nothing is in flight")
	}
	return h
}

// begin has the sibling fetch from now on.
func (h *handover) begin() {
	for _, p := range h.out {
		h.c.Event(h.now, p.l, peer.Event{Kind: peer.Withheld})
	}
	h.c.Event(h.now, h.kin.l, peer.Event{Kind: peer.HasAll})
	h.settle()
}

// Peers outside end what is begun with them, and are asked for nothing else; nothing comes twice.
func TestWhatIsBegunIsEnded(t *testing.T) {
	h := newHandover(t)
	h.begin()
	h.run(time.Minute, h.isDone)
	for piece := range h.begun {
		if h.asked[h.kin.l][piece] > 0 {
			t.Errorf("piece %d is begun, and the sibling is asked for it", piece)
		}
	}
	for _, p := range h.out {
		for piece := range h.asked[p.l] {
			if !h.begun[piece] {
				t.Errorf("a peer outside is asked for piece %d, which was not begun", piece)
			}
		}
		if p.l.ending || p.l.Open() {
			t.Error("a peer outside has something to end when all is ended")
		}
	}
	if h.c.Stats.Wasted > 0 || h.c.ending != 0 {
		t.Errorf("%d bytes came in vain; %d pieces have yet to be ended", h.c.Stats.Wasted, h.c.ending)
	}
}

// Those that are to end what is begun go, choke or fall silent. The sibling is asked for it.
func TestWhatIsBegunIsNotWaitedFor(t *testing.T) {
	for name, fail := range map[string]func(*handover, *modelPeer){
		"gone":    func(h *handover, p *modelPeer) { h.c.Leave(h.now, p.l) },
		"choke":   func(h *handover, p *modelPeer) { h.c.Event(h.now, p.l, peer.Event{Kind: peer.Choked}) },
		"doubted": func(h *handover, p *modelPeer) { p.l.doubted, p.mute = true, h.now+1 },
		"silent":  func(h *handover, p *modelPeer) { p.mute = h.now + 1 },
		"lost": func(h *handover, p *modelPeer) {
			h.c.Event(h.now, p.l, peer.Event{Kind: peer.HasNone})
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHandover(t)
			h.begin()
			for _, p := range h.out {
				fail(h, p)
			}
			h.settle()
			h.run(10*time.Second, h.isDone)
		})
	}
}
