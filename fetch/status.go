package fetch

import (
	"cmp"
	"slices"
	"sync/atomic"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// Status is a snapshot of one torrent for pages, errors and the API.
type Status struct {
	InfoHash     metainfo.InfoHash `json:"-"`
	Hash         string            `json:"infohash"`
	Name         string            `json:"name"`
	Size         int64             `json:"size"`   // bytes, padding left out
	Pieces       int               `json:"pieces"` // 0 until the metadata is known
	PiecesHave   int               `json:"pieces_have"`
	HaveInfo     bool              `json:"have_info"`
	Metadata     Progress          `json:"-"`       // how far it has come, until it is known
	Private      bool              `json:"private"` // its .torrent alone says where its peers are (BEP 27)
	Readers      int               `json:"readers"`
	Unchoked     int               `json:"unchoked"`      // peers that let us download
	Downloaded   int64             `json:"downloaded"`    // payload bytes received from peers
	Uploaded     int64             `json:"uploaded"`      // payload bytes sent to peers
	Served       int64             `json:"served"`        // bytes written to readers
	Wasted       int64             `json:"wasted"`        // received in vain: duplicates, cancelled, failed
	HashFailures int64             `json:"hash_failures"` // pieces that failed their hash
	Verified     int64             `json:"verified"`      // pieces downloaded that passed it
	Total        Totals            `json:"total"`         // of all runs
	Policy       peer.UploadPolicy `json:"upload_policy"`
	Swarm        peer.SwarmStats   `json:"swarm"`
	WebSeeds     []WebSeedStatus   `json:"web_seeds,omitempty"`
}

// List returns the status of every torrent in use, by infohash.
func (s *Session) List() []Status {
	var all []Status
	for _, t := range s.each() {
		all = append(all, t.Status())
	}
	for _, h := range s.readAlone() {
		all = append(all, h.status())
	}
	slices.SortFunc(all, func(a, b Status) int { return cmp.Compare(a.Hash, b.Hash) })
	return all
}

// Status returns a torrent's status; false where it is not in use.
func (s *Session) Status(ih metainfo.InfoHash) (Status, bool) {
	s.mu.Lock()
	t, h := s.torrents[ih], s.holdings[ih]
	alone := h != nil && h.alone()
	s.mu.Unlock()
	switch {
	case t != nil:
		return t.Status(), true
	case alone:
		return h.status(), true
	}
	return Status{}, false
}

// readAlone are the torrents that are read out of the cache, or were of late, and are not in
// use otherwise.
func (s *Session) readAlone() (all []*holding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ih, h := range s.holdings {
		if ih == h.info.ID() && h.alone() {
			all = append(all, h)
		}
	}
	return all
}

// alone reports whether it was read without a torrent, and there is none. The session's lock
// is held.
func (h *holding) alone() bool { return h.read && h.owner.Load() == nil }

// Status returns a snapshot of the torrent.
func (t *Torrent) Status() Status {
	st := Status{InfoHash: t.hash, Hash: t.hash.String(), Swarm: t.swarm.Stats()}
	t.mu.Lock()
	defer t.mu.Unlock()
	st.Name, st.Readers, st.Served = t.name, t.contents, t.served
	st.Total, st.Policy = t.totals(st.Swarm.Uploaded), t.policy
	if t.core == nil {
		st.Metadata.Have, st.Metadata.Size = t.swarm.MetadataProgress()
		return st
	}
	c := t.core
	st.HaveInfo, st.Size, st.Pieces, st.Private = true, t.info.Size(), t.info.NumPieces(), t.info.Private
	st.PiecesHave = c.Have.Count(st.Pieces)
	st.Downloaded, st.Wasted = c.Stats.Received, c.Stats.Wasted
	st.HashFailures, st.Verified = c.Stats.HashFailures, c.Stats.Verified
	st.Uploaded = st.Swarm.Uploaded
	for _, l := range c.Links {
		if l.Run == 0 && !l.Choked { // it is a peer
			st.Unchoked++
		}
	}
	st.WebSeeds = t.seeds.status()
	return st
}

// status is that of a torrent which is read out of the cache alone.
func (h *holding) status() Status {
	id := h.info.ID()
	st := Status{InfoHash: id, Hash: id.String(), Name: h.info.Name, HaveInfo: true,
		Size: h.info.Size(), Pieces: h.info.NumPieces(), Private: h.info.Private}
	st.PiecesHave = h.stored.Have().Count(st.Pieces)
	st.Served = h.served.Load()
	h.s.mu.Lock()
	st.Readers = h.readers
	h.s.mu.Unlock()
	st.Total, st.Policy = h.s.ledger.Of(h.info.Hashes()...)
	st.Total.Served += st.Served
	return st
}

// refusals counts what was refused for want of room.
type refusals struct{ memory, torrents, readers atomic.Int64 }

// Load is what the session holds, and what it refused.
type Load struct {
	TorrentBytes, TorrentLimit int64 // what torrents take besides their pieces, and may
	PieceBytes, PieceLimit     int64 // pieces in flight and ready for readers
	GatheredBytes              int64 // metadata that is on its way from peers
	Holdings                   int   // torrents whose metadata is in memory
	// What was refused: for want of memory, of a place among the torrents, of one among
	// the readers.
	RefusedMemory, RefusedTorrents, RefusedReaders int64
}

// Load returns what the session holds now, and what it refused so far.
func (s *Session) Load() Load {
	s.mu.Lock()
	n := 0
	for ih, h := range s.holdings {
		if ih == h.info.ID() {
			n++
		}
	}
	s.mu.Unlock()
	return Load{
		TorrentBytes: s.torrentBytes.Load(), TorrentLimit: s.torrentLimit(), GatheredBytes: s.gathered(), PieceBytes: s.used.Load(), PieceLimit: s.pieceLimit(), Holdings: n,
		RefusedMemory: s.refusals.memory.Load(), RefusedTorrents: s.refusals.torrents.Load(), RefusedReaders: s.refusals.readers.Load(),
	}
}
