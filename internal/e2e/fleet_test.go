package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/btgw/btgw/internal/clients"
)

// A frontedFleet is three gateways behind HAProxy, as deploy/haproxy.cfg has it.
type frontedFleet struct {
	t       *testing.T
	options []options // with which each is started anew
	running []*btgw
	url     string // of HAProxy
	http    *http.Client
}

// serverHeader says which gateway an answer came from. HAProxy adds it, for this test.
const serverHeader = "Served-By"

// startFleet starts them and waits until they know each other.
func startFleet(t *testing.T) *frontedFleet {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("what the three of them know\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var list []string
	for range 3 {
		list = append(list, fmt.Sprintf("127.0.0.1:%d", clients.FreePort(t)))
	}
	config, err := os.ReadFile("../../deploy/haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	at := ownAddress(t)
	text := regexp.MustCompile(`(?m)^    server .*\n`).ReplaceAllString(string(config), "")
	text = strings.Replace(text, "bind :80", "bind "+at, 1) + "    http-response set-header " + serverHeader + " %s\n"
	// A small window, so that what a client does not read stays with the gateway.
	f := &frontedFleet{t: t, url: "http://" + at, http: &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true, DialContext: smallWindow}}}
	for i, peer := range list {
		o := options{dir: t.TempDir(), listen: ownAddress(t), args: []string{"--drain-time=1s", "--trusted-proxy=127.0.0.1", "--peer-listen=" + peer, "--siblings=" + strings.Join(list, ","), "--sibling-secret-file=" + secret}}
		f.options = append(f.options, o)
		f.running = append(f.running, start(t, o))
		text += fmt.Sprintf("    server %d %s check\n", i, o.listen)
	}
	f.linked()
	clients.StartHAProxy(t, text, at)
	return f
}

// smallWindow dials with little room for what comes.
func smallWindow(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if err := c.(*net.TCPConn).SetReadBuffer(64 << 10); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// linked waits until all know each other.
func (f *frontedFleet) linked() {
	f.t.Helper()
	for i, g := range f.running {
		await(f.t, fmt.Sprintf("gateway %d has two siblings", i), func() bool { return strings.HasSuffix(metric(g, "btgw_fleet_siblings"), " 2") })
	}
}

// again ends a gateway by a signal and starts it anew.
func (f *frontedFleet) again(i int, s syscall.Signal) {
	f.t.Helper()
	g := f.running[i]
	g.signal(s)
	if s == syscall.SIGTERM {
		g.stopped()
	} else {
		g.kill()
	}
	f.running[i] = start(f.t, f.options[i])
	f.linked()
}

// A download is a client that resumes: it asks for the rest with the tag of what it has.
type download struct {
	f    *frontedFleet
	url  string
	size int64
	tag  string
	got  int64
	sum  hash.Hash
	at   int // the gateway that sends
	body io.ReadCloser
}

func (f *frontedFleet) download(url string, size int64) *download {
	return &download{f: f, url: url, size: size, sum: sha256.New(), body: http.NoBody}
}

// ask asks for what is not here yet.
func (d *download) ask() error {
	req, err := http.NewRequestWithContext(d.f.t.Context(), http.MethodGet, d.url, nil)
	if err != nil {
		return err
	}
	want := http.StatusOK
	if d.tag != "" {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.got))
		req.Header.Set("If-Range", d.tag)
		want = http.StatusPartialContent
	}
	a, err := d.f.http.Do(req)
	if err != nil {
		return err
	}
	if a.StatusCode != want || a.ContentLength != d.size-d.got || d.tag != "" && a.Header.Get("Etag") != d.tag {
		a.Body.Close()
		return fmt.Errorf("status %d, want %d; %d bytes to come, want %d; tag %s, had %s", a.StatusCode, want, a.ContentLength, d.size-d.got, a.Header.Get("Etag"), d.tag)
	}
	d.tag, d.body = a.Header.Get("Etag"), a.Body
	_, err = fmt.Sscan(a.Header.Get(serverHeader), &d.at)
	return err
}

// read takes n bytes, or what there is until the body ends or is cut.
func (d *download) read(n int64) error {
	k, err := io.CopyN(d.sum, d.body, n)
	d.got += k
	return err
}

