package gateway

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A gatewayTest is a server on a loopback socket with a fake backend.
type gatewayTest struct {
	*Server
	backend *fakeBackend
	addr    string
}

// serve starts a server and ends it with the test.
func serve(t testing.TB, change func(*Config)) *gatewayTest {
	t.Helper()
	backend := newFakeBackend()
	cfg := Config{Backend: backend, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&cfg)
	}
	if other, ok := cfg.Backend.(*fakeBackend); ok {
		backend = other
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { allClosed(t, backend) }) // once the server has ended; another one may share the backend
	return &gatewayTest{s, backend, clients.Serve(t, s, true)}
}

// An answer is a response as it came over the wire.
type answer struct {
	proto   string
	status  int
	header  http.Header
	body    []byte
	cut     bool // it ended before its Content-Length
	chunked bool
}

func (a *answer) get(name string) string { return a.header.Get(name) }

// raw sends bytes and reads until the server closes. The method is that of the
// request. Lines of request end with \n.
func (g *gatewayTest) raw(t testing.TB, request string) *answer {
	t.Helper()
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return exchange(t, conn, request)
}

// rawText sends bytes and returns what comes back, as it came.
func (g *gatewayTest) rawText(t testing.TB, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	all, _ := io.ReadAll(conn)
	return string(all)
}

func exchange(t testing.TB, conn net.Conn, request string) *answer {
	t.Helper()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(conn, strings.ReplaceAll(request, "\n", "\r\n")); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(conn)
	if err != nil && len(all) == 0 {
		t.Fatal(err)
	}
	return parseAnswer(t, all, strings.HasPrefix(request, "HEAD "))
}

// parseAnswer reads a response by hand: net/http's client would hide how it
// was framed.
func parseAnswer(t testing.TB, all []byte, head bool) *answer {
	t.Helper()
	a := &answer{header: http.Header{}}
	if len(all) == 0 {
		a.cut = true
		return a
	}
	headLen := bytes.Index(all, []byte("\r\n\r\n"))
	if headLen < 0 {
		t.Fatalf("no end of header in %q", all)
	}
	scanner := bufio.NewScanner(bytes.NewReader(all[:headLen]))
	scanner.Scan()
	proto, rest, _ := strings.Cut(scanner.Text(), " ")
	a.proto = proto
	var err error
	if a.status, err = strconv.Atoi(rest[:3]); err != nil {
		t.Fatalf("status line %q", scanner.Text())
	}
	for scanner.Scan() {
		name, value, _ := strings.Cut(scanner.Text(), ": ")
		a.header.Add(name, value)
	}
	a.body = all[headLen+4:]
	a.chunked = a.get("Transfer-Encoding") != ""
	if length := a.get("Content-Length"); length != "" && !head && a.status != http.StatusNotModified {
		n, err := strconv.Atoi(length)
		if err != nil || n < len(a.body) {
			t.Fatalf("Content-Length %q with a body of %d bytes", length, len(a.body))
		}
		a.cut = n > len(a.body)
	}
	a.checkProblem(t)
	return a
}

// get is raw with the usual head: lines are header lines.
func (g *gatewayTest) get(t testing.TB, path string, lines ...string) *answer {
	t.Helper()
	return g.request(t, "GET", path, lines...)
}

func (g *gatewayTest) request(t testing.TB, method, path string, lines ...string) *answer {
	t.Helper()
	head := fmt.Sprintf("%s %s HTTP/1.1\nHost: %s\nConnection: close\n", method, path, g.addr)
	for _, line := range lines {
		head += line + "\n"
	}
	return g.raw(t, head+"\n")
}

// single adds a v1 torrent of one file and returns its infohash and content.
func (g *gatewayTest) single(t testing.TB, name string, size int) (metainfo.InfoHash, []byte) {
	t.Helper()
	data := random(uint64(size)+1, size)
	return g.backend.add(t, name, metainfo.V1, map[string][]byte{"": data}), data
}

// wantBody fails unless the body is want.
func (a *answer) wantBody(t testing.TB, want []byte) {
	t.Helper()
	if !bytes.Equal(a.body, want) {
		t.Errorf("body: %d bytes that differ from the %d wanted", len(a.body), len(want))
	}
}

// clientAt is the client of a request that comes from an address.
func clientAt(addr string) limit.Client {
	return limit.Client{Prefix: limit.PrefixOf(limit.AddrOf(addr)), Addr: limit.AddrOf(addr)}
}
