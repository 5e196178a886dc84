package gateway

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/access"
)

// logBuffer is what an access log writes to.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// line waits for the next line: it is written after its answer.
func (b *logBuffer) line(t *testing.T) string {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		b.mu.Lock()
		line, err := b.text.ReadString('\n')
		b.mu.Unlock()
		if err == nil {
			return line
		}
	}
	t.Fatal("no line")
	return ""
}

func TestAccessLogJSON(t *testing.T) {
	t.Parallel()
	var log logBuffer
	g, keys := signing(t, func(cfg *Config) {
		cfg.AccessLog, cfg.TrustedProxies = NewAccessLog(&log, false), []string{"127.0.0.1"}
	})
	hash, _ := g.single(t, "a.mkv", 1000)
	p := signed(t, keys, access.Link{Path: hash.Path() + "/a.mkv"}, "")
	lines := []string{"X-Forwarded-For: 192.0.2.7", "Range: bytes=100-199", "User-Agent: player/1", "Referer: https://example.org/s/secret/page?token=secret", "Cookie: btgw=secret", "Authorization: Bearer secret"}
	for path, status := range map[string]int{
		hash.Path() + "/a.mkv?tr=http%3A%2F%2Ft.example%2Fsecret%2Fannounce&" + p.Query(): 206,
		LinkPrefix + p.Token() + hash.Path() + "/a.mkv":                                   206,
		hash.Path() + "/a.mkv?s=secret&e=1&k=x":                                           403,
	} {
		g.get(t, path, lines...)
		text := log.line(t)
		var line accessLine
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if line.Status != status || line.Client.String() != "192.0.2.7" || line.Method != "GET" || line.Range != "bytes=100-199" || line.InfoHash != hash.String() ||
			line.Agent != "player/1" || line.Referer != "https://example.org/" || line.FirstByte <= 0 || line.Seconds < line.FirstByte || !strings.HasSuffix(line.Path, hash.Path()+"/a.mkv") {
			t.Errorf("%s: %s", path, text)
		}
		if status == 206 && (line.Bytes != 100 || line.Source != "cache") {
			t.Errorf("%s: %s", path, text)
		}
		for _, secret := range []string{"secret", "t.example", p.Sum} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is told: %s", secret, text)
			}
		}
	}
}

// A combined line is what the programs that read logs take, whatever a client says.
func TestAccessLogCombined(t *testing.T) {
	t.Parallel()
	var log logBuffer
	g := serve(t, func(cfg *Config) { cfg.AccessLog = NewAccessLog(&log, true) })
	hash, _ := g.single(t, "a.mkv", 1000)
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) { c.fail = func(int) error { return io.ErrUnexpectedEOF } })
	g.get(t, hash.Path()+"/a.mkv", "User-Agent: \"x\t é\\\" 200 1")
	setHook(g.backend, &g.backend.onOpen, nil)
	form := regexp.MustCompile(`^127\.0\.0\.1 - - \[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET /btih/[0-9a-f]{40}/a\.mkv HTTP/1\.1" (\d{3}) (\d+) "-" "((?:[^"\\]|\\.)*)" ([0-9a-f]{40}|-) "-" (cache|part|swarm|-) \d+\.\d{6}\n$`)
	if text := log.line(t); !form.MatchString(text) {
		t.Errorf("%q", text)
	}
	g.get(t, hash.Path()+"/a.mkv")
	if text := log.line(t); !form.MatchString(text) || form.FindStringSubmatch(text)[2] != "1000" {
		t.Errorf("%q", text)
	}
}
