package netguard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/peer/netguard/socks5"
)

// ErrNoDatagrams says that the proxy passes no datagrams on.
var ErrNoDatagrams = errors.New("the proxy passes no datagrams on")

// Datagrams reports whether datagrams can be sent: nil, [ErrNoDatagrams] of a proxy that passes none on, or
// a [*ProxyError] where it could not be asked.
func (g *Guard) Datagrams(ctx context.Context) error {
	if g.policy.Proxy == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, DialTimeout)
	defer cancel()
	nc, _, err := g.associate(ctx)
	if err != nil {
		return err
	}
	return nc.Close()
}

// associate has the proxy pass datagrams on for as long as nc is open.
func (g *Guard) associate(ctx context.Context) (nc net.Conn, relay netip.AddrPort, err error) {
	if refused := g.noRelay.Load(); refused != nil && time.Since(*refused) < maxRelayWait {
		return nil, relay, ErrNoDatagrams
	}
	if nc, err = g.reach(ctx); err != nil {
		return nil, relay, err
	}
	relay, err = socks5.Associate(ctx, nc, g.policy.Proxy.user)
	if err == nil && relay.Addr().IsUnspecified() {
		var proxy netip.AddrPort
		proxy, err = netip.ParseAddrPort(nc.RemoteAddr().String())
		relay = netip.AddrPortFrom(proxy.Addr().Unmap(), relay.Port())
	}
	if err == nil {
		return nc, relay, nil
	}
	nc.Close()
	switch {
	case ctx.Err() != nil, errors.Is(err, socks5.ErrUser):
		return nil, relay, &ProxyError{err}
	case errors.As(err, new(*socks5.ReplyError)), errors.Is(err, io.ErrUnexpectedEOF): // ssh hangs up
		now := time.Now()
		g.noRelay.Store(&now)
		return nil, relay, fmt.Errorf("%w: %w", ErrNoDatagrams, err)
	}
	return nil, relay, &ProxyError{err}
}

// A relay is a UDP socket that sends to and receives from the proxy alone, which passes on what it carries.
// Where the proxy ends that, it is asked again. While there is no way, what is sent is lost.
type relay struct {
	*net.UDPConn
	to  atomic.Pointer[netip.AddrPort] // nil: there is no way
	end context.CancelFunc
	run sync.WaitGroup

	mu  sync.Mutex
	buf []byte // guarded by mu
}

// listenRelay opens a socket, and asks the proxy to pass on what it sends. It fails where the proxy passes
// nothing on, and goes on asking one that cannot be reached.
func (g *Guard) listenRelay(ctx context.Context) (*relay, error) {
	network, address, err := g.policy.Bind.local("udp", ":0")
	if err != nil {
		return nil, err
	}
	nc, to, err := g.associate(ctx)
	if errors.Is(err, ErrNoDatagrams) {
		return nil, err
	}
	pc, err := g.policy.Bind.listenConfig().ListenPacket(ctx, network, address)
	if err != nil {
		if nc != nil {
			nc.Close()
		}
		return nil, err
	}
	r := &relay{UDPConn: pc.(*net.UDPConn)}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	r.end = end
	if nc != nil {
		r.to.Store(&to)
	}
	r.run.Go(func() { r.keep(life, g, nc, to) })
	return r, nil
}

// keep asks the proxy again whenever it ended the way, until the context ends.
func (r *relay) keep(ctx context.Context, g *Guard, nc net.Conn, to netip.AddrPort) {
	wait := minRelayWait
	for {
		if nc != nil {
			wait = minRelayWait
			stop := context.AfterFunc(ctx, func() { nc.Close() })
			r.to.Store(&to)
			_, _ = io.Copy(io.Discard, nc) // until it ends
			r.to.Store(nil)
			stop()
			nc.Close()
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		wait = min(2*wait, maxRelayWait)
		within, cancel := context.WithTimeout(ctx, DialTimeout)
		nc, to, _ = g.associate(within) // or later
		cancel()
	}
}

// WriteToUDPAddrPort implements datagrams.
func (r *relay) WriteToUDPAddrPort(p []byte, addr netip.AddrPort) (int, error) {
	to := r.to.Load()
	if to == nil {
		return len(p), nil // lost, as on any way
	}
	b := socks5.AppendDatagram(make([]byte, 0, socks5.MaxHeader+len(p)), p, addr)
	if _, err := r.UDPConn.WriteToUDPAddrPort(b, *to); err != nil {
		return 0, err
	}
	return len(p), nil
}

// ReadFromUDPAddrPort implements datagrams. What is not of the proxy is dropped.
func (r *relay) ReadFromUDPAddrPort(p []byte) (int, netip.AddrPort, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if need := len(p) + socks5.MaxHeader; len(r.buf) < need {
		r.buf = make([]byte, need)
	}
	for {
		n, from, err := r.UDPConn.ReadFromUDPAddrPort(r.buf)
		if err != nil {
			return 0, netip.AddrPort{}, err
		}
		to := r.to.Load()
		if to == nil || from.Port() != to.Port() || from.Addr().Unmap() != to.Addr() {
			continue
		}
		if payload, of, ok := socks5.ParseDatagram(r.buf[:n]); ok {
			return copy(p, payload), of, nil
		}
	}
}

// Close ends the way too.
func (r *relay) Close() error {
	r.end()
	err := r.UDPConn.Close()
	r.run.Wait()
	return err
}
