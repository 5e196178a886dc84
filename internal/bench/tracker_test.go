package bench

import (
	enc "encoding/binary"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// BenchmarkTracker has clients announce over UDP as fast as they are answered: to btgw, and to opentracker. The figures are
// announces a second of the tracker's CPU time, so that what else the machine does changes little.
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
			ask := func(question []byte) []byte {
				_ = conn.SetReadDeadline(time.Now().Add(time.Second))
				_, _ = conn.Write(question)
				n, err := conn.Read(buf)
				if err != nil {
					return nil
				}
				return buf[:n]
			}
			answer := ask(be.AppendUint32(be.AppendUint32(be.AppendUint64(nil, 0x41727101980), 0), 1))
			if len(answer) != 16 {
				b.Errorf("%s answers %x", addr, answer)
				return
			}
			id := be.Uint64(answer[8:])
			question := be.AppendUint32(be.AppendUint32(be.AppendUint64(nil, id), 1), 2)
			question = append(question, hash[:]...)
			question = append(question, make([]byte, 98-len(question))...)
			question[71] = 1 // it lacks a byte
			be.PutUint32(question[92:], 50)
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
