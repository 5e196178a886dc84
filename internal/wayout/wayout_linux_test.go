package wayout

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	contentURL = "http://127.0.0.1:8080"
	adminURL   = "http://127.0.0.1:8081"

	endTime    = 60 * time.Second        // for btgw to end
	readTime   = 90 * time.Second        // for content to come
	silentTime = 1500 * time.Millisecond // in which nothing leaves, where nothing may
)

// output is what a program says.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// startBtgw starts a gateway until the end of the test, and waits until it is ready.
func startBtgw(t *testing.T, args ...string) *output {
	t.Helper()
	said := &output{}
	cmd := exec.Command(program, append([]string{"serve", "--cache-dir=" + t.TempDir(), "--dht-bootstrap=dht.test:" + nodePort, "--log-level=debug"}, args...)...)
	cmd.Stdout, cmd.Stderr = said, said
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "BTGW_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(endTime):
			t.Error("btgw does not end")
			_ = cmd.Process.Kill()
			<-ended
		}
		if t.Failed() {
			t.Log(said)
		}
	})
	await(t, "btgw is ready", startTime, func() bool {
		resp, err := http.Get(adminURL + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return said
}

// await waits for something.
func await(t *testing.T, what string, most time.Duration, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(most); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: that %s", what)
		}
	}
}

// read gets the content, of which only the hints of a query are known.
func read(t *testing.T, within time.Duration, hints url.Values) (digest string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, contentURL+content+"?"+hints.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %d", resp.StatusCode)
	}
	h := sha256.New()
	_, err = io.Copy(h, resp.Body)
	return hex.EncodeToString(h.Sum(nil)), err
}

// nodes reports whether a node of the DHT has answered.
func nodes() bool {
	resp, err := http.Get(adminURL + "/metrics")
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	for line := range strings.SplitSeq(string(b), "\n") {
		if name, value, _ := strings.Cut(line, " "); strings.HasPrefix(name, "btgw_peer_dht_nodes") && value != "0" && value != "" {
			return true
		}
	}
	return false
}

const (
	httpTracker = "http://tracker.test:8080/announce"
	udpTracker  = "udp://tracker.test:22069/announce"
	webServer   = "http://tracker.test:8080"
)

// tracked is where the content is found by trackers.
func tracked(trackers ...string) url.Values { return url.Values{"tr": trackers} }

// ofWebServers is where it is found without peers: a .torrent and a web seed.
func ofWebServers() url.Values {
	return url.Values{"xs": {webServer + strings.TrimSuffix(content, "published.bin") + "?format=torrent"}, "ws": {webServer + content}}
}

// By an interface, by its address and by proxies content arrives: from peers of HTTP and UDP trackers, and from web
// servers, all of them by name. The DHT is reached where datagrams are passed on. Nothing leaves by another way, of either family, and to a proxy nothing but what is for it.
func TestNothingLeavesByAnotherWay(t *testing.T) {
	proxy := func(port string) string { return "socks5://" + farAddr + ":" + port }
	for _, c := range []struct {
		name  string
		args  []string
		hints func() url.Values
		dht   bool     // it can be reached
		may   []string // what packets that leave begin with
		says  string
	}{
		{"interface", []string{"--bind=" + tunnel, "--dns=" + namesAddr}, func() url.Values { return tracked(udpTracker) }, true, []string{tunnel}, "leaves by tun0"},
		{"address", []string{"--bind=" + tunnelAddr, "--dns=" + namesAddr}, func() url.Values { return tracked(httpTracker) }, true, []string{tunnel + " tcp 53.", tunnel + " udp 53."}, "leaves by " + tunnelAddr},
		{"proxy with datagrams", []string{"--proxy=" + proxy(dante), "--dns=" + namesAddr}, func() url.Values { return tracked(udpTracker) }, true,
			[]string{tunnel + " tcp " + farAddr + ":" + dante, tunnel + " udp " + farAddr}, "the proxy " + farAddr},
		{"proxy without datagrams", []string{"--proxy=socks5://user:pass@" + farAddr + ":" + microsocks, "--dns=" + namesAddr}, func() url.Values { return tracked(httpTracker, udpTracker) }, false,
			[]string{tunnel + " tcp " + farAddr + ":" + microsocks}, "passes no datagrams on"},
		{"proxy by an interface", []string{"--proxy=" + proxy(dante), "--bind=" + tunnel, "--dns=" + namesAddr}, ofWebServers, true,
			[]string{tunnel + " tcp " + farAddr + ":" + dante, tunnel + " udp " + farAddr}, "tun0, to the proxy " + farAddr},
		{"web servers by an interface", []string{"--bind=" + tunnel, "--dns=" + namesAddr}, ofWebServers, true, []string{tunnel}, "leaves by tun0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			left := startCapture(t)
			said := startBtgw(t, c.args...)
			got, err := read(t, readTime, c.hints())
			if err != nil || got != sum() {
				t.Errorf("what arrived is %s: %v", got, err)
			}
			if c.dht {
				await(t, "a node of the DHT answers", readTime, nodes)
			}
			if !strings.Contains(said.String(), c.says) {
				t.Errorf("it does not say %q", c.says)
			}
			if strings.Contains(said.String(), "user:pass") {
				t.Error("it tells the proxy's password")
			}
			elsewhere(t, left, c.may...)
		})
	}
}

