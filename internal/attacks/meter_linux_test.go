package attacks

import (
	"encoding/binary"
	"net/netip"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// meter counts what reaches the hosts of victimNet: each SYN and each datagram
// is a contact, whatever listens there. Its zero is when it was made.
type meter struct {
	mu       sync.Mutex
	contacts map[netip.Addr][]time.Time
}

// startMeter counts until the end of the test.
func startMeter(t *testing.T) *meter {
	t.Helper()
	fd, err := packetSocket()
	if err != nil {
		t.Fatalf("a packet socket: %v", err)
	}
	m := &meter{contacts: map[netip.Addr][]time.Time{}}
	g := newGroup(t)
	g.Go(func() {
		defer unix.Close(fd)
		buf := make([]byte, 128)
		for g.ctx.Err() == nil {
			n, from, err := unix.Recvfrom(fd, buf, 0) // at most meterWait
			if err == unix.EAGAIN || err == unix.EINTR {
				continue
			}
			if err != nil {
				t.Errorf("packet socket: %v", err)
				return
			}
			// Loopback shows each packet as it leaves and as it comes.
			if link, ok := from.(*unix.SockaddrLinklayer); ok && link.Pkttype != unix.PACKET_OUTGOING {
				m.packet(buf[:n])
			}
		}
	})
	return m
}

// packetSocket sees the IPv4 packets to victimNet.
func packetSocket() (fd int, err error) {
	proto := int(htons(unix.ETH_P_IP))
	fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, proto)
	if err != nil {
		return -1, err
	}
	first := netip.MustParsePrefix(victimNet).Addr().As4()[0]
	program, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: 16, Size: 1}, // of the destination
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(first), SkipFalse: 1},
		bpf.RetConstant{Val: 128},
		bpf.RetConstant{Val: 0},
	})
	if err == nil {
		filter := make([]unix.SockFilter, len(program))
		for i, p := range program {
			filter[i] = unix.SockFilter{Code: p.Op, Jt: p.Jt, Jf: p.Jf, K: p.K}
		}
		err = unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]})
	}
	if err == nil {
		tv := unix.NsecToTimeval(int64(meterWait))
		err = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv)
	}
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, meterBuffer)
		if err == unix.EPERM { // in a user namespace
			err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, meterBuffer)
		}
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func htons(v uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], v)
	return binary.NativeEndian.Uint16(b[:])
}

// packet counts an IPv4 packet.
func (m *meter) packet(p []byte) {
	if len(p) < 20 || p[0]>>4 != 4 {
		return
	}
	body := p[min(len(p), int(p[0]&15)*4):]
	switch p[9] {
	case unix.IPPROTO_UDP:
	case unix.IPPROTO_TCP:
		if len(body) < 14 || body[13]&0x12 != 0x02 { // SYN without ACK
			return
		}
	default:
		return
	}
	m.add(netip.AddrFrom4([4]byte(p[16:20])))
}

// add is one contact.
func (m *meter) add(host netip.Addr) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.contacts[host] = append(m.contacts[host], time.Now())
}

// most gives the most contacts that one host had in any second, those in all, and
// the time from the first to the last of any host.
func (m *meter) most() (second, all int, span time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var first, last time.Time
	for _, times := range m.contacts {
		second, all = max(second, busiest(times)), max(all, len(times))
		if first.IsZero() || times[0].Before(first) {
			first = times[0]
		}
		if t := times[len(times)-1]; t.After(last) {
			last = t
		}
	}
	return second, all, last.Sub(first)
}

// of gives the most contacts that a host had in any second, and all of them.
func (m *meter) of(host netip.Addr) (second, all int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return busiest(m.contacts[host]), len(m.contacts[host])
}

// busiest is how many of times, which ascend, lie within one second at most.
func busiest(times []time.Time) (most int) {
	from := 0
	for i, t := range times {
		for t.Sub(times[from]) >= time.Second {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}
