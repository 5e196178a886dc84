package wayout

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// capture counts the packets that leave this namespace, by interface and destination. What the kernel itself says to
// neighbours and routers is left out.
type capture struct {
	mu   sync.Mutex
	left map[string]int // "tun0 tcp 10.9.0.1:1080" → packets
}

// startCapture counts until the end of the test.
func startCapture(t *testing.T) *capture {
	t.Helper()
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, int(htons(unix.ETH_P_ALL)))
	if err != nil {
		t.Fatalf("a packet socket: %v", err)
	}
	tv := unix.NsecToTimeval(50e6)
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv); err != nil {
		t.Fatal(err)
	}
	names := make(map[int]string)
	all, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		names[i.Index] = i.Name
	}
	c := &capture{left: make(map[string]int)}
	end, done := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(end); <-done })
	go func() {
		defer close(done)
		defer unix.Close(fd)
		buf := make([]byte, 256)
		for {
			select {
			case <-end:
				return
			default:
			}
			n, from, err := unix.Recvfrom(fd, buf, 0)
			if err == unix.EAGAIN || err == unix.EINTR {
				continue
			}
			if err != nil {
				t.Errorf("packet socket: %v", err)
				return
			}
			link, ok := from.(*unix.SockaddrLinklayer)
			if !ok || link.Pkttype != unix.PACKET_OUTGOING || names[link.Ifindex] == "lo" {
				continue
			}
			if to := destination(buf[:n], int(htons(link.Protocol))); to != "" {
				c.mu.Lock()
				c.left[names[link.Ifindex]+" "+to]++
				c.mu.Unlock()
			}
		}
	}()
	return c
}

// packets are those that left so far.
func (c *capture) packets() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make(map[string]int)
	for to, n := range c.left {
		all[to] = n
	}
	return all
}

// destination is where an IP packet goes; "" if the kernel sent it to neighbours or routers.
func destination(p []byte, protocol int) string {
	var next byte
	var to netip.Addr
	var body []byte
	switch {
	case protocol == unix.ETH_P_IP && len(p) >= 20:
		next, to = p[9], netip.AddrFrom4([4]byte(p[16:20]))
		body = p[min(len(p), int(p[0]&15)*4):]
	case protocol == unix.ETH_P_IPV6 && len(p) >= 40:
		next, to, body = p[6], netip.AddrFrom16([16]byte(p[24:40])), p[40:]
	default:
		return ""
	}
	switch {
	case next == unix.IPPROTO_TCP && len(body) >= 4:
		return fmt.Sprintf("tcp %s", netip.AddrPortFrom(to, binary.BigEndian.Uint16(body[2:])))
	case next == unix.IPPROTO_UDP && len(body) >= 4:
		return fmt.Sprintf("udp %s", netip.AddrPortFrom(to, binary.BigEndian.Uint16(body[2:])))
	case next == unix.IPPROTO_ICMP && len(body) > 0 && body[0] == 3: // a port that is closed: an answer to what came this way
		return ""
	case next == unix.IPPROTO_ICMPV6, next == 0, next == unix.IPPROTO_IGMP: // neighbours, routers, groups
		return ""
	}
	return fmt.Sprintf("protocol %d %s", next, to)
}

func htons(v uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], v)
	return binary.NativeEndian.Uint16(b[:])
}
