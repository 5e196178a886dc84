package gateway

import (
	"bytes"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/metainfo"
)

// proxiedLanes are lanes whose clients come through a proxy that is trusted, and what both servers tell of them.
type proxiedLanes struct {
	*lanes
	logs []*toldOnce // of the fast lane's server, and of the other
}

// A toldOnce is a log that is taken as it comes.
type toldOnce struct {
	mu sync.Mutex
	b  []byte // guarded by mu
}

func (o *toldOnce) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.b = append(o.b, p...)
	return len(p), nil
}

// take takes what came since the last call, without its times.
func (o *toldOnce) take() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	told := logTimes.ReplaceAllString(string(o.b), "-")
	o.b = o.b[:0]
	return told
}

// drop drops what came since. It may be much: a fuzzer sends much that nobody takes.
func (o *toldOnce) drop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.b = o.b[:0]
}

func newProxiedLanes(t testing.TB, change func(*Config)) *proxiedLanes {
	p := &proxiedLanes{}
	p.lanes = newLanes(t, func(cfg *Config) {
		log := new(toldOnce)
		p.logs = append(p.logs, log)
		cfg.TrustedProxies = []string{"127.0.0.0/8", "198.51.100.0/24", "2001:db8:1::/48"}
		cfg.AccessLog, cfg.RequestsPerClient, cfg.LoopMark = NewAccessLog(log, false), Unbounded, "btgw-mark"
		if change != nil {
			change(cfg)
		}
	})
	return p
}

var logTimes = regexp.MustCompile(`"time":"[^"]*"|_seconds":[^,]*|"seconds":[^,}]*`)

// same is that of lanes. Both servers have to tell the same too, in one line, which is returned.
func (p *proxiedLanes) same(t testing.TB, request string) (answer, line string, byFast bool) {
	t.Helper()
	p.settle(t)
	for _, log := range p.logs {
		log.drop()
	}
	answer, byFast = p.lanes.same(t, request)
	p.settle(t)
	told := [2]string{p.logs[0].take(), p.logs[1].take()}
	if told[0] != told[1] {
		t.Fatalf("%q: the server with the fast lane tells\n%s\nthat without\n%s", request, told[0], told[1])
	}
	return answer, told[0], byFast
}

