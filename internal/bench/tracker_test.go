package bench

import (
	enc "encoding/binary"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// BenchmarkTracker has clients announce over UDP as fast as they are answered: to btgw, and to opentracker. The figures are
// announces a second of the tracker's CPU time, so that what else the machine does changes little, and the memory that 100,000 peers
// take of each, beside what it had before.
func BenchmarkTracker(b *testing.B) {
	g := startGateway(b, "--track", "open")
	hash := [20]byte{1, 2, 3}
	other := clients.StartOpentracker(b, metainfo.NewV1(hash))
	var ours, theirs float64
	for b.Loop() {
		before := g.cpu()
		n := announces(b, g.peers, hash)
		ours += n / (g.cpu() - before).Seconds()
		before = cpuOf(b, other.PID())
		n = announces(b, strings.TrimSuffix(strings.TrimPrefix(other.UDP(), "udp://"), "/announce"), hash)
		theirs += n / (cpuOf(b, other.PID()) - before).Seconds()
	}
	memory := func(pid int, addr string) float64 {
		before := resident(b, pid)
		peers := announced(b, addr, hash)
		return (resident(b, pid) - before) / peers
	}
	b.ReportMetric(memory(g.cmd.Process.Pid, g.peers), "bytes/peer")
	b.ReportMetric(memory(other.PID(), strings.TrimSuffix(strings.TrimPrefix(other.UDP(), "udp://"), "/announce")), "opentracker-bytes/peer")
	n := float64(b.N)
	b.ReportMetric(ours/n, "announces/CPU-s")
	b.ReportMetric(theirs/n, "opentracker-announces/CPU-s")
	b.ReportMetric(ours/theirs, "of-opentracker")
	b.ReportMetric(0, "ns/op")
}

// announces is how many announces a tracker answers in a few seconds.
func announces(b *testing.B, addr string, hash [20]byte) float64 {
	b.Helper()
	const (
		sockets  = 8
		pipeline = 16
		duration = 3 * time.Second
	)
	var answered atomic.Int64
	var work sync.WaitGroup
	end := time.Now().Add(duration)
	for range sockets {
		work.Go(func() {
			conn, err := net.Dial("udp", addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			be, buf := enc.BigEndian, make([]byte, 2048)
			question := announceOn(conn, hash)
			if question == nil {
				b.Errorf("%s does not answer", addr)
				return
			}
			be.PutUint32(question[92:], 50) // peers that it wants
			for time.Now().Before(end) {
				for n := range uint16(pipeline) {
					be.PutUint16(question[96:], 1000+n)
					_, _ = conn.Write(question)
				}
				_ = conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
				for range pipeline {
					n, err := conn.Read(buf)
					if err != nil {
						if os.IsTimeout(err) {
							break
						}
						b.Error(err)
						return
					}
					if n >= 20 && be.Uint32(buf) == 1 {
						answered.Add(1)
					}
				}
			}
		})
	}
	work.Wait()
	if answered.Load() == 0 {
		b.Fatalf("%s answers nothing", addr)
	}
	return float64(answered.Load())
}

// announceOn begins to talk to a UDP tracker (BEP 15), and returns an announce of a peer that lacks a byte; its port are the last two
// bytes. Nil: it does not answer.
func announceOn(conn net.Conn, hash [20]byte) (question []byte) {
	be, buf := enc.BigEndian, make([]byte, 2048)
	_ = conn.SetReadDeadline(time.Now().Add(time.Second))
	_, _ = conn.Write(be.AppendUint32(be.AppendUint32(be.AppendUint64(nil, 0x41727101980), 0), 1))
	if n, err := conn.Read(buf); err != nil || n != 16 {
		return nil
	}
	question = be.AppendUint32(be.AppendUint32(be.AppendUint64(nil, be.Uint64(buf[8:])), 1), 2)
	question = append(question, hash[:]...)
	question = append(question, make([]byte, 98-len(question))...)
	question[71] = 1
	be.PutUint32(question[92:], 1)
	return question
}

// announced has 100,000 peers announce, sixteen of an address, and returns how many were answered.
func announced(b *testing.B, addr string, hash [20]byte) float64 {
	b.Helper()
	const addresses, ports, atOnce = 6250, 16, 8
	var answered atomic.Int64
	var work sync.WaitGroup
	for first := range atOnce {
		work.Go(func() {
			buf := make([]byte, 2048)
			for i := first; i < addresses; i += atOnce {
				d := net.Dialer{LocalAddr: &net.UDPAddr{IP: net.IPv4(127, 1, byte(i>>8), byte(i))}}
				conn, err := d.Dial("udp", addr)
				if err != nil {
					b.Error(err)
					return
				}
				question := announceOn(conn, hash)
				for port := range uint16(ports) {
					if question == nil {
						break
					}
					enc.BigEndian.PutUint16(question[96:], 1000+port)
					_ = conn.SetReadDeadline(time.Now().Add(time.Second))
					_, _ = conn.Write(question)
					if n, err := conn.Read(buf); err == nil && n >= 20 && enc.BigEndian.Uint32(buf) == 1 {
						answered.Add(1)
					}
				}
				conn.Close()
			}
		})
	}
	work.Wait()
	if answered.Load() < addresses*ports/2 {
		b.Fatalf("%s answered %d announces", addr, answered.Load())
	}
	return float64(answered.Load())
}

// resident is the memory that a process has now, in bytes.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		b.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(raw))[1])
	if err != nil {
		b.Fatal(err)
	}
	return float64(pages * os.Getpagesize())
}
