package sibling

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// A Node is the name of a gateway on the ring. It should stay over restarts: then its
// torrents come back to it.
type Node [20]byte

// Order returns the nodes in the order of their right to a torrent, by rendezvous
// hashing. The first is its owner. Where a node goes, or one comes, no torrent moves but
// from that one, or to it.
func Order(hash [20]byte, nodes []Node) []Node {
	type scored struct {
		node  Node
		score uint64
	}
	all := make([]scored, len(nodes))
	for i, n := range nodes {
		all[i] = scored{n, score(hash, n)}
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), bytes.Compare(a.node[:], b.node[:]))
	})
	out := make([]Node, len(all))
	for i, s := range all {
		out[i] = s.node
	}
	return out
}

// WarmFirst is an order with those first that are warm: they fetch the torrent from outside already, and
// an owner that just came has to find peers first.
func WarmFirst(order []Node, warm func(Node) bool) []Node {
	out := make([]Node, 0, len(order))
	for _, first := range []bool{true, false} {
		for _, n := range order {
			if warm(n) == first {
				out = append(out, n)
			}
		}
	}
	return out
}

// score is a node's claim to a torrent: the highest wins.
func score(hash [20]byte, n Node) uint64 {
	sum := sha256.Sum256(append(n[:], hash[:]...))
	return binary.BigEndian.Uint64(sum[:])
}
