package netguard

import (
	"bufio"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// open is the network for test servers, which listen on loopback.
func open() *Guard { return New(Policy{AllowPrivate: true}) }

func get(t *testing.T, c *http.Client, url string) (int, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

func TestHTTPClient(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Early", "yes")
		w.WriteHeader(http.StatusEarlyHints)
		switch r.URL.Path {
		case "/chunked":
			io.WriteString(w, "one,")
			w.(http.Flusher).Flush()
			io.WriteString(w, "two")
		case "/none":
			w.WriteHeader(http.StatusNoContent)
		default:
			fmt.Fprintf(w, "%s %s %s close=%v", r.Method, r.Host, r.RequestURI, r.Close)
		}
	}))
	defer srv.Close()
	host := strings.TrimPrefix(srv.URL, "http://")
	for path, want := range map[string]string{
		"/a%2fb?info_hash=%00%ff&x": "GET " + host + " /a%2fb?info_hash=%00%ff&x close=true",
		"":                          "GET " + host + " / close=true",
		"/q?a b\xff\"<>":            "GET " + host + " /q?a%20b%FF%22%3C%3E close=true",
		"/chunked":                  "one,two",
		"/none":                     "",
	} {
		if _, got, err := get(t, HTTPClient(open()), srv.URL+path); err != nil || got != want {
			t.Errorf("GET %q: %q, %v, want %q", path, got, err, want)
		}
	}
}

// TestHTTPNoProxy: a proxy named in the environment sees nothing.
func TestHTTPNoProxy(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	direct := pipeNet(func(conn net.Conn, r *http.Request) {
		fmt.Fprintf(conn, "HTTP/1.0 200 OK\r\n\r\n%s %s", r.Host, r.RequestURI)
	})
	if _, got, err := get(t, HTTPClient(direct), "http://t.test/x"); got != "t.test /x" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestHTTPS(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
	srv.Config.ErrorLog = quietLog()
	srv.StartTLS()
	defer srv.Close()
	client := HTTPClient(open())
	_, _, err := get(t, client, srv.URL)
	if !errors.As(err, new(x509.UnknownAuthorityError)) {
		t.Errorf("a certificate of an unknown authority: %v", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	client.Transport.(*HTTPTransport).RootCAs = roots
	if _, got, err := get(t, client, srv.URL); err != nil || got != "HTTP/1.1" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, _, err := get(t, client, strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)); !errors.As(err, new(x509.HostnameError)) {
		t.Errorf("a certificate for another name: %v", err)
	}
}

func TestHTTPRedirects(t *testing.T) {
	var seen []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.URL.Path)
		if referer := r.Header.Get("Referer"); referer != "" {
			t.Errorf("a redirect's target is told %q", referer)
		}
		var n int
		fmt.Sscanf(r.URL.Path, "/%d", &n)
		if n > 0 {
			http.Redirect(w, r, fmt.Sprintf("/%d", n-1), http.StatusFound)
			return
		}
		io.WriteString(w, "end")
	}))
	defer srv.Close()
	if _, got, err := get(t, HTTPClient(open()), srv.URL+"/3?passkey=secret"); err != nil || got != "end" {
		t.Errorf("%d redirects: %q, %v", MaxRedirects, got, err)
	}
	seen = nil
	if _, _, err := get(t, HTTPClient(open()), srv.URL+"/4"); err == nil || len(seen) != MaxRedirects+1 {
		t.Errorf("%d redirects: %v, seen %q", MaxRedirects+1, err, seen)
	}
}

// tracked is a Network whose front door is open while all that is behind it is
// guarded: the position of an outside tracker.
type tracked struct {
	*Guard
	front string // host:port that is let through
}

func (n tracked) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if address == n.front {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return n.Guard.DialContext(ctx, network, address)
}

// TestHTTPRedirectToPrivate: an outside server cannot send us to our own
// network, whatever it calls it.
func TestHTTPRedirectToPrivate(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the request came through") }))
	defer inside.Close()
	_, port, _ := net.SplitHostPort(inside.Listener.Addr().String())
	var target string
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", target)
		w.WriteHeader(http.StatusMovedPermanently)
	}))
	defer outside.Close()
	client := HTTPClient(tracked{New(Policy{}), outside.Listener.Addr().String()})
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "[::ffff:7f00:1]", "127.0.0.1.", "10.0.0.1", "169.254.169.254"} {
		target = "http://" + host + ":" + port + "/latest/meta-data"
		var forbidden *ForbiddenError
		if _, _, err := get(t, client, outside.URL); !errors.As(err, &forbidden) && host != "127.0.0.1." {
			t.Errorf("redirect to %s: %v, want a ForbiddenError", target, err)
		} else if err == nil {
			t.Errorf("redirect to %s is followed", target)
		}
	}
	for _, target = range []string{"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/_x", "http:///x", "http:opaque", "//", "unix:/run/x", "http://[passkey", "http://a b/passkey", "http://x/\x7fpasskey"} {
		if _, _, err := get(t, client, outside.URL); err == nil {
			t.Errorf("redirect to %q is followed", target)
		} else if strings.Contains(err.Error(), "passkey") {
			t.Errorf("redirect to %q is quoted: %v", target, err)
		}
	}
}

