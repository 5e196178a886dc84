package peer

// SwarmStats is a snapshot of a Swarm.
type SwarmStats struct {
	Known         int `json:"known"`          // addresses that may be of use, connected ones included
	Dialing       int `json:"dialing"`        // attempts under way
	Connected     int `json:"connected"`      // peers through their handshake
	Incoming      int `json:"incoming"`       // of these, peers that connected to us
	Seeds         int `json:"seeds"`          // of these, peers that have everything
	Encrypted     int `json:"encrypted"`      // of these, peers that the handshake was encrypted with
	MetadataPeers int `json:"metadata_peers"` // of these, peers that offer the metadata
	Unchoked      int `json:"unchoked"`       // of these, peers that let us download
	Interested    int `json:"interested"`     // of these, peers that want something of us
	Unchoking     int `json:"unchoking"`      // of these, peers that we let download
	Banned        int `json:"banned"`         // bans since the swarm began

	Trackers       int    `json:"trackers"`                // known
	TrackersAsked  int    `json:"trackers_asked"`          // at least once
	TrackersFailed int    `json:"trackers_failed"`         // at the last attempt
	TrackerError   string `json:"tracker_error,omitempty"` // of the last that failed
	Seeders        int    `json:"seeders"`                 // as the tracker counts them that knows most; 0: none, or not known
	Leechers       int    `json:"leechers"`                // likewise
	DHTAnswers     int    `json:"dht_answers"`             // nodes that answered the last lookup in the DHT
	DialError      string `json:"dial_error,omitempty"`    // of the last attempt that failed

	// SuperSeeding is set while the first copy is being spread (BEP 16).
	SuperSeeding bool `json:"super_seeding,omitempty"`

	Siblings     int   `json:"siblings,omitempty"`       // of the connected peers, the gateways of our fleet
	FromSiblings int64 `json:"from_siblings,omitempty"`  // payload bytes received from them, in Downloaded
	ToSiblings   int64 `json:"to_siblings,omitempty"`    // payload bytes sent to them, in Uploaded
	FetchedForUs bool  `json:"fetched_for_us,omitempty"` // a sibling fetches it from outside, and we do not

	Downloaded int64 `json:"downloaded"` // payload bytes received, whatever became of them
	Uploaded   int64 `json:"uploaded"`   // payload bytes sent
}

// BookSize is about how many bytes of memory the addresses take that the swarm knows.
func (s *Swarm) BookSize() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.MemorySize()
}

// Stats returns a snapshot.
func (s *Swarm) Stats() SwarmStats {
	st := SwarmStats{Downloaded: s.downloaded.Load(), Uploaded: s.uploaded.Load(), FromSiblings: s.inside.Load(), ToSiblings: s.insideUp.Load(), FetchedForUs: s.Sheltered()}
	s.mu.Lock()
	st.Known, st.Dialing, st.Connected = s.book.Known(), len(s.attempts), len(s.conns)
	st.Banned, st.DialError = s.bannedN, s.dialError
	st.SuperSeeding = s.superWanted || s.super != nil && s.super.hidden > 0
	for _, c := range s.conns {
		count(&st.Incoming, !c.outgoing)
		count(&st.Siblings, c.sibling())
		count(&st.Encrypted, c.nc != socket(c.nc))
		count(&st.Seeds, c.seed.Load())
		count(&st.Unchoked, c.lets.Load())
		count(&st.Interested, c.wants.Load())
		count(&st.Unchoking, c.slot)
		count(&st.MetadataPeers, c.offers())
	}
	trackers, searches := s.trackers, s.searches
	s.mu.Unlock()
	for _, x := range searches {
		st.DHTAnswers += x.Answers()
	}
	for _, t := range trackers {
		for _, ts := range t.Status() {
			st.Trackers++
			failed := ts.Fails > 0 && !ts.Working
			count(&st.TrackersAsked, !ts.Last.IsZero())
			count(&st.TrackersFailed, failed)
			st.Seeders, st.Leechers = max(st.Seeders, ts.Seeders), max(st.Leechers, ts.Leechers)
			if failed {
				st.TrackerError = ts.Error
			}
		}
	}
	return st
}

func count(n *int, is bool) {
	if is {
		*n++
	}
}

// offers reports whether the peer offers the metadata.
func (c *Conn) offers() bool {
	e := c.ext.Load()
	return e != nil && e.Metadata != 0 && e.MetadataSize > 0
}
