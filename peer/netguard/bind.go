package netguard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
)

// A Bind is where packets leave: one interface, or the interface that has one address. Nothing falls back
// to another way: while the interface is down, sockets cannot be made, or reach nobody.
type Bind struct {
	device string     // "" for the one that has addr
	addr   netip.Addr // what packets are from, and nothing of the other family leaves; invalid: any of device
}

// ParseBind reads an address, or the name of an interface. Neither need be there yet.
func ParseBind(text string) (*Bind, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		addr = addr.Unmap()
		if addr.IsUnspecified() || addr.IsMulticast() {
			return nil, fmt.Errorf("%s is no address of an interface", addr)
		}
		return &Bind{addr: addr}, nil
	}
	if text == "" || len(text) > maxDeviceName || strings.ContainsAny(text, "/ \t:") {
		return nil, fmt.Errorf("%q is neither an address nor an interface", text)
	}
	return &Bind{device: text}, nil
}

// String is what ParseBind read.
func (b *Bind) String() string {
	if b.device != "" {
		return b.device
	}
	return b.addr.String()
}

// errNotBound says that nothing of a family may leave.
var errNotBound = errors.New("there is no address of this family to bind to")

// notBound is errNotBound as an error of our own network, which is not the host's fault.
type notBound struct{ error }

func (notBound) Is(target error) bool { return target == syscall.EADDRNOTAVAIL }

// source is the address of a family that sockets are bound to; invalid: the system chooses one of the
// interface. Network is that of a socket, as "tcp4".
func (b *Bind) source(network string) (netip.Addr, error) {
	four := strings.HasSuffix(network, "4")
	switch {
	case b.addr.IsValid() && b.addr.Is4() != four:
		return netip.Addr{}, notBound{errNotBound}
	case b.addr.IsValid(), bindsDevice:
		return b.addr, nil
	}
	device, err := net.InterfaceByName(b.device)
	if err != nil {
		return netip.Addr{}, notBound{err}
	}
	addrs, err := device.Addrs()
	if err != nil {
		return netip.Addr{}, notBound{err}
	}
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Unmap().Is4() == four && !p.Addr().IsLinkLocalUnicast() {
			return p.Addr().Unmap(), nil
		}
	}
	return netip.Addr{}, notBound{errNotBound}
}

// interfaceOf is the interface that has the address, or the one that was named.
func (b *Bind) interfaceOf() (*net.Interface, error) {
	if b.device != "" {
		device, err := net.InterfaceByName(b.device)
		if err != nil {
			return nil, notBound{fmt.Errorf("the interface %s: %w", b.device, err)}
		}
		return device, nil
	}
	all, err := net.Interfaces()
	if err != nil {
		return nil, notBound{err}
	}
	for _, device := range all {
		addrs, _ := device.Addrs() // one that has gone has none
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Unmap() == b.addr {
				return &device, nil
			}
		}
	}
	return nil, notBound{fmt.Errorf("no interface has %s", b.addr)}
}

// Check returns an error that is syscall.EADDRNOTAVAIL while the interface or its address is not there.
func (b *Bind) Check() error {
	_, err := b.interfaceOf()
	return err
}

// control binds a new socket to the interface. Network is the socket's own, as "tcp4".
func (b *Bind) control(network, _ string, c syscall.RawConn) error {
	if b == nil || !bindsDevice {
		return nil
	}
	device, err := b.interfaceOf()
	if err != nil {
		return err
	}
	var failed error
	if err := c.Control(func(fd uintptr) { failed = bindDevice(fd, network, device) }); err != nil {
		return err
	}
	if failed != nil {
		return fmt.Errorf("netguard: bind to the interface %s: %w", device.Name, os.NewSyscallError("setsockopt", failed))
	}
	return nil
}

// dial connects to one address. A nil Bind leaves the way to the system.
func (b *Bind) dial(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error) {
	network = inFamily(network, to.Addr())
	d := net.Dialer{Timeout: DialTimeout, Control: b.control}
	if b != nil {
		src, err := b.source(network)
		switch {
		case err != nil:
			return nil, &net.OpError{Op: "dial", Net: network, Addr: net.TCPAddrFromAddrPort(to), Err: err}
		case !src.IsValid():
		case strings.HasPrefix(network, "udp"):
			d.LocalAddr = net.UDPAddrFromAddrPort(netip.AddrPortFrom(src, 0))
		default:
			d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(src, 0))
		}
	}
	return d.DialContext(ctx, network, to.String())
}

// listenConfig makes sockets that are bound to the interface.
func (b *Bind) listenConfig() *net.ListenConfig { return &net.ListenConfig{Control: b.control} }

// local gives where to listen, for an address that was asked for: an unspecified host is the one that
// packets are from.
func (b *Bind) local(network, address string) (string, string, error) {
	if b == nil {
		return network, address, nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return network, address, err
	}
	if asked, err := netip.ParseAddr(host); host != "" && (err != nil || !asked.IsUnspecified()) {
		return network, address, nil // the system has it that this is an address of the interface
	}
	if b.addr.IsValid() && !strings.HasSuffix(network, "4") && !strings.HasSuffix(network, "6") {
		network = inFamily(network, b.addr)
	}
	if !b.addr.IsValid() && !bindsDevice && network == strings.TrimRight(network, "46") {
		network += "4"
	}
	if network == strings.TrimRight(network, "46") {
		return network, address, nil // both families of the interface
	}
	src, err := b.source(network)
	if err != nil || !src.IsValid() {
		return network, address, err
	}
	return network, net.JoinHostPort(src.String(), port), nil
}

// inFamily is the network of one family, as "tcp4".
func inFamily(network string, addr netip.Addr) string {
	network = strings.TrimRight(network, "46")
	if addr.Unmap().Is4() {
		return network + "4"
	}
	return network + "6"
}