func TestHTTPBounds(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		chunk := strings.Repeat("x", 64<<10)
		switch r.URL.Path {
		case "/exact":
			for range MaxHTTPBody / len(chunk) {
				io.WriteString(w, chunk)
			}
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, chunk); err != nil {
					return
				}
			}
		case "/announced":
			w.Header().Set("Content-Length", fmt.Sprint(MaxHTTPBody+1))
			io.WriteString(w, chunk)
		case "/header":
			for i := range 100 {
				w.Header().Set(fmt.Sprint("X-", i), chunk[:1024])
			}
		}
	}))
	defer srv.Close()
	if _, got, err := get(t, HTTPClient(open()), srv.URL+"/exact"); err != nil || len(got) != MaxHTTPBody {
		t.Errorf("a body of the bound: %d bytes, %v", len(got), err)
	}
	for path, want := range map[string]TooLargeError{
		"/endless":   {"body", MaxHTTPBody},
		"/announced": {"body", MaxHTTPBody},
		"/header":    {"header", MaxHTTPHeader},
	} {
		var large *TooLargeError
		if _, got, err := get(t, HTTPClient(open()), srv.URL+path); !errors.As(err, &large) || *large != want || len(got) > MaxHTTPBody {
			t.Errorf("%s: %d bytes, %v, want %v", path, len(got), err, &want)
		}
	}
	small := &http.Client{Transport: &HTTPTransport{Network: open(), MaxBody: 10}}
	if _, got, err := get(t, small, srv.URL+"/exact"); err == nil || len(got) > 10 {
		t.Errorf("MaxBody 10: %d bytes, %v", len(got), err)
	}
}

// TestHTTPRawAnswers feeds answers that no Go server would send.
func TestHTTPRawAnswers(t *testing.T) {
	for name, c := range map[string]struct{ answer, body, err string }{
		"http/1.0 until the end":   {"HTTP/1.0 200 OK\r\n\r\nd8:intervali1ee", "d8:intervali1ee", ""},
		"bare newlines":            {"HTTP/1.0 200 OK\nContent-Length: 2\n\nde", "de", ""},
		"cut short":                {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nde", "de", "unexpected EOF"},
		"no status line":           {"de\r\n\r\n", "", "malformed HTTP"},
		"nothing":                  {"", "", "EOF"},
		"interim responses":        {strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 5) + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "x", ""},
		"too many of them":         {strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 6) + "HTTP/1.1 200 OK\r\n\r\n", "", "interim"},
		"switching protocols":      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "", "EOF"},
		"header without end":       {"HTTP/1.1 200 OK\r\nA: " + strings.Repeat("b", MaxHTTPHeader), "", "header is over"},
		"redirect to a bad escape": {"HTTP/1.1 302 Found\r\nLocation: /%zz?secret\r\n\r\n", "", "invalid URL"},
	} {
		_, got, err := get(t, HTTPClient(pipeNet(func(conn net.Conn, _ *http.Request) { io.WriteString(conn, c.answer) })), "http://t.test/")
		if got != c.body || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %q, %v, want %q, %q", name, got, err, c.body, c.err)
		}
	}
}

// pipeNet is a Network whose every host is a server in memory that handles one
// request with serve, which may read and write the connection.
type pipeNet func(net.Conn, *http.Request)

func (pipeNet) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return nil, errors.ErrUnsupported
}

func (serve pipeNet) DialContext(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	go func() {
		defer server.Close()
		if req, err := http.ReadRequest(bufio.NewReader(server)); err == nil {
			serve(server, req)
		}
	}()
	return client, nil
}

func (pipeNet) Listen(context.Context, string, string) (net.Listener, error) {
	return nil, errors.ErrUnsupported
}

func (pipeNet) ListenPacket(context.Context, string, string) (net.PacketConn, error) {
	return nil, errors.ErrUnsupported
}

func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }

func TestHTTPRequestWithBody(t *testing.T) {
	_, err := HTTPClient(open()).Post("http://127.0.0.1:1/", "text/plain", strings.NewReader("x"))
	if err == nil || !strings.Contains(err.Error(), "body") {
		t.Errorf("POST: %v", err)
	}
}

func TestHTTPTimeout(t *testing.T) {
	for name, serve := range map[string]func(net.Conn, *http.Request){
		"before the answer": func(c net.Conn, _ *http.Request) { io.Copy(io.Discard, c) },
		"within the body": func(c net.Conn, _ *http.Request) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nde")
			io.Copy(io.Discard, c)
		},
	} {
		bubble.Test(t, func(t *testing.T) {
			start := time.Now()
			_, _, err := get(t, HTTPClient(pipeNet(serve)), "http://t.test/")
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != HTTPTimeout {
				t.Errorf("silence %s: %v after %v", name, err, time.Since(start))
			}
		})
	}
}
