package gateway

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// TestAxe: axe-core finds nothing in the pages that people see, light or dark.
func TestAxe(t *testing.T) {
	t.Parallel()
	g := serve(t, func(cfg *Config) { cfg.FirstByteTimeout = 10 * time.Millisecond })
	odd := oddTorrent(t, g)
	single, _ := g.single(t, "it's one.mkv", 100)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // of a slow machine
	defer cancel()
	browser := clients.StartDevTools(ctx, t)
	for name, path := range map[string]string{
		"start":           "/",
		"torrent":         odd.Path() + "/?view=1",
		"one file":        single.Path() + "/?view=1",
		"folder":          odd.Path() + "/A%20%3Cb%3E%20&%20c/Season%202/?view=1",
		"player":          single.Path() + "/it's%20one.mkv?view=1",
		"unknown":         metainfo.NewV1([20]byte{1}).Path() + "/?view=1",
		"plain torrent":   odd.Path() + "/?format=html",
		"plain file":      single.Path() + "/?format=html",
		"plain directory": odd.Path() + "/A%20%3Cb%3E%20&%20c/Season%202/?format=html",
		"400":             "/btih/x",
		"404":             odd.Path() + "/none",
		"504":             metainfo.NewV1([20]byte{1}).Path() + "/?format=html",
	} {
		browser.Open("http://" + g.addr + path)
		for _, scheme := range []string{"light", "dark"} {
			browser.Prefer(scheme)
			var report axeReport
			browser.Axe(axeOptions, axeThen, &report)
			for _, v := range report.Violations {
				t.Errorf("%s, %s: %s (%s): %s", name, scheme, v.Help, v.ID, v.Nodes)
			}
			if report.Passes < 10 || report.Title == "" || report.Dark != (scheme == "dark") {
				t.Errorf("%s, %s: %d rules hold in %q, dark %v", name, scheme, report.Passes, report.Title, report.Dark)
			}
		}
	}
}

const (
	// axeOptions are the rules of WCAG 2.0 to 2.2, levels A and AA, and what
	// axe-core counts as good practice; except the one against pages that load again
	// by themselves, as that of an error does while what was asked for is looked for.
	axeOptions = `{
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		rules: { "meta-refresh": { enabled: false } },
	}`
	// axeThen makes an axeReport of the results.
	axeThen = `{
		passes: r.passes.length, violations: r.violations, title: document.title,
		dark: matchMedia("(prefers-color-scheme: dark)").matches,
	}`
)

// axeReport is what axe-core found in a page.
type axeReport struct {
	Passes     int    `json:"passes"` // rules
	Title      string `json:"title"`
	Dark       bool   `json:"dark"`
	Violations []struct {
		ID    string          `json:"id"`
		Help  string          `json:"help"`
		Nodes json.RawMessage `json:"nodes"`
	} `json:"violations"`
}
