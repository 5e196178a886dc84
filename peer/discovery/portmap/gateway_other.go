//go:build !linux

package portmap

import "net/netip"

// defaultGateway is not known here: UPnP finds gateways by itself.
func defaultGateway() (netip.Addr, error) { return netip.Addr{}, errNoGateway }
