package tracker

import (
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
)

// web is the peers that only a WebSocket reaches: WebTorrent's, in browsers. They find each other by
// offers and answers of WebRTC, which the tracker hands on. They are no part of the other swarms, whose
// peers they cannot reach.
type web struct {
	mu     sync.Mutex // guards what follows, and the members of all peers
	closed bool
	peers  int
	swarms map[[20]byte]*webSwarm
	perNet map[uint64]int // how many sockets an address has

	queued atomic.Int64 // bytes that wait to be sent
}

// webSwarm is the peers of a torrent, by their ids.
type webSwarm struct {
	members map[[20]byte]*member
	seeds   int
}

// A webPeer is a socket, behind which there is a peer of each of some torrents.
type webPeer struct {
	t       *Tracker
	send    func([]byte) // queues a message; must not block
	members map[[20]byte]*member
}

// member is a peer of a torrent.
type member struct {
	at   *webPeer
	id   [20]byte
	seed bool
}

// latin is bytes in JSON: a string with a character up to U+00FF for each, as WebTorrent writes them.
type latin []byte

var errLatin = errors.New("tracker: not a string of bytes")

// UnmarshalJSON implements json.Unmarshaler.
func (l *latin) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	*l = make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return errLatin
		}
		*l = append(*l, byte(r))
	}
	return nil
}

// MarshalJSON implements json.Marshaler.
func (l latin) MarshalJSON() ([]byte, error) { return json.Marshal(l.text()) }

func (l latin) text() string {
	runes := make([]rune, len(l))
	for i, b := range l {
		runes[i] = rune(b)
	}
	return string(runes)
}

// description is a session description of WebRTC. Nothing else of what a stranger sends is handed on.
type description struct {
	Type string `json:"type"`
	SDP  string `json:"sdp"`
}

// webOffer is an offer for somebody.
type webOffer struct {
	ID    latin        `json:"offer_id"`
	Offer *description `json:"offer"`
}

// webRequest is what a peer sends.
type webRequest struct {
	Action   string          `json:"action"`
	InfoHash json.RawMessage `json:"info_hash"` // of a scrape a list too
	PeerID   latin           `json:"peer_id"`
	Left     *float64        `json:"left"` // nil: not known yet
	Event    string          `json:"event"`
	Offers   []webOffer      `json:"offers"`
	Answer   *description    `json:"answer"`
	ToPeer   latin           `json:"to_peer_id"`
	OfferID  latin           `json:"offer_id"`
}

// webMessage is what a peer is sent.
type webMessage struct {
	Action     string              `json:"action,omitempty"`
	Failure    string              `json:"failure reason,omitempty"`
	InfoHash   latin               `json:"info_hash,omitempty"`
	Interval   int                 `json:"interval,omitempty"`
	Complete   *int                `json:"complete,omitempty"`
	Incomplete *int                `json:"incomplete,omitempty"`
	Offer      *description        `json:"offer,omitempty"`
	Answer     *description        `json:"answer,omitempty"`
	OfferID    latin               `json:"offer_id,omitempty"`
	PeerID     latin               `json:"peer_id,omitempty"`
	Files      map[string]webFiles `json:"files,omitempty"`
}

// webFiles is what a scrape tells of a torrent.
type webFiles struct {
	Complete   int `json:"complete"`
	Incomplete int `json:"incomplete"`
	Downloaded int `json:"downloaded"`
}

// receive takes a message of the peer's. One that makes no sense is answered with why.
func (p *webPeer) receive(text []byte) {
	var m webRequest
	if err := json.Unmarshal(text, &m); err != nil {
		p.refuse("announce", nil, "not a message")
		return
	}
	switch m.Action {
	case "announce":
		var hash latin
		if err := json.Unmarshal(m.InfoHash, &hash); err != nil || len(hash) != 20 || len(m.PeerID) != 20 {
			p.refuse("announce", nil, "info_hash and peer_id have 20 bytes")
			return
		}
		p.announce([20]byte(hash), [20]byte(m.PeerID), &m)
	case "scrape":
		p.scrape(m.InfoHash)
	default:
		p.refuse("", nil, "announce and scrape are known")
	}
}

// refuse says what is wrong.
func (p *webPeer) refuse(action string, hash latin, why string) {
	p.t.counts.refused.Add(1)
	p.write(&webMessage{Action: action, InfoHash: hash, Failure: why})
}

func (p *webPeer) write(m *webMessage) {
	if text, err := json.Marshal(m); err == nil { // of what has no cycles and no channels
		p.send(text)
	}
}