// settle waits until all that was asked for is told: a client has its answer before.
func (p *proxiedLanes) settle(t testing.TB) {
	t.Helper()
	for _, g := range []*gatewayTest{p.fast, p.slow} {
		if err := g.inflight.wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// A request that a trusted proxy hands on is answered by the fast lane, for the client that the other lane finds.
func TestFastLaneBehindProxy(t *testing.T) {
	l := newProxiedLanes(t, nil)
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 4000)})
	head := "GET " + hash.Path() + " HTTP/1.1\r\nHost: localhost\r\nRange: bytes=5-14\r\n"
	for _, test := range []struct {
		lines  string
		client string
		fast   bool
	}{
		{"", "127.0.0.1", true},
		{"X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1", true},
		{"x-forwarded-for: 192.0.2.2\r\n", "192.0.2.2", true},
		{"X-Forwarded-For: 127.0.0.1\r\n", "127.0.0.1", true},
		{"X-Forwarded-For: 203.0.113.9, 192.0.2.3\r\n", "192.0.2.3", true},
		{"X-Forwarded-For: 203.0.113.9 , 192.0.2.4 , 198.51.100.7\r\n", "192.0.2.4", true},
		{"X-Forwarded-For: 198.51.100.1,198.51.100.2\r\n", "198.51.100.1", true},
		{"X-Forwarded-For: unknown\r\n", "127.0.0.1", true},
		{"X-Forwarded-For: 192.0.2.5, unknown\r\n", "127.0.0.1", true},
		{"X-Forwarded-For: unknown, 198.51.100.7\r\n", "198.51.100.7", true},
		{"X-Forwarded-For: 192.0.2.5,\r\n", "127.0.0.1", true},
		{"X-Forwarded-For: ,192.0.2.6\r\n", "192.0.2.6", true},
		{"X-Forwarded-For: 192.0.2.7:4711\r\n", "192.0.2.7", true},
		{"X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1", true},
		{"X-Forwarded-For: [2001:db8::2]:443\r\n", "2001:db8::2", true},
		{"X-Forwarded-For: \"[2001:db8::3]\"\r\n", "2001:db8::3", true},
		{"X-Forwarded-For: [2001:db8:1::3]\r\n", "2001:db8:1::3", true},
		{"X-Forwarded-For: ::ffff:192.0.2.8\r\n", "192.0.2.8", true},
		{"X-Forwarded-For: fe80::1%eth0\r\n", "fe80::1", true},
		{"X-Forwarded-For: [2001:db8::4\r\n", "127.0.0.1", true},
		{"X-Forwarded-For: 192.0.2.09\r\n", "127.0.0.1", true},
		{"X-Forwarded-For: 192.0.2.9\r\nX-Forwarded-For: 192.0.2.10\r\n", "192.0.2.10", false},
		{"X-Forwarded-For: 192.0.2.10\r\nx-forwarded-for: 198.51.100.7\r\n", "192.0.2.10", false},
		{"X-Forwarded-For:\t192.0.2.11\r\n", "192.0.2.11", false},
		{"X-Forwarded-For: 192.0.2.11\t\r\n", "192.0.2.11", false},
		{"X-Forwarded-For:  192.0.2.11\r\n", "192.0.2.11", false},
		{"X-Forwarded-For:192.0.2.11\r\n", "192.0.2.11", false},
		{"X-Forwarded-For: \r\n", "127.0.0.1", false},
		{"X-Forwarded-For: 192.0.2.\xb2\r\n", "127.0.0.1", false},
		{"X_Forwarded_For: 192.0.2.12\r\n", "127.0.0.1", false},
		{"Forwarded: for=192.0.2.13\r\n", "127.0.0.1", true},
		{"Forwarded: for=192.0.2.13\r\nForwarded: for=192.0.2.14\r\n", "127.0.0.1", false},
		{"Forwarded: for=192.0.2.13\r\nX-Forwarded-For: 192.0.2.14\r\n", "192.0.2.14", true},
		{"X-Forwarded-For: 192.0.2.15\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: films.example\r\nX-Forwarded-Port: 443\r\n" +
			"X-Forwarded-Server: a\r\nX-Real-IP: 192.0.2.16\r\nX-Request-ID: 7\r\nVia: 1.1 a, 2 b\r\nVia: 1.1 c\r\nCDN-Loop: cdn; v=1\r\n", "192.0.2.15", true},
		{"X-Forwarded-For: 192.0.2.17\r\nCF-Connecting-IP: 192.0.2.18\r\nCF-IPCountry: XX\r\nCF-Ray: 1-A\r\nCF-Visitor: {\"scheme\":\"https\"}\r\nCDN-Loop: cloudflare\r\n", "192.0.2.17", true},
		{"X-Forwarded-For: 192.0.2.19\r\nCDN-Loop: btgw-mark\r\n", "192.0.2.19", false},
		{"CDN-Loop: cdn, btgw-mark, b\r\n", "127.0.0.1", false},
		{"CDN-Loop: cdn\r\nCDN-Loop: btgw-mark\r\n", "127.0.0.1", false},
		{"X-Forwarded-For: 192.0.2.20\r\nPrefer: whole\r\n", "192.0.2.20", false},
	} {
		l.prime(t, head+"X-Forwarded-For: 203.0.113.200\r\n\r\n") // another client's
		answer, line, fast := l.same(t, head+test.lines+"\r\n")
		status := "206"
		if strings.Contains(test.lines, "btgw-mark") {
			status = "508"
		}
		if fast != test.fast || !strings.Contains(line, `"client":"`+test.client+`"`) || strings.Count(line, "\n") != 1 || !strings.HasPrefix(answer, "HTTP/1.1 "+status+" ") {
			t.Errorf("%q: in the fast lane %t, %.60q, %s", test.lines, fast, answer, line)
		}
	}
}

// The prefix of a path goes with each request, and so does what the answer says of it.
func TestFastLanePrefixes(t *testing.T) {
	for _, configured := range []string{"", "/set"} {
		l := newProxiedLanes(t, func(cfg *Config) { cfg.PathPrefix = configured })
		hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 4000)})
		for _, prefix := range []string{"", "/bt", "/bt/", "/a, /b", "/", "/bt", "no path", "/a/../b", ""} {
			for _, path := range []string{hash.Path(), "/bt" + hash.Path(), "/set" + hash.Path()} {
				request := "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
				if prefix != "" {
					request += "X-Forwarded-Prefix: " + prefix + "\r\n"
				}
				want := configured
				switch prefix {
				case "/bt", "/bt/":
					want = "/bt"
				case "/a, /b":
					want = "/a/b"
				case "/":
					want = ""
				}
				found := path == hash.Path() || path == want+hash.Path()
				if found {
					l.prime(t, request+"\r\n")
				}
				answer, line, fast := l.same(t, request+"\r\n")
				if fast != found || strings.Contains(answer, "\r\nContent-Location: "+want+hash.Path()+"/a.bin\r\n") != found || !strings.Contains(line, `"path":"`+path+`"`) {
					t.Errorf("configured %q, said %q, %s: in the fast lane %t: %.600q\n%s", configured, prefix, path, fast, answer, line)
				}
			}
		}
	}
}

