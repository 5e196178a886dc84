package contact

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/btgw/btgw/peer/netguard"
)

const (
	// maxTries is how many addresses of one name are dialled for one exchange.
	maxTries = 2
	// dialTimeout bounds one of these: a SYN that is sent again after 1 and 3 s is still
	// answered within it.
	dialTimeout = 6 * time.Second
)

// A Dialer is the network for one exchange with hosts that a stranger may have named: what
// it dials and looks up passes the gate first. It is not for two exchanges at once.
type Dialer struct {
	netguard.Network
	Gate *Gate
	Ask  Ask // who asks, for what; its Keys are the Dialer's to add to
	// Family keeps to addresses of "4" or "6"; "" is both.
	Family string

	mu   sync.Mutex
	last Hop // what was dialled last
}

// A Hop is one host on the way of an exchange, whose name was looked up.
type Hop struct {
	Addrs   []netip.AddrPort // where it may be
	service Key
	host    Key
	taken   netip.AddrPort // the one that was dialled, or sent to
	leave   func()         // of the exchange, which has passed the gate for the first of Addrs
}

// Resolve looks a host's addresses up, when the gate lets it. Service is "tcp" or "udp".
func (d *Dialer) Resolve(ctx context.Context, protocol, address string) (Hop, error) {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return Hop{}, err
	}
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		return Hop{}, err
	}
	h := Hop{service: Service(protocol+d.Family, address), host: Host(name)}
	if a, err := netip.ParseAddr(name); err == nil {
		if a = a.Unmap(); d.Family != "" && a.Is4() != (d.Family == "4") {
			return h, &net.AddrError{Err: "an address of the other family", Addr: name}
		}
		h.Addrs, h.host = []netip.AddrPort{netip.AddrPortFrom(a, uint16(number))}, Addr(a)
		return h, nil
	}
	ask := d.Ask
	ask.Keys = append(slices.Clip(ask.Keys), h.host, h.service)
	ask.Open = false
	if _, err := d.Gate.Enter(ctx, ask); err != nil {
		return h, err
	}
	addrs, err := d.lookup(ctx, name)
	if err == nil && len(addrs) == 0 {
		err = &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	if err != nil {
		if ctx.Err() == nil {
			d.Gate.Failed(err, h.service)
		}
		return h, err
	}
	for _, a := range eachFamily(addrs) {
		h.Addrs = append(h.Addrs, netip.AddrPortFrom(a, uint16(number)))
	}
	return h, nil
}

// lookup looks a name up when it is its turn: a name server that a stranger chose may never
// answer.
func (d *Dialer) lookup(ctx context.Context, name string) ([]netip.Addr, error) {
	leave, err := d.Gate.lookups.Enter(ctx, d.Ask.Clients, d.Ask.Reader)
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	return d.Network.LookupNetIP(ctx, "ip"+d.Family, name)
}

// eachFamily puts the first address of the other family second, so that both are tried.
func eachFamily(addrs []netip.Addr) []netip.Addr {
	for i, a := range addrs {
		addrs[i] = a.Unmap()
	}
	other := slices.IndexFunc(addrs, func(a netip.Addr) bool { return a.Is4() != addrs[0].Is4() })
	if other > 1 {
		a := addrs[other]
		addrs = slices.Insert(slices.Delete(addrs, other, other+1), 1, a)
	}
	return addrs
}

// Pass waits until an address of the hop may be turned to. First is the first contact of
// the exchange: where there was a lookup, that was counted against who asks.
func (d *Dialer) Pass(ctx context.Context, h *Hop, to netip.AddrPort, first bool) (leave func(), err error) {
	ask := d.Ask
	ask.Keys = append(slices.Clip(ask.Keys), Net(to.Addr()), Addr(to.Addr()), h.service)
	if first {
		ask.Counted = h.host.kind == host
	} else {
		ask.Begun = true
	}
	h.taken = to
	return d.Gate.Enter(ctx, ask)
}

