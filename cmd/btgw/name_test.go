package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/publish/names"
)

// inDHT are the flags of a btgw that is in a DHT of the test's, on free ports.
func inDHT(nodes *clients.DHT, cacheDir string) []string {
	return []string{"--listen=127.0.0.1:0", "--admin-listen=none", "--peer-listen=127.0.0.1:0", "--allow-private", "--no-lsd",
		"--dht-bootstrap=" + nodes.Addrs()[0] + "," + nodes.Addrs()[1], "--cache-dir=" + cacheDir, "--cache-size=1GiB", "--memory=256MiB", "--log-level=debug"}
}

// awaitLine is the rest of the next line of output that begins with prefix.
func (p *process) awaitLine(prefix string) string {
	p.t.Helper()
	for {
		if rest, ok := strings.CutPrefix(p.line(), prefix); ok {
			return rest
		}
	}
}

// reread fetches what a name stands for now.
func reread(t *testing.T, url string) (status int, link, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Cache-Control", "no-cache")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: testTime}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return answer.StatusCode, "", "" // cut: it is asked for again
	}
	return answer.StatusCode, answer.Header.Get("Link"), string(b)
}

// TestName publishes a file under a name, changes it, and publishes it from another folder of state
// with the same key; another btgw that knows nothing but the name follows.
func TestName(t *testing.T) {
	t.Parallel()
	nodes := clients.StartDHT(t, 10)
	root := writeTree(t, map[string]string{"page.txt": "the first"})
	path := filepath.Join(root, "page.txt")
	cacheDir := t.TempDir()
	publishName := func(cacheDir string) (p *process, link string) {
		t.Helper()
		p = start(t, append([]string{"publish", "--no-qr", "--name=a page", path}, inDHT(nodes, cacheDir)...)...)
		at := p.awaitLine("  name    ")
		return p, at[strings.Index(at, "/btpk/"):]
	}
	p, link := publishName(cacheDir)
	if !strings.HasSuffix(link, "/a%20page/") {
		t.Fatal(link)
	}
	if magnet := strings.TrimSpace(p.line()); !strings.HasPrefix(magnet, "magnet:?xs=urn:btpk:"+link[len("/btpk/"):][:64]) {
		t.Error(magnet)
	}
	reader := start(t, append([]string{"serve"}, inDHT(nodes, t.TempDir())...)...)
	greeting := reader.line()
	url, _, _ := strings.Cut(strings.TrimPrefix(greeting, "btgw serves "), "/btih/")
	wants := func(content string, within time.Duration) {
		t.Helper()
		begun, last := time.Now(), ""
		until(t, content+" is read under the name", func() bool {
			status, link, body := reread(t, url+link+"page.txt")
			last = link
			return status == http.StatusOK && body == content
		})
		t.Logf("%s after %v, %s", content, time.Since(begun), last)
		if took := time.Since(begun); took > within {
			t.Errorf("%s after %v", content, took)
		}
		if !strings.HasPrefix(last, "</btih/") || !strings.HasSuffix(last, `/page.txt>; rel="canonical"`) {
			t.Errorf("Link %q", last)
		}
	}
	wants("the first", testTime)
	if err := os.WriteFile(path, []byte("the second"), 0o644); err != nil {
		t.Fatal(err)
	}
	wants("the second", testTime)
	said := time.Now().Unix() // at the latest: it is the sequence number, and the next one has to be higher
	p.signal(syscall.SIGTERM)
	if status := p.status(); status != exitOK {
		t.Errorf("status %d", status)
	}

	// The key is taken elsewhere, where nothing is known of what was said before.
	status, backup, _ := result(t, "name", "export", "--cache-dir="+cacheDir)
	if _, err := names.ParseBackup(backup); status != exitOK || err != nil {
		t.Fatal(status, err)
	}
	other := t.TempDir()
	if status, stderr := resultOf(t, backup, "name", "import", "--cache-dir="+other); status != exitOK {
		t.Fatal(status, stderr)
	}
	if err := os.WriteFile(path, []byte("the third"), 0o644); err != nil {
		t.Fatal(err)
	}
	until(t, "the next second", func() bool { return time.Now().Unix() > said })
	if _, again := publishName(other); again != link {
		t.Errorf("%s after %s", again, link)
	}
	wants("the third", testTime)
}

