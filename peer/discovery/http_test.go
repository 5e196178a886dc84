package discovery

import (
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

func TestAnnounceQuery(t *testing.T) {
	r := &request{
		infoHash: [20]byte([]byte("\x00\x01 infohash_ /+&=\xff~.")), peerID: [20]byte([]byte("-BG0001-abcdefghijkl")),
		port: 42069, uploaded: 1, downloaded: 2, left: 3, key: 0xbeef, numWant: 200,
	}
	plain := "info_hash=%00%01%20infohash_%20%2F%2B%26%3D%FF~.&peer_id=-BG0001-abcdefghijkl&port=42069&uploaded=1&downloaded=2&left=3&key=0000BEEF&numwant=200&compact=1&no_peer_id=1"
	if got := announceQuery("", r); got != plain {
		t.Errorf("%s\nwant %s", got, plain)
	}
	r.event, r.trackerID = eventCompleted, "a b&c"
	got := announceQuery("passkey=A%2fb&x", r)
	want := "passkey=A%2fb&x&" + strings.Replace(plain, "&numwant", "&event=completed&numwant", 1) + "&trackerid=a%20b%26c"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// announceTo announces once through a guard that allows loopback.
func announceTo(t *testing.T, rawURL string, roots *x509.CertPool) (*answer, string, error) {
	t.Helper()
	u, err := parseAnnounceURL(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	shared := NewAnnouncer(netguard.New(netguard.Policy{AllowPrivate: true}), contact.NewGate())
	defer shared.Close()
	ctx, cancel := context.WithTimeout(t.Context(), announceTimeout)
	defer cancel()
	a, err := (&httpClient{shared: shared, url: u.url, roots: roots}).announce(ctx, testRequest)
	if err != nil {
		return nil, u.explain(err), err
	}
	return a, "", nil
}

// trackerServer is a real HTTP server with one page a fault.
func trackerServer() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/announce", func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != defaultUserAgent || r.URL.Query().Get("info_hash") != "infohashinfohash1234" {
			http.Error(w, "who?", http.StatusBadRequest)
			return
		}
		io.WriteString(w, onePeer)
	})
	mux.HandleFunc("/user/announce", func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "name" || password != "password" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		io.WriteString(w, onePeer)
	})
	mux.HandleFunc("/moved/announce", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/announce?"+r.URL.RawQuery, http.StatusFound)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/loop?secret12345", http.StatusFound)
	})
	mux.HandleFunc("/missing", http.NotFound)
	mux.HandleFunc("/refused", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, "d14:failure reason10:not for use")
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>parked</html>") })
	mux.HandleFunc("/huge", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "d5:peers%d:", 2*maxAnswer)
		for range 2 * maxAnswer / 1024 {
			if _, err := w.Write(make([]byte, 1024)); err != nil {
				return
			}
		}
	})
	packed := func(content string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "gzip" {
				w.WriteHeader(http.StatusNotAcceptable)
				return
			}
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, content)
			z.Close()
		}
	}
	mux.HandleFunc("/packed/announce", packed(onePeer))
	mux.HandleFunc("/bomb", packed(fmt.Sprintf("d5:peers%d:%s", 4<<20, make([]byte, 4<<20))))
	mux.HandleFunc("/unpacked", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, onePeer)
	})
	mux.HandleFunc("/unlabelled", func(w http.ResponseWriter, _ *http.Request) {
		z := gzip.NewWriter(w)
		io.WriteString(z, onePeer)
		z.Close()
	})
	mux.HandleFunc("/x-gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "x-gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, onePeer)
		z.Close()
	})
	mux.HandleFunc("/deflate", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "deflate")
		z := zlib.NewWriter(w)
		io.WriteString(z, onePeer)
		z.Close()
	})
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, onePeer)
	})
	mux.HandleFunc("/teapot", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, onePeer)
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusFound)
	})
	return mux
}

