package clients

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Resize shows pages in a window of so many pixels.
func (d *DevTools) Resize(width, height int) {
	d.tb.Helper()
	d.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
}

// WithoutScripts shows pages as a browser does that runs no scripts of theirs. Those of Evaluate run.
func (d *DevTools) WithoutScripts() {
	d.tb.Helper()
	d.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
}

// Before runs a script in each page that is opened from now on, before the page's own.
func (d *DevTools) Before(script string) {
	d.tb.Helper()
	d.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": script}, nil)
}

// Screenshot writes what the page shows, all of it down to most pixels, as a PNG.
func (d *DevTools) Screenshot(path string, most int) {
	d.tb.Helper()
	var size struct{ W, H int }
	d.Evaluate(`({W: innerWidth, H: Math.max(innerHeight, document.documentElement.scrollHeight)})`, &size)
	var shot struct {
		Data string `json:"data"`
	}
	d.call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true,
		"clip": map[string]any{"x": 0, "y": 0, "width": size.W, "height": min(size.H, most), "scale": 1}}, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o755)
	}
	if err == nil {
		err = os.WriteFile(path, data, 0o644)
	}
	if err != nil {
		d.tb.Fatal(err)
	}
}

// Click clicks on an element, as a person does, in the middle of it, once it stands still there.
func (d *DevTools) Click(selector string) {
	d.tb.Helper()
	quoted, _ := json.Marshal(selector) // a string
	place := fmt.Sprintf(`(() => { const e = document.querySelector(%s); e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return {X: r.x + r.width / 2, Y: r.y + r.height / 2}; })()`, quoted)
	var at, before struct{ X, Y float64 }
	d.Evaluate(place, &at)
	for still := 0; still < stillLooks; { // a page without scripts has no timers
		time.Sleep(stillDelay)
		before = at
		if d.Evaluate(place, &at); at == before {
			still++
		} else {
			still = 0
		}
	}
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		d.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil)
	}
}

// Key presses a key, by its name in DOM: "n", "ArrowRight".
func (d *DevTools) Key(name string) {
	d.tb.Helper()
	press := map[string]any{"type": "keyDown", "key": name}
	if len(name) == 1 {
		press["text"] = name
	}
	d.call("Input.dispatchKeyEvent", press, nil)
	d.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": name}, nil)
}

// Until waits until a script's expression is true in the page, which may load another one meanwhile. What never is
// fails the test with the context given at the start.
func (d *DevTools) Until(expression string) {
	d.tb.Helper()
	script := `(() => { try { return !!(` + expression + `); } catch { return false; } })()` // a timer of the page's would need its scripts
	for {
		var answer struct {
			Result struct {
				Value bool `json:"value"`
			} `json:"result"`
		}
		if err := d.try("Runtime.evaluate", map[string]any{"expression": script, "returnByValue": true}, &answer); err == nil && answer.Result.Value {
			return
		}
		time.Sleep(pollInterval)
	}
}

// Watch has what pages ask for and complain of kept, for Requests and Complaints.
func (d *DevTools) Watch() {
	d.tb.Helper()
	d.call("Network.enable", nil, nil)
	d.call("Runtime.enable", nil, nil)
	d.call("Log.enable", nil, nil)
}

// Requests are the URLs that pages asked for since Watch.
func (d *DevTools) Requests() []string { return d.requests }

// Complaints are the errors of pages since Watch: of their scripts, and of their policies.
func (d *DevTools) Complaints() []string { return d.complaints }

// note keeps what an event tells.
func (d *DevTools) note(m devToolsMessage) {
	var event struct {
		Request struct {
			URL string `json:"url"`
		} `json:"request"`
		Entry struct {
			Level string `json:"level"`
			Text  string `json:"text"`
			URL   string `json:"url"`
		} `json:"entry"`
		Thrown json.RawMessage `json:"exceptionDetails"`
	}
	if m.Method == "" || json.Unmarshal(m.Params, &event) != nil {
		return
	}
	switch m.Method {
	case "Network.requestWillBeSent":
		d.requests = append(d.requests, event.Request.URL)
	case "Log.entryAdded":
		if event.Entry.Level == "error" {
			d.complaints = append(d.complaints, event.Entry.Text+" "+event.Entry.URL)
		}
	case "Runtime.exceptionThrown":
		d.complaints = append(d.complaints, string(event.Thrown))
	}
}
