package fetch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/book"
)

// waits waits in haste for the first byte of a piece, with 25 s of patience, as the
// gateway does, and returns how long that took.
func (s *sim) waits(piece int, h Hints) (*UnavailableError, time.Duration) {
	s.t.Helper()
	h.FailFast = true
	off := s.torrent.Info.PieceOffset(piece)
	c, err := s.gate.session.Open(context.Background(), s.hash(), h, &s.torrent.Info.Files[0], off, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	begun := time.Now()
	err = c.Wait(ctx)
	var e *UnavailableError
	if err != nil && !errors.As(err, &e) {
		s.t.Fatal(err)
	}
	return e, time.Since(begun)
}

// after has something done when somebody waits for as long.
func (s *sim) after(wait time.Duration, do func(swarm *peer.Swarm)) {
	time.AfterFunc(wait, func() {
		t, err := s.gate.session.torrent(context.Background(), s.hash(), Hints{})
		if err != nil {
			s.t.Error(err)
			return
		}
		defer t.unhold()
		do(t.swarm)
	})
}

// told fails the test where somebody was not told in time, but for a look and what peers
// take to connect and to say what they have.
func told(t *testing.T, what string, took, want time.Duration) {
	t.Helper()
	if took < want || took > want+2*noSourcesLook {
		t.Errorf("%s after %v, not %v", what, took, want)
	}
}

// Who waits for what none of the peers has is told before all of the time is over, and
// who comes after at once; another piece comes all the same.
func TestNobodyHasThePiece(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		s.know()
		for range 3 {
			s.part(simRate, []int{1}, simnet.Libtorrent())
		}
		e, took := s.waits(0, s.hints())
		if e == nil || !e.NoSources || e.Stage != StagePeers || e.Holders != 0 || e.Status.Swarm.Connected != 3 {
			t.Fatalf("%+v after %v", e, took)
		}
		told(t, "without the piece", took, uselessTime)
		if e, took := s.waits(0, Hints{}); e == nil || took != 0 {
			t.Errorf("asked again: %v after %v", e, took)
		}
		if e, took := s.waits(1, Hints{}); e != nil || took > time.Second {
			t.Errorf("the piece that they have: %v after %v", e, took)
		}
		time.Sleep(noSourcesLife)
		_, took = s.waits(0, Hints{})
		told(t, "when it is time", took, uselessTime)
	})
}

// A swarm whose peers do not have the metadata is given up as soon.
func TestNobodyOffersTheMetadata(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		b := simnet.Libtorrent()
		b.Metadata = simnet.NoMetadata
		s.script(simRate, b)
		e, took := s.hastily(s.hints())
		if e == nil || !e.NoSources || e.Stage != StageMetadata || e.Status.Swarm.Connected != 1 {
			t.Fatalf("%+v after %v", e, took)
		}
		told(t, "without the metadata", took, uselessTime)
		if e, took := s.hastily(Hints{}); e == nil || took != 0 {
			t.Errorf("asked again: %v after %v", e, took)
		}
	})
}

// Peers that offer the metadata and do not send it are given up as those that owe a piece
// are; one that sends it slowly is not, and one that rejects it has none.
func TestMetadataThatNeverComes(t *testing.T) {
	with := func(change func(*simnet.Behaviour)) simnet.Behaviour {
		b := simnet.Libtorrent()
		change(&b)
		return b
	}
	silent := with(func(b *simnet.Behaviour) { b.Metadata = simnet.SilentMetadata })
	rejects := with(func(b *simnet.Behaviour) { b.Metadata = simnet.RejectMetadata })
	lacks := with(func(b *simnet.Behaviour) { b.Metadata = simnet.NoMetadata })
	late := with(func(b *simnet.Behaviour) { b.MetadataDelay = silentTime - 5*time.Second })
	for _, c := range []struct {
		name  string
		up    int64
		peers []simnet.Behaviour
		want  time.Duration // 0: it comes
	}{
		{"a silent one", simRate, []simnet.Behaviour{silent}, silentTime},
		{"two silent ones, and one without", simRate, []simnet.Behaviour{silent, lacks, silent}, silentTime},
		{"one that rejects", simRate, []simnet.Behaviour{rejects}, uselessTime},
		{"a silent one, and one that rejects", simRate, []simnet.Behaviour{silent, rejects}, silentTime},
		{"a late one", simRate, []simnet.Behaviour{late}, 0},
		{"a silent one, and a late one", simRate, []simnet.Behaviour{silent, late}, 0},
		{"a slow one", 700, []simnet.Behaviour{simnet.Libtorrent()}, 25 * time.Second}, // a part takes longer than silentTime
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := newSim(t, simnet.Ideal, simRTT, 16<<10, 16<<20) // two parts of metadata
				for _, b := range c.peers {
					s.script(c.up, b)
				}
				e, took := s.hastily(s.hints())
				switch {
				case c.want == 0:
					if e != nil || took > silentTime {
						t.Errorf("%+v after %v", e, took)
					}
				case e == nil || e.Stage != StageMetadata || e.NoSources != (c.want < 25*time.Second):
					t.Errorf("%+v after %v", e, took)
				default:
					told(t, "the end", took, c.want)
				}
			})
		})
	}
}

