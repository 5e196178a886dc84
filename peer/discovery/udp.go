package discovery

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net/netip"
	"sync"
	"time"

	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// udpClient announces one torrent to one UDP tracker over one family (BEP 15, 41).
type udpClient struct {
	shared  *Announcer
	family  string // "4", "6", or "" for an address that is written out
	address string // host:port
	urlData string // path and query of the announce URL
	place   contact.Key
}

var _ client = (*udpClient)(nil)

// announce implements client. It reuses a connection id of less than a minute ago,
// whichever torrent asked for it. A tracker that forgot the id says so or says nothing; it
// is asked for a new one.
func (c *udpClient) announce(ctx context.Context, r *request) (*answer, error) {
	d := &contact.Dialer{Network: c.shared.network, Gate: c.shared.gate, Ask: r.ask, Family: c.family}
	d.Ask.Keys = []contact.Key{c.place}
	hop, err := d.Resolve(ctx, "udp", c.address)
	if err != nil {
		return nil, err
	}
	for _, to := range hop.Addrs {
		var a *answer
		a, err = c.announceTo(ctx, d, &hop, to, r)
		if !errors.As(err, new(*netguard.ForbiddenError)) {
			c.note(ctx, &hop, err)
			return a, err
		}
	}
	return nil, err
}

// note tells everybody how the tracker did.
func (c *udpClient) note(ctx context.Context, hop *contact.Hop, err error) {
	switch {
	case err == nil, errors.As(err, new(*refusal)):
		c.shared.gate.AnsweredAt(hop, c.place)
	case ctx.Err() != nil, errors.Is(err, errCrowded):
	case errors.Is(err, errShortReply):
		c.shared.gate.GarbledAt(err, hop, c.place)
	default:
		c.shared.gate.FailedAt(err, hop)
	}
}

// announceTo announces to one of the tracker's addresses.
func (c *udpClient) announceTo(ctx context.Context, d *contact.Dialer, hop *contact.Hop, to netip.AddrPort, r *request) (*answer, error) {
	x := &exchange{ctx: ctx, dialer: d, hop: hop, to: to, socket: c.shared.socket(to), silent: r.silent}
	defer x.end()
	t := c.shared.udpTracker(to)
	if id, ok := t.known(); ok {
		a, err := c.ask(x, id, r, 1)
		if err == nil || x.ctx.Err() != nil || !x.begun {
			return a, err
		}
		t.forget(id)
	}
	id, err := t.connect(x)
	if err != nil {
		return nil, err
	}
	return c.ask(x, id, r, maxRetransmits+1)
}

// ask announces under a connection id.
func (c *udpClient) ask(x *exchange, connection uint64, r *request, tries int) (*answer, error) {
	payload, err := x.roundTrip(actionAnnounce, tries, func(dst []byte, transaction uint32) []byte {
		return appendAnnounce(dst, connection, transaction, r, c.urlData)
	})
	if err != nil {
		return nil, err
	}
	size := compact6
	if x.to.Addr().Is4() {
		size = compact4
	}
	return parseUDPAnswer(payload, size), nil
}

// udpTracker is the connection id that all torrents use with the tracker at an address. One
// of them at a time asks for it.
type udpTracker struct {
	mu     sync.Mutex
	id     uint64
	at     time.Time     // when it came; zero: there is none
	asking chan struct{} // closed when it has been asked for; nil: nobody does
	silent chan struct{} // of the same: closed when the tracker is slow to answer
	err    error         // why that failed
}

// known gives the id if it may still be used.
func (t *udpTracker) known() (uint64, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.id, !t.at.IsZero() && time.Since(t.at) < connectionLife
}

// forget drops an id that the tracker did not take.
func (t *udpTracker) forget(id uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.id == id {
		t.at = time.Time{}
	}
}

