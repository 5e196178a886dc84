package peer

import (
	"net/netip"
	"sync/atomic"
	"time"
)

// Source says how an address became known.
type Source uint8

// The sources of addresses, the most trusted first.
const (
	SourceUser     Source = iota // x.pe of a magnet link or a URL
	SourceGood                   // it gave us content before
	SourceTracker                // an announce
	SourceIncoming               // it connected to us and said which port it accepts on
	SourcePEX                    // another peer
	SourceDHT
	SourceLSD
)

// A book is what a swarm knows of the addresses of its torrent: which were
// tried, with what success, and when each may be tried again. It is bounded,
// takes the time as an argument, and is not safe for concurrent use.
type book struct {
	byAddr map[netip.AddrPort]*entry
	byName map[string]*entry
	places *places       // entries of byAddr
	order  []*entry      // as they came
	fresh  time.Time     // when the last came
	all    *atomic.Int64 // entries of all books
}

// An entry is one address, or one host name.
type entry struct {
	addr   netip.AddrPort // invalid for a name
	name   string         // host:port; "" for an address
	source Source
	state  entryState

	manner   manner    // the dial's alone
	slow     bool      // likewise: it said nothing in plain nor encrypted; it is given more time
	failures int       // attempts in a row that brought nothing
	tried    bool      // it was dialled before
	attempts int       // counts dials, to take turns among the infohashes
	next     time.Time // not before
	begun    time.Time // of the attempt under way
	last     time.Time // end of the last attempt or connection
	errText  string    // of the last attempt
	spare    bool      // it hung up on one that only uploads, as seeds do
}

type entryState uint8

const (
	idle entryState = iota
	dialing
	connected
	never // refused by policy, or ourselves
)

// newBook makes a book that shares the room of all.
func newBook(all *atomic.Int64) *book {
	return &book{all: all, byAddr: make(map[netip.AddrPort]*entry), byName: make(map[string]*entry), places: newPlaces(maxKnown, 1)}
}

// target is what to dial.
func (e *entry) target() string {
	if e.name != "" {
		return e.name
	}
	return e.addr.String()
}

// usable reports whether an address can be one of a peer at all. What policy
// forbids is refused when it is dialled.
func usable(a netip.AddrPort) bool {
	ip := a.Addr()
	return a.IsValid() && a.Port() != 0 && !ip.IsUnspecified() && !ip.IsMulticast() && ip.Zone() == ""
}

// add makes an address known and returns its entry; nil if it cannot be used or
// there is no room. One that a user names is tried again at once.
func (b *book) add(now time.Time, source Source, addr netip.AddrPort) *entry {
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	if e := b.byAddr[addr]; e != nil {
		e.again(now, source)
		return e
	}
	if !usable(addr) || !b.room(source, addr.Addr()) {
		return nil
	}
	e := &entry{addr: addr, source: source, next: now}
	b.byAddr[addr] = e
	b.places.take(addr.Addr())
	b.append(now, e)
	return e
}

func (b *book) append(now time.Time, e *entry) {
	b.order, b.fresh = append(b.order, e), now
	b.all.Add(1)
}

// close gives the room back. What is added from now on is of no account.
func (b *book) close() {
	b.all.Add(-int64(len(b.order)))
	b.all = new(atomic.Int64)
}

// full reports whether there is no room for one more.
func (b *book) full() bool {
	return len(b.order) >= maxKnown || len(b.order) >= minKnown && b.all.Load() >= maxKnownInAll
}

// addName makes a host:port known that has to be looked up.
func (b *book) addName(now time.Time, source Source, name string) {
	if e := b.byName[name]; e != nil {
		e.again(now, source)
		return
	}
	if len(b.byName) >= maxNames || !b.room(source, netip.Addr{}) {
		return
	}
	e := &entry{name: name, source: source, next: now}
	b.byName[name] = e
	b.append(now, e)
}

// again is that an address was named once more.
func (e *entry) again(now time.Time, source Source) {
	e.source = min(e.source, source)
	if source == SourceUser && e.state == idle {
		e.next = now
	}
}

