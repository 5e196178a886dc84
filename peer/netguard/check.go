package netguard

import (
	"fmt"
	"net/netip"
	"slices"
)

// ForbiddenError says that an address is one that btgw does not talk to.
type ForbiddenError struct {
	Addr   netip.AddrPort // as it was checked: IPv4-mapped IPv6 unmapped, without zone
	Reason string         // a few words for an error page, such as "loopback address"
}

// Error implements error.
func (e *ForbiddenError) Error() string {
	return fmt.Sprintf("%s is refused: %s", e.Addr, e.Reason)
}

// Check reports whether ap may be connected or sent to: nil, or a
// [*ForbiddenError]. An IPv4 address mapped into IPv6 is judged as the IPv4
// address that the kernel will make of it, and a zone is ignored.
func (g *Guard) Check(ap netip.AddrPort) error {
	addr := ap.Addr().Unmap().WithZone("")
	if reason := g.refusal(addr, ap.Port()); reason != "" {
		g.refused.Add(1)
		return &ForbiddenError{Addr: netip.AddrPortFrom(addr, ap.Port()), Reason: reason}
	}
	return nil
}

// Refused is how often Check has refused an address, for metrics.
func (g *Guard) Refused() int64 { return g.refused.Load() }

// refusal gives the reason why nothing is sent to an address, or "". The order
// matters: what no policy opens comes before what AllowPrivate opens, and the
// general tables come last.
func (g *Guard) refusal(addr netip.Addr, port uint16) string {
	switch {
	case !addr.IsValid():
		return "not an IP address"
	case port == 0:
		return "port 0"
	case thisNetwork.Contains(addr) || addr.IsUnspecified():
		return "unspecified address" // Linux connects 0.0.0.0 and :: to itself
	case addr.IsMulticast():
		return "multicast address"
	case addr == broadcast:
		return "broadcast address"
	case slices.Contains(metadataServices, addr):
		return "cloud metadata service"
	}
	for _, r := range localRanges {
		if r.prefix.Contains(addr) {
			if g.policy.AllowPrivate {
				return ""
			}
			return r.name
		}
	}
	if g.tables.SafeAddr(addr) != nil {
		return "not a global unicast address"
	}
	return ""
}

var (
	thisNetwork = netip.MustParsePrefix("0.0.0.0/8")     // RFC 791 section 3.2
	broadcast   = netip.MustParseAddr("255.255.255.255") // RFC 919 section 7
)

// localRanges are what [Policy].AllowPrivate opens: the addresses of this host
// and of the networks that it may stand in. All else that is not global unicast
// is the business of the tables of code.dny.dev/ssrf, which follow the IANA
// registries of special-purpose addresses.
var localRanges = []struct {
	prefix netip.Prefix
	name   string
}{
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback address"},            // RFC 1122 section 3.2.1.3
	{netip.MustParsePrefix("::1/128"), "loopback address"},                // RFC 4291 section 2.5.3
	{netip.MustParsePrefix("10.0.0.0/8"), "private address"},              // RFC 1918
	{netip.MustParsePrefix("172.16.0.0/12"), "private address"},           // RFC 1918
	{netip.MustParsePrefix("192.168.0.0/16"), "private address"},          // RFC 1918
	{netip.MustParsePrefix("fc00::/7"), "private address"},                // RFC 4193
	{netip.MustParsePrefix("100.64.0.0/10"), "carrier-grade NAT address"}, // RFC 6598
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local address"},       // RFC 3927
	{netip.MustParsePrefix("fe80::/10"), "link-local address"},            // RFC 4291 section 2.5.6
}

// metadataServices hand credentials to any program that asks from inside a
// cloud's machine. They lie in ranges that AllowPrivate opens, one even in a public
// range, and no swarm has business with them under any policy.
var metadataServices = []netip.Addr{
	netip.MustParseAddr("169.254.169.254"), // AWS, Azure, GCP, OpenStack and others
	netip.MustParseAddr("169.254.170.2"),   // AWS ECS task credentials
	netip.MustParseAddr("169.254.170.23"),  // AWS EKS pod identity
	netip.MustParseAddr("fd00:ec2::254"),   // AWS over IPv6
	netip.MustParseAddr("fd00:ec2::23"),    // AWS EKS over IPv6
	netip.MustParseAddr("fd20:ce::254"),    // GCP over IPv6
	netip.MustParseAddr("100.100.100.200"), // Alibaba
	netip.MustParseAddr("168.63.129.16"),   // Azure's host agent
}
