package bench

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/internal/cputime"
	"github.com/btgw/btgw/metainfo"
)

// binary is where TestMain built btgw, without the race detector.
var binary string

func TestMain(m *testing.M) {
	if path := os.Getenv(floorFile); path != "" {
		serveFloor(path)
		return
	}
	dir, err := os.MkdirTemp("", "btgw-bench-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "btgw")
	if out, err := exec.Command("go", "build", "-o", binary, "../../cmd/btgw").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v: %s", err, out))
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// gateway is a btgw of its own, with an empty cache.
type gateway struct {
	b     *testing.B
	cmd   *exec.Cmd
	http  string
	admin string
	peers string // where it listens for peers
	dir   string // of its cache
}

func startGateway(b *testing.B, flags ...string) *gateway {
	b.Helper()
	g := &gateway{b: b, http: freeAddr(b), admin: freeAddr(b), peers: freeAddr(b), dir: b.TempDir()}
	args := append([]string{
		"serve", "--allow-private", "--listen", g.http, "--admin-listen", g.admin,
		"--peer-listen", g.peers, "--cache-dir", g.dir, "--no-dht", "--no-lsd", "--no-portmap", "--log-level", "warn",
	}, flags...)
	g.cmd = exec.Command(binary, args...)
	g.cmd.Stderr = os.Stderr
	if err := g.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(g.stop)
	for deadline := time.Now().Add(20 * time.Second); ; {
		resp, err := http.Get("http://" + g.admin + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return g
			}
		}
		if time.Now().After(deadline) {
			b.Fatalf("btgw is not ready: %v", err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// stop ends the gateway in order; a second call does nothing.
func (g *gateway) stop() {
	if g.cmd.ProcessState == nil {
		_ = g.cmd.Process.Signal(syscall.SIGTERM)
		_ = g.cmd.Wait()
	}
}

func freeAddr(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// url is the file of a single-file torrent, with peers.
func (g *gateway) url(p *clients.Payload, peers ...string) string {
	u := "http://" + g.http + p.Hash.Path() + "/" + p.Info.Name
	if len(peers) > 0 {
		u += "?x.pe=" + strings.Join(peers, "&x.pe=")
	}
	return u
}

// cpu is what the process has used of the CPUs.
func (g *gateway) cpu() time.Duration { return cpuOf(g.b, g.cmd.Process.Pid) }

func cpuOf(b *testing.B, pid int) time.Duration {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	ticks := 0
	for _, f := range fields[11:13] { // utime, stime: proc(5)
		n, _ := strconv.Atoi(f)
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100
}

// peak is the most memory that the process has had, in bytes.
func (g *gateway) peak() float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", g.cmd.Process.Pid))
	if err != nil {
		g.b.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
			kib, _ := strconv.Atoi(f[1])
			return float64(kib << 10)
		}
	}
	g.b.Fatal("no VmHWM")
	return 0
}

// downloaded is what the gateway received from peers, in bytes.
func (g *gateway) downloaded(p *clients.Payload) float64 { return float64(g.status(p).Downloaded) }

// A status is what the gateway's API says of a torrent.
type status struct {
	Downloaded int64 `json:"downloaded"`
	Have       int   `json:"pieces_have"`
	Uploaded   int64 `json:"uploaded"`
	Swarm      struct {
		FromSiblings int64 `json:"from_siblings"`
	} `json:"swarm"`
}

func (g *gateway) status(p *clients.Payload) status { return g.statusOf(p.Hash) }

func (g *gateway) statusOf(hash metainfo.InfoHash) (st status) {
	resp, err := http.Get("http://" + g.admin + "/api/v1/torrents/" + hash.String())
	if err != nil {
		g.b.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&st); err != nil {
		g.b.Fatal(err)
	}
	return st
}

// get reads a range ("" is all) and returns the time to its first byte and to
// its end. The body's SHA-256 has to be sum, unless that is "".
func (g *gateway) get(url, span, sum string) (first, all time.Duration) {
	g.b.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		g.b.Fatal(err)
	}
	if span != "" {
		req.Header.Set("Range", "bytes="+span)
	}
	start := time.Now()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		g.b.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		g.b.Fatalf("%s: %s", resp.Status, body)
	}
	sink := io.Writer(io.Discard)
	hash := sha256.New()
	if sum != "" {
		sink = hash
	}
	var one [1]byte
	if _, err := io.ReadFull(resp.Body, one[:]); err != nil {
		g.b.Fatal(err)
	}
	first = time.Since(start)
	_, _ = sink.Write(one[:])
	// io.Discard alone would read 8 KiB at once.
	if _, err := io.CopyBuffer(struct{ io.Writer }{sink}, resp.Body, make([]byte, 256<<10)); err != nil {
		g.b.Fatal(err)
	}
	all = time.Since(start)
	if got := hex.EncodeToString(hash.Sum(nil)); sum != "" && got != sum {
		g.b.Fatalf("the bytes are wrong: %s, not %s", got, sum)
	}
	return first, all
}

// sha1Seconds is what hashing n bytes costs alone, in CPU seconds.
func sha1Seconds(n int64) float64 {
	buf := make([]byte, 1<<20)
	start := cputime.Used()
	for range n >> 20 {
		sha1.Sum(buf)
	}
	return (cputime.Used() - start).Seconds()
}

// loopbackSeconds is what n bytes through a TCP connection of this machine cost,
// in CPU seconds of both ends together.
func loopbackSeconds(b *testing.B, n int64) float64 {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	before := cputime.Used()
	var sender sync.WaitGroup
	sender.Go(func() {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			b.Error(err)
			l.Close()
			return
		}
		defer c.Close()
		for buf, left := make([]byte, 256<<10), n; left > 0; left -= int64(len(buf)) {
			if _, err := c.Write(buf[:min(left, int64(len(buf)))]); err != nil {
				b.Error(err)
				return
			}
		}
	})
	c, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	got := int64(0)
	for buf := make([]byte, 256<<10); err == nil; {
		var m int
		m, err = c.Read(buf)
		got += int64(m)
	}
	sender.Wait()
	if got != n {
		b.Fatalf("%d of %d bytes came: %v", got, n, err)
	}
	return (cputime.Used() - before).Seconds()
}

// BenchmarkColdGigabyte reads 1 GiB that nobody has cached, from two libtorrent
// seeders without limits, and has libtorrent download the same from the same
// seeders in the same run. What SHA-1 and a copy through a TCP connection cost
// alone is reported beside.
func BenchmarkColdGigabyte(b *testing.B) {
	const size = 1 << 30
	p := clients.MakePayload(b, clients.Spec{Name: "gigabyte.bin", Seed: 1, PieceLength: 1 << 20, Size: size})
	var peers []string
	for range 2 {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		l.Seed(p, true)
		peers = append(peers, l.Addr())
	}
	sum := p.SHA256(&p.Info.Files[0], 0, size)
	var ours, theirs, hashing, copying, rate, rss, waste, theirRate, again, againRate float64
	for b.Loop() {
		hashing += sha1Seconds(size)
		copying += loopbackSeconds(b, size)

		g := startGateway(b)
		idle := g.cpu()
		_, all := g.get(g.url(p, peers...), "", "")
		ours += (g.cpu() - idle).Seconds()
		rate += size / 1e6 / all.Seconds()
		rss = max(rss, g.peak())
		waste += g.downloaded(p) / size
		// Once more, from the cache, and then to see that it was right.
		idle = g.cpu()
		_, all = g.get(g.url(p), "", "")
		again += (g.cpu() - idle).Seconds()
		againRate += size / 1e6 / all.Seconds()
		g.get(g.url(p), "", sum)
		g.stop()

		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		before := l.CPU()
		start := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		l.Download(p.Torrent, b.TempDir(), peers...)
		l.WaitFinished(ctx)
		cancel()
		theirRate += size / 1e6 / time.Since(start).Seconds()
		theirs += (l.CPU() - before).Seconds()
		l.Kill()
	}
	n := float64(b.N)
	gb := n * size / 1e9
	b.ReportMetric(ours/gb, "CPU-s/GB")
	b.ReportMetric(theirs/gb, "libtorrent-CPU-s/GB")
	b.ReportMetric(hashing/gb, "SHA1-CPU-s/GB")
	b.ReportMetric(copying/gb, "loopback-CPU-s/GB")
	b.ReportMetric(ours/theirs, "of-libtorrent")
	b.ReportMetric(rate/n, "MB/s")
	b.ReportMetric(theirRate/n, "libtorrent-MB/s")
	b.ReportMetric(rss/(1<<20), "MiB-RSS")
	b.ReportMetric(waste/n, "fetched/served")
	b.ReportMetric(again/gb, "again-CPU-s/GB")
	b.ReportMetric(againRate/n, "again-MB/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkSmallPieces reads the same from the same two libtorrent seeders in pieces of 16
// KiB, the least that there are, and in pieces of 1 MiB: what a piece costs.
func BenchmarkSmallPieces(b *testing.B) {
	const size = 256 << 20
	lengths := [...]int64{16 << 10, 1 << 20}
	var payloads [len(lengths)]*clients.Payload
	var peers [len(lengths)][]string
	for i, length := range lengths {
		payloads[i] = clients.MakePayload(b, clients.Spec{Name: "small.bin", Seed: 9, PieceLength: length, Size: size})
		for range 2 {
			l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
			l.Seed(payloads[i], true)
			peers[i] = append(peers[i], l.Addr())
		}
	}
	sum := payloads[0].SHA256(&payloads[0].Info.Files[0], 0, size)
	var cpu, rate [len(lengths)]float64
	for b.Loop() {
		for i, p := range payloads {
			g := startGateway(b)
			idle := g.cpu()
			_, all := g.get(g.url(p, peers[i]...), "", sum)
			cpu[i] += (g.cpu() - idle).Seconds()
			rate[i] += size / 1e6 / all.Seconds()
			g.stop()
		}
	}
	n := float64(b.N)
	for i, name := range []string{"16KiB", "1MiB"} {
		b.ReportMetric(cpu[i]/(n*size/1e9), name+"-CPU-s/GB")
		b.ReportMetric(rate[i]/n, name+"-MB/s")
	}
	b.ReportMetric(cpu[0]/cpu[1], "16KiB-of-1MiB")
	b.ReportMetric(0, "ns/op")
}
