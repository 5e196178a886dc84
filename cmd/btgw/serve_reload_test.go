package main

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// While requests go on, SIGHUP puts other keys, lists, a certificate and settings in force; no request fails, and a transfer
// under way is not cut.
func TestSIGHUPReloads(t *testing.T) {
	t.Parallel()
	large := demoFile{nil, 8 << 20, noise(9)}
	s := newSwarm(t, 2, 24<<20, "large.bin", large)
	dir := t.TempDir()
	certFile, keyFile, _ := selfSigned(t)
	write := func(name string, lines ...string) string {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	user := func(key string) string {
		sum := sha256.Sum256([]byte(key))
		return "alice sha256:" + hex.EncodeToString(sum[:])
	}
	users := write("users", user("one"))
	deny := write("deny", "# nothing")
	block := write("block", "192.0.2.1")
	logged := filepath.Join(dir, "access.log")
	config := write("btgw.yaml", "client-requests: 0", "log-level: info")
	g := serveOn(t, t.TempDir(), "--config="+config, "--mode=keys", "--users="+users, "--denylist="+deny, "--blocklist="+block,
		"--tls-cert="+certFile, "--tls-key="+keyFile, "--access-log="+logged)
	url := g.url + s.torrent.Info.ID().Path() + "/large.bin?tr=" + s.announce
	client := &http.Client{Timeout: testTime, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	ask := func(key string) *http.Response {
		request, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			t.Error(err)
			return nil
		}
		request.Header.Set("Authorization", "Bearer "+key)
		answer, err := client.Do(request)
		if err != nil {
			t.Error(err)
			return nil
		}
		return answer
	}
	want := sha256.Sum256(madeUpBytes(t, large))
	whole := func(key string) bool {
		answer := ask(key)
		if answer == nil {
			return false
		}
		defer answer.Body.Close()
		sum := sha256.New()
		_, err := io.Copy(sum, answer.Body)
		return err == nil && answer.StatusCode == http.StatusOK && [sha256.Size]byte(sum.Sum(nil)) == want
	}
	if !whole("one") {
		t.Fatal("the first request failed")
	}
	// One that is under way all the time, and two that come again and again.
	slow := ask("one")
	defer slow.Body.Close()
	sum := sha256.New()
	if _, err := io.CopyN(sum, slow.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	var requests, failed atomic.Int64
	var load sync.WaitGroup
	done := make(chan struct{})
	end := sync.OnceFunc(func() { close(done); load.Wait() })
	defer end()
	for range 2 {
		load.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if requests.Add(1); !whole("one") {
					failed.Add(1)
					return
				}
			}
		})
	}
	renewed, renewedKey, _ := selfSigned(t)
	for from, to := range map[string]string{renewed: certFile, renewedKey: keyFile} {
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("users", user("one"), user("two"))
	write("deny", "/btih/"+strings.Repeat("a", 40))
	write("block", "192.0.2.1", "192.0.2.2")
	write("btgw.yaml", "client-requests: 70", "log-level: debug", "max-torrents: 7")
	if err := os.Rename(logged, logged+".1"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		g.signal(syscall.SIGHUP)
		until(t, "the new key is known", func() bool { return whole("two") })
	}
	until(t, "all is told", func() bool {
		text := g.stderr.String()
		for _, told := range []string{users, deny, block, certFile} {
			if !strings.Contains(text, `msg="a changed file is in force" file=`+told) {
				return false
			}
		}
		return strings.Contains(text, `msg=reloaded changed="client-requests log-level"`) && strings.Contains(text, "level=DEBUG") &&
			strings.Contains(text, `msg="settings that changed wait for the next start" settings=max-torrents`)
	})
	end()
	if failed.Load() != 0 || requests.Load() < 3 {
		t.Errorf("%d of %d requests failed", failed.Load(), requests.Load())
	}
	if _, err := io.Copy(sum, slow.Body); err != nil || [sha256.Size]byte(sum.Sum(nil)) != want {
		t.Errorf("the transfer under way: %v", err)
	}
	presented := func() []byte {
		conn, err := tls.Dial("tcp", strings.TrimPrefix(g.url, "https://"), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].Raw
	}
	pair, err := tls.LoadX509KeyPair(renewed, renewedKey)
	if err != nil {
		t.Fatal(err)
	}
	if string(presented()) != string(pair.Certificate[0]) {
		t.Error("the renewed certificate is not presented")
	}
	for _, name := range []string{logged, logged + ".1"} {
		text, err := os.ReadFile(name)
		var line map[string]any
		first, _, _ := strings.Cut(string(text), "\n")
		if err != nil || json.Unmarshal([]byte(first), &line) != nil || line["infohash"] != s.torrent.Info.ID().String() || !strings.Contains(string(text), `"user":"alice"`) || strings.Contains(string(text), "announce") {
			t.Errorf("%s: %v %s", name, err, first)
		}
	}
	// What is faulty changes nothing.
	write("btgw.yaml", "client-requests: many")
	g.signal(syscall.SIGHUP)
	until(t, "the fault is told", func() bool { return strings.Contains(g.stderr.String(), "the settings are not in force") })
	if !whole("two") {
		t.Error("after a faulty file")
	}
}

