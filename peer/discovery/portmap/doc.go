// Package portmap asks the router between us and the internet to forward our
// port for peers: by NAT-PMP (RFC 6886), and where that is not answered by UPnP
// (Internet Gateway Device, versions 1 and 2).
//
// It talks to the local network by design, and to one address of it: that of the
// default route, or of the device that answered a search. What a device says
// elsewhere is to be found is not asked, unless it is at the device itself.
package portmap
