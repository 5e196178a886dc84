// Package portmap asks the router between us and the internet to forward our port for
// peers. It uses NAT-PMP (RFC 6886), and where that is not answered UPnP (Internet
// Gateway Device, versions 1 and 2).
//
// It talks to the local network by design, and only to one address of it: that of the
// default route, or of the device that answered a search. It does not follow a device's
// pointers to other hosts.
package portmap
