package netguard

import (
	"fmt"
	"net/netip"

	"code.dny.dev/ssrf"
)

// ForbiddenError says that an address is one that btgw does not talk to.
type ForbiddenError struct {
	Addr   netip.AddrPort // as it was checked: IPv4-mapped IPv6 unmapped
	Reason string         // short, for an error page: "loopback", "private", …
}

// Error implements error.
func (e *ForbiddenError) Error() string {
	return fmt.Sprintf("address %s is refused: %s", e.Addr, e.Reason)
}

// Check reports whether ap may be connected or sent to: nil, or a
// [*ForbiddenError].
func (g *Guard) Check(ap netip.AddrPort) error {
	addr := ap.Addr().Unmap().WithZone("")
	err := ssrf.New(ssrf.WithAnyPort()).SafeAddr(addr)
	if err != nil && !(g.policy.AllowPrivate && !addr.IsUnspecified() && !addr.IsMulticast()) {
		return &ForbiddenError{Addr: netip.AddrPortFrom(addr, ap.Port()), Reason: err.Error()}
	}
	return nil
}
