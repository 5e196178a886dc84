package gateway

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
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
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// A front is a real program in front of the gateway, with a configuration of
// deploy/.
type front struct {
	*gatewayTest // the gateway behind it; addr is the front's
}

// freeAddr is a loopback address that nobody listens on, and that no other test is given
// meanwhile: the programs open it themselves, later.
func freeAddr(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("127.0.0.1:%d", clients.FreePort(t))
}

// configured is a file of deploy/ with some of its text replaced, all of which
// has to be there.
func configured(t *testing.T, name string, pairs ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !bytes.Contains(text, []byte(pairs[i])) {
			t.Fatalf("%s lacks %q", name, pairs[i])
		}
		text = bytes.ReplaceAll(text, []byte(pairs[i]), []byte(pairs[i+1]))
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// run starts the program and waits until it accepts connections on addr.
func run(t *testing.T, addr, program string, args ...string) {
	t.Helper()
	for _, dir := range []string{"/usr/sbin/", "/usr/bin/"} {
		if _, err := os.Stat(dir + program); err == nil {
			program = dir + program
			break
		}
	}
	cmd := exec.Command(program, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = clients.GroupOfItsOwn()
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s (make test-deps installs it): %v", program, err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		clients.SignalGroup(cmd.Process, syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
		}
		clients.SignalGroup(cmd.Process, syscall.SIGKILL)
		<-ended
		if t.Failed() {
			t.Logf("%s:\n%s", program, out.String())
		}
	})
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
			return
		}
		select {
		case <-ended:
			t.Fatalf("%s ended:\n%s", program, out.String())
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not listen on %s:\n%s", program, addr, out.String())
		}
	}
}

// before makes t's requests go to the front.
func (g *gatewayTest) before(addr string) *front {
	through := *g
	through.addr = addr
	return &front{&through}
}

func nginx(t *testing.T, g *gatewayTest) *front {
	t.Helper()
	return nginxAs(t, g)
}

// nginxBelow has the gateway below /bt, as the comment in nginx.conf says.
func nginxBelow(t *testing.T, g *gatewayTest) *front {
	t.Helper()
	return nginxAs(t, g, "location / {\n            proxy_pass http://btgw;\n        }\n        location ~ ^/bt[im]h/ {",
		"location /bt/ {\n            proxy_pass http://btgw;\n        }\n        location ~ ^/bt/bt[im]h/ {",
		"# proxy_set_header X-Forwarded-Prefix /bt;", "proxy_set_header X-Forwarded-Prefix /bt;")
}

