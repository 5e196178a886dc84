package bench

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// A program is a btgw that prints what it does.
type program struct {
	b     *testing.B
	cmd   *exec.Cmd
	lines *bufio.Scanner
	admin string
}

// run starts a btgw on free ports.
func run(b *testing.B, command string, args ...string) *program {
	b.Helper()
	p := &program{b: b, admin: freeAddr(b)}
	p.cmd = exec.Command(binary, append([]string{command, "--allow-private", "--listen", freeAddr(b), "--admin-listen", p.admin, "--peer-listen", freeAddr(b),
		"--no-lsd", "--no-portmap", "--log-level", "warn"}, args...)...)
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	b.Cleanup(p.stop)
	return p
}

// line is the rest of the next line that begins so.
func (p *program) line(prefix string) string {
	p.b.Helper()
	for p.lines.Scan() {
		if rest, ok := strings.CutPrefix(p.lines.Text(), prefix); ok {
			return strings.TrimSpace(rest)
		}
	}
	p.b.Fatalf("it does not say %q", prefix)
	return ""
}

func (p *program) stop() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		_ = p.cmd.Wait()
	}
}

// firstByte is when the first byte of an answer is here.
func firstByte(b *testing.B, u string) time.Time {
	b.Helper()
	answer, err := http.Get(u)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.ReadFull(answer.Body, make([]byte, 1)); err != nil || answer.StatusCode != http.StatusOK {
		b.Fatalf("%s: %s, %v", u, answer.Status, err)
	}
	return time.Now()
}

// BenchmarkPublish publishes a folder of 1 GiB that was hashed before, and has a stranger, another btgw that knows nothing, read a file
// of it by the magnet link that is printed, and again by the same link without the web seed. The figures are from the start of the
// program to the link, and to the stranger's first byte.
func BenchmarkPublish(b *testing.B) {
	const files, size = 64, 16 << 20
	spec := clients.Spec{Name: "folder", Seed: 7, PieceLength: 1 << 20, Version: metainfo.Hybrid}
	for i := range files {
		spec.Files = append(spec.Files, clients.FileSpec{Path: []string{fmt.Sprintf("%02d.bin", i)}, Size: size})
	}
	payload := clients.MakePayload(b, spec)
	path, state := filepath.Join(payload.Dir, payload.Info.Name), b.TempDir()
	publish := func() *program {
		return run(b, "publish", "--no-qr", "--no-dht", "--cache-dir", state, path)
	}
	first := publish()
	first.line("  magnet  ")
	first.stop()
	var printed, byWebSeed, byPeers float64
	for b.Loop() {
		for _, peersAlone := range []bool{false, true} {
			stranger := startGateway(b)
			begun := time.Now()
			p := publish()
			m, err := metainfo.ParseMagnet(p.line("  magnet  "))
			if err != nil {
				b.Fatal(err)
			}
			told := time.Since(begun).Seconds()
			query := url.Values{"tr": m.Trackers}
			if !peersAlone {
				query["ws"] = m.WebSeeds
			}
			took := firstByte(b, "http://"+stranger.http+m.Hashes[0].Path()+"/"+payload.Info.Name+"/40.bin?"+query.Encode()).Sub(begun).Seconds()
			if peersAlone {
				byPeers += took
			} else {
				printed, byWebSeed = printed+told, byWebSeed+took
			}
			stranger.stop()
			p.stop()
		}
	}
	n := float64(b.N)
	b.ReportMetric(printed/n, "printed-s")
	b.ReportMetric(byWebSeed/n, "first-byte-s")
	b.ReportMetric(byPeers/n, "first-byte-by-peers-s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkNameUpdate publishes a folder under a name, has two others that know nothing but the name read it, and changes a file.
// The figures are from the change until it is published, from then until one that asks anew (Cache-Control: no-cache) reads the new
// content and until one that just reads does, and the bytes that the first fetched again of files that did not change.
func BenchmarkNameUpdate(b *testing.B) {
	const files, size = 8, 4 << 20
	for b.Loop() {
		nodes := clients.StartDHT(b, 10)
		folder := filepath.Join(b.TempDir(), "site")
		write := func(name string, n int, seed byte) {
			content := make([]byte, n)
			for i := range content {
				content[i] = seed + byte(i*i>>7)
			}
			if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.Mkdir(folder, 0o700); err != nil {
			b.Fatal(err)
		}
		for i := range files {
			write(fmt.Sprint(i, ".bin"), size, byte(i))
		}
		write("page", 1000, 1)
		dht := "--dht-bootstrap=" + strings.Join(nodes.Addrs()[:2], ",")
		p := run(b, "publish", "--no-qr", "--name=site", "--cache-dir", b.TempDir(), dht, folder)
		_, name, _ := strings.Cut(p.line("  name    "), "/btpk/")
		var readers [2]string
		var admin string
		for i := range readers {
			reader := run(b, "serve", "--cache-dir", b.TempDir(), dht)
			readers[i], _, _ = strings.Cut(reader.line("btgw serves "), "/btih/")
			if i == 0 {
				admin = reader.admin
			}
		}
		// read is the content of a file under the name, and the infohash of the torrent that it is from.
		read := func(reader int, file string, anew bool) (content, hash string) {
			b.Helper()
			request, err := http.NewRequest(http.MethodGet, readers[reader]+"/btpk/"+name+filepath.Base(folder)+"/"+file, nil)
			if err != nil {
				b.Fatal(err)
			}
			if anew {
				request.Header.Set("Cache-Control", "no-cache")
			}
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				return "", ""
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil || answer.StatusCode != http.StatusOK {
				return "", ""
			}
			_, hash, _ = strings.Cut(answer.Header.Get("Link"), "/btih/")
			hash, _, _ = strings.Cut(hash, "/")
			return string(body), hash
		}
		all := func(reader int, anew bool) (hash string) {
			for i := range files {
				for {
					var content string
					if content, hash = read(reader, fmt.Sprint(i, ".bin"), anew); len(content) == size {
						break
					}
					time.Sleep(10 * time.Millisecond)
				}
			}
			return hash
		}
		old, _ := "", ""
		for reader := range readers {
			all(reader, false)
			old, _ = read(reader, "page", false)
		}
		begun := time.Now()
		write("page", 1000, 2)
		p.line("  magnet  ")
		published := time.Now()
		var took [2]float64
		for reader, anew := range []bool{true, false} {
			for {
				if content, _ := read(reader, "page", anew); content != old && len(content) == 1000 {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			took[reader] = time.Since(published).Seconds()
		}
		hash, err := metainfo.ParseInfoHash(all(0, false))
		if err != nil {
			b.Fatal(err)
		}
		again := (&gateway{b: b, admin: admin}).statusOf(hash).Downloaded
		b.ReportMetric(published.Sub(begun).Seconds(), "seen-s")
		b.ReportMetric(took[0], "anew-s")
		b.ReportMetric(took[1], "resolved-s")
		b.ReportMetric(float64(again), "bytes-fetched")
		b.ReportMetric(0, "ns/op")
		p.stop()
	}
}
