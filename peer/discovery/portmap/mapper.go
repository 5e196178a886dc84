package portmap

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"time"
)

// Config says what is to be forwarded.
type Config struct {
	Port int          // of ours, TCP and UDP
	Log  *slog.Logger // nil: no log

	gateway func() (netip.Addr, error) // that of the default route; nil: the system's
	search  string                     // where gateways are searched for; "": the multicast group of UPnP
	first   time.Duration              // wait after all ways failed; 0: firstRetry
}

// Mapper keeps the forwarding alive until Close: one goroutine. All methods are
// safe for concurrent use.
type Mapper struct {
	cfg    Config
	log    *slog.Logger
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex
	mappings map[string]mapping // by protocol, "TCP" and "UDP"
}

// mapping is one port that is forwarded.
type mapping struct {
	external int
	by       router
}

// router is one way to ask a router. A router is used by one goroutine at a
// time, but for remove.
type router interface {
	// add forwards an external port, that which is asked for or another, to
	// our internal one, for the time that it returns.
	add(ctx context.Context, protocol string, internal, external int) (granted int, life time.Duration, err error)
	// remove ends the forwarding.
	remove(ctx context.Context, protocol string, internal, external int) error
	String() string
}

// protocols are what is forwarded.
var protocols = []string{"TCP", "UDP"}

// Start begins to ask. It does not wait.
func Start(cfg Config) *Mapper {
	m := &Mapper{cfg: cfg, log: cfg.Log, mappings: make(map[string]mapping)}
	if m.log == nil {
		m.log = slog.New(slog.DiscardHandler)
	}
	if m.cfg.gateway == nil {
		m.cfg.gateway = defaultGateway
	}
	if m.cfg.search == "" {
		m.cfg.search = searchGroup
	}
	if m.cfg.first == 0 {
		m.cfg.first = firstRetry
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.cancel = cancel
	m.wg.Go(func() { m.run(ctx) })
	return m
}

// TCP is the external port at which peers reach our TCP port; 0 if none is
// forwarded.
func (m *Mapper) TCP() int { return m.external("TCP") }

// UDP is TCP for the UDP port.
func (m *Mapper) UDP() int { return m.external("UDP") }

func (m *Mapper) external(protocol string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mappings[protocol].external
}

// Close ends the forwarding, as far as ctx allows. A second call does nothing.
func (m *Mapper) Close(ctx context.Context) {
	m.cancel()
	m.wg.Wait()
	m.mu.Lock()
	mappings := m.mappings
	m.mappings = nil
	m.mu.Unlock()
	var all sync.WaitGroup
	defer all.Wait()
	for protocol, at := range mappings {
		all.Go(func() {
			if err := at.by.remove(ctx, protocol, m.cfg.Port, at.external); err != nil {
				m.log.Debug("port stays forwarded until its lease ends", "protocol", protocol, "err", err)
			}
		})
	}
}

// run asks, and renews, until the end.
func (m *Mapper) run(ctx context.Context) {
	retry := m.cfg.first
	for {
		wait, err := m.renew(ctx)
		if err != nil {
			m.log.Debug("no port is forwarded", "err", err)
			wait = retry
			retry = min(2*retry, maxRetry)
		} else {
			retry = m.cfg.first
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
	}
}

// renew asks for all forwardings again: the router that granted them before, or else
// every way in turn. It returns when to do so again.
func (m *Mapper) renew(ctx context.Context) (time.Duration, error) {
	m.mu.Lock()
	var known []router
	if at, ok := m.mappings["TCP"]; ok {
		known = append(known, at.by)
	}
	m.mu.Unlock()
	var errs []error
	for _, r := range known {
		wait, err := m.ask(ctx, r)
		if err == nil {
			return wait, nil
		}
		errs = append(errs, err)
	}
	for _, find := range []func(context.Context) ([]router, error){m.natPMP, m.upnp} {
		routers, err := find(ctx)
		if err != nil {
			errs = append(errs, err)
		}
		for _, r := range routers {
			wait, err := m.ask(ctx, r)
			if err == nil {
				return wait, nil
			}
			errs = append(errs, err)
		}
	}
	return 0, errors.Join(errs...)
}

// ask has a router forward both protocols. What it did before it failed counts
// no more.
func (m *Mapper) ask(ctx context.Context, r router) (time.Duration, error) {
	wait := maxRenew
	for _, protocol := range protocols {
		external := m.external(protocol)
		if external == 0 {
			external = m.cfg.Port
		}
		granted, life, err := r.add(ctx, protocol, m.cfg.Port, external)
		if ctx.Err() != nil {
			return 0, ctx.Err() // what there is will be removed
		}
		m.mu.Lock()
		if err != nil {
			delete(m.mappings, protocol)
			m.mu.Unlock()
			return 0, err
		}
		if m.mappings[protocol] != (mapping{granted, r}) {
			m.log.Debug("port forwarded", "protocol", protocol, "port", m.cfg.Port, "external", granted, "by", r, "for", life)
		}
		m.mappings[protocol] = mapping{granted, r}
		m.mu.Unlock()
		wait = min(wait, max(life/2, minRenew))
	}
	return wait, nil
}
