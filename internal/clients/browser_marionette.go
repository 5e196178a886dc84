package clients

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Marionette is a Firefox that a test steers, by its protocol of that name: JSON behind its length, over TCP. Its
// methods are for one goroutine, that of the test.
type Marionette struct {
	tb   testing.TB
	conn net.Conn
	from *bufio.Reader
	last int // command
}

// StartFirefox starts a Firefox with an empty page, as people have it: policies hold, and nothing plays with sound
// before a click. It works until the end of the test; whatever takes longer than ctx fails the test.
func StartFirefox(ctx context.Context, tb testing.TB) *Marionette {
	tb.Helper()
	dir := tb.TempDir()
	profile := filepath.Join(dir, "profile")
	settings := strings.NewReplacer(`"media.autoplay.default", 0`, `"media.autoplay.default", 1`).Replace(firefoxSettings)
	writeFile(tb, filepath.Join(profile, "user.js"), strings.NewReader(settings+`user_pref("marionette.port", 0);`+"\n"))
	p := newProcess(tb, Browsers[1].program, dir, "--headless", "--no-remote", "--marionette", "--profile", profile, "about:blank")
	p.cmd.Env = append(withoutProxies(), "HOME="+dir)
	p.start()
	m := &Marionette{tb: tb}
	m.conn = marionetteConn(ctx, tb, p, profile)
	tb.Cleanup(func() { m.conn.Close() })
	if deadline, ok := ctx.Deadline(); ok {
		_ = m.conn.SetDeadline(deadline)
	}
	m.from = bufio.NewReader(m.conn)
	m.receive() // who it is
	m.call("WebDriver:NewSession", map[string]any{}, nil)
	m.call("WebDriver:SetTimeouts", map[string]any{"script": time.Hour.Milliseconds(), "pageLoad": time.Hour.Milliseconds()}, nil)
	return m
}

// marionetteConn connects to the port that a Firefox writes into its profile.
func marionetteConn(ctx context.Context, tb testing.TB, p *process, profile string) net.Conn {
	tb.Helper()
	for {
		select {
		case <-p.ended:
			tb.Fatalf("Firefox ended: %v", p.err)
		case <-ctx.Done():
			tb.Fatalf("Firefox: %v", context.Cause(ctx))
		case <-time.After(pollInterval):
		}
		port, err := os.ReadFile(filepath.Join(profile, "MarionetteActivePort"))
		if err != nil {
			continue // it is not ready
		}
		if conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", string(port))); err == nil {
			return conn
		}
	}
}

// Open opens a page and waits until it is loaded.
func (m *Marionette) Open(url string) {
	m.tb.Helper()
	m.call("WebDriver:Navigate", map[string]any{"url": url}, nil)
}

// Evaluate runs a script in the page, waits for what it promises, and puts what that becomes, as JSON, into result. A
// script that throws fails the test.
func (m *Marionette) Evaluate(script string, result any) {
	m.tb.Helper()
	if err := m.evaluate(script, result); err != nil {
		m.tb.Fatalf("Firefox: %v", err)
	}
}

func (m *Marionette) evaluate(script string, result any) error {
	m.tb.Helper()
	var answer struct {
		Value struct {
			Value json.RawMessage `json:"value"`
			Error string          `json:"error"`
		} `json:"value"`
	}
	quoted, _ := json.Marshal(script) // a string
	wrapped := `const done = arguments[0];
		(async () => (0, eval)(` + string(quoted) + `))().then((value) => done({value}), (e) => done({error: String(e)}));`
	if err := m.try("WebDriver:ExecuteAsyncScript", map[string]any{"script": wrapped, "args": []any{}, "sandbox": nil}, &answer); err != nil {
		return err
	}
	if answer.Value.Error != "" {
		return fmt.Errorf("the script threw %s", answer.Value.Error)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer.Value.Value, result)
}

// Until waits until a script's expression is true in the page, which may load another one meanwhile. What never is
// fails the test with the context given at the start.
func (m *Marionette) Until(expression string) {
	m.tb.Helper()
	for {
		var is bool
		if err := m.evaluate(`(() => { try { return !!(`+expression+`); } catch { return false; } })()`, &is); err == nil && is {
			return
		}
		time.Sleep(pollInterval)
	}
}

// Click clicks on an element, as a person does.
func (m *Marionette) Click(selector string) {
	m.tb.Helper()
	var found struct {
		Value map[string]string `json:"value"`
	}
	m.call("WebDriver:FindElement", map[string]any{"using": "css selector", "value": selector}, &found)
	for _, id := range found.Value {
		m.call("WebDriver:ElementClick", map[string]any{"id": id}, nil)
	}
}

// call runs a command and waits for its answer.
func (m *Marionette) call(name string, params map[string]any, result any) {
	m.tb.Helper()
	if err := m.try(name, params, result); err != nil {
		m.tb.Fatalf("Firefox: %s: %v", name, err)
	}
}

// try is call that returns what Firefox has against the command.
func (m *Marionette) try(name string, params map[string]any, result any) error {
	m.tb.Helper()
	m.last++
	raw, err := json.Marshal([]any{0, m.last, name, params})
	if err != nil {
		m.tb.Fatal(err)
	}
	if _, err := fmt.Fprintf(m.conn, "%d:%s", len(raw), raw); err != nil {
		m.tb.Fatalf("Firefox: %s: %v", name, err)
	}
	var answer [4]json.RawMessage // 1, the command's number, what is wrong, the result
	if err := json.Unmarshal(m.receive(), &answer); err != nil {
		m.tb.Fatalf("Firefox: %s: %v", name, err)
	}
	if string(answer[2]) != "null" {
		return fmt.Errorf("%s", answer[2])
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer[3], result)
}

// receive waits for the next message.
func (m *Marionette) receive() []byte {
	m.tb.Helper()
	length, err := m.from.ReadString(':')
	n, err2 := strconv.Atoi(strings.TrimSuffix(length, ":"))
	if err != nil || err2 != nil || n < 0 || n > maxAnswer {
		m.tb.Fatalf("Firefox: a message of %q bytes: %v", length, err)
	}
	raw := make([]byte, n)
	if _, err := io.ReadFull(m.from, raw); err != nil {
		m.tb.Fatalf("Firefox: %v", err)
	}
	return raw
}