// nginxTaken has nginx take /bt off each path by itself, in the few lines that a proxy without a cache needs.
func nginxTaken(t *testing.T, g *gatewayTest) *front {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "deploy", "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	from, to := bytes.Index(text, []byte("        location / {")), bytes.Index(text, []byte("        # What nginx refuses"))
	return nginxAs(t, g, string(text[from:to]), "        location /bt/ {\n            proxy_buffering off;\n            proxy_pass http://btgw$btgw_below;\n        }\n",
		"# proxy_set_header X-Forwarded-Prefix /bt;", "proxy_set_header X-Forwarded-Prefix /bt;", "proxy_set_header   Prefer", "#", "proxy_set_header   Range", "#")
}

// nginxTLS has it speak TLS, and so HTTP/2.
func nginxTLS(t *testing.T, g *gatewayTest) (*front, *tls.Config) {
	t.Helper()
	certificate, key, pool := writeCertificate(t, t.TempDir(), 1)
	f := nginxAs(t, g, "listen 80 so_keepalive=on;", "", "# listen 443 ", "listen 80 ", "# ssl_certificate     /etc/ssl/media.example.org.pem", "ssl_certificate "+certificate,
		"# ssl_certificate_key /etc/ssl/media.example.org.key", "ssl_certificate_key "+key)
	return f, &tls.Config{RootCAs: pool}
}

// nginxAs starts it with more text of its configuration replaced.
func nginxAs(t *testing.T, g *gatewayTest, pairs ...string) *front {
	t.Helper()
	addr, dir := freeAddr(t), t.TempDir()
	for _, d := range []string{dir, filepath.Join(dir, "cache")} { // the workers are another user
		if err := os.MkdirAll(d, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	_ = os.Chmod(filepath.Dir(dir), 0o755)
	config := configured(t, "nginx.conf", append(pairs, "listen 80", "listen "+addr, "server 127.0.0.1:8080;", "server "+g.addr+";",
		"/var/cache/nginx", filepath.Join(dir, "cache"), "/run/nginx.pid", filepath.Join(dir, "pid"), "worker_processes auto;", "worker_processes 1;\ndaemon off;")...)
	run(t, addr, "nginx", "-p", dir, "-e", "stderr", "-c", config)
	return g.before(addr)
}

func varnish(t *testing.T, g *gatewayTest) *front {
	t.Helper()
	addr := freeAddr(t)
	host, port, _ := net.SplitHostPort(g.addr)
	config := configured(t, "btgw.vcl", `"127.0.0.1"`, `"`+host+`"`, `"8080"`, `"`+port+`"`)
	run(t, addr, "varnishd", "-F", "-j", "none", "-p", "pipe_timeout=86400", "-p", "send_timeout=86400", "-p", "feature=+http2",
		"-p", "http_req_hdr_len=80k", "-p", "http_req_size=96k", "-p", "workspace_client=192k", "-p", "workspace_backend=192k", "-n", t.TempDir(), "-a", addr, "-f", config, "-s", "malloc,64m")
	return g.before(addr)
}

// asked is how many bytes the gateway's backend was asked for since the last
// call.
func (g *gatewayTest) asked() (n int64) {
	g.backend.mu.Lock()
	defer g.backend.mu.Unlock()
	for _, r := range g.backend.opens {
		n += r.N
	}
	g.backend.opens = nil
	return n
}

// breaksAt makes bodies fail past an offset of what was opened last, until heal.
func (g *gatewayTest) breaksAt(limit int) {
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.chunk = 100_000
		c.fail = func(pos int) error {
			if pos >= limit {
				return errors.New("the swarm went away")
			}
			return nil
		}
	})
}

func (g *gatewayTest) heal() {
	setHook(g.backend, &g.backend.onOpen, nil)
}

// ranges are asked for by several clients at once.
func (f *front) parallel(t *testing.T, path string, data []byte, spans [][2]int) {
	t.Helper()
	var all sync.WaitGroup
	for _, span := range spans {
		all.Go(func() {
			a := f.get(t, path, fmt.Sprintf("Range: bytes=%d-%d", span[0], span[1]-1))
			if a.status != 206 || a.get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", span[0], span[1]-1, len(data)) || a.cut {
				t.Errorf("%v: %d, Content-Range %q, cut %t", span, a.status, a.get("Content-Range"), a.cut)
			}
			a.wantBody(t, data[span[0]:span[1]])
		})
	}
	all.Wait()
}

// aborted has clients hang up after a part of what they asked for.
func (f *front) aborted(t *testing.T, path string, data []byte, spans ...[2]int) {
	t.Helper()
	for _, span := range spans {
		conn, err := net.Dial("tcp", f.addr)
		if err != nil {
			t.Fatal(err)
		}
		ranged := ""
		if span != [2]int{0, len(data)} {
			ranged = fmt.Sprintf("Range: bytes=%d-%d\r\n", span[0], span[1]-1)
		}
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, f.addr, ranged)
		_ = conn.SetDeadline(time.Now().Add(time.Minute))
		in := bufio.NewReader(conn)
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		part := make([]byte, (span[1]-span[0])/3)
		if _, err := io.ReadFull(res.Body, part); err != nil || !bytes.Equal(part, data[span[0]:span[0]+len(part)]) {
			t.Errorf("%v: %d, %d bytes read: %v", span, res.StatusCode, len(part), err)
		}
		conn.Close()
	}
}

