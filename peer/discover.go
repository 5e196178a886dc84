package peer

import (
	"context"
	"sync"

	"github.com/btgw/btgw/peer/discovery/portmap"
)

// discover starts what the swarms of a host share to be found and to find peers.
func (h *Host) discover() error {
	if h.cfg.MapPort && h.port != 0 {
		h.mapper = portmap.Start(portmap.Config{Port: h.port, Log: h.log})
		h.external = func() (tcp, udp int) { return h.mapper.TCP(), h.mapper.UDP() }
	}
	if h.cfg.LSD && h.port != 0 {
		if err := h.startLSD(); err != nil {
			h.log.Info("no local discovery", "err", err) // there may be no network for it
		}
	}
	if h.cfg.DHT != nil {
		return h.startDHT()
	}
	if h.cfg.Datagrams != nil && h.port != 0 {
		if err := h.listenDatagrams(); err != nil {
			h.log.Warn("no datagrams are answered", "err", err) // its UDP port is somebody else's
		}
	}
	return nil
}

// endDiscovery ends it, when the swarms have ended; the router forwards nothing
// any more, as far as ctx allows.
func (h *Host) endDiscovery(ctx context.Context) {
	var all sync.WaitGroup
	if h.dht != nil {
		all.Go(h.dht.Close)
	}
	if h.lsd != nil {
		all.Go(h.lsd.Close)
	}
	if h.mapper != nil {
		all.Go(func() { h.mapper.Close(ctx) })
	}
	all.Wait()
}

// announcedPort is the port that others are told: the router's where it
// forwards one to us.
func (h *Host) announcedPort() int {
	if tcp, _ := h.forwarded(); tcp != 0 {
		return tcp
	}
	return h.port
}

// forwarded are the router's ports that lead to ours, 0 each where there is none.
func (h *Host) forwarded() (tcp, udp int) {
	if h.external == nil {
		return 0, 0
	}
	return h.external()
}
