package discovery

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"
)

// Config says for whom to announce, and to whom. Announcer, Port, Progress
// and Found are required.
type Config struct {
	Announcer *Announcer
	InfoHash  [20]byte // as in the handshake: v2 truncated
	PeerID    [20]byte
	// Port returns the port at which peers reach us, at the time of an announce; 0
	// means that they do not. It is called from any goroutine, without locks held.
	Port func() int
	// Progress returns the bytes for the next announce: uploaded and downloaded in this
	// session, and left to download, -1 where that is not known yet. It is called from
	// any goroutine, without locks held.
	Progress func() (uploaded, downloaded, left int64)
	// Found is given the peers of each answer, at most maxPeers, those of
	// earlier answers and ourselves included. Called from any goroutine, concurrently,
	// without locks held; it must not block, and owns addrs. by are the clients that
	// named the tracker; none where it is the torrent's own, or one of its peers gave
	// content.
	Found func(addrs []netip.AddrPort, by []netip.Prefix)
	// FoundNames is given the peers of an answer that are named host:port, at most
	// maxPeerNames, like Found; nil: they are not wanted.
	FoundNames func(names []string, by []netip.Prefix)
	// Tiers are the announce URLs of the torrent itself (BEP 12). At most MaxTrackers
	// are used; a URL that comes twice counts once.
	Tiers [][]string
	Log   *slog.Logger // nil: no log
	// Private keeps to one tracker at a time (BEP 27): Announce never races,
	// and Add does nothing.
	Private bool
	// Switched is called before Found when the answers of a private torrent
	// come from another tracker than before: BEP 27 wants the connections to
	// peers of the old one closed. nil: not wanted.
	Switched func()

	roots   *x509.CertPool                   // for https; nil: the system's
	shuffle func(n int, swap func(i, j int)) // of a tier's trackers; nil: at random
}

// TrackerStatus tells how one tracker does, for error pages and the admin API.
// Texts are cleaned of passkeys, of control characters, and bounded.
type TrackerStatus struct {
	URL      string        `json:"url"`               // redacted; "" where it cannot be shown
	Tier     int           `json:"tier"`              // from 0; -1: the URL is not used, Error says why
	Working  bool          `json:"working"`           // the last announce succeeded
	Busy     bool          `json:"busy"`              // an announce is under way
	Error    string        `json:"error,omitempty"`   // why the last announce failed
	Warning  string        `json:"warning,omitempty"` // of the last answer
	Fails    int           `json:"fails"`             // announces failed since the last success, and the first while it gets no answer
	Peers    int           `json:"peers"`             // addresses in the last answer
	Seeders  int           `json:"seeders"`           // as the tracker counts them; -1 unknown
	Leechers int           `json:"leechers"`          // as the tracker counts them; -1 unknown
	Interval time.Duration `json:"interval_ns"`       // between regular announces
	Last     time.Time     `json:"last,omitzero"`     // end of the last announce
	Next     time.Time     `json:"next,omitzero"`     // when a regular announce is due at the earliest
}

// Trackers announces one torrent to its trackers. All methods are safe for
// concurrent use. Its goroutines are the one that looks at what is due, and one an
// endpoint while it is announced to; Close waits for them all.
//
// A tracker is the torrent's own, or a hint: a client that asks for the torrent has named
// it. A hint is used while one of those clients waits, or for good once a peer that it gave
// has given content.
type Trackers struct {
	cfg    Config
	log    *slog.Logger
	key    uint32 // tells a tracker that both families are one client (BEP 7)
	ctx    context.Context
	cancel context.CancelFunc
	wake   chan struct{} // to the loop: look again at what is due
	wg     sync.WaitGroup
	ended  chan struct{} // closed when Close is through

	mu sync.Mutex
	// protected by mu:
	tiers    []*tier
	known    map[string]*tracker // by the keys of their URLs
	spelled  map[string]*tracker // by what names them; nil: cannot be used
	rejected []TrackerStatus     // URLs that are not used
	current  *tracker            // the last that answered
	looping  bool
	running  bool // Start was called
	closed   bool
	urgent   bool // Announce was called for a private torrent
	regular  *regular
	demand   Demand
	idleAt   time.Time // when demand became idle; zero: it is not
}

