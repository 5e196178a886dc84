package peer

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sort"
	"strings"
)

// A Blocklist is addresses of peers that an operator does not want to talk to. It
// does not change and is safe for concurrent use.
type Blocklist struct {
	ranges []addrRange // in order, apart from each other
	// Unread is how many lines were neither blank, nor a comment, nor understood.
	Unread int
}

type addrRange struct{ from, to netip.Addr }

// ParseBlocklist reads a list with a range on each line. A range is
// "name:1.2.3.4-1.2.3.255", as PeerGuardian's p2p lists have it, the same without a
// name, a network (192.0.2.0/24, 2001:db8::/32) or an address. It ignores blank lines
// and those that begin with #. It reads at most MaxBlocklistBytes. It fails where there
// is more, a line is longer than maxBlocklistLine, or there are more ranges than
// maxBlocklistRanges. It also fails where some lines are not understood and no line is.
func ParseBlocklist(r io.Reader) (*Blocklist, error) {
	limited := &io.LimitedReader{R: r, N: MaxBlocklistBytes + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, maxBlocklistLine)
	b := &Blocklist{}
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		a, ok := parseRange(line)
		if !ok {
			b.Unread++
			continue
		}
		if len(b.ranges) >= maxBlocklistRanges {
			return nil, fmt.Errorf("peer: more than %d ranges in a blocklist", maxBlocklistRanges)
		}
		b.ranges = append(b.ranges, a)
	}
	switch {
	case lines.Err() != nil:
		return nil, fmt.Errorf("peer: blocklist: %w", lines.Err())
	case limited.N == 0:
		return nil, fmt.Errorf("peer: more than %d bytes of a blocklist", MaxBlocklistBytes)
	case len(b.ranges) == 0 && b.Unread > 0:
		return nil, errors.New("peer: no line of the blocklist is a range of addresses")
	}
	b.join()
	return b, nil
}

// parseRange reads a line.
func parseRange(line string) (r addrRange, ok bool) {
	if p, err := netip.ParsePrefix(line); err == nil {
		return addrRange{p.Masked().Addr(), lastOf(p)}, true
	}
	if a, err := netip.ParseAddr(line); err == nil {
		a = a.Unmap().WithZone("")
		return addrRange{a, a}, true
	}
	i := strings.LastIndexByte(line, '-')
	if i < 0 {
		return r, false
	}
	to, err := netip.ParseAddr(strings.TrimSpace(line[i+1:]))
	from, err2 := netip.ParseAddr(strings.TrimSpace(line[:i]))
	if err2 != nil {
		// The name may have colons in it, which IPv4 has not.
		from, err2 = netip.ParseAddr(strings.TrimSpace(line[strings.LastIndexByte(line[:i], ':')+1 : i]))
	}
	r = addrRange{from.Unmap().WithZone(""), to.Unmap().WithZone("")}
	return r, err == nil && err2 == nil && r.from.BitLen() == r.to.BitLen() && !r.to.Less(r.from)
}

// lastOf is the last address of a network.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < 8*len(b); i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// join puts the ranges in order and makes one of those that overlap.
func (b *Blocklist) join() {
	slices.SortFunc(b.ranges, func(x, y addrRange) int { return x.from.Compare(y.from) })
	apart := b.ranges[:0]
	for _, r := range b.ranges {
		if n := len(apart); n > 0 && !apart[n-1].to.Less(r.from) {
			if apart[n-1].to.Less(r.to) {
				apart[n-1].to = r.to
			}
			continue
		}
		apart = append(apart, r)
	}
	b.ranges = slices.Clip(apart)
}

// Len is how many ranges there are.
func (b *Blocklist) Len() int { return len(b.ranges) }

// Has reports whether an address is on the list; nil has none.
func (b *Blocklist) Has(a netip.Addr) bool {
	if b == nil {
		return false
	}
	a = a.Unmap().WithZone("")
	i := sort.Search(len(b.ranges), func(i int) bool { return a.Less(b.ranges[i].from) })
	return i > 0 && !b.ranges[i-1].to.Less(a)
}

// SetBlocklist keeps the peers of a list away from now on, in place of those of
// the list before; nil keeps none away. Connections with them end.
func (h *Host) SetBlocklist(b *Blocklist) {
	h.blocklist.Store(b)
	h.mu.Lock()
	swarms := h.distinct()
	h.mu.Unlock()
	for _, s := range swarms {
		s.mu.Lock()
		for _, c := range s.conns {
			if b.Has(c.addr.Addr()) {
				c.Close(errBlocked)
			}
		}
		s.mu.Unlock()
	}
}