// room makes place for one more entry, of an address or, where that is invalid, a
// name: a full book forgets the address that failed most, or else one of a less
// trusted source, and takes nothing new if there is none. Where the network of the
// address is full, it has to be one of its own.
func (b *book) room(source Source, addr netip.Addr) bool {
	crowded := b.places.full(addr)
	if !b.full() && !crowded {
		return true
	}
	var worst *entry
	for _, e := range b.order {
		if e.state != idle || e.failures == 0 && e.source <= source && source != SourceUser {
			continue
		}
		if crowded && network(e.addr.Addr()) != network(addr) {
			continue
		}
		if worst == nil || e.failures > worst.failures || e.failures == worst.failures && e.source > worst.source {
			worst = e
		}
	}
	if worst == nil {
		return false
	}
	b.remove(worst)
	return true
}

func (b *book) remove(e *entry) {
	if e.name != "" {
		delete(b.byName, e.name)
	} else {
		delete(b.byAddr, e.addr)
		b.places.leave(e.addr.Addr())
	}
	for i, x := range b.order {
		if x == e {
			b.order = append(b.order[:i], b.order[i+1:]...)
			b.all.Add(-1)
			return
		}
	}
}

// pick returns the address to dial now, or nil: those with the fewest failures
// first, among them the most trusted source, then the first that came. Networks
// that have all their places are passed over.
func (b *book) pick(now time.Time, busy *places) *entry {
	var best *entry
	for _, e := range b.order {
		if e.state != idle || e.next.After(now) {
			continue
		}
		if best != nil && (e.failures > best.failures || e.failures == best.failures && e.source >= best.source) {
			continue
		}
		if !busy.full(e.addr.Addr()) {
			best = e
		}
	}
	return best
}

// next returns when pick will have more than it has now; false if never.
func (b *book) next(now time.Time) (at time.Time, ok bool) {
	for _, e := range b.order {
		if e.state == idle && e.next.After(now) && (!ok || e.next.Before(at)) {
			at, ok = e.next, true
		}
	}
	return at, ok
}

// dial takes an entry for an attempt and returns how long it may take, and
// which attempt it is, from 0.
func (b *book) dial(now time.Time, e *entry) (timeout time.Duration, attempt int) {
	timeout = nextDialTimeout
	if !e.tried {
		timeout = firstDialTimeout
	}
	e.state, e.tried, e.begun = dialing, true, now
	e.attempts++
	return timeout, e.attempts - 1
}

// failed ends an attempt, or a connection, that brought nothing.
func (b *book) failed(now time.Time, e *entry, err error) {
	e.errText = err.Error()
	if e.state == never {
		return
	}
	e.state, e.last = idle, now
	e.failures++
	wait := backoff(e.failures)
	if e.source == SourceUser {
		wait = min(wait, patience)
	}
	e.next = now.Add(wait)
	if e.failures >= dropAfter && e.source != SourceUser {
		b.remove(e)
	}
}

// ended ends a connection that was of use: the peer is tried again soon.
func (b *book) ended(now time.Time, e *entry) {
	if e.state == never {
		return
	}
	e.state, e.failures, e.last = idle, 0, now
	e.next = now.Add(backoff(0))
}

// recall is that something is wanted again: addresses whose connections ended for want of
// that are tried at once. It reports whether there are any.
func (b *book) recall(now time.Time) (any bool) {
	for _, e := range b.order {
		if e.spare && e.state == idle {
			e.spare, e.failures, e.next, any = false, 0, now, true
		}
	}
	return any
}

// hurry is that a reader waits as of now: addresses whose last attempt is some
// time ago are tried again at once.
func (b *book) hurry(now time.Time) {
	for _, e := range b.order {
		if e.state == idle && e.next.After(now) && now.Sub(e.last) >= patience {
			e.next = now
		}
	}
}

// postpone puts an entry back that could not be tried for want of room.
func (b *book) postpone(now time.Time, e *entry) {
	if e.state != never {
		e.state = idle
		e.next = now.Add(backoff(0))
	}
}

// known counts the addresses that may be of use.
func (b *book) known() int {
	n := 0
	for _, e := range b.order {
		if e.state != never {
			n++
		}
	}
	return n
}
