// Package netguard is the one door through which btgw's traffic leaves.
//
// Swarm text (a tracker's URL, a peer address from a magnet link, a redirect)
// names hosts that its author chose. A [Guard] looks at the address that such a
// name resolved to, at the last moment before the socket connects or sends. It
// refuses addresses that would turn btgw against the network it runs in: loopback,
// private, link-local, and all that is not global unicast. Because the resolved
// address is what is checked, a name that answers differently the second time
// (DNS rebinding) gains nothing.
package netguard
