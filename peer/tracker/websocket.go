package tracker

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"
)

// errFlood is a peer that sends more than it may, errSlow one that takes too little.
var (
	errFlood = errors.New("tracker: a peer sends too many messages")
	errSlow  = errors.New("tracker: a peer does not read what it is sent")
)

// ServeWebSocket is the tracker of WebTorrent's peers: it upgrades a request of a client's to a WebSocket,
// and returns when that has ended; Close ends it. The zero from is nobody whose sockets could be counted.
func (t *Tracker) ServeWebSocket(w http.ResponseWriter, r *http.Request, from netip.Addr) {
	place := webPlace(from)
	if !t.web.enter(place) {
		t.counts.full.Add(1)
		http.Error(w, "too many peers", http.StatusServiceUnavailable)
		return
	}
	t.done.Add(1)
	t.web.mu.Unlock() // enter's: Close waits for whoever entered
	defer t.done.Done()
	defer t.web.exit(place)
	// Pages of all sites may: there is nothing here that a site could read in its visitor's name.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // it has answered
	}
	conn.SetReadLimit(maxWebMessage)
	ctx, cancel := context.WithCancelCause(t.ctx)
	defer cancel(nil)
	queue := make(chan []byte, webQueue)
	p := &webPeer{t: t, members: make(map[[20]byte]*member), send: func(text []byte) {
		if t.web.queued.Add(int64(len(text))) > maxWebQueued { // an offer more or less
			t.web.queued.Add(-int64(len(text)))
			return
		}
		select {
		case queue <- text:
		default:
			t.web.queued.Add(-int64(len(text)))
			cancel(errSlow)
		}
	}}
	written := make(chan struct{})
	go func() {
		defer close(written)
		cancel(t.web.writeAll(ctx, conn, queue))
	}()
	err = p.readAll(ctx, conn)
	cancel(err)
	t.web.drop(p)
	<-written
	for len(queue) > 0 { // nobody adds to it any more
		t.web.queued.Add(-int64(len(<-queue)))
	}
	_ = conn.CloseNow() // it may have ended by itself
}

// readAll takes messages until there is an error.
func (p *webPeer) readAll(ctx context.Context, conn *websocket.Conn) error {
	pace := rate.NewLimiter(webMessageRate, webMessageBurst)
	for {
		text, err := readOne(ctx, conn)
		if err != nil {
			return err
		}
		if !pace.Allow() {
			return errFlood
		}
		p.receive(text)
	}
}

func readOne(ctx context.Context, conn *websocket.Conn) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, webIdle)
	defer cancel()
	_, text, err := conn.Read(ctx)
	return text, err
}

// writeAll sends what is queued until ctx ends or there is an error.
func (w *web) writeAll(ctx context.Context, conn *websocket.Conn, queue <-chan []byte) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case text := <-queue:
			w.queued.Add(-int64(len(text)))
			if err := writeOne(ctx, conn, text); err != nil {
				return err
			}
		}
	}
}

func writeOne(ctx context.Context, conn *websocket.Conn, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, webWriteTime)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, text)
}

// webPlace is what sockets are counted by.
func webPlace(from netip.Addr) uint64 {
	switch from = from.Unmap(); {
	case !from.IsValid():
		return 0
	case from.Is4():
		return place4(pack4(netip.AddrPortFrom(from, 0)))
	}
	return place6(pack6(netip.AddrPortFrom(from, 0)))
}

// enter takes a place for a socket, and leaves w.mu locked if there was one.
func (w *web) enter(place uint64) bool {
	w.mu.Lock()
	if w.closed || w.peers >= maxWebPeers || w.perNet[place] >= MaxPerAddress {
		w.mu.Unlock()
		return false
	}
	w.peers++
	w.perNet[place]++
	return true
}

func (w *web) exit(place uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.peers--
	if w.perNet[place]--; w.perNet[place] == 0 {
		delete(w.perNet, place)
	}
}

// drop takes a socket out of all torrents.
func (w *web) drop(p *webPeer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for hash := range p.members {
		w.leave(p, hash)
	}
}

// webInterval is between two announces of a WebTorrent peer, in seconds, as it is told.
const webInterval = int(2 * time.Minute / time.Second)