func TestHTTPAnnounce(t *testing.T) {
	srv := httptest.NewServer(trackerServer())
	defer srv.Close()
	withUser := strings.Replace(srv.URL, "http://", "http://name:password@", 1)
	for _, u := range []string{srv.URL + "/announce", srv.URL + "/announce?x=1", srv.URL + "/packed/announce", srv.URL + "/unpacked", srv.URL + "/unlabelled", srv.URL + "/x-gzip", srv.URL + "/deflate", srv.URL + "/cut", srv.URL + "/teapot", srv.URL + "/moved/announce?passkey=0123456789", withUser + "/user/announce"} {
		a, _, err := announceTo(t, u, nil)
		if err != nil || len(a.peers) != 1 || a.interval != 30*time.Minute {
			t.Errorf("%s: %+v, %v", u, a, err)
		}
	}
	for path, want := range map[string]string{
		"/loop?secret=abcdefg":  "more than 3 redirects",
		"/missing":              "HTTP status 404",
		"/refused":              "not for us",
		"/page":                 "bencode: not the start of a value at byte 0",
		"/huge":                 fmt.Sprintf("the response's body is over %d bytes", maxAnswer),
		"/bomb":                 fmt.Sprintf("the response's body is over %d bytes", maxAnswer),
		"/file":                 `scheme "file" is neither http nor https`,
		"/user/announce?secret": "HTTP status 401",
	} {
		if _, text, _ := announceTo(t, srv.URL+path, nil); text != want {
			t.Errorf("%s: %q, want %q", path, text, want)
		}
	}
	srv.Close()
	if _, text, _ := announceTo(t, srv.URL+"/announce", nil); text != "connect: connection refused" {
		t.Errorf("a dead tracker: %q", text)
	}
}

// TestHTTPSAnnounce: certificates are checked.
func TestHTTPSAnnounce(t *testing.T) {
	srv := httptest.NewUnstartedServer(trackerServer())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	if _, text, err := announceTo(t, srv.URL+"/announce", nil); !errors.As(err, new(x509.UnknownAuthorityError)) {
		t.Errorf("an unknown authority: %q", text)
	}
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	if a, _, err := announceTo(t, srv.URL+"/announce", roots); err != nil || len(a.peers) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestGuardedTrackers: no announce reaches our own network by address, name or
// redirect, over HTTP or UDP, unless private addresses are allowed; what is
// shown does not tell what a name means inside.
func TestGuardedTrackers(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("an announce came through") }))
	defer srv.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	_, udpPort, _ := net.SplitHostPort(udp.LocalAddr().String())
	var urls []string
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]"} {
		urls = append(urls, "http://"+host+":"+port+"/announce", "https://"+host+":"+port+"/announce", "udp://"+host+":"+udpPort+"/announce")
	}
	var texts []string
	for _, u := range urls {
		shared := NewAnnouncer(netguard.New(netguard.Policy{}), contact.NewGate())
		trackers := New(Config{
			Port: at(0), Announcer: shared, Tiers: [][]string{{u}}, Found: nil,
			Progress: func() (int64, int64, int64) { return 0, 0, 0 },
		})
		tr := trackers.tiers[0].trackers[0]
		if ok, _ := announceOnce(trackers, tr); ok {
			t.Errorf("%s answers", u)
		}
		texts = append(texts, trackers.Status()[0].Error)
		trackers.Close(t.Context())
		shared.Close()
	}
	for i, text := range texts {
		if !strings.HasPrefix(text, "its address is refused: ") || strings.ContainsAny(text, "0123456789") {
			t.Errorf("%s: %q", urls[i], text)
		}
	}
	udp.SetReadDeadline(time.Now())
	if n, _, err := udp.ReadFrom(make([]byte, 10)); err == nil {
		t.Errorf("a datagram of %d bytes came through", n)
	}
}

