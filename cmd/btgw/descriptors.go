package main

import (
	"log/slog"

	"github.com/btgw/btgw/cache"
)

// descriptors is how many of them the parts of the process have: each may open so many, and none finds them gone.
type descriptors struct {
	clients, peers int // connections
	web            int // connections with web seeds
	files          int // data files of the cache, each of which is opened up to twice
}

// shareDescriptors divides the descriptors that the process may have. reservedDescriptors of them, or half where there
// are few, are for trackers, name servers, listeners, the admin listener and the journal. Web seeds and files have an
// eighth of the others each, as far as they can use it. Clients have as many of the rest as they may use. They leave
// peers half of it, or as many as peers may use.
func shareDescriptors(limit, clients, peers int) descriptors {
	rest := limit - min(reservedDescriptors, limit/2)
	d := descriptors{web: max(1, min(maxWebConns, rest/8)), files: max(1, min(cache.MaxOpenFiles, rest/16))}
	rest = max(0, rest-d.web-2*d.files)
	d.clients = min(clients, max(rest/2, rest-peers))
	d.peers = max(1, min(peers, rest-d.clients))
	return d
}

// withinDescriptors lowers the bounds on connections to what there are descriptors for, and says so where peers have fewer
// than was asked for.
func (s *settings) withinDescriptors(limit int, log *slog.Logger) {
	share := shareDescriptors(limit, connsPerStream*s.http.maxStreams, s.engine.maxConns)
	s.http.maxConns, s.engine.openFiles, s.engine.webConns = share.clients, share.files, share.web
	if share.peers < s.engine.maxConns {
		log.Warn("few descriptors: there are fewer connections with peers (raise ulimit -n)",
			"limit", limit, "peers", share.peers, "asked", s.engine.maxConns, "clients", share.clients)
		s.engine.maxConns = share.peers
	}
}
