package lab

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
	"testing/fstest"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/wire"
)

// A node is a running btgw with a cache in memory.
type node struct {
	net     *simnet.Host
	store   *cache.Store
	pool    *cache.Pool
	host    *peer.Host
	session *fetch.Session
}

// startNode starts number i; host says how, but for the network, the address and
// the peer id. idle is how many bytes of buffers wait for their next use, state
// fetch.Config.StateFile.
func startNode(t *testing.T, where *simnet.Host, i int, host peer.HostConfig, store cache.Config, idle int64, state string) *node {
	n := &node{net: where, pool: cache.NewPool(idle)}
	store.Pool = n.pool
	var err error
	if n.store, err = cache.Open(store); err != nil {
		t.Fatal(err)
	}
	copy(host.PeerID[:], fmt.Sprintf("%s%012d", wire.PeerIDPrefix, i))
	host.Network, host.Listen = where, fmt.Sprintf(":%d", peerPort)
	if n.host, err = peer.NewHost(host); err != nil {
		t.Fatal(err)
	}
	n.session, err = fetch.NewSession(fetch.Config{Host: n.host, Store: n.store, Pool: n.pool, Memory: gatewayMemory, StateFile: state})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// fill puts the whole content of a torrent into the cache.
func (n *node) fill(t *testing.T, tor *metainfo.Torrent, content []byte) {
	held, err := n.store.Torrent(tor.Info, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	for p := range tor.Info.NumPieces() {
		size := tor.Info.PieceSize(p)
		b := n.pool.Get(size)
		copy(b.Bytes(), content[int64(p)*tor.Info.PieceLength:][:size])
		held.Put(p, b)
		b.Release()
	}
}

// close ends the node, and sees that nothing of its is left.
func (n *node) close(ctx context.Context, t *testing.T) {
	if err := n.session.Close(ctx); err != nil {
		t.Error(err)
	}
	if err := n.host.Close(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if err := n.store.Close(); err != nil {
		t.Error(err)
	}
	if out := n.pool.Outstanding(); out != 0 {
		t.Errorf("%d bytes of buffers never came back", out)
	}
}

// makeTorrent makes a torrent of one film of made-up bytes.
func makeTorrent(t *testing.T, name string, seed uint64, size, pieceLength int64) (*metainfo.Torrent, []byte) {
	content := make([]byte, size)
	r := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)})
	r.Read(content)
	return torrentOf(t, name, content, pieceLength), content
}

// torrentOf makes a torrent of one file.
func torrentOf(t *testing.T, name string, content []byte, pieceLength int64) *metainfo.Torrent {
	tor, err := metainfo.Make(context.Background(), metainfo.MakeOptions{
		FS: fstest.MapFS{name: {Data: content}}, Root: name, Version: metainfo.V1, PieceLength: pieceLength,
	})
	if err != nil {
		t.Fatal(err)
	}
	return tor
}

// has reports whether the node holds a piece.
func (n *node) has(info *metainfo.Info, piece int) bool {
	size := int64(info.PieceSize(piece))
	return n.session.Cached(info.ID(), &info.Files[0], int64(piece)*info.PieceLength, size).All
}

// status is what the node counts of a torrent.
func (n *node) status(info *metainfo.Info) fetch.Status {
	st, _ := n.session.Status(info.ID())
	return st
}