// keys expects that what a query asks for is kept apart from what others get, however
// it is written, and that nobody is sent the hints of another.
func (f *front) keys(t *testing.T, hash metainfo.InfoHash) {
	t.Helper()
	plain := f.get(t, hash.Path()+"/").get("Content-Type")
	for _, query := range []string{"format=m3u8", "%66ormat=m3u8", "tr=http://t.example/&format=m3u8", "FORMAT=&format=m3u8"} {
		if a := f.get(t, hash.Path()+"/?"+query); a.status != 200 || !strings.Contains(a.get("Content-Type"), "mpegurl") {
			t.Errorf("%s: %d %s", query, a.status, a.get("Content-Type"))
		}
	}
	for _, query := range []string{"", "?tr=http://t.example/", "?format=html", "?FORMAT="} {
		if a := f.get(t, hash.Path()+"/"+query); a.status != 200 || a.get("Content-Type") != plain {
			t.Errorf("then %q: %d %s, not %s", query, a.status, a.get("Content-Type"), plain)
		}
	}
	old := "/btih/" + strings.ToUpper(hash.String()) + "/film.mkv"
	for _, query := range []string{"?tr=http://t.example/secret", ""} {
		if a := f.get(t, old+query); a.status != 301 || !strings.HasSuffix(a.get("Location"), hash.Path()+"/film.mkv"+query) {
			t.Errorf("%s: %d to %s", query, a.status, a.get("Location"))
		}
	}
}

// slowly makes bodies come in parts, so that there is a middle of them.
func (g *gatewayTest) slowly() {
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.chunk = 50_000
		c.wait = func(ctx context.Context, _ int) error {
			select {
			case <-time.After(2 * time.Millisecond):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
}

// What nginx keeps are slices: each is asked for once, however many clients ask
// for what is in it, and a body that was cut is not one of them.
func TestFrontNginx(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.TrustedProxies = []string{"127.0.0.1"} })
	hash, data := g.single(t, "film.mkv", 5<<20+4321)
	path := hash.Path() + "/film.mkv"
	f := nginx(t, g)

	// A seek, cold and warm.
	seek := [][2]int{{2_500_000, 2_600_000}}
	f.parallel(t, path, data, seek)
	if n := g.asked(); n != 1<<20 {
		t.Errorf("cold: a seek asked for %d bytes", n)
	}
	f.parallel(t, path+"?tr=http%3A%2F%2Ftracker.example%2F&xs=http%3A%2F%2Fa.example%2Fx.torrent&as=http%3A%2F%2Fb.example%2Fx.torrent", data, seek)
	if n := g.asked(); n != 0 {
		t.Errorf("warm, with a hint: %d bytes", n)
	}
	f.keys(t, hash)
	// Neighbours at once: the slice under them once.
	f.parallel(t, path, data, [][2]int{{0, 10}, {10, 20}, {1000, 300_000}, {500_000, 900_000}, {1<<20 - 5, 1 << 20}})
	if n := g.asked(); n != 1<<20 {
		t.Errorf("five readers of one slice asked for %d bytes", n)
	}
	head := f.request(t, "HEAD", path)
	if n := g.asked(); n != 0 || head.status != 200 || head.get("Content-Length") != fmt.Sprint(len(data)) {
		t.Errorf("HEAD: %d, length %s, %d bytes asked for", head.status, head.get("Content-Length"), n)
	}

	// A slice whose end cannot be had is an error, or a short transfer without a
	// hole where others went before. The next client gets all of it.
	g.breaksAt(300_000)
	if a := f.get(t, path, "Range: bytes=3145728-4194303"); a.status != 500 {
		t.Errorf("a slice that cannot be had: %d, %d bytes, cut %t", a.status, len(a.body), a.cut)
	}
	if a := f.get(t, path); a.status != 200 || !a.cut || !bytes.HasPrefix(data, a.body) {
		t.Errorf("a file with a slice that cannot be had: %d, cut %t, %d bytes", a.status, a.cut, len(a.body))
	}
	g.heal()
	g.asked()
	for range 2 {
		a := f.get(t, path)
		if a.status != 200 || a.cut || a.get("Content-Length") != fmt.Sprint(len(data)) || a.get("Cache-Control") != cacheFile {
			t.Errorf("whole: %d %v", a.status, a.header)
		}
		a.wantBody(t, data)
	}
	if n := g.asked(); n >= int64(len(data)) {
		t.Errorf("slices were asked for again: %d bytes", n)
	}

	// Clients that hang up in the middle leave no part of a slice, and nothing is fetched
	// again of what they had.
	hash2, other := g.single(t, "other.mkv", 4<<20+99)
	second := hash2.Path() + "/other.mkv"
	g.slowly()
	f.aborted(t, second, other, [2]int{0, len(other)}, [2]int{100_000, 900_000}, [2]int{1_500_000, 3_500_000})
	for range 2 {
		a := f.get(t, second)
		if a.status != 200 || a.cut {
			t.Errorf("after clients that hung up: %d, cut %t", a.status, a.cut)
		}
		a.wantBody(t, other)
	}
	f.parallel(t, second, other, [][2]int{{0, len(other)}, {1<<20 - 1, 1<<20 + 1}, {3_000_000, len(other)}})
	if n := g.asked(); n > int64(len(other))+3<<20 { // a slice that was left half may be fetched once more
		t.Errorf("%d bytes were asked for", n)
	}
	g.heal()
	if a := f.get(t, path, fmt.Sprintf("Range: bytes=%d-", len(data))); a.status != 416 {
		t.Errorf("past the end: %d", a.status)
	}
	if a := f.get(t, hash.Path()+"/?format=json"); a.status != 200 || !strings.Contains(string(a.body), "film.mkv") {
		t.Errorf("listing: %d", a.status)
	}
	if a := f.get(t, hash.Path()+"/none"); a.status != 404 {
		t.Errorf("404: %d", a.status)
	}
}

