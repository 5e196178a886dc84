package clients

import (
	_ "embed" // the script
	"encoding/json"
	"testing"
)

//go:embed webtorrent.js
var webTorrentScript string

var nodeProgram = program{"node", "nodejs"}

// SeedWebTorrent seeds a payload by WebTorrent in node, over TCP. It returns when all
// is checked.
func SeedWebTorrent(tb testing.TB, p *Payload, o PartnerOptions) *Partner {
	tb.Helper()
	o.Magnet = false
	w := startWebTorrent(tb, p, p.Dir, o)
	w.says("everything is there")
	return w
}

// LeechWebTorrent begins to download a payload to dir.
func LeechWebTorrent(tb testing.TB, p *Payload, dir string, o PartnerOptions) *Partner {
	tb.Helper()
	w := startWebTorrent(tb, p, dir, o)
	w.says("listening")
	return w
}

func startWebTorrent(tb testing.TB, p *Payload, dir string, o PartnerOptions) *Partner {
	tb.Helper()
	port := FreePort(tb)
	settings := map[string]any{"port": port, "source": o.source(p), "dir": dir, "pex": o.PEX, "encrypted": o.Encrypted}
	if o.WebRTC {
		settings["wrtc"] = partnerProgram("webtorrent", "node_modules", "@roamhq", "wrtc").path
	}
	if o.DHT != nil {
		settings["bootstrap"], settings["dhtPort"] = o.DHT.Addrs()[:3], FreePort(tb)
	}
	text, err := json.Marshal(settings)
	if err != nil {
		tb.Fatal(err)
	}
	library := partnerProgram("webtorrent", "node_modules", "webtorrent").path
	w := &Partner{process: newProcess(tb, nodeProgram, tb.TempDir(), "-e", webTorrentScript, library, string(text)), addr: loopback(port), payload: p, dir: dir}
	stdin, err := w.process.cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { stdin.Close() })
	w.process.start()
	return w
}