// New checks and orders the trackers; it starts nothing.
func New(cfg Config) *Trackers {
	t := &Trackers{
		cfg:   cfg,
		log:   cfg.Log,
		key:   randomUint32(),
		wake:  make(chan struct{}, 1),
		ended: make(chan struct{}),
		known: make(map[string]*tracker), spelled: make(map[string]*tracker),
	}
	if t.log == nil {
		t.log = slog.New(slog.DiscardHandler)
	}
	t.log = t.log.With("infohash", hex.EncodeToString(cfg.InfoHash[:]))
	if t.cfg.shuffle == nil {
		t.cfg.shuffle = rand.Shuffle
	}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.addTiers(cfg.Tiers, netip.Prefix{})
	return t
}

// Start begins the regular announces (BEP 12), the first at once. A second call
// does nothing.
func (t *Trackers) Start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running || t.closed {
		return
	}
	t.running = true
	t.look()
}

// Announce asks for peers now, because somebody waits for them: all tiers at
// once, except those of which a tracker was asked within its least interval and
// had peers. It does not wait. For a private torrent it brings the regular
// announce forward.
func (t *Trackers) Announce() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	if t.cfg.Private {
		t.urgent = true
	} else {
		now := time.Now()
		for _, tier := range t.tiers {
			if tier.race == nil {
				tier.race = &race{list: t.contenders(tier, now)}
			}
		}
	}
	t.look()
}

// Completed tells the trackers that know us that the download is complete. It
// does not wait. It is for a download that completed in this session (BEP 3).
func (t *Trackers) Completed() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	for _, tr := range inOrder(t.tiers, nil) {
		owed := false
		for _, e := range tr.endpoints {
			e.completed = e.started
			owed = owed || e.started
		}
		if owed {
			t.wg.Go(func() { t.announceCompleted(tr) })
		}
	}
}

// Add appends tiers of announce URLs that a client has named; those known already cost a
// look-up each. The zero Prefix is the process itself: what it names is the torrent's own.
// Call Announce after it when somebody waits and added is true.
func (t *Trackers) Add(tiers [][]string, client netip.Prefix) (added bool) {
	if t.cfg.Private {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || !t.addTiers(tiers, client) {
		return false
	}
	t.look()
	return true
}

// Status reports on each tracker in the order in which they are tried, then on
// the URLs that are not used. It is never nil.
func (t *Trackers) Status() []TrackerStatus {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := []TrackerStatus{}
	for i, tier := range t.tiers {
		for _, tr := range tier.trackers {
			list = append(list, tr.status(i))
		}
	}
	return append(list, t.rejected...)
}

// Untried reports whether a tracker has yet to answer for the first time, or to
// fail, that is being asked or has its turn: it may know somebody. One that is silent has
// been tried, though it is still asked.
func (t *Trackers) Untried() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, tier := range t.tiers {
		asked, left, usable := false, false, false
		for _, tr := range tier.trackers {
			if !t.usable(tr) {
				continue
			}
			usable = true
			asked = asked || tr.tried()
			left = left || !tr.tried() && (tr.flight != nil || tier.race != nil)
		}
		if left || usable && !asked {
			return true
		}
	}
	return false
}

// Close ends all announces, and waits for every goroutine. Announces under way to
// trackers that list us end after at most answerGrace. Then Close tells all trackers
// that list us at once that we leave. That takes at most stopTimeout, or until ctx
// ends. Further calls wait for the first.
func (t *Trackers) Close(ctx context.Context) {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		<-t.ended
		return
	}
	t.closed = true
	t.mu.Unlock()
	t.awaitAnswers(ctx)
	t.cancel()
	t.wg.Wait()
	t.announceStopped(ctx)
	t.forgetHints()
	close(t.ended)
}

// rejection reports on a URL that is not used; u is nil where it cannot even be
// shown.
func rejection(u *announceURL, err error) TrackerStatus {
	s := TrackerStatus{Tier: -1, Error: err.Error(), Seeders: -1, Leechers: -1}
	if u != nil {
		s.URL = u.String()
	}
	return s
}

var errTooMany = errors.New("too many trackers")