// Hosts of torrents' own are kept apart, and as well as paths are.
func TestFrontSubdomains(t *testing.T) {
	for name, start := range fronts {
		t.Run(name, func(t *testing.T) {
			g := serve(t, func(cfg *Config) { cfg.Subdomains, cfg.TrustedProxies = "media.example.org", []string{"127.0.0.1"} })
			f := start(t, g)
			for i := range 2 { // the same path of two torrents
				hash := g.backend.add(t, "film.mkv", metainfo.V1, map[string][]byte{"": random(uint64(i)+50, 2<<20+77+i)})
				data := g.backend.torrents[hash].files[0]
				host := strings.ToLower(base32Of(hash)) + ".media.example.org"
				f.keptOn(t, host, "/film.mkv", data)
				if a := f.on(t, host, "/?format=json"); a.status != 200 || !strings.Contains(string(a.body), hash.String()) {
					t.Errorf("listing: %d %s", a.status, a.body)
				}
				// The path form leads there, and nobody is sent the hints of another.
				for _, query := range []string{"?tr=http://t.example/secret", ""} {
					a := f.on(t, "media.example.org", hash.Path()+"/film.mkv"+query)
					if a.status != 301 || a.get("Location") != "http://"+host+"/film.mkv"+query {
						t.Errorf("%s: %d to %s", query, a.status, a.get("Location"))
					}
				}
			}
		})
	}
}

// keptOn expects that what a range of a file took is not asked for again.
func (f *front) keptOn(t *testing.T, host, path string, data []byte) {
	t.Helper()
	f.asked()
	for _, query := range []string{"", "", "?tr=http%3A%2F%2Ftracker.example%2F"} {
		a := f.on(t, host, path+query, "Range: bytes=1100000-1199999")
		if a.status != 206 || a.get("Content-Range") != fmt.Sprintf("bytes 1100000-1199999/%d", len(data)) || a.cut {
			t.Errorf("%d %v", a.status, a.header)
		}
		a.wantBody(t, data[1_100_000:1_200_000])
	}
	if n := f.asked(); n == 0 || n > 1<<20 {
		t.Errorf("three readers of one range: %d bytes", n)
	}
	for range 2 {
		a := f.on(t, host, path)
		if a.status != 200 || a.get("Etag") == "" || a.get("Content-Security-Policy") != "" {
			t.Errorf("%d %v", a.status, a.header)
		}
		a.wantBody(t, data)
	}
	if n := f.asked(); n > int64(len(data)) {
		t.Errorf("two readers of all: %d bytes of %d", n, len(data))
	}
}

