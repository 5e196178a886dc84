package lsd

import (
	"errors"
	"fmt"
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// The groups of BEP 14.
var (
	group4 = netip.MustParseAddrPort("239.192.152.143:6771")
	group6 = netip.MustParseAddrPort("[ff15::efc0:988f]:6771")
)

// member is a socket that is in a group, on one interface. What is sent to the
// group leaves there.
type member struct {
	conn  net.PacketConn
	group netip.AddrPort
}

// joinGroups joins both groups on each interface that can do so.
func joinGroups() (members []member, err error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("lsd: %w", err)
	}
	var errs []error
	joined := 0
	for i := range all {
		ifi := &all[i]
		if ifi.Flags&net.FlagUp == 0 || ifi.Flags&net.FlagMulticast == 0 || joined == maxInterfaces {
			continue
		}
		joined++
		for _, group := range []netip.AddrPort{group4, group6} {
			conn, err := join(ifi, group)
			if err != nil {
				errs = append(errs, fmt.Errorf("lsd: %s on %s: %w", group, ifi.Name, err))
				continue
			}
			members = append(members, member{conn, group})
		}
	}
	if len(members) == 0 {
		return nil, errors.Join(append(errs, errors.New("lsd: no interface does multicast"))...)
	}
	return members, nil
}

// join opens a socket in a group. Other programs of this machine hear it, and
// may be in the group too.
func join(ifi *net.Interface, group netip.AddrPort) (net.PacketConn, error) {
	network := "udp6"
	if group.Addr().Is4() {
		network = "udp4"
	}
	conn, err := net.ListenMulticastUDP(network, ifi, net.UDPAddrFromAddrPort(group))
	if err != nil {
		return nil, err
	}
	if group.Addr().Is4() {
		p := ipv4.NewPacketConn(conn)
		err = errors.Join(p.SetMulticastInterface(ifi), p.SetMulticastLoopback(true))
	} else {
		p := ipv6.NewPacketConn(conn)
		err = errors.Join(p.SetMulticastInterface(ifi), p.SetMulticastLoopback(true))
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}