// elsewhere fails the test for each packet that may not have left, and where none has.
func elsewhere(t *testing.T, left *capture, may ...string) {
	t.Helper()
	all := left.packets()
	if len(all) == 0 && len(may) > 0 {
		t.Error("no packet was seen")
	}
	for to, n := range all {
		allowed := false
		for _, m := range may {
			allowed = allowed || strings.HasPrefix(to, m)
		}
		if !allowed {
			t.Errorf("%d packets left by another way: %s", n, to)
		}
	}
}

// While the interface is down or the proxy is not there, nothing leaves by another way. Content arrives once it is.
func TestNothingFallsBack(t *testing.T) {
	route := "route add default via " + farAddr + " dev " + tunnel + " metric 1000"
	for _, c := range []struct {
		name string
		args []string
		cut  string   // how the way is closed
		mend []string // how it is opened again
	}{
		{"interface", []string{"--bind=" + tunnel, "--dns=" + namesAddr}, "link set " + tunnel + " down", []string{"link set " + tunnel + " up", route}},
		{"address", []string{"--bind=" + tunnelAddr, "--dns=" + namesAddr}, "addr del " + tunnelAddr + "/24 dev " + tunnel,
			[]string{"addr add " + tunnelAddr + "/24 dev " + tunnel, route}},
		{"proxy", []string{"--proxy=socks5://" + farAddr + ":" + dante, "--bind=" + tunnel, "--dns=" + namesAddr}, "link set " + tunnel + " down",
			[]string{"link set " + tunnel + " up", route}},
	} {
		t.Run(c.name, func(t *testing.T) {
			left := startCapture(t)
			startBtgw(t, c.args...)
			if err := ip(c.cut); err != nil {
				t.Fatal(err)
			}
			mend := sync.OnceValue(func() error { return ip(c.mend...) })
			t.Cleanup(func() { _ = mend() })
			if got, err := read(t, silentTime, tracked(httpTracker, udpTracker)); err == nil {
				t.Errorf("%s arrived", got)
			}
			if err := mend(); err != nil {
				t.Fatal(err)
			}
			await(t, "content arrives", readTime, func() bool {
				got, err := read(t, readTime, tracked(httpTracker))
				return err == nil && got == sum()
			})
			elsewhere(t, left, tunnel)
		})
	}
}

// Without either, packets do leave by the default route, and are seen.
func TestCaptureSees(t *testing.T) {
	left := startCapture(t)
	startBtgw(t)
	_, _ = read(t, silentTime, tracked("udp://"+swarmAddr+":22069/announce"))
	await(t, "a packet leaves by the default route", readTime, func() bool {
		return left.packets()[open+" udp "+swarmAddr+":22069"] > 0
	})
}
