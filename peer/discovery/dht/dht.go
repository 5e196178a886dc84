package dht

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"golang.org/x/time/rate"

	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// Config holds what a DHT is made with.
type Config struct {
	Network netguard.Network // required
	// Listen is the UDP address of our nodes, host:port: both families where
	// the host part is empty, else that of the host. Required.
	Listen string
	// Bootstrap are the nodes, as host:port, that are asked while no others are
	// known; at most MaxBootstrap are used.
	Bootstrap []string
	// StateFile keeps the nodes that answered over restarts; "" keeps none.
	StateFile string
	// Forwarded reports that a router sends on to us what comes to it for our
	// port (nil: none does). Called from a goroutine of the DHT.
	Forwarded func() bool
	// Other answers packets that are none of the DHT's: it appends what is to be sent
	// back to dst, and reports whether the packet was meant for it. It must not block.
	// nil: they are dropped.
	Other func(dst, packet []byte, from netip.AddrPort) (answer []byte, mine bool)
	// Contacts bounds what one target sees of us; nil: a gate of the DHT's own.
	Contacts *contact.Gate
	Log      *slog.Logger // nil: no log
}

// DHT is our nodes. All methods are safe for concurrent use. Its goroutines are
// the library's, two that fill and maintain each routing table, and one that looks at
// what was learned and saves it; Close waits for them.
type DHT struct {
	cfg        Config
	nodes      []*node         // one a family
	learned    chan struct{}   // holds one token
	lookups    *contact.Places // rounds of lookups
	candidates *rate.Limiter

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// Start opens the sockets and begins to learn nodes. It fails where no family
// can be listened on; one that the machine has not is left out.
func Start(cfg Config) (*DHT, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Contacts == nil {
		cfg.Contacts = contact.NewGate()
	}
	d := &DHT{
		cfg: cfg, learned: make(chan struct{}, 1), lookups: contact.NewPlaces(maxLookups),
		candidates: rate.NewLimiter(candidatesPerSecond, candidateBurst),
	}
	saved := d.load()
	d.ctx, d.cancel = context.WithCancel(context.Background())
	var errs []error
	for _, family := range families(cfg.Listen) {
		n, err := newNode(d.ctx, &d.cfg, family, cfg.Listen, saved[family], d.learn)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		d.nodes = append(d.nodes, n)
	}
	err := errors.Join(errs...)
	if len(d.nodes) == 0 || errors.Is(err, syscall.EADDRINUSE) {
		d.Close()
		return nil, err
	}
	d.wg.Go(d.run)
	return d, nil
}

// families gives those to listen on.
func families(listen string) []string {
	host, _, _ := net.SplitHostPort(listen)
	addr, err := netip.ParseAddr(host)
	switch {
	case err != nil || addr.Is6() && addr.IsUnspecified():
		return []string{"4", "6"}
	case addr.Unmap().Is4():
		return []string{"4"}
	}
	return []string{"6"}
}

// Port is the UDP port of the nodes.
func (d *DHT) Port() int {
	addr, _ := udpAddr(d.nodes[0].conn.LocalAddr())
	return int(addr.Port())
}

// Answers reports whether others may ask one of our nodes (BEP 43).
func (d *DHT) Answers() bool {
	for _, n := range d.nodes {
		if n.answers.Load() {
			return true
		}
	}
	return false
}

// AddNode makes a node known that somebody told of, if it answers. Where many
// are told of, some are ignored.
func (d *DHT) AddNode(addr netip.AddrPort) {
	for _, n := range d.nodes {
		if n.mayAsk(addr) && d.candidates.Allow() {
			d.wg.Go(func() { n.ping(addr) })
		}
	}
}

// Stats is a snapshot of our nodes.
type Stats struct {
	Nodes   int  `json:"nodes"`   // that answered and are believed to still be there
	Answers bool `json:"answers"` // others may ask us (BEP 43)
}

// Stats returns a snapshot.
func (d *DHT) Stats() Stats {
	st := Stats{Answers: d.Answers()}
	for _, n := range d.nodes {
		st.Nodes += n.current().Stats().GoodNodes
	}
	return st
}

// Close ends everything; searches have to be closed before. Nodes are kept for
// the next run.
func (d *DHT) Close() {
	d.cancel()
	if len(d.nodes) > 0 {
		d.save()
	}
	var wg sync.WaitGroup
	for _, n := range d.nodes {
		wg.Go(n.close)
	}
	wg.Wait()
	d.wg.Wait()
}

// run looks at what was learned, and saves it, until Close.
func (d *DHT) run() {
	look, save := time.NewTicker(lookAfter), time.NewTicker(saveInterval)
	defer look.Stop()
	defer save.Stop()
	for {
		select {
		case <-d.ctx.Done():
			return
		case <-save.C:
			d.save()
			continue
		case <-look.C:
		case <-d.learned:
		}
		forwarded := d.cfg.Forwarded != nil && d.cfg.Forwarded()
		for _, n := range d.nodes {
			n.look(forwarded)
		}
	}
}

// learn makes run look.
func (d *DHT) learn() {
	select {
	case d.learned <- struct{}{}:
	default:
	}
}

// load reads the nodes of the last run. Without them the bootstrap nodes do.
func (d *DHT) load() map[string]savedNode {
	if d.cfg.StateFile == "" {
		return nil
	}
	saved, err := loadState(d.cfg.StateFile)
	if err != nil {
		d.cfg.Log.Warn("DHT starts without the nodes of the last run", "err", err)
	}
	return saved
}

// save writes the nodes of this run.
func (d *DHT) save() {
	if d.cfg.StateFile == "" {
		return
	}
	if err := saveState(d.cfg.StateFile, d.nodes); err != nil {
		d.cfg.Log.Warn("DHT nodes are not kept", "err", err)
	}
}