// News of a piece or a peer begins the time anew, and what comes in time is sent.
func TestUselessPeersMayLearn(t *testing.T) {
	const late = uselessTime - time.Second
	for _, c := range []struct {
		name  string
		do    func(s *sim, swarm *peer.Swarm)
		least time.Duration // 0: it comes
	}{
		{"another piece", func(s *sim, _ *peer.Swarm) { s.scripts[0].AddPiece(2) }, late + uselessTime},
		{"an address", func(s *sim, swarm *peer.Swarm) {
			swarm.AddPeers(book.SourcePEX, s.net.Host(simnet.HostConfig{}).AddrPort(1))
		}, late + uselessTime},
		{"a peer that lacks it", func(s *sim, _ *peer.Swarm) {
			x := s.part(simRate, []int{3}, simnet.Libtorrent())
			_ = x.Dial(context.Background(), s.gate.addr.String())
		}, late + uselessTime},
		{"the piece", func(s *sim, _ *peer.Swarm) { s.scripts[0].AddPiece(0) }, 0},
		{"a peer that has it", func(s *sim, swarm *peer.Swarm) {
			b := simnet.Libtorrent()
			b.HandshakeDelay = 2 * time.Second // past the end of the time
			swarm.AddPeers(book.SourcePEX, s.script(simRate, b).Host().AddrPort(simPort))
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			session(t, func(t *testing.T, s *sim) {
				s.know()
				s.part(simRate, []int{1}, simnet.Libtorrent())
				s.after(late, func(swarm *peer.Swarm) { c.do(s, swarm) })
				e, took := s.waits(0, s.hints())
				switch {
				case c.least == 0 && (e != nil || took > late+4*time.Second):
					t.Errorf("%v after %v", e, took)
				case c.least > 0 && (e == nil || !e.NoSources):
					t.Errorf("%+v", e)
				case c.least > 0:
					told(t, "the end", took, c.least)
				}
			})
		})
	}
}

// Peers that have the piece and choke are waited for, and so is a byte of one that is
// slow. When all of them may send and none does, that is told.
func TestHoldersThatSendNothing(t *testing.T) {
	with := func(change func(*simnet.Behaviour)) simnet.Behaviour {
		b := simnet.Libtorrent()
		change(&b)
		return b
	}
	never := with(func(b *simnet.Behaviour) { b.Unchoke = simnet.NeverUnchoke })
	tick := with(func(b *simnet.Behaviour) { b.Unchoke, b.Tick = simnet.OnTick, 21*time.Second })
	silent := with(func(b *simnet.Behaviour) { b.ServiceTime = time.Hour })
	const all = 25 * time.Second
	for _, c := range []struct {
		name  string
		up    int64
		peers []simnet.Behaviour
		want  time.Duration // 0: it comes
	}{
		{"one that chokes", simRate, []simnet.Behaviour{never}, all},
		{"one that chokes for 21 s", simRate, []simnet.Behaviour{tick}, 0},
		{"a silent one", simRate, []simnet.Behaviour{silent}, silentTime},
		{"three silent ones", simRate, []simnet.Behaviour{silent, silent, silent}, silentTime},
		{"a silent one, and one that chokes", simRate, []simnet.Behaviour{silent, never}, all},
		{"a silent one, and one that chokes for 21 s", simRate, []simnet.Behaviour{silent, tick}, 0},
		// A block takes longer than silentTime.
		{"a slow one", 1000, []simnet.Behaviour{simnet.Libtorrent()}, all},
	} {
		t.Run(c.name, func(t *testing.T) {
			session(t, func(t *testing.T, s *sim) {
				s.know()
				for _, b := range c.peers {
					s.script(c.up, b)
				}
				e, took := s.waits(0, s.hints())
				switch {
				case c.want == 0:
					if e != nil || took < 21*time.Second {
						t.Errorf("%v after %v", e, took)
					}
				case e == nil || e.NoSources != (c.want < all) || e.Holders != len(c.peers):
					t.Errorf("%+v after %v", e, took)
				case c.want == all && took != all:
					t.Errorf("after %v", took)
				default:
					told(t, "the end", took, c.want)
				}
			})
		})
	}
}
