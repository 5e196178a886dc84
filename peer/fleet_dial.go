package peer

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/btgw/btgw/peer/sibling"
	"github.com/btgw/btgw/peer/wire"
)

// How the siblings are found, and dialled.

// A listed address is one of the list of siblings.
type listed struct {
	current bool // it is on the list now
	busy    bool // it is being dialled, or has a link
	next    time.Time
	warned  bool
}

// run looks the siblings up, and dials them, until the Host closes.
func (f *fleet) run() {
	h := f.host
	failed := false
	for {
		addrs, err := f.lookup()
		if err != nil && !failed && h.ctx.Err() == nil {
			h.log.Warn("siblings are not found; those that are known stay", "err", err)
		}
		failed = err != nil
		f.dialAll(time.Now(), addrs, err == nil)
		select {
		case <-h.ctx.Done():
			return
		case <-time.After(siblingLookup):
		}
	}
}

func (f *fleet) lookup() ([]netip.AddrPort, error) {
	ctx, cancel := context.WithTimeout(f.host.ctx, siblingLookup)
	defer cancel()
	return f.cfg.Lookup(ctx)
}

// dialAll dials the siblings on the list that have no link. fresh is set if addrs is the
// list as of now.
func (f *fleet) dialAll(now time.Time, addrs []netip.AddrPort, fresh bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fresh {
		for _, k := range f.known {
			k.current = false
		}
		for _, a := range addrs[:min(len(addrs), sibling.MaxSiblings)] {
			a = netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
			k := f.known[a]
			if k == nil {
				k = new(listed)
				f.known[a] = k
			}
			k.current = true
		}
	}
	for a, k := range f.known {
		switch {
		case k.busy:
		case !k.current:
			delete(f.known, a)
		case !now.Before(k.next):
			k.busy = true
			f.host.wg.Go(func() { f.dial(a, k) })
		}
	}
}

// dial opens a link and serves it to its end.
func (f *fleet) dial(addr netip.AddrPort, k *listed) {
	err := f.open(addr)
	f.mu.Lock()
	defer f.mu.Unlock()
	k.busy = false
	switch {
	case errors.Is(err, errSelf):
		k.next = time.Now().Add(siblingSelf)
	case f.host.ctx.Err() != nil:
	default:
		if !k.warned {
			f.host.log.Info("no link with a sibling; it is tried again", "sibling", addr, "err", err)
		}
		k.warned = true
	}
}

// open dials one address, and returns when the link that comes of it is over.
func (f *fleet) open(addr netip.AddrPort) error {
	h := f.host
	ctx, cancel := context.WithTimeout(h.ctx, handshakeTimeout)
	nc, err := f.cfg.Network.DialContext(ctx, "tcp", addr.String())
	cancel()
	if err != nil {
		return fmt.Errorf("peer: connect to a sibling: %w", err)
	}
	if !h.sockets.add(nc) {
		return ErrClosed
	}
	defer h.sockets.remove(nc)
	defer nc.Close()
	deadline := time.Now().Add(handshakeTimeout)
	if err := nc.SetDeadline(deadline); err != nil {
		return fmt.Errorf("peer: handshake with a sibling: %w", err)
	}
	secret := f.secrets.Load().First()
	ours := wire.AppendHandshake(nil, wire.NewHandshake(secret.Channel(), h.cfg.PeerID))
	secure := nc
	if h.cfg.Encryption == EncryptionRequire {
		secure, err = h.encrypt(nc, secret.Channel(), ours)
	} else {
		_, err = nc.Write(ours)
	}
	if err != nil {
		return fmt.Errorf("peer: handshake with a sibling: %w", err)
	}
	_, hello, err := readHandshake(secure, make([]byte, wire.HandshakeLen), deadline)
	switch {
	case err != nil:
		return hungUp(err) // it may have another secret
	case hello.InfoHash != secret.Channel():
		return errHash
	case hello.PeerID == h.cfg.PeerID:
		return errSelf
	}
	l, err := f.greet(secure, secret, hello, addr, true)
	if err != nil {
		return err
	}
	return l.run()
}