// Varnish keeps ranges with an end, and small files; a cut body is neither.
func TestFrontVarnish(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "film.mkv", 5<<20+4321)
	path := hash.Path() + "/film.mkv"
	f := varnish(t, g)

	seek := [][2]int{{2_500_000, 2_600_000}}
	f.parallel(t, path, data, seek)
	if n := g.asked(); n != 100_000 {
		t.Errorf("cold: a seek asked for %d bytes", n)
	}
	f.parallel(t, path, data, [][2]int{seek[0], seek[0], seek[0]})
	f.parallel(t, path+"?tr=http%3A%2F%2Ftracker.example%2F&x.pe=192.0.2.7:6881&xs=http%3A%2F%2Fa.example%2Fx.torrent&as=http%3A%2F%2Fb.example%2Fx.torrent", data, seek)
	if n := g.asked(); n != 0 {
		t.Errorf("warm: %d bytes", n)
	}
	f.keys(t, hash)
	f.parallel(t, path, data, [][2]int{{0, 500_000}, {0, 500_000}, {0, 500_000}, {0, 500_000}})
	if n := g.asked(); n != 500_000 {
		t.Errorf("four readers of one range asked for %d bytes", n)
	}
	if head := f.request(t, "HEAD", path); g.asked() != 0 || head.get("Content-Length") != fmt.Sprint(len(data)) {
		t.Errorf("HEAD: %d %v", head.status, head.header)
	}
	a := f.get(t, path, "Range: bytes=100-", `If-Range: "another"`)
	if a.status != 200 {
		t.Errorf("If-Range with another tag: %d", a.status)
	}
	a.wantBody(t, data)
	g.asked()

	g.breaksAt(300_000)
	for _, lines := range [][]string{{"Range: bytes=3000000-3999999"}, nil} {
		if a := f.get(t, path, lines...); a.status < 500 && !a.cut && !a.chunked {
			t.Errorf("%v: a cut body looks whole: %d, %d bytes", lines, a.status, len(a.body))
		}
	}
	g.heal()
	g.asked()
	f.parallel(t, path, data, [][2]int{{3_000_000, 4_000_000}})
	for range 2 {
		a := f.get(t, path)
		if a.status != 200 || a.cut {
			t.Errorf("whole: %d, cut %t", a.status, a.cut)
		}
		a.wantBody(t, data)
	}
	if n := g.asked(); n != int64(len(data))+1_000_000 {
		t.Errorf("%d bytes were asked for, of a range and then the whole", n)
	}

	// A client that hangs up in the middle leaves what is whole, or nothing.
	hash2, other := g.single(t, "other.mkv", 4<<20+99)
	second := hash2.Path() + "/other.mkv"
	g.slowly()
	spans := [][2]int{{0, len(other)}, {100_000, 900_000}, {1_500_000, 3_500_000}}
	f.aborted(t, second, other, spans...)
	for range 2 {
		a := f.get(t, second)
		if a.status != 200 || a.cut {
			t.Errorf("after a client that hung up: %d, cut %t", a.status, a.cut)
		}
		a.wantBody(t, other)
		f.parallel(t, second, other, spans[1:])
	}
	if n := g.asked(); n > 2*int64(len(other))+2*2_800_000 {
		t.Errorf("%d bytes were asked for", n)
	}
	g.heal()
}

// spread asks for torrents, and expects each at one gateway, and some at each.
func (f *front) spread(t *testing.T, one, two *gatewayTest, at func(metainfo.InfoHash) (host, path string)) {
	t.Helper()
	served := map[*gatewayTest]int{}
	for i := range 12 {
		hash, data := one.single(t, fmt.Sprintf("film %d.mkv", i), 70_000+i)
		two.single(t, fmt.Sprintf("film %d.mkv", i), 70_000+i)
		host, path := at(hash)
		var all sync.WaitGroup
		for k := range 4 {
			all.Go(func() {
				off := 5 + k*17_000 // of one torrent, elsewhere in it
				a := f.on(t, host, fmt.Sprintf("%s/film%%20%d.mkv?n=%d", path, i, k), fmt.Sprintf("Range: bytes=%d-69999", off))
				if a.status != 206 || a.cut {
					t.Errorf("%s: %d, cut %t", host, a.status, a.cut)
				}
				a.wantBody(t, data[off:70_000])
			})
		}
		all.Wait()
		first, second := one.asked(), two.asked()
		if first != 0 && second != 0 {
			t.Errorf("%s%s was fetched at both gateways", host, path)
		}
		if first != 0 {
			served[one]++
		} else {
			served[two]++
		}
	}
	if served[one] == 0 || served[two] == 0 {
		t.Errorf("%d torrents at one gateway, %d at the other", served[one], served[two])
	}
}

func haproxy(t *testing.T, one, two *gatewayTest) *front {
	t.Helper()
	addr := freeAddr(t)
	pairs := []string{"bind :80", "bind " + addr, "192.0.2.11:8080", one.addr, "192.0.2.12:8080", two.addr}
	if one != two { // they are no siblings
		pairs = append(pairs, "    hash-balance-factor 150\n", "")
	}
	config := configured(t, "haproxy.cfg", pairs...)
	run(t, addr, "haproxy", "-db", "-f", config)
	return one.before(addr)
}

