package peer

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"time"
)

const (
	// maxDatagram is the longest datagram that is read whole, in bytes.
	maxDatagram = 2 << 10
	// datagramPause is between a failed read of a socket and the next.
	datagramPause = 100 * time.Millisecond
)

// listenDatagrams answers datagrams on the UDP port that has the number of the TCP port, of
// each family, where there is no DHT to read them.
func (h *Host) listenDatagrams() error {
	host, _, _ := net.SplitHostPort(h.cfg.Listen)
	addr, err := netip.ParseAddr(host)
	families := []string{"udp4", "udp6"}
	switch {
	case err != nil || addr.Is6() && addr.IsUnspecified():
	case addr.Unmap().Is4():
		families = families[:1]
	default:
		families = families[1:]
	}
	var errs []error
	for _, family := range families {
		conn, err := h.cfg.Network.ListenPacket(h.ctx, family, net.JoinHostPort(host, strconv.Itoa(h.port)))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		h.wg.Go(func() { h.readDatagrams(conn) })
	}
	if len(errs) == len(families) {
		return errors.Join(errs...)
	}
	return nil
}

// readDatagrams answers what comes in until the Host is closed.
func (h *Host) readDatagrams(conn net.PacketConn) {
	defer context.AfterFunc(h.ctx, func() { _ = conn.Close() })()
	b, answer := make([]byte, maxDatagram), []byte(nil)
	for h.ctx.Err() == nil {
		n, from, err := conn.ReadFrom(b)
		if err != nil {
			select {
			case <-h.ctx.Done():
			case <-time.After(datagramPause): // a packet of ours was refused, or something that may pass
			}
			continue
		}
		ua, ok := from.(*net.UDPAddr)
		if !ok {
			continue
		}
		if answer, _ = h.cfg.Datagrams(answer[:0], b[:n], ua.AddrPort()); len(answer) > 0 {
			_, _ = conn.WriteTo(answer, from) // one that is lost is asked for again
		}
	}
	_ = conn.Close()
}
