package clients

import (
	"context"
	_ "embed" // the page
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed browser.html
var browserHTML string

// hlsScript is the light build of hls.js 1.7.4 as its npm package has it, unchanged (Apache-2.0, see
// testdata/hls.js/LICENSE).
//
//go:embed testdata/hls.js/hls.light.min.js
var hlsScript string

var browserPage = template.Must(template.New("page").Parse(browserHTML))

// Film is what a browser is to play.
type Film struct {
	// URL of the film, of another origin than the page that plays it.
	URL string
	// HLS has hls.js play it: the URL is that of a playlist.
	HLS bool
	// Seeks are the places to go to, in seconds, each more than a second from
	// where the one before has played to.
	Seeks []float64
	// Play is for how many seconds it plays at the start and after each seek.
	Play float64
}

// Viewing is what a page saw of a film, its times in milliseconds.
type Viewing struct {
	FirstFrame float64   `json:"firstFrame"` // from the moment the page names the film to its first frame on the screen
	Duration   float64   `json:"duration"`   // of the film, in seconds
	Seeks      []float64 `json:"seeks"`      // from each seek to a frame of that place on the screen
	Stalls     []float64 `json:"stalls"`     // how long it stood still each time, beside those
	Late       float64   `json:"late"`       // how far it fell behind the clock while it was to play
	Ended      bool      `json:"ended"`      // it was played to the end, after the seeks
	Error      string    `json:"error"`      // why not
}

// Browser is one that plays films without a screen.
type Browser struct {
	Name    string
	program program
	// arguments open a page with a profile in dir.
	arguments func(tb testing.TB, dir, url string) []string
}

// Browsers are those that Debian has.
var Browsers = []Browser{
	{"Chromium", program{"chromium", "chromium"}, func(_ testing.TB, dir, url string) []string {
		return append(chromiumArguments(dir), url)
	}},
	{"Firefox", program{"firefox-esr", "firefox-esr"}, func(tb testing.TB, dir, url string) []string {
		writeFile(tb, filepath.Join(dir, "user.js"), strings.NewReader(firefoxSettings))
		return []string{"--headless", "--no-remote", "--profile", dir, url}
	}},
}

// Watch has a page play a film, seek in it and play its end, and returns what the
// page saw. The page and the film are of different origins, and the page reads
// the film's pixels, so CORS has to allow it. A film that does not play to its
// end within ctx fails the test.
func (b Browser) Watch(ctx context.Context, tb testing.TB, film Film) Viewing {
	tb.Helper()
	viewings := make(chan Viewing, 1)
	page := servePage(tb, film, viewings)
	dir := tb.TempDir()
	p := newProcess(tb, b.program, dir, b.arguments(tb, filepath.Join(dir, "profile"), page)...)
	p.cmd.Env = append(withoutProxies(), "HOME="+dir)
	p.start()
	defer p.kill()
	select {
	case v := <-viewings:
		if v.Error != "" || !v.Ended {
			tb.Fatalf("%s: %+v", b.Name, v)
		}
		return v
	case <-p.ended:
		tb.Fatalf("%s ended: %v", b.Name, p.err)
	case <-ctx.Done():
		tb.Fatalf("%s: %v", b.Name, context.Cause(ctx))
	}
	return Viewing{}
}

// servePage serves the page that plays a film, and takes what it tells of it.
func servePage(tb testing.TB, film Film, viewings chan<- Viewing) (url string) {
	tb.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = browserPage.Execute(w, map[string]any{"url": film.URL, "hls": film.HLS, "seeks": append([]float64{}, film.Seeks...), "play": film.Play})
	})
	mux.HandleFunc("GET /hls.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = io.WriteString(w, hlsScript)
	})
	mux.HandleFunc("POST /viewing", func(w http.ResponseWriter, r *http.Request) {
		var v Viewing
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAnswer)).Decode(&v); err != nil {
			v.Error = fmt.Sprintf("what the page told: %v", err)
		}
		select {
		case viewings <- v:
		default: // it fails once more while it is being closed
		}
	})
	return serveTest(tb, mux)
}

// serveTest serves HTTP on a port of its own until the end of the test.
func serveTest(tb testing.TB, handler http.Handler) (url string) {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: readyTimeout}
	served := make(chan struct{})
	go func() {
		_ = server.Serve(l)
		close(served)
	}()
	tb.Cleanup(func() {
		server.Close()
		<-served
	})
	return "http://" + l.Addr().String()
}

// chromiumArguments run it without a screen, a GPU, a sandbox (which root cannot
// have) and talks with anybody but this machine.
func chromiumArguments(dir string) []string {
	return []string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio", "--disable-audio-output",
		"--autoplay-policy=no-user-gesture-required", "--user-data-dir=" + dir, "--no-first-run", "--disable-breakpad", "--log-level=3",
		"--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-extensions", "--disable-sync",
		"--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
	}
}

// firefoxSettings let a page play by itself, and have it talk with nobody but
// this machine.
const firefoxSettings = `user_pref("media.autoplay.default", 0);
user_pref("media.autoplay.blocking_policy", 0);
user_pref("network.proxy.type", 0);
user_pref("network.dns.disabled", true);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.search.update", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("media.gmp-manager.updateEnabled", false);
user_pref("services.settings.server", "");
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
`

// withoutProxies is our environment without what names HTTP proxies.
func withoutProxies() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.Contains(strings.ToLower(v), "_proxy=") {
			env = append(env, v)
		}
	}
	return env
}