// handOver runs serve with sockets that are open already, as systemd does (sd_listen_fds(3)).
func handOver(t *testing.T, names string, sockets []*os.File, args ...string) *exec.Cmd {
	t.Helper()
	// LISTEN_PID is the process's own, which the shell has and keeps.
	ctx, cancel := context.WithTimeout(context.Background(), testTime)
	t.Cleanup(cancel) // which ends what is left of it
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", `LISTEN_PID=$$ exec "$0" "$@"`, os.Getenv(binaryVariable),
		"serve", "--peer-listen=none", "--cache-size=0"}, args...)...)
	cmd.ExtraFiles = sockets
	cmd.Env = append(os.Environ(), "LISTEN_FDS="+string(rune('0'+len(sockets))), "LISTEN_FDNAMES="+names)
	return cmd
}

// socketFile is a listening socket to hand over.
func socketFile(t *testing.T, address string) (*os.File, string) {
	t.Helper()
	at, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer at.Close()
	file, err := at.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file, at.Addr().String()
}

// Sockets that a supervisor opened are served, by their names or their order; the flags' addresses are left alone.
func TestSocketActivation(t *testing.T) {
	t.Parallel()
	for names, order := range map[string][2]int{"admin:content": {1, 0}, "btgw.socket:btgw.socket": {0, 1}} {
		var files []*os.File
		var at []string
		for range 2 {
			file, address := socketFile(t, "127.0.0.1:0")
			files, at = append(files, file), append(at, address)
		}
		cmd := handOver(t, names, files, "--listen=127.0.0.1:1", "--admin-listen=127.0.0.1:2")
		var stderr lockedBuffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// What is asked before it is up waits in the socket.
		if answer, body := get(t, "http://"+at[order[0]]+"/robots.txt"); answer.StatusCode != http.StatusOK || !strings.Contains(string(body), "User-agent") {
			t.Errorf("%s: content: %s", names, answer.Status)
		}
		if answer, body := get(t, "http://"+at[order[1]]+"/livez"); answer.StatusCode != http.StatusOK || string(body) != "ok\n" {
			t.Errorf("%s: admin: %s", names, answer.Status)
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v: %s", names, err, stderr.String())
		}
	}
}

// A socket that others reach needs a mode, as an address does; one too many is told of.
func TestSocketActivationRefused(t *testing.T) {
	t.Parallel()
	open, _ := socketFile(t, "0.0.0.0:0")
	inside, _ := socketFile(t, "127.0.0.1:0")
	third, _ := socketFile(t, "127.0.0.1:0")
	for _, c := range []struct {
		names   string
		sockets []*os.File
		args    []string
		status  int
		want    string
	}{
		{"content", []*os.File{open}, []string{"--admin-listen=none"}, exitUsage, `can be reached from other machines: say --mode open`},
		{"admin", []*os.File{open}, []string{"--listen=127.0.0.1:0"}, exitUsage, `can be reached from other machines: set --admin-token`},
		{"a:b:c", []*os.File{inside, third, open}, nil, exitFailed, `the socket c was handed over, and there are two already`},
	} {
		out, err := handOver(t, c.names, c.sockets, c.args...).CombinedOutput()
		exit, ok := err.(*exec.ExitError)
		if !ok || exit.ExitCode() != c.status || !strings.Contains(string(out), c.want) {
			t.Errorf("%s: %v, %s", c.names, err, out)
		}
	}
}

// A transfer has as long to end as --drain-time says.
func TestDrainTime(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 1, 0, "large.bin", demoFile{nil, 48 << 20, noise(9)})
	g := serveOn(t, t.TempDir(), "--drain-time=50ms")
	stream := open(t, g.url+s.torrent.Info.ID().Path()+"/large.bin?tr="+s.announce)
	defer stream.Body.Close()
	if _, err := io.CopyN(io.Discard, stream.Body, 1<<10); err != nil {
		t.Fatal(err)
	}
	g.signal(syscall.SIGTERM)
	// Nobody reads on: it ends by the time alone.
	if status := g.status(); status != exitOK {
		t.Errorf("status %d", status)
	}
	if n, err := io.Copy(io.Discard, stream.Body); err == nil {
		t.Errorf("%d bytes more, and no cut", n)
	}
	if !strings.Contains(g.stderr.String(), "streams were cut") {
		t.Error(g.stderr.String())
	}
}
