package book

import (
	"cmp"
	"net"
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"
)

// Source says how an address became known.
type Source uint8

// The sources of addresses, the most trusted first.
const (
	SourceUser       Source = iota // x.pe of a magnet link or a URL
	SourceRemembered               // it gave us content before
	SourceTracker                  // an announce
	SourceIncoming                 // it connected to us and said which port it accepts on
	SourcePEX                      // another peer
	SourceDHT
	SourceLSD
)

// A Book is what a swarm knows of the addresses of its torrent: which were
// tried, with what success, and when each may be tried again. It is bounded,
// takes the time as an argument, and is not safe for concurrent use.
type Book struct {
	byAddr map[netip.AddrPort]*Entry
	byName map[string]*Entry
	quota  *Quota    // entries of byAddr
	order  []*Entry  // as they came
	fresh  time.Time // when the last came
	named  int       // entries that clients alone named
	shared *Room

	namers map[netip.Prefix]int // the clients that named entries, and how many
}

// An Entry is one address, or one host name.
type Entry struct {
	Addr   netip.AddrPort // invalid for a name
	Name   string         // host:port; "" for an address
	Source Source
	State  State
	Next   time.Time // it is not dialled before
	Begun  time.Time // of the attempt under way
	Spare  bool      // it hung up on one that only uploads, as seeds do
	Sated  time.Time // when it was last seen to want nothing, as seeds do; zero: never

	// How it is spoken to is for the goroutine that dials alone.
	Manner Manner
	Slow   bool // it said nothing in plain nor encrypted; it is given more time

	own bool           // it is known otherwise than by clients that named it
	by  []netip.Prefix // the clients that named it, the last of them

	failures int       // attempts in a row that brought nothing
	tried    bool      // it was dialled before
	attempts int       // counts dials, to take turns among the infohashes
	last     time.Time // end of the last attempt or connection
}

// State is what is done with an entry.
type State uint8

// The states of an entry.
const (
	Idle State = iota
	Dialing
	Connected
	Never // refused by policy, or ourselves
)

// A Room is what all books of a process have room for together. It is safe for concurrent use.
type Room struct {
	Most  int // addresses; 0: 32,768. It must not change.
	known atomic.Int64
}

// full reports whether all books have as many addresses as there is room for.
func (r *Room) full() bool { return r.known.Load() >= int64(cmp.Or(r.Most, maxKnownInAll)) }

// New makes a Book that shares a room with others.
func New(shared *Room) *Book {
	return &Book{shared: shared, namers: make(map[netip.Prefix]int), byAddr: make(map[netip.AddrPort]*Entry), byName: make(map[string]*Entry), quota: NewQuota(maxKnown, 1)}
}

// Target is what to dial.
func (e *Entry) Target() string {
	if e.Name != "" {
		return e.Name
	}
	return e.Addr.String()
}

// usable reports whether an address can be one of a peer at all. What policy
// forbids is refused when it is dialled.
func usable(a netip.AddrPort) bool {
	ip := a.Addr()
	return a.IsValid() && a.Port() != 0 && !ip.IsUnspecified() && !ip.IsMulticast() && ip.Zone() == ""
}

// Add makes an address known and returns its entry; nil if it cannot be used or
// there is no room. One that a user names is tried again at once. by are the clients
// that named the address, or the tracker that knows it; none, or the zero Prefix among
// them, is for an address of the torrent's own.
func (b *Book) Add(now time.Time, source Source, addr netip.AddrPort, by ...netip.Prefix) *Entry {
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	if e := b.byAddr[addr]; e != nil {
		b.again(now, e, source, by)
		return e
	}
	if !usable(addr) || !b.room(source, addr.Addr(), by) {
		return nil
	}
	e := &Entry{Addr: addr, Source: source, Next: now}
	b.tag(e, true, source, by)
	b.byAddr[addr] = e
	b.quota.Take(addr.Addr())
	b.append(now, e)
	return e
}