// announce notes a peer, passes its offers to others, and its answer to the peer that
// made the offer.
func (p *webPeer) announce(hash, id [20]byte, m *webRequest) {
	if !p.t.allowed(hash) {
		p.write(&webMessage{Action: "announce", InfoHash: hash[:], Failure: "this torrent is not tracked here"})
		return
	}
	p.t.counts.announces.Add(1)
	w := &p.t.web
	w.mu.Lock()
	defer w.mu.Unlock()
	if m.Event == "stopped" {
		w.leave(p, hash)
		return
	}
	me := w.join(p, hash, id)
	if me == nil {
		p.t.counts.full.Add(1)
		p.write(&webMessage{Action: "announce", InfoHash: hash[:], Failure: "too many peers"})
		return
	}
	if m.Answer != nil {
		if len(m.Answer.SDP) > maxSDP {
			return
		}
		if to := w.swarms[hash].members[[20]byte(pad(m.ToPeer))]; to != nil && to != me && len(m.OfferID) <= maxOfferID {
			to.at.write(&webMessage{Action: "announce", InfoHash: hash[:], Answer: m.Answer, OfferID: m.OfferID, PeerID: id[:]})
		}
		return
	}
	w.swarms[hash].note(me, m.Left != nil && *m.Left == 0 || m.Event == "completed")
	seeds, leechers := w.count(hash)
	p.write(&webMessage{Action: "announce", InfoHash: hash[:], Interval: webInterval, Complete: &seeds, Incomplete: &leechers})
	offers := m.Offers[:min(len(m.Offers), maxOffers)]
	for _, to := range w.swarms[hash].members { // in no order
		if len(offers) == 0 {
			return
		}
		if to == me || to.seed && me.seed {
			continue
		}
		if o := offers[0]; o.Offer != nil && len(o.Offer.SDP) <= maxSDP && len(o.ID) <= maxOfferID {
			to.at.write(&webMessage{Action: "announce", InfoHash: hash[:], Offer: o.Offer, OfferID: o.ID, PeerID: id[:]})
		}
		offers = offers[1:]
	}
}

// pad makes a peer id of what should be one.
func pad(id []byte) []byte {
	return append(append(make([]byte, 0, 20+len(id)), id...), make([]byte, 20)...)[:20]
}

// join is the peer of a socket in a torrent; nil where there is no place. w.mu is held.
func (w *web) join(p *webPeer, hash, id [20]byte) *member {
	me := p.members[hash]
	if me != nil && me.id == id {
		return me
	}
	swarm := w.swarms[hash]
	if swarm == nil {
		swarm = &webSwarm{members: make(map[[20]byte]*member)}
	}
	if swarm.members[id] != nil || me == nil && (len(p.members) >= maxWebTorrents || len(swarm.members) >= maxWebSwarm) || w.closed {
		return nil // another socket's peer stays: who sends its id is not it
	}
	if me != nil {
		w.leave(p, hash)
	}
	w.swarms[hash] = swarm
	me = &member{at: p, id: id}
	swarm.members[id] = me
	p.members[hash] = me
	return me
}

// leave takes the peer of a socket out of a torrent. w.mu is held.
func (w *web) leave(p *webPeer, hash [20]byte) {
	me := p.members[hash]
	if me == nil {
		return
	}
	swarm := w.swarms[hash]
	swarm.note(me, false)
	delete(p.members, hash)
	delete(swarm.members, me.id)
	if len(swarm.members) == 0 {
		delete(w.swarms, hash)
	}
}

// note notes whether a peer has everything.
func (s *webSwarm) note(me *member, seed bool) {
	if me.seed {
		s.seeds--
	}
	if me.seed = seed; seed {
		s.seeds++
	}
}

// count is how many peers of a torrent have everything, and how many do not. w.mu is held.
func (w *web) count(hash [20]byte) (seeds, leechers int) {
	s := w.swarms[hash]
	if s == nil {
		return 0, 0
	}
	return s.seeds, len(s.members) - s.seeds
}

// scrape tells how many peers torrents have.
func (p *webPeer) scrape(named json.RawMessage) {
	var list []latin
	var one latin
	if json.Unmarshal(named, &one) == nil {
		list = []latin{one}
	} else if json.Unmarshal(named, &list) != nil {
		list = nil
	}
	if len(list) == 0 || len(list) > maxScrape {
		p.refuse("scrape", nil, "info_hash names some torrents")
		return
	}
	files := make(map[string]webFiles)
	for _, hash := range list {
		if len(hash) != 20 {
			p.refuse("scrape", nil, "info_hash has 20 bytes")
			return
		}
		if c, ok := p.t.scrape([20]byte(hash)); ok {
			p.t.web.mu.Lock()
			seeds, leechers := p.t.web.count([20]byte(hash))
			p.t.web.mu.Unlock()
			files[hash.text()] = webFiles{Complete: c.seeds + seeds, Incomplete: c.leechers + leechers, Downloaded: c.downloaded}
		}
	}
	p.write(&webMessage{Action: "scrape", Files: files})
}
