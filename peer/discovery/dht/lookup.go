package dht

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"

	"github.com/anacrolix/dht/v2"
	"github.com/anacrolix/dht/v2/int160"
	nearest "github.com/anacrolix/dht/v2/k-nearest-nodes"
	"github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/dht/v2/traversal"
	"github.com/anacrolix/dht/v2/types"
)

// A holder is a node that stores the peers of an infohash, or an item. token is what it
// wants back with an announce (BEP 5) or a put (BEP 44) of ours.
type holder struct {
	addr  netip.AddrPort
	token string
}

// A question is what a lookup asks of each node.
type question struct {
	method string               // "get_peers" or "get"
	answer func(r *krpc.Return) // is given each answer as it comes, from several goroutines
}

// peersIn asks nodes for peers; found is given those of each answer, maxFound at most.
func peersIn(found func([]netip.AddrPort)) question {
	var handed atomic.Int64
	return question{method: "get_peers", answer: func(r *krpc.Return) {
		if peers := peersOf(r.Values); len(peers) > 0 && handed.Add(int64(len(peers))) <= maxFound {
			found(peers)
		}
	}}
}

// lookup asks nodes ever closer to an infohash, lookupWidth at a time, until the
// lookupNodes closest have answered, maxQueries were asked or ctx ends. It returns the
// closest nodes, and how many answered.
//
// A server that is replaced takes with it what was asked: the lookup begins again by
// the next, at once. It happens in the first lookup of a run, whose answers tell us our
// address.
func (n *node) lookup(ctx context.Context, hash [20]byte, ask question) (closest []holder, answers int) {
	for {
		server, over := n.serving()
		var answered int
		closest, answered = n.lookupBy(ctx, server, over, hash, ask)
		answers += answered
		select {
		case <-over:
		default:
			return closest, answers
		}
		if ctx.Err() != nil || n.current() == server {
			return closest, answers
		}
	}
}

// lookupBy is lookup by one server, until over is closed.
func (n *node) lookupBy(ctx context.Context, server *dht.Server, over <-chan struct{}, hash [20]byte, ask question) (closest []holder, answers int) {
	var asked, answered atomic.Int64
	op := traversal.Start(traversal.OperationInput{
		Target: hash,
		Alpha:  lookupWidth,
		K:      lookupNodes,
		DoQuery: func(ctx context.Context, addr krpc.NodeAddr) traversal.QueryResult {
			if asked.Add(1) > maxQueries {
				return traversal.QueryResult{}
			}
			res := ask.query(ctx, server, dht.NewAddr(addr.UDP()), hash)
			if r := res.Reply.R; r != nil {
				answered.Add(1)
				ask.answer(r)
			}
			return res.TraversalQueryResult(addr)
		},
		NodeFilter: func(a types.AddrMaybeId) bool { return n.mayAsk(a.Addr.AddrPort) },
		DataFilter: func(token any) bool { _, ok := token.(string); return ok },
	})
	op.AddNodes(n.begin(server))
	select {
	case <-op.Stalled():
	case <-over:
	case <-ctx.Done():
	}
	op.Stop()
	<-op.Stopped()
	op.Closest().Range(func(e nearest.Elem) {
		closest = append(closest, holder{e.Addr.AddrPort, e.Data.(string)})
	})
	return closest, int(answered.Load())
}

// query asks one node.
func (q *question) query(ctx context.Context, server *dht.Server, addr dht.Addr, hash [20]byte) dht.QueryResult {
	if q.method == "get" {
		return server.Get(ctx, addr, hash, nil, dht.QueryRateLimiting{})
	}
	return server.GetPeers(ctx, addr, int160.FromByteArray(hash), false, dht.QueryRateLimiting{})
}

// begin gives the nodes that a lookup begins with: those that are known, and
// the bootstrap nodes while few of them have answered.
func (n *node) begin(server *dht.Server) []types.AddrMaybeId {
	nodes := types.AddrMaybeIdSliceFromNodeInfoSlice(server.Nodes())
	if server.Stats().GoodNodes >= fewNodes {
		return nodes
	}
	addrs, err := n.bootstrap.addrs()
	if err != nil {
		n.log.Debug("no bootstrap nodes", "err", err)
	}
	for _, a := range addrs {
		nodes = append(nodes, types.AddrMaybeId{Addr: a.KRPC().ToNodeAddrPort()})
	}
	return nodes
}

// mayAsk reports whether an address can be one of a node of our family. What
// policy forbids is refused by the socket.
func (n *node) mayAsk(a netip.AddrPort) bool {
	ip := a.Addr().Unmap()
	return a.Port() != 0 && ip.Is4() == (n.family == "4") && !ip.IsUnspecified() && !ip.IsMulticast()
}

// peersOf gives the addresses in an answer that can be those of peers.
func peersOf(values []krpc.NodeAddr) []netip.AddrPort {
	peers := make([]netip.AddrPort, 0, len(values))
	for _, v := range values {
		addr, ok := netip.AddrFromSlice(v.IP)
		addr = addr.Unmap()
		if ok && v.Port != 0 && !addr.IsUnspecified() && !addr.IsMulticast() {
			peers = append(peers, netip.AddrPortFrom(addr, uint16(v.Port)))
		}
	}
	return peers
}

// announce tells a node that we have the torrent, on a TCP port.
func (n *node) announce(ctx context.Context, h holder, hash [20]byte, port int) error {
	for {
		server := n.current()
		err := server.Query(ctx, dht.NewAddr(net.UDPAddrFromAddrPort(h.addr)), "announce_peer", dht.QueryInput{
			MsgArgs: krpc.MsgArgs{InfoHash: hash, Port: &port, Token: h.token},
		}).ToError()
		if err == nil || ctx.Err() != nil || n.current() == server {
			return err
		}
	}
}