func (b *Book) append(now time.Time, e *Entry) {
	b.order, b.fresh = append(b.order, e), now
	b.shared.known.Add(1)
}

// Close gives the room back. What is added from now on is of no account.
func (b *Book) Close() {
	b.shared.known.Add(-int64(len(b.order)))
	b.shared = new(Room)
}

// full reports whether there is no room for one more.
func (b *Book) full() bool {
	return len(b.order) >= maxKnown || len(b.order) >= minKnown && b.shared.full()
}

// AddHostPort makes an address known that is written host:port, the host a name or an
// address. What is not that is ignored. by is as of Add.
func (b *Book) AddHostPort(now time.Time, source Source, hostPort string, by ...netip.Prefix) {
	if addr, err := netip.ParseAddrPort(hostPort); err == nil {
		b.Add(now, source, addr, by...)
	} else if validHostPort(hostPort) {
		b.addName(now, source, hostPort, by...)
	}
}

// addName makes a host:port known that has to be looked up.
func (b *Book) addName(now time.Time, source Source, name string, by ...netip.Prefix) {
	if e := b.byName[name]; e != nil {
		b.again(now, e, source, by)
		return
	}
	if len(b.byName) >= maxNames || !b.room(source, netip.Addr{}, by) {
		return
	}
	e := &Entry{Name: name, Source: source, Next: now}
	b.tag(e, true, source, by)
	b.byName[name] = e
	b.append(now, e)
}

// again notes that an address was named once more.
func (b *Book) again(now time.Time, e *Entry, source Source, by []netip.Prefix) {
	b.tag(e, false, source, by)
	if source == SourceUser && e.State == Idle {
		e.Next = now
	}
}

// room makes place for one more entry, of an address or, where that is invalid, a name.
// A full book forgets the address that failed most, or else one of a less trusted
// source, and takes nothing new if there is none. Where the network of the address is
// full, the forgotten address has to be one of that network.
func (b *Book) room(source Source, addr netip.Addr, by []netip.Prefix) bool {
	crowded := b.quota.Full(addr)
	if !b.full() && !crowded {
		return true
	}
	var worst *Entry
	claim := b.claim(source, by)
	for _, e := range b.order {
		if worst != nil && (e.failures < worst.failures || e.failures == worst.failures && e.Source <= worst.Source) {
			continue
		}
		if crowded && Subnet(e.Addr.Addr()) != Subnet(addr) {
			continue
		}
		if b.beats(claim, e) {
			worst = e
		}
	}
	if worst == nil {
		return false
	}
	b.remove(worst)
	return true
}

func (b *Book) remove(e *Entry) {
	b.untag(e)
	if e.Name != "" {
		delete(b.byName, e.Name)
	} else {
		delete(b.byAddr, e.Addr)
		b.quota.Leave(e.Addr.Addr())
	}
	for i, x := range b.order {
		if x == e {
			b.order = append(b.order[:i], b.order[i+1:]...)
			b.shared.known.Add(-1)
			return
		}
	}
}

// Pick returns the address to dial now, or nil: one of those whose turn it is. Those with
// the fewest failures come first, among them the most trusted source, then the first that
// came. Networks that have all their places are passed over.
func (b *Book) Pick(now time.Time, busy *Quota, turns *Turns) *Entry {
	return b.pick(now, busy, turns, false)
}

// PickLeecher is Pick for one that only uploads: it passes over those that wanted nothing
// when they were last seen, for satedTime.
func (b *Book) PickLeecher(now time.Time, busy *Quota) *Entry { return b.pick(now, busy, nil, true) }

func (b *Book) pick(now time.Time, busy *Quota, turns *Turns, leecher bool) *Entry {
	var best *Entry
	var least int // of best
	for _, e := range b.order {
		if e.State != Idle || e.ready(leecher).After(now) {
			continue
		}
		has := turns.Has(e)
		if best != nil && cmp.Or(cmp.Compare(has, least), cmp.Compare(e.failures, best.failures), cmp.Compare(e.Source, best.Source)) >= 0 {
			continue
		}
		if !busy.Full(e.Addr.Addr()) {
			best, least = e, has
		}
	}
	return best
}

