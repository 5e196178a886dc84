package main

import (
	"log/slog"
	"math"
	"syscall"
)

// descriptors is for how many connections the process has descriptors.
type descriptors struct {
	clients, peers int
}

// shareDescriptors divides the descriptors that the process may have, so that none of its parts finds them gone: files,
// trackers and name servers have reservedDescriptors, or half of few. Of the others clients have as many as they may use,
// but leave peers half of them, or as many as those may use.
func shareDescriptors(limit, clients, peers int) descriptors {
	rest := limit - min(reservedDescriptors, limit/2)
	clients = min(clients, max(rest/2, rest-peers))
	return descriptors{clients: clients, peers: max(1, min(peers, rest-clients))}
}

// descriptorLimit is how many descriptors the process may have. Go has raised the soft limit to the hard one at its start.
func descriptorLimit() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > math.MaxInt32 {
		return math.MaxInt32
	}
	return int(limit.Cur)
}

// withinDescriptors lowers the bounds on connections to what there are descriptors for, and says so where peers have fewer
// than was asked for.
func (s *settings) withinDescriptors(limit int, log *slog.Logger) {
	share := shareDescriptors(limit, connsPerStream*s.http.maxStreams, s.engine.maxConns)
	s.http.maxConns = share.clients
	if share.peers < s.engine.maxConns {
		log.Warn("few descriptors: there are fewer connections with peers (raise ulimit -n)",
			"limit", limit, "peers", share.peers, "asked", s.engine.maxConns, "clients", share.clients)
		s.engine.maxConns = share.peers
	}
}