// HAProxy sends each torrent to one gateway, and passes a cut on.
func TestFrontHAProxy(t *testing.T) {
	subdomains := func(cfg *Config) { cfg.Subdomains = "gw.example" }
	one, two := serve(t, subdomains), serve(t, subdomains)
	f := haproxy(t, one, two)
	f.spread(t, one, two, func(hash metainfo.InfoHash) (host, path string) { return f.addr, hash.Path() })
	f.spread(t, one, two, func(hash metainfo.InfoHash) (host, path string) {
		return strings.ToLower(base32Of(hash)) + ".gw.example", ""
	})
	for _, g := range []*gatewayTest{one, two} {
		g.slowly()
	}
	hash, data := one.single(t, "left.mkv", 5<<20)
	two.single(t, "left.mkv", 5<<20)
	f.aborted(t, hash.Path()+"/left.mkv", data, [2]int{0, len(data)}, [2]int{1_000_000, 4_000_000})
	for range 2 {
		f.parallel(t, hash.Path()+"/left.mkv", data, [][2]int{{0, len(data)}, {1_000_000, 4_000_000}})
	}
	if head := f.request(t, "HEAD", hash.Path()+"/left.mkv"); head.status != 200 || head.get("Content-Length") != fmt.Sprint(len(data)) {
		t.Errorf("HEAD: %d", head.status)
	}
	if first, second := one.asked(), two.asked(); first != 0 && second != 0 {
		t.Error("one torrent was fetched at both gateways")
	}
	hash, data = one.single(t, "long.mkv", 5<<20)
	two.single(t, "long.mkv", 5<<20)
	one.breaksAt(3 << 20)
	two.breaksAt(3 << 20)
	if a := f.get(t, hash.Path()+"/long.mkv"); !a.cut || !bytes.HasPrefix(data, a.body) || len(a.body) < 1<<20 {
		t.Errorf("a cut body: %d bytes, cut %t", len(a.body), a.cut)
	}
}

// A reader that stops, of a range without an end or of all of a large file, has no more fetched than buffers
// hold, whatever is in front.
func TestFrontPausedReader(t *testing.T) {
	// Linux lets a socket hold up to 32 MiB of what was received. There are two such sockets, and what waits to be sent.
	const size, bound = 110 << 20, 80 << 20
	backend := newFakeBackend()
	hash := backend.add(t, "film.mkv", metainfo.V1, map[string][]byte{"": make([]byte, size)})
	all := maps.Clone(fronts)
	all["haproxy"] = func(t *testing.T, g *gatewayTest) *front { return haproxy(t, g, g) }
	for name, start := range all {
		t.Run(name, func(t *testing.T) {
			g := serve(t, func(cfg *Config) { cfg.Backend, cfg.TrustedProxies = backend, []string{"127.0.0.1"} })
			// What the readers before are sent, whose connections are still open, does not count.
			var sent atomic.Pointer[atomic.Int64]
			setHook(backend, &backend.onOpen, func(c *fakeContent) {
				c.chunk = 100_000
				n := new(atomic.Int64)
				c.fail = func(int) error { n.Add(int64(c.chunk)); return nil }
				sent.Store(n)
			})
			f := start(t, g)
			for _, line := range []string{"Range: bytes=0-\r\n", "Range: bytes=1000-\r\n", ""} {
				conn, err := net.Dial("tcp", f.addr)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(time.Minute))
				fmt.Fprintf(conn, "GET %s/film.mkv HTTP/1.1\r\nHost: %s\r\n%s\r\n", hash.Path(), f.addr, line)
				if _, err := io.ReadFull(conn, make([]byte, 64<<10)); err != nil {
					t.Fatal(err)
				}
				left := sent.Load()
				for before := int64(-1); before != left.Load(); time.Sleep(300 * time.Millisecond) {
					before = left.Load()
				}
				if n := left.Load(); n > bound {
					t.Errorf("%q: %d MiB of %d left the gateway for a reader of 64 KiB", line, n>>20, size>>20)
				}
			}
		})
	}
}
