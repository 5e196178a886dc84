package clients

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func rainProgram() program { return partnerProgram("bin", "rain") }

// SeedRain seeds a payload by rain. It returns when it listens, which it does once all is
// checked.
func SeedRain(tb testing.TB, p *Payload, o PartnerOptions) *Partner {
	tb.Helper()
	o.Magnet = false
	return startRain(tb, p, p.Dir, o)
}

// LeechRain begins to download a payload to dir.
func LeechRain(tb testing.TB, p *Payload, dir string, o PartnerOptions) *Partner {
	tb.Helper()
	return startRain(tb, p, dir, o)
}

func startRain(tb testing.TB, p *Payload, dir string, o PartnerOptions) *Partner {
	tb.Helper()
	port, home := FreePort(tb), tb.TempDir()
	settings := map[string]any{
		"database": filepath.Join(home, "session.db"), "datadir": dir, "datadirincludestorrentid": false,
		"host": "127.0.0.1", "portbegin": port, "portend": port + 1, "rpcenabled": false,
		"pexenabled": o.PEX, "dhtenabled": false,
		"forceincomingencryption": o.Encrypted, "forceoutgoingencryption": o.Encrypted,
	}
	text, err := json.Marshal(settings) // which is YAML too
	if err != nil {
		tb.Fatal(err)
	}
	config := filepath.Join(home, "config.yaml")
	if err := os.WriteFile(config, text, 0o600); err != nil {
		tb.Fatal(err)
	}
	r := &Partner{process: newProcess(tb, rainProgram(), dir, "download", "--config="+config, "--seed", "--resume="+filepath.Join(home, "resume"), "--torrent="+o.source(p)), addr: loopback(port), payload: p, dir: dir}
	r.process.cmd.Env = append(os.Environ(), "HOME="+home)
	r.process.start()
	r.listens()
	return r
}