// TestNothingTold: what an error says of our side stays inside.
func TestNothingTold(t *testing.T) {
	u, err := parseAnnounceURL("http://tracker.test/0123456789abcdef0123456789abcdef/announce?passkey=S3cretPassKey&uid=1234567")
	if err != nil {
		t.Fatal(err)
	}
	inside := errors.New("connect: connection refused")
	addr := &net.TCPAddr{IP: net.IPv4(192, 168, 77, 5), Port: 5555}
	for _, c := range []struct {
		err  error
		want string
	}{
		{&url.Error{Op: "Get", URL: u.url.String(), Err: errors.New("x")}, "x"},
		{&url.Error{Op: "Get", URL: u.url.String(), Err: &net.OpError{Op: "read", Source: addr, Addr: addr, Err: inside}}, "connect: connection refused"},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "tracker.test", Server: "192.168.77.1:53", IsNotFound: true}}, "no such host"},
		{&net.DNSError{Err: "server misbehaving", Name: "tracker.test", Server: "192.168.77.1:53"}, "the name lookup failed"},
		{fmt.Errorf("a: %w", context.DeadlineExceeded), "no answer in time"},
		{&refusal{reason: "unregistered passkey S3CRETPASSKEY (s3cretpasskey)"}, "unregistered passkey *** (***)"},
		{&refusal{reason: "user 0123456789ABCDEF0123456789abcdef\r\nSet-Cookie: \x1b[31m\u202e x"}, "user ***  Set-Cookie:  [31m  x"},
		{&refusal{reason: "key AAAAAAAAAAAAAAAAAAAAAAAAA9 of another"}, "key *** of another"},
		{&refusal{reason: "uid=1234567"}, "uid=***"},
		{&refusal{reason: "\xff\xfebad\x00utf8"}, "\uFFFDbad utf8"},
		{&refusal{reason: strings.Repeat("ä", 5000)}, strings.Repeat("ä", maxText)},
		{&refusal{}, "the tracker gave no reason"},
	} {
		if got := u.explain(c.err); got != c.want {
			t.Errorf("%v is shown as %q, want %q", c.err, got, c.want)
		}
	}
}

func TestParseAnnounceURL(t *testing.T) {
	for raw, shown := range map[string]string{
		"http://t.test/announce":                                 "http://t.test/announce",
		" HTTP://T.Test:8080/announce#frag\n":                    "http://t.test:8080/announce",
		"https://t.test/0123456789abcdef/announce":               "https://t.test/***/announce",
		"https://t.test/announce.php?passkey=secret&uid=1":       "https://t.test/announce.php?***",
		"https://user:password@t.test/announce":                  "https://t.test/announce",
		"https://t.test":                                         "https://t.test",
		"udp://t.test:6969":                                      "udp://t.test:6969",
		"udp://t.test:6969/announce?key=1":                       "udp://t.test:6969/announce?***",
		"udp://[2001:db8::1]:6969/announce":                      "udp://[2001:db8::1]:6969/announce",
		"http://t.test/%61nnounce":                               "http://t.test/***",
		"http://t.test/announce//x":                              "http://t.test/announce//***",
		"":                                                       "",
		"t.test/announce":                                        "",
		"http:///announce":                                       "",
		"http:t.test":                                            "",
		"http://t test/announce":                                 "",
		"http://t.test/ann\r\nHost: x":                           "",
		"http://t.test:99x/announce":                             "",
		"http://[fe80::1%25eth0]/announce":                       "",
		"http://t\u202etest/announce":                            "",
		"http://t.test/" + strings.Repeat("x", maxURL):           "",
		"http://a%0d%0ab/":                                       "",
		"http://\"><script>alert(1)</script>/":                   "",
		"udp://t.test/announce":                                  "udp://t.test/announce",
		"wss://t.test/announce?x":                                "wss://t.test/announce?***",
		"file://t.test/etc/passwd":                               "file://t.test/***/***",
		"dht://0123456789abcdef0123456789abcdef01234567.dht/ann": "dht://0123456789abcdef0123456789abcdef01234567.dht/***",
	} {
		u, err := parseAnnounceURL(raw)
		scheme, _, _ := strings.Cut(shown, ":")
		usable := scheme == "http" || scheme == "https" || scheme == "udp" && shown != "udp://t.test/announce"
		if (err == nil) != usable {
			t.Errorf("%q: %v", raw, err)
		}
		if u == nil && shown != "" || u != nil && u.String() != shown {
			t.Errorf("%q is shown as %q, want %q", raw, u, shown)
		}
	}
}