// The log has the path that came, not that of the torrent whose host it was.
func TestFastLaneLogsOwnHosts(t *testing.T) {
	l := newProxiedLanes(t, func(cfg *Config) { cfg.Subdomains = "gw.example" })
	hash := l.backend.add(t, "d", metainfo.V1, map[string][]byte{"a b.bin": random(1, 4000)})
	request := "GET /d/a%20b.bin HTTP/1.1\r\nHost: " + labels.EncodeToString(hash.Bytes()) + ".gw.example\r\n\r\n"
	l.prime(t, request)
	if _, line, fast := l.same(t, request); !fast || !strings.Contains(line, `"path":"/d/a%20b.bin"`) {
		t.Errorf("in the fast lane %t: %s", fast, line)
	}
}

// What somebody says who is no trusted proxy is not heeded, and not by the fast lane: the other one warns.
func TestFastLaneStrangers(t *testing.T) {
	l := newProxiedLanes(t, func(cfg *Config) { cfg.TrustedProxies = []string{"192.0.2.1"} })
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 4000)})
	head := "GET " + hash.Path() + " HTTP/1.1\r\nHost: localhost\r\n"
	for lines, want := range map[string]bool{
		"X-Forwarded-For: 192.0.2.9\r\n": false, "Forwarded: for=192.0.2.9\r\n": false, "X-Forwarded-Prefix: /bt\r\n": false,
		"X-Forwarded-Proto: https\r\nX-Forwarded-Host: other.example\r\nVia: 1.1 a\r\nCDN-Loop: a\r\nX-Real-IP: 192.0.2.9\r\n": true,
	} {
		l.prime(t, head+"\r\n")
		answer, line, fast := l.same(t, head+lines+"\r\n")
		if fast != want || !strings.Contains(line, `"client":"127.0.0.1"`) || !strings.Contains(answer, "\r\nContent-Location: "+hash.Path()+"/a.bin\r\n") {
			t.Errorf("%q: in the fast lane %t: %.600q\n%s", lines, fast, answer, line)
		}
	}
}

// Each client of a proxy has the bounds of one client, whatever connection of the proxy it comes by.
func TestFastLaneClientsOfProxy(t *testing.T) {
	const perSecond = 1
	g := serve(t, func(cfg *Config) {
		cfg.RequestsPerClient, cfg.TrustedProxies = perSecond, []string{"127.0.0.0/8"}
	})
	hash, _ := g.single(t, "a.bin", 1000)
	conns := []*keptConn{keep(t, g.addr), keep(t, g.addr)}
	request := func(client string) string {
		return "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + client + "\r\n\r\n"
	}
	for _, k := range conns {
		prime(t, g, k, request("127.0.0.1")) // who has no bounds
	}
	before, begun := g.fast.answers.Load(), time.Now()
	for i := range limit.RequestBurst * perSecond { // two clients in turn, by two connections in turn
		for _, client := range []string{"192.0.2.1", "192.0.2.2"} {
			if a, ok := conns[i%2].ask(t, request(client)); !ok || !bytes.HasPrefix(a, []byte("HTTP/1.1 200 ")) {
				t.Fatalf("request %d of %s: %.300q", i, client, a)
			}
		}
	}
	if n := g.fast.answers.Load() - before; n != 2*limit.RequestBurst*perSecond {
		t.Errorf("%d answers of the fast lane", n)
	}
	for _, client := range []string{"192.0.2.1", "192.0.2.2"} {
		left := 0
		for g.bounds.Load().Requests.Take(limit.Client{Prefix: netip.MustParsePrefix(client + "/32")}) {
			left++
		}
		if came := int(perSecond*time.Since(begun).Seconds()) + 1; left > came {
			t.Errorf("%s had %d requests left, where %d can have come", client, left, came)
		}
	}
}
