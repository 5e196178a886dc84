package clients

import (
	"bufio"
	"context"
	_ "embed" // axe-core
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// DevTools is a Chromium that a test steers: one page of it, by the Chrome
// DevTools Protocol through pipes (--remote-debugging-pipe). Its methods are for
// one goroutine, that of the test.
type DevTools struct {
	tb      testing.TB
	to      *os.File
	from    *bufio.Reader
	session string // the page's
	last    int    // request
	process *process

	requests, complaints []string // since Watch
}

// devToolsMessage is a request's answer, or an event.
type devToolsMessage struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// StartDevTools starts a Chromium with an empty page, whose scripts no
// Content-Security-Policy holds up. It works until the end of the test; whatever
// takes longer than ctx fails the test.
func StartDevTools(ctx context.Context, tb testing.TB) *DevTools {
	tb.Helper()
	d := StartChromium(ctx, tb)
	d.call("Page.setBypassCSP", map[string]any{"enabled": true}, nil)
	return d
}

// StartChromium starts a Chromium with an empty page, as people have it: policies hold, and nothing plays
// with sound before a click.
func StartChromium(ctx context.Context, tb testing.TB) *DevTools {
	tb.Helper()
	dir := tb.TempDir()
	arguments := append(chromiumArguments(filepath.Join(dir, "profile")), "--remote-debugging-pipe", "--autoplay-policy=document-user-activation-required")
	p := newProcess(tb, Browsers[0].program, dir, arguments...)
	p.cmd.Env = append(withoutProxies(), "HOME="+dir)
	theirIn, to := filePipe(tb)
	from, theirOut := filePipe(tb)
	p.cmd.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4, where it looks for them
	p.start()
	theirIn.Close()
	theirOut.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = to.SetWriteDeadline(deadline)
		_ = from.SetReadDeadline(deadline)
	}
	d := &DevTools{tb: tb, to: to, from: bufio.NewReader(from), process: p}
	var target struct {
		ID string `json:"targetId"`
	}
	d.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		Session string `json:"sessionId"`
	}
	d.call("Target.attachToTarget", map[string]any{"targetId": target.ID, "flatten": true}, &attached)
	d.session = attached.Session
	d.call("Page.enable", nil, nil)
	return d
}

// Close ends the browser before the test does.
func (d *DevTools) Close() { d.process.kill() }

func filePipe(tb testing.TB) (r, w *os.File) {
	tb.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		r.Close()
		w.Close()
	})
	return r, w
}

// Prefer shows pages, the open one too, as to somebody who prefers a colour
// scheme: "light" or "dark".
func (d *DevTools) Prefer(scheme string) {
	d.tb.Helper()
	d.call("Emulation.setEmulatedMedia", map[string]any{
		"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}},
	}, nil)
}

// Open opens a page and waits until it is loaded.
func (d *DevTools) Open(url string) {
	d.tb.Helper()
	var navigated struct {
		Error string `json:"errorText"`
	}
	d.call("Page.navigate", map[string]any{"url": url}, &navigated)
	if navigated.Error != "" && navigated.Error != "net::ERR_HTTP_RESPONSE_CODE_FAILURE" { // a page of an error is a page
		d.tb.Fatalf("Chromium: %s: %s", url, navigated.Error)
	}
	for d.receive().Method != "Page.loadEventFired" {
	}
}

// Evaluate runs a script in the page, waits for what it promises, and puts what
// that becomes, as JSON, into result. A script that throws fails the test.
func (d *DevTools) Evaluate(script string, result any) {
	d.tb.Helper()
	var answer struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Thrown json.RawMessage `json:"exceptionDetails"`
	}
	d.call("Runtime.evaluate", map[string]any{"expression": script, "awaitPromise": true, "returnByValue": true}, &answer)
	if answer.Thrown != nil {
		d.tb.Fatalf("Chromium: %s", answer.Thrown)
	}
	if result == nil {
		return
	}
	if err := json.Unmarshal(answer.Result.Value, result); err != nil {
		d.tb.Fatalf("Chromium: the script gave %s: %v", answer.Result.Value, err)
	}
}

// call makes a request and waits for its answer. Events that come before are lost.
func (d *DevTools) call(method string, params map[string]any, result any) {
	d.tb.Helper()
	if err := d.try(method, params, result); err != nil {
		d.tb.Fatalf("Chromium: %s: %v", method, err)
	}
}

// try is call that returns what Chromium has against the request.
func (d *DevTools) try(method string, params map[string]any, result any) error {
	d.tb.Helper()
	d.last++
	request := map[string]any{"id": d.last, "method": method, "params": params}
	if d.session != "" {
		request["sessionId"] = d.session
	}
	raw, err := json.Marshal(request)
	if err != nil {
		d.tb.Fatal(err)
	}
	if _, err := d.to.Write(append(raw, 0)); err != nil {
		d.tb.Fatalf("Chromium: %s: %v", method, err)
	}
	for {
		m := d.receive()
		if m.ID != d.last {
			continue
		}
		if m.Error != nil {
			return errors.New(m.Error.Message)
		}
		if result != nil {
			return json.Unmarshal(m.Result, result)
		}
		return nil
	}
}

// receive waits for the next message: JSON that ends with a zero byte.
func (d *DevTools) receive() (m devToolsMessage) {
	d.tb.Helper()
	raw, err := d.from.ReadBytes(0)
	if err == nil {
		err = json.Unmarshal(raw[:len(raw)-1], &m)
	}
	if err != nil {
		d.tb.Fatalf("Chromium: %v", err)
	}
	d.note(m)
	return m
}

// axeScript is axe-core 4.14.1 as its npm package has it, unchanged (MPL-2.0, see
// LICENSE beside it).
//
//go:embed testdata/axe-core/axe.min.js
var axeScript string

// Axe has axe-core look for what keeps people from using the open page, with
// options of axe.run, and puts what the script then makes of the results (r) into
// result.
func (d *DevTools) Axe(options, then string, result any) {
	d.tb.Helper()
	var loaded bool
	d.Evaluate(`"axe" in window`, &loaded)
	if !loaded {
		d.Evaluate(axeScript, nil)
	}
	d.Evaluate(fmt.Sprintf("axe.run(document, %s).then((r) => (%s))", options, then), result)
}