// TestNameSurvivesKill kills a btgw (SIGKILL) at the moments at which it publishes a name anew, and starts it again on the same
// state: the name stands for what is there then, also for another btgw that knows what it stood for last.
func TestNameSurvivesKill(t *testing.T) {
	t.Parallel()
	nodes := clients.StartDHT(t, 10)
	path := filepath.Join(writeTree(t, map[string]string{"page.txt": "version 0"}), "page.txt")
	cacheDir := t.TempDir()
	publishName := func() *process {
		return start(t, append([]string{"publish", "--no-qr", "--name=page", path}, inDHT(nodes, cacheDir)...)...)
	}
	kept := func() (all string) {
		files, err := filepath.Glob(filepath.Join(cacheDir, namesDir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil && !errors.Is(err, os.ErrNotExist) { // it is replaced whole
				t.Fatal(err)
			}
			all += name + string(b)
		}
		return all
	}
	reader := start(t, append([]string{"serve"}, inDHT(nodes, t.TempDir())...)...)
	url, _, _ := strings.Cut(strings.TrimPrefix(reader.line(), "btgw serves "), "/btih/")
	kill := func(p *process) {
		p.signal(syscall.SIGKILL)
		p.status()
	}
	p := publishName()
	at := p.awaitLine("  name    ")
	link := at[strings.Index(at, "/btpk/"):]
	reads := func(content string) func() bool {
		return func() bool {
			status, _, body := reread(t, url+link+"page.txt")
			return status == http.StatusOK && body == content
		}
	}
	until(t, "the name is read", reads("version 0"))
	kill(p)
	for i, moment := range []struct {
		name string
		wait func(p *process, before string)
	}{
		{"before the name is set", func(p *process, _ string) { p.awaitLine("btgw serves ") }},
		{"as its number is kept", func(_ *process, before string) { until(t, "it is kept", func() bool { return kept() != before }) }},
		{"as it is said", func(p *process, _ string) { p.awaitLine("  name    ") }},
	} {
		content := "version " + strings.Repeat("I", i+1)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		before := kept()
		p := publishName()
		moment.wait(p, before)
		kill(p)
		p = publishName()
		if again := p.awaitLine("  name    "); again[strings.Index(again, "/btpk/"):] != link {
			t.Errorf("killed %s: %s", moment.name, again)
		}
		until(t, "killed "+moment.name+": "+content+" is read", reads(content))
		kill(p)
	}
}

// resultOf runs the binary with a text on its standard input.
func resultOf(t *testing.T, stdin string, args ...string) (status int, stderr string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Getenv(binaryVariable), args...)
	var errs strings.Builder
	cmd.Stdin, cmd.Stderr = strings.NewReader(stdin), &errs
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), errs.String()
}

// What cannot have a name is refused before anything is started.
func TestNameFails(t *testing.T) {
	t.Parallel()
	root := writeTree(t, map[string]string{"a": "x"})
	for _, args := range [][]string{
		{"--name=x", "--no-dht", root},
		{"--name=-", "--dht-bootstrap=127.0.0.1:1", root},
		{"--name=" + strings.Repeat("x", 65), "--dht-bootstrap=127.0.0.1:1", root},
		{"--name=x", "--dht-bootstrap=127.0.0.1:1", root, root + "/a"},
		{"--name=x", "--dht-bootstrap=127.0.0.1:1", "--cache-size=0", root},
	} {
		status, _, stderr := result(t, append([]string{"publish", "--listen=127.0.0.1:0", "--admin-listen=none", "--peer-listen=127.0.0.1:0", "--cache-dir=" + t.TempDir()}, args...)...)
		if status != exitUsage || !strings.Contains(stderr, "--name") {
			t.Errorf("%q: status %d, %q", args, status, stderr)
		}
	}
	if status, _, stderr := result(t, "name", "export", "--cache-dir="+t.TempDir()); status != exitFailed || !strings.Contains(stderr, "no key") {
		t.Error(status, stderr)
	}
	if status, stderr := resultOf(t, "btgw-key-nonsense\n", "name", "import", "--cache-dir="+t.TempDir()); status != exitUsage || !strings.Contains(stderr, "no backup") {
		t.Error(status, stderr)
	}
}
