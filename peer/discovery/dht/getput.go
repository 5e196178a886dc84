package dht

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/anacrolix/dht/v2"
	"github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/torrent/bencode"
)

// ErrNoItem means that no node that answered has an item.
var ErrNoItem = errors.New("dht: nobody has the item")

// errNobody means that no node took an item.
var errNobody = errors.New("dht: no node stores the item")

// Get asks the DHT for the item of a key and salt (BEP 44), and returns the answer with the highest
// Seq. Only items that the key signed count. It ends when the nodes closest to the item have
// answered, or settleTime after the last news: it does not wait for nodes that are gone. client has
// its share of the lookups that run at once; the zero Prefix is the process itself.
//
// The error is ErrNoItem where no node has one, or ctx's. Get takes at most maxLookup.
func (d *DHT) Get(ctx context.Context, key [32]byte, salt []byte, client netip.Prefix) (Item, error) {
	if len(salt) > MaxSalt {
		return Item{}, ErrItem
	}
	leave, err := d.enter(ctx, client)
	if err != nil {
		return Item{}, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, maxLookup)
	defer cancel()
	defer context.AfterFunc(d.ctx, cancel)()
	newest := &newestItem{settled: cancel}
	_, err = d.gather(ctx, key, salt, newest.offer)
	newest.end()
	if newest.found {
		return newest.item, nil
	}
	return Item{}, err
}

// Put stores an item at the nodes closest to it in each family, and returns how many took it. Nodes
// forget it after two hours (BEP 44). newer is an item that a node has and that is not older than this one, if any: its Seq is
// higher, or as high with another value. Another holder of the key put it. Put takes at most twice maxLookup.
func (d *DHT) Put(ctx context.Context, it Item) (taken int, newer *Item, err error) {
	if !it.Valid() {
		return 0, nil, ErrItem
	}
	leave, err := d.enter(ctx, netip.Prefix{})
	if err != nil {
		return 0, nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, 2*maxLookup)
	defer cancel()
	defer context.AfterFunc(d.ctx, cancel)()
	newest := &newestItem{settled: func() {}}
	closest, err := d.gather(ctx, it.Key, it.Salt, func(other Item) {
		if other.Seq > it.Seq || other.Seq == it.Seq && string(other.Value) != string(it.Value) {
			newest.offer(other)
		}
	})
	newest.end()
	if newest.found {
		return 0, &newest.item, nil
	}
	if err != nil && !errors.Is(err, ErrNoItem) {
		return 0, nil, err
	}
	var took atomic.Int64
	var wg sync.WaitGroup
	for n, holders := range closest {
		for _, h := range holders {
			wg.Go(func() {
				if n.put(ctx, h, it) == nil {
					took.Add(1)
				}
			})
		}
	}
	wg.Wait()
	if took.Load() == 0 {
		return 0, nil, errors.Join(errNobody, ctx.Err())
	}
	return int(took.Load()), nil, nil
}

// enter waits for a place among the lookups.
func (d *DHT) enter(ctx context.Context, client netip.Prefix) (leave func(), err error) {
	var clients []netip.Prefix
	if client.IsValid() {
		clients = []netip.Prefix{client}
	}
	return d.lookups.Enter(ctx, clients, true)
}

// gather looks for an item in all families at once. It returns the nodes closest to it.
func (d *DHT) gather(ctx context.Context, key [32]byte, salt []byte, found func(Item)) (map[*node][]holder, error) {
	var mu sync.Mutex
	var answers int
	closest := make(map[*node][]holder)
	var wg sync.WaitGroup
	for _, n := range d.nodes {
		wg.Go(func() {
			holders, answered := n.lookup(ctx, ItemTarget(key, salt), itemsOf(key, salt, found))
			mu.Lock()
			defer mu.Unlock()
			closest[n] = holders
			answers += answered
		})
	}
	wg.Wait()
	if answers == 0 && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return closest, ErrNoItem
}

// itemsOf asks nodes for an item.
func itemsOf(key [32]byte, salt []byte, found func(Item)) question {
	return question{method: "get", answer: func(r *krpc.Return) {
		if r.Seq == nil || len(r.V) == 0 {
			return
		}
		// The answer names a key: the one that was asked for is who has to have signed it.
		it := Item{Key: key, Salt: salt, Seq: *r.Seq, Value: r.V, Sig: r.Sig}
		if it.Valid() {
			found(it)
		}
	}}
}

// put has a node store an item.
func (n *node) put(ctx context.Context, h holder, it Item) error {
	for {
		server := n.current()
		err := server.Query(ctx, dht.NewAddr(net.UDPAddrFromAddrPort(h.addr)), "put", dht.QueryInput{MsgArgs: krpc.MsgArgs{
			Token: h.token, V: bencode.Bytes(it.Value), Seq: &it.Seq, K: it.Key, Salt: it.Salt, Sig: it.Sig,
		}}).ToError()
		if err == nil || ctx.Err() != nil || n.current() == server {
			return err
		}
	}
}

// newestItem keeps the item with the highest Seq. It is safe for concurrent use.
type newestItem struct {
	settled func() // called settleTime after the last news

	mu    sync.Mutex
	found bool
	ended bool
	item  Item
	timer *time.Timer
}

func (n *newestItem) offer(it Item) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ended || n.found && it.Seq <= n.item.Seq {
		return
	}
	n.found, n.item = true, it
	if n.timer != nil {
		n.timer.Stop()
	}
	n.timer = time.AfterFunc(settleTime, n.settled)
}

// end has nothing more taken in.
func (n *newestItem) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ended = true
	if n.timer != nil {
		n.timer.Stop()
	}
}