// connect gives an id, or asks for one, or waits for the one that another asks for.
func (t *udpTracker) connect(x *exchange) (uint64, error) {
	for {
		t.mu.Lock()
		if !t.at.IsZero() && time.Since(t.at) < connectionLife {
			defer t.mu.Unlock()
			return t.id, nil
		}
		asking, silent := t.asking, t.silent
		if asking == nil {
			t.asking, t.silent = make(chan struct{}), make(chan struct{})
			t.mu.Unlock()
			return t.ask(x)
		}
		t.mu.Unlock()
		for waits := true; waits; {
			select {
			case <-asking:
				waits = false
			case <-silent:
				x.isSilent()
				silent = nil
			case <-x.ctx.Done():
				return 0, x.ctx.Err()
			}
		}
		t.mu.Lock()
		err := t.err
		t.mu.Unlock()
		if err != nil {
			return 0, err
		}
	}
}

// ask asks for an id. Its failure is the failure of the other waiting exchanges too,
// except when the caller of x went away or was refused a contact.
func (t *udpTracker) ask(x *exchange) (id uint64, err error) {
	t.mu.Lock()
	x.others = t.silent
	t.mu.Unlock()
	payload, err := x.roundTrip(actionConnect, maxRetransmits+1, appendConnect)
	x.others = nil
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.asking)
	t.asking, t.err = nil, err
	if err != nil {
		if x.gone() || errors.Is(err, contact.ErrCrowded) {
			t.err = nil
		}
		return 0, err
	}
	t.id, t.at = binary.BigEndian.Uint64(payload), time.Now()
	return t.id, nil
}

// exchange is the requests of one announce.
type exchange struct {
	ctx    context.Context // from the first packet on it has a bound
	cancel context.CancelFunc
	dialer *contact.Dialer
	hop    *contact.Hop
	to     netip.AddrPort
	socket *udpSocket
	begun  bool          // a packet was sent
	silent func()        // of the request
	others chan struct{} // closed to tell those that wait for the same; nil: nobody does
}

// end frees what the exchange holds.
func (x *exchange) end() {
	if x.cancel != nil {
		x.cancel()
	}
}

// isSilent says that the tracker is slow to answer.
func (x *exchange) isSilent() {
	if x.others != nil {
		close(x.others)
		x.others = nil
	}
	if x.silent != nil {
		x.silent()
	}
}

// gone reports whether the exchange's caller gave it up.
func (x *exchange) gone() bool { return errors.Is(x.ctx.Err(), context.Canceled) }

// errSilence says that the retransmissions are used up.
var errSilence = errors.New("no answer")

// roundTrip sends a request until its reply comes, at most tries times, and gives the
// reply's payload. The time between two sendings starts at firstRetransmit and doubles. All
// are one transaction, so that a late reply counts.
func (x *exchange) roundTrip(action uint32, tries int, build func(dst []byte, transaction uint32) []byte) ([]byte, error) {
	t, err := x.socket.begin(x.ctx, x.to)
	if err != nil {
		return nil, err
	}
	defer x.socket.end(t)
	packet := build(nil, t.id)
	for n := range tries {
		if err := x.send(packet); err != nil {
			return nil, err
		}
		payload, err := x.await(t, action, firstRetransmit<<n)
		if err == nil || !errors.Is(err, errSilence) {
			return payload, err
		}
		if n+1 == silentSends {
			x.isSilent()
		}
	}
	return nil, errSilence
}

// send sends a packet when it is its turn. The time of the announce begins with the first.
func (x *exchange) send(packet []byte) error {
	if _, err := x.dialer.Pass(x.ctx, x.hop, x.to, !x.begun); err != nil {
		return err
	}
	if !x.begun {
		x.begun = true
		x.ctx, x.cancel = context.WithTimeout(x.ctx, announceTimeout)
	}
	return x.socket.send(x.ctx, packet, x.to)
}

// await waits for the reply for as long as d.
func (x *exchange) await(t *transaction, action uint32, d time.Duration) ([]byte, error) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for range maxStrays {
		select {
		case b := <-t.replies:
			if payload, ok, err := parseReply(b, action, t.id); ok {
				return payload, err
			}
		case <-timer.C:
			return nil, errSilence
		case <-x.ctx.Done():
			return nil, x.ctx.Err()
		}
	}
	return nil, errors.New("too many datagrams that are no answer")
}

// randomUint32 is unpredictable: a transaction id is what keeps others from
// answering in the tracker's name.
func randomUint32() uint32 {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint32(b[:])
}