// finish reads the rest, and asks anew as often as a body is cut.
func (d *download) finish() (cuts int, err error) {
	for d.got < d.size {
		err := d.read(d.size - d.got)
		if err == nil {
			break
		}
		d.body.Close()
		if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, syscall.ECONNRESET) || cuts > 20 {
			return cuts, err
		}
		cuts++
		if err := d.ask(); err != nil {
			return cuts, err
		}
	}
	d.body.Close()
	return cuts, nil
}

// TestFleetRestarts: each of three gateways behind HAProxy is stopped and started anew, and then one is killed,
// while clients download that resume. None of them fails, and none gets a wrong byte.
func TestFleetRestarts(t *testing.T) {
	t.Parallel()
	f := startFleet(t)
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	film := clients.MakePayload(t, clients.Spec{Name: "film.bin", Seed: 212, PieceLength: 256 << 10, Size: 32<<20 + 1})
	small := clients.MakePayload(t, clients.Spec{Name: "small.bin", Seed: 213, PieceLength: 64 << 10, Size: 4<<20 + 1})
	urls := make(map[*clients.Payload]string)
	for _, p := range []*clients.Payload{film, small} {
		seeder.Seed(p, false)
		urls[p] = f.url + strings.TrimPrefix(f.running[0].urlOf(p, files(p)[0], hints(nil, seeder.Addr())), f.running[0].url)
	}
	sum, smallSum := film.SHA256(files(film)[0], 0, -1), small.SHA256(files(small)[0], 0, -1)

	over, end := context.WithCancel(t.Context())
	var load sync.WaitGroup
	var done atomic.Int64
	for _, client := range []func(out string) error{
		func(out string) error { return curlResumes(urls[small], out) },
		func(out string) error { return wgetResumes(urls[small], out) },
	} {
		load.Go(func() {
			for over.Err() == nil {
				if err := downloadsRight(t.TempDir(), smallSum, client); err != nil {
					t.Errorf("a client failed: %v", err)
					return
				}
				done.Add(1)
			}
		})
	}
	defer func() {
		end()
		load.Wait()
		t.Logf("%d downloads while gateways went and came", done.Load())
		if done.Load() == 0 {
			t.Error("nobody downloaded anything")
		}
	}()

	// The gateway of a film's reader goes, who has no hurry: what is under way is cut when its time is over.
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		d := f.download(urls[film], film.Info.Size())
		if err := d.ask(); err != nil {
			t.Fatal(err)
		}
		if err := d.read(1 << 20); err != nil {
			t.Fatal(err)
		}
		at := d.at
		f.again(at, s)
		cuts, err := d.finish()
		if got := hex.EncodeToString(d.sum.Sum(nil)); err != nil || got != sum {
			t.Errorf("the film after %v: %d bytes of %d, SHA-256 %s, %v", s, d.got, d.size, got, err)
		}
		if cuts == 0 {
			t.Errorf("the reader of gateway %d was not cut by %v: it had room for all of the film", at, s)
		}
		if s == syscall.SIGTERM { // and the others, one after the other
			f.again((at+1)%3, s)
			f.again((at+2)%3, s)
		}
	}
}

// downloadsRight has a client download a file into a folder, and compares it.
func downloadsRight(dir, want string, client func(out string) error) error {
	out := filepath.Join(dir, "out")
	if err := client(out); err != nil {
		return err
	}
	got, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(got); hex.EncodeToString(sum[:]) != want {
		return fmt.Errorf("%d bytes, and wrong ones", len(got))
	}
	return os.Remove(out)
}

// curlResumes runs curl again for as long as its transfers are cut. An answer that is an error ends it.
func curlResumes(url, out string) (err error) {
	for range 20 {
		var said []byte
		said, err = curlCommand("--fail", "--limit-rate", "4M", "-C", "-", "-o", out, url).CombinedOutput()
		var exit *exec.ExitError
		if err == nil || !errors.As(err, &exit) || exit.ExitCode() != curlPartial && exit.ExitCode() != curlReset {
			if err != nil {
				err = fmt.Errorf("curl: %w: %s", err, said)
			}
			return err
		}
	}
	return err
}

// curlReset is curl's exit status after a connection that was reset.
const curlReset = 56

// wgetResumes runs wget, which resumes by itself.
func wgetResumes(url, out string) error {
	said, err := exec.Command("wget", "--no-config", "--no-proxy", "--no-verbose", "--limit-rate=4m", "--tries=20", "--waitretry=1", "-O", out, url).CombinedOutput()
	if err != nil {
		return fmt.Errorf("wget: %w: %s", err, said)
	}
	return nil
}