// ready returns when the entry may be dialled, as a leecher or as anything.
func (e *Entry) ready(leecher bool) time.Time {
	if at := e.Sated.Add(satedTime); leecher && !e.Sated.IsZero() && at.After(e.Next) {
		return at
	}
	return e.Next
}

// Next returns when Pick will have more than it has now; false if never.
func (b *Book) Next(now time.Time) (at time.Time, ok bool) { return b.next(now, false) }

// NextLeecher is Next for PickLeecher.
func (b *Book) NextLeecher(now time.Time) (at time.Time, ok bool) { return b.next(now, true) }

func (b *Book) next(now time.Time, leecher bool) (at time.Time, ok bool) {
	for _, e := range b.order {
		if r := e.ready(leecher); e.State == Idle && r.After(now) && (!ok || r.Before(at)) {
			at, ok = r, true
		}
	}
	return at, ok
}

// Dial takes an entry for an attempt and returns how long it may take, and
// which attempt it is, from 0.
func (b *Book) Dial(now time.Time, e *Entry) (timeout time.Duration, attempt int) {
	timeout = nextDialTimeout
	if !e.tried {
		timeout = FirstDialTimeout
	}
	e.State, e.tried, e.Begun = Dialing, true, now
	e.attempts++
	return timeout, e.attempts - 1
}

// Failed ends an attempt, or a connection, that brought nothing.
func (b *Book) Failed(now time.Time, e *Entry) {
	if e.State == Never {
		return
	}
	e.State, e.last = Idle, now
	e.failures++
	wait := Backoff(e.failures)
	if e.Source == SourceUser {
		wait = min(wait, patience)
	}
	e.Next = now.Add(wait)
	if e.failures >= dropAfter && e.Source != SourceUser {
		b.remove(e)
	}
}

// Ended ends a connection that was of use: the peer is tried again soon.
func (b *Book) Ended(now time.Time, e *Entry) {
	if e.State == Never {
		return
	}
	e.State, e.failures, e.last = Idle, 0, now
	e.Next = now.Add(Backoff(0))
}

// Recall notes that the torrent is wanted again. Addresses whose connections ended
// because it was not are tried at once. It reports whether there are any.
func (b *Book) Recall(now time.Time) (any bool) {
	for _, e := range b.order {
		if e.Spare && e.State == Idle {
			e.Spare, e.failures, e.Next, any = false, 0, now, true
		}
	}
	return any
}

// Hurry notes that a reader waits from now on. Addresses whose last attempt is some
// time ago are tried again at once.
func (b *Book) Hurry(now time.Time) {
	for _, e := range b.order {
		if e.State == Idle && e.Next.After(now) && now.Sub(e.last) >= patience {
			e.Next = now
		}
	}
}

// Postpone puts an entry back that could not be tried for want of room.
func (b *Book) Postpone(now time.Time, e *Entry) {
	if e.State != Never {
		e.State = Idle
		e.Next = now.Add(Backoff(0))
	}
}

// Fresh returns the time when the last address came that had not been known; zero means
// never.
func (b *Book) Fresh() time.Time { return b.fresh }

// MemorySize is about how many bytes of memory the addresses take.
func (b *Book) MemorySize() int64 { return int64(len(b.order)) * EntrySize }

// Known counts the addresses that may be of use.
func (b *Book) Known() int {
	n := 0
	for _, e := range b.order {
		if e.State != Never {
			n++
		}
	}
	return n
}

// validHostPort reports whether s is a host and a port number, as far as can be
// said without a lookup.
func validHostPort(s string) bool {
	if len(s) > maxHostPort {
		return false
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil || host == "" {
		return false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// Untried reports whether an address may still be another peer: it was not dialled yet,
// is being dialled for the first time, or was of use before.
func (b *Book) Untried() bool {
	for _, e := range b.order {
		if e.State != Never && e.State != Connected && e.failures == 0 {
			return true
		}
	}
	return false
}
