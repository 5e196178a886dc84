package sibling

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// A Name is where the siblings are looked up.
type Name struct {
	host string
	port uint16 // 0: host is the name of a service (SRV)
}

// ParseName reads host:port, whose addresses the siblings have, or the name of a service
// (_btgw._tcp.example.org), whose SRV records name them (RFC 2782).
func ParseName(s string) (Name, error) {
	if strings.HasPrefix(s, "_") && !strings.Contains(s, ":") {
		if parts := strings.SplitN(s, ".", 3); len(parts) != 3 || !strings.HasPrefix(parts[1], "_") || parts[2] == "" {
			return Name{}, fmt.Errorf("%q is no service: write _name._tcp.domain", s)
		}
		return Name{host: s}, nil
	}
	host, port, err := net.SplitHostPort(s)
	n, perr := strconv.ParseUint(port, 10, 16)
	if err != nil || perr != nil || host == "" || n == 0 {
		return Name{}, fmt.Errorf("%q is neither host:port nor the name of a service", s)
	}
	return Name{host: host, port: uint16(n)}, nil
}

// A Resolver looks names up, as *net.Resolver does.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}

// Lookup returns the addresses that the siblings have now, our own among them: at most
// MaxSiblings. A name of a service that cannot be looked up leaves its own addresses out.
func (n Name) Lookup(ctx context.Context, r Resolver) ([]netip.AddrPort, error) {
	if n.port != 0 {
		return addresses(ctx, r, n.host, n.port)
	}
	_, records, err := r.LookupSRV(ctx, "", "", n.host)
	if err != nil {
		return nil, err
	}
	var all []netip.AddrPort
	var errs []error
	for _, rec := range records {
		if len(all) >= MaxSiblings {
			break
		}
		some, err := addresses(ctx, r, strings.TrimSuffix(rec.Target, "."), rec.Port)
		if err != nil {
			errs = append(errs, err)
		}
		all = append(all, some...)
	}
	if len(all) == 0 {
		return nil, errors.Join(errs...)
	}
	return all[:min(len(all), MaxSiblings)], nil
}

func addresses(ctx context.Context, r Resolver, host string, port uint16) ([]netip.AddrPort, error) {
	var found []netip.Addr
	if a, err := netip.ParseAddr(host); err == nil {
		found = []netip.Addr{a}
	} else if found, err = r.LookupNetIP(ctx, "ip", host); err != nil {
		return nil, err
	}
	var all []netip.AddrPort
	for _, a := range found[:min(len(found), MaxSiblings)] {
		all = append(all, netip.AddrPortFrom(a.Unmap(), port))
	}
	return all, nil
}
