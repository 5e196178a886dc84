package simnet

import (
	"slices"
	"time"
)

const (
	// seedBlock is the usual length of a request (BEP 3).
	seedBlock = 16 << 10
	// seedTick is the usual interval between rounds of unchoking (BEP 3).
	seedTick = 10 * time.Second
	// keepAliveInterval is the silence after which a Seed sends a keep-alive
	// (BEP 3: generally two minutes).
	keepAliveInterval = 100 * time.Second
	// chokeGrace is how long after a choke requests are rejected, whatever
	// Behaviour.Choked says: more than a round trip on any path.
	chokeGrace = 2 * time.Second
	// firstFlightGrace is how long after a handshake bytes still count as part
	// of its flight: more than a small write takes on a slow link.
	firstFlightGrace = 2 * time.Millisecond
)

// handle acts on a message; false ends the connection.
func (p *seedConn) handle(kind byte, body []byte) bool {
	s := p.seed
	s.mu.Lock()
	defer s.mu.Unlock()
	switch kind {
	case msgInterested:
		s.stats.Interested++
		p.interested = true
		p.onInterested()
	case msgNotInterested:
		p.interested = false
		p.shown.since = time.Now()
	case msgRequest:
		return p.onRequest(body)
	case msgCancel:
		return p.onCancel(body)
	case msgPiece:
		s.stats.Uploaded += int64(len(body) - 8)
		p.answered(body, true)
		if s.cfg.Unchoke == OnGift {
			p.offerSlot()
		}
	case msgReject:
		p.answered(body, false)
	case msgChoke, msgUnchoke:
		p.onChoked(kind == msgChoke)
	case msgHave, msgBitfield, msgHaveAll:
		if s.cfg.SuperSeed {
			p.onTaken(kind, body)
		}
		if s.cfg.Leech > 0 || s.cfg.LeavesSeeds {
			p.onPossession(kind, body)
		}
		if s.cfg.LeavesSeeds && !slices.Contains(p.theirs, false) {
			return false
		}
	case msgExtended:
		return p.onExtended(body)
	case msgHashRequest:
		s.stats.HashAsks++
		if s.cfg.Hashes != nil {
			p.say(s.cfg.Hashes(body))
		}
	}
	return true
}

func (p *seedConn) onInterested() {
	s := p.seed
	switch s.cfg.Unchoke {
	case OnInterested, Preemptive:
		p.offerSlot()
	case OnTick:
		p.unchokeAt = time.Now().Add(s.nextTick())
		p.poke()
	}
}

func (p *seedConn) onRequest(body []byte) bool {
	s := p.seed
	f, err := fields(body, 3)
	if err != nil {
		return p.offend()
	}
	ask := blockAsk{time.Now().Add(s.cfg.ServiceTime), f[0], f[1], f[2]}
	s.stats.Requests++
	if s.asked[[2]int{ask.piece, ask.begin}] {
		s.stats.Duplicates++
	}
	s.asked[[2]int{ask.piece, ask.begin}] = true
	if s.cfg.Record {
		s.requests = append(s.requests, Request{
			time.Since(s.start), p.number, ask.piece, ask.begin, ask.length, p.choked,
		})
	}
	switch {
	case s.cfg.ExactBlocks && !s.exact(ask):
		return p.offend()
	case !s.serves(ask) || s.cfg.SuperSeed && !p.shown.has(ask.piece) || s.cfg.RequestQueue > 0 && len(p.blocks) >= s.cfg.RequestQueue:
		return p.refuse(ask, s.cfg.Missing)
	case p.choked && !p.allowedFast(ask.piece):
		if p.crossed() {
			return p.refuse(ask, Reject)
		}
		return p.refuse(ask, s.cfg.Choked)
	}
	switch n := s.stats.Requests - 1; {
	case s.cfg.Lose != nil && s.cfg.Lose(n):
		return true
	case s.cfg.Refuse != nil && s.cfg.Refuse(n):
		return p.refuse(ask, Reject)
	}
	p.blocks = append(p.blocks, ask)
	p.jammed = p.jammed || s.cfg.Jam > 0 && len(p.blocks) > s.cfg.Jam
	p.poke()
	return true
}

// crossed reports whether a request may have been sent before the peer learnt
// that it is choked.
func (p *seedConn) crossed() bool {
	return p.wasUnchoked && time.Since(p.seed.start)-p.turned < chokeGrace
}

// serves reports whether the Seed has the bytes asked for.
func (s *Seed) serves(a blockAsk) bool {
	return a.piece < len(s.has) && s.has[a.piece] && a.length > 0 && a.begin+a.length <= s.pieceSize(a.piece)
}

// exact reports whether a request is for a whole aligned block.
func (s *Seed) exact(a blockAsk) bool {
	return a.piece < len(s.has) && a.begin%seedBlock == 0 && a.length == min(seedBlock, s.pieceSize(a.piece)-a.begin)
}

func (p *seedConn) allowedFast(piece int) bool {
	if !p.fast {
		return false
	}
	for _, i := range p.seed.cfg.AllowedFast {
		if i == piece {
			return true
		}
	}
	return false
}

func (p *seedConn) refuse(a blockAsk, how Refusal) bool {
	p.seed.stats.Refused++
	switch how {
	case CloseConn:
		return p.offend()
	case Reject:
		if p.fast {
			p.say(message(msgReject, a.piece, a.begin, a.length))
		}
	}
	return true
}

// offend counts what the peer did wrong and ends the connection.
func (p *seedConn) offend() bool {
	p.seed.stats.Offences++
	return false
}

// onCancel forgets a request that was not served yet; with the fast extension
// it is rejected, as BEP 6 asks.
func (p *seedConn) onCancel(body []byte) bool {
	s := p.seed
	f, err := fields(body, 3)
	if err != nil {
		return p.offend()
	}
	s.stats.Cancels++
	for i, b := range p.blocks {
		if b.piece == f[0] && b.begin == f[1] && b.length == f[2] && i >= p.committed() {
			p.blocks = append(p.blocks[:i:i], p.blocks[i+1:]...)
			p.jammed = p.jammed && len(p.blocks) > 0
			p.poke()
			if p.fast {
				p.say(message(msgReject, f...))
			}
			break
		}
	}
	return true
}

func (p *seedConn) onExtended(body []byte) bool {
	s := p.seed
	if len(body) == 0 || !p.extended {
		return p.offend()
	}
	v, _, err := bdecode(body[1:])
	d, ok := v.(map[string]any)
	if err != nil || !ok {
		return p.offend()
	}
	switch body[0] {
	case 0:
		m, _ := d["m"].(map[string]any)
		if id, ok := m["ut_metadata"].(int); ok {
			p.metadataID = id
		}
		if only, ok := d["upload_only"].(int); ok && only == 1 && s.cfg.LeavesSeeds {
			return false
		}
	case seedMetadataID:
		part, _ := d["piece"].(int)
		if kind, ok := d["msg_type"].(int); !ok || kind != 0 || p.metadataID == 0 {
			break
		}
		s.stats.MetadataAsks++
		if s.tellsMetadata() && s.cfg.Metadata != SilentMetadata {
			p.onMetadataRequest(part)
		}
	}
	return true
}
