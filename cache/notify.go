package cache

import "sync"

// A notice says that a piece is gone from all tiers.
type notice struct {
	t     *Torrent
	piece int
}

// A notifier calls back about pieces that are gone, from a goroutine of its own. The
// goroutines that drop pieces hold locks, and must not wait for a callback.
type notifier struct {
	signal chan struct{}

	mu      sync.Mutex
	queue   []notice
	stopped bool
}

func newNotifier() *notifier { return &notifier{signal: make(chan struct{}, 1)} }

// add queues a notice. The caller may hold Store.mu.
func (n *notifier) add(nt notice) {
	n.mu.Lock()
	n.queue = append(n.queue, nt)
	n.mu.Unlock()
	wake(n.signal)
}

// stop makes run return and drops the queued notices.
func (n *notifier) stop() {
	n.mu.Lock()
	n.stopped, n.queue = true, nil
	n.mu.Unlock()
	wake(n.signal)
}

// run delivers notices until stop.
func (n *notifier) run(s *Store) {
	for {
		n.mu.Lock()
		queue, stopped := n.queue, n.stopped
		n.queue = nil
		n.mu.Unlock()
		if stopped {
			return
		}
		for _, nt := range queue {
			nt.deliver(s)
		}
		if len(queue) == 0 {
			<-n.signal
		}
	}
}

// deliver calls back, unless the torrent is closed or has the piece again.
func (nt notice) deliver(s *Store) {
	s.mu.Lock()
	stale := s.closing || nt.t.closed || nt.t.c.held(nt.piece)
	s.mu.Unlock()
	if !stale && nt.t.evicted != nil {
		nt.t.evicted(nt.piece)
	}
}
