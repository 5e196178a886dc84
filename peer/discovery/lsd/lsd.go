package lsd

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Config says who announces. Port and Found are required.
type Config struct {
	// Port is the TCP port where peers of the local network reach us; 0
	// announces nothing. Called from a goroutine of the LSD.
	Port func() int
	// Found is given each peer of a torrent, whether it was added here or not.
	// Called from several goroutines, without locks held; it must not block.
	Found func(hash [20]byte, peer netip.AddrPort)
	Log   *slog.Logger // nil: no log

	join func() ([]member, error) // nil: the groups of BEP 14
}

// LSD announces torrents to the local network, and listens. All methods are safe
// for concurrent use. Its goroutines are one that announces and one a socket;
// Close waits for them.
type LSD struct {
	cfg     Config
	log     *slog.Logger
	members []member
	cookie  string // by which we know our own messages
	heard   *rate.Limiter
	awake   chan struct{} // holds one token
	ctx     context.Context
	cancel  context.CancelFunc
	wg      sync.WaitGroup

	mu   sync.Mutex
	next map[[20]byte]time.Time // when each torrent is to be announced
}

// Start joins the groups. It fails where no interface can.
func Start(cfg Config) (*LSD, error) {
	if cfg.join == nil {
		cfg.join = joinGroups
	}
	members, err := cfg.join()
	if err != nil {
		return nil, err
	}
	var cookie [8]byte
	rand.Read(cookie[:]) // never fails
	l := &LSD{
		cfg: cfg, log: cfg.Log, members: members, cookie: hex.EncodeToString(cookie[:]),
		heard: rate.NewLimiter(messageRate, messageBurst), awake: make(chan struct{}, 1), next: make(map[[20]byte]time.Time),
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	for _, m := range members {
		l.wg.Go(func() { l.listen(m) })
	}
	l.wg.Go(l.announce)
	return l, nil
}

// Add announces a torrent, soon and from then on every announceInterval. One of
// more than maxTorrents is not announced.
func (l *LSD) Add(hash [20]byte) {
	l.mu.Lock()
	if _, ok := l.next[hash]; !ok && len(l.next) < maxTorrents {
		l.next[hash] = time.Time{}
	}
	l.mu.Unlock()
	select {
	case l.awake <- struct{}{}:
	default:
	}
}

// Remove announces a torrent no more.
func (l *LSD) Remove(hash [20]byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.next, hash)
}

// Close leaves the groups.
func (l *LSD) Close() {
	l.cancel()
	for _, m := range l.members {
		m.conn.Close()
	}
	l.wg.Wait()
}

// announce says what is due, at most one message in sendInterval, until Close.
func (l *LSD) announce() {
	for {
		hashes, next := l.due(time.Now())
		awake := l.awake
		if len(hashes) > 0 {
			l.say(hashes)
			next, awake = sendInterval, nil // not sooner; then what was added since is looked at
		}
		t := time.NewTimer(next)
		select {
		case <-l.ctx.Done():
		case <-t.C:
		case <-awake:
		}
		t.Stop()
		if l.ctx.Err() != nil {
			return
		}
	}
}

// due gives up to maxHashes torrents that are to be announced, the longest
// waiting first, and how long until the next is.
func (l *LSD) due(now time.Time) (hashes [][20]byte, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for hash, at := range l.next {
		if !at.After(now) {
			hashes = append(hashes, hash)
		}
	}
	slices.SortFunc(hashes, func(a, b [20]byte) int { return l.next[a].Compare(l.next[b]) })
	hashes = hashes[:min(len(hashes), maxHashes)]
	for _, hash := range hashes {
		l.next[hash] = now.Add(announceInterval)
	}
	wait = announceInterval
	for _, at := range l.next {
		wait = min(wait, max(0, at.Sub(now)))
	}
	return hashes, wait
}

// say sends a message to each group.
func (l *LSD) say(hashes [][20]byte) {
	port := l.cfg.Port()
	if port == 0 {
		return
	}
	m := message{port: uint16(port), hashes: hashes, cookie: l.cookie}
	for _, to := range l.members {
		if _, err := to.conn.WriteTo(m.append(nil, to.group.String()), net.UDPAddrFromAddrPort(to.group)); err != nil {
			l.log.Debug("local announce failed", "group", to.group, "err", err)
		}
	}
}

// listen takes in what others say, until Close.
func (l *LSD) listen(m member) {
	b := make([]byte, maxMessage)
	for {
		n, from, err := m.conn.ReadFrom(b)
		if l.ctx.Err() != nil {
			return
		}
		if err != nil {
			t := time.NewTimer(readPause)
			select {
			case <-l.ctx.Done():
			case <-t.C:
			}
			t.Stop()
			continue
		}
		if l.heard.Allow() {
			l.hear(b[:n], from)
		}
	}
}

// hear hands the peer on that a message is of, if it is of the local network and
// not ours.
func (l *LSD) hear(b []byte, from net.Addr) {
	ua, ok := from.(*net.UDPAddr)
	m, valid := parse(b)
	if !ok || !valid || m.cookie == l.cookie {
		return
	}
	addr := ua.AddrPort().Addr().Unmap().WithZone("")
	if !addr.IsPrivate() && !addr.IsLinkLocalUnicast() && !addr.IsLoopback() {
		return
	}
	for _, hash := range m.hashes {
		l.cfg.Found(hash, netip.AddrPortFrom(addr, m.port))
	}
}