// Begin does what takes unknown time before the first connection to address: the lookup,
// and the wait for its turn. DialContext of that address then goes out at once.
func (d *Dialer) Begin(ctx context.Context, address string) error {
	h, err := d.Resolve(ctx, "tcp", address)
	if err != nil {
		return err
	}
	h.leave, err = d.Pass(ctx, &h, h.Addrs[0], true)
	d.mu.Lock()
	d.last = h
	d.mu.Unlock()
	return err
}

// End says that the exchange is over.
func (d *Dialer) End() {
	if h := d.hop(); h.leave != nil {
		h.leave()
	}
}

// hop is what was dialled last.
func (d *Dialer) hop() Hop {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

// DialContext implements netguard.Network. It dials TCP.
func (d *Dialer) DialContext(ctx context.Context, _, address string) (net.Conn, error) {
	h := d.hop()
	if h.leave == nil || h.service != Service("tcp"+d.Family, address) {
		d.End()
		var err error
		if h, err = d.Resolve(ctx, "tcp", address); err != nil {
			return nil, err
		}
	}
	var err, failed error
	at := h // where it failed
	for _, to := range h.Addrs[:min(len(h.Addrs), maxTries)] {
		leave := h.leave
		if h.leave = nil; leave == nil {
			if leave, err = d.Pass(ctx, &h, to, true); err != nil {
				break
			}
		}
		var nc net.Conn
		if nc, err = d.dial(ctx, to); err == nil {
			h.leave = leave
			d.mu.Lock()
			d.last = h
			d.mu.Unlock()
			return &conn{nc, leave}, nil
		}
		leave()
		if errors.As(err, new(*netguard.ForbiddenError)) {
			continue
		}
		if ctx.Err() != nil {
			return nil, err
		}
		failed, at = err, h
	}
	if failed != nil { // only now: a host that rests is not dialled at its other address
		d.Gate.FailedAt(failed, &at)
	}
	return nil, err
}

func (d *Dialer) dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	return d.Network.DialContext(ctx, "tcp"+d.Family, to.String())
}

// Answered records that the hosts of the exchange are well; place is what was asked for.
func (d *Dialer) Answered(place Key) {
	h := d.hop()
	d.Gate.AnsweredAt(&h, place)
}

// Failed records that the exchange failed after a connection was there. With garbled there
// was an answer, only not of the kind that was asked for: that may be the place's own
// fault.
func (d *Dialer) Failed(err error, garbled bool, place Key) {
	h := d.hop()
	switch {
	case !h.taken.IsValid():
	case garbled:
		d.Gate.GarbledAt(err, &h, place)
	default:
		d.Gate.FailedAt(err, &h)
	}
}

// AnsweredAt records that a host is well, at the place that was asked for.
func (g *Gate) AnsweredAt(h *Hop, place Key) {
	keys := []Key{place, h.service, h.host}
	if h.taken.IsValid() {
		keys = append(keys, Net(h.taken.Addr()), Addr(h.taken.Addr()))
	}
	g.Answered(keys...)
}

// GarbledAt records that a host gave an answer of another kind than was asked for. That may be
// the place's own fault.
func (g *Gate) GarbledAt(err error, h *Hop, place Key) { g.Failed(err, place, h.service, h.host) }

// FailedAt records that a host did not answer at all. What is wrong with our own network is
// nobody's failure but the service's, which cannot be reached.
func (g *Gate) FailedAt(err error, h *Hop) {
	var resting *RestingError
	switch {
	case errors.As(err, &resting), errors.Is(err, ErrCrowded), errors.As(err, new(*netguard.ForbiddenError)):
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE), errors.Is(err, context.Canceled):
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL):
		g.Failed(err, h.service)
	default:
		g.Failed(err, h.service, h.host, Addr(h.taken.Addr()))
	}
}

// conn ends its exchange when it is closed.
type conn struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.leave()
	return c.Conn.Close()
}

// Target gives the host:port of a URL's host as it is dialled.
func Target(scheme, host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if scheme == "https" {
		return net.JoinHostPort(host, "443")
	}
	return net.JoinHostPort(host, "80")
}
