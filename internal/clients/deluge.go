package clients

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var (
	delugeProgram        = program{"deluged", "deluged"}
	delugeConsoleProgram = program{"deluge-console", "deluge-console"}
)

// SeedDeluge seeds a payload by Deluge. It returns when all is checked.
func SeedDeluge(tb testing.TB, p *Payload, o PartnerOptions) *Partner {
	tb.Helper()
	d := startDeluge(tb, p, p.Dir, o)
	d.add(p.TorrentPath)
	ctx, cancel := context.WithTimeout(tb.Context(), workTimeout)
	defer cancel()
	until(ctx, tb, d.process, "seeding", func() (bool, string) {
		out, err := d.console("info")
		return err == nil && strings.Contains(out, "[S]") || strings.Contains(out, "State: Seeding"), out
	})
	return &d.Partner
}

// LeechDeluge begins to download a payload to dir.
func LeechDeluge(tb testing.TB, p *Payload, dir string, o PartnerOptions) *Partner {
	tb.Helper()
	d := startDeluge(tb, p, dir, o)
	d.add(o.source(p))
	return &d.Partner
}

// deluge is a daemon, and where it is talked to.
type deluge struct {
	Partner
	config string
	rpc    int
}

func startDeluge(tb testing.TB, p *Payload, dir string, o PartnerOptions) *deluge {
	tb.Helper()
	port := FreePort(tb)
	d := &deluge{config: tb.TempDir(), rpc: FreePort(tb)}
	if err := d.configure(port, o); err != nil {
		tb.Fatal(err)
	}
	d.Partner = Partner{
		process: newProcess(tb, delugeProgram, d.config, "-d", "-c", d.config, "-i", "127.0.0.1", "-u", "127.0.0.1", "-p", strconv.Itoa(d.rpc)),
		addr:    loopback(port), payload: p, dir: dir,
	}
	d.process.start()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	until(ctx, tb, d.process, "it answers", func() (bool, string) {
		out, err := d.console("status")
		return err == nil && strings.Contains(out, "Total upload"), out
	})
	return d
}

// configure writes the daemon's settings: two JSON documents, one after the other.
func (d *deluge) configure(port int, o PartnerOptions) error {
	const forced, enabled, rc4, either = 0, 1, 1, 2
	policy, level := enabled, either
	if o.Encrypted {
		policy, level = forced, rc4
	}
	settings, err := json.Marshal(map[string]any{
		"listen_ports": []int{port, port}, "random_port": false, "listen_random_port": nil, "listen_use_sys_port": false,
		"daemon_port": d.rpc, "allow_remote": false, "new_release_check": false,
		"dht": false, "upnp": false, "natpmp": false, "lsd": false, "utpex": o.PEX,
		"enc_in_policy": policy, "enc_out_policy": policy, "enc_level": level,
		"pre_allocate_storage": false, "add_paused": false,
	})
	if err != nil {
		return err
	}
	for name, text := range map[string]string{
		"core.conf": `{"file": 1, "format": 1}` + string(settings),
		"auth":      "localclient:" + delugeSecret + ":10\n",
	} {
		if err := os.WriteFile(filepath.Join(d.config, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// delugeSecret is the password of a daemon that this machine alone can reach.
const delugeSecret = "btgw"

// console runs a command of deluge-console.
func (d *deluge) console(command string) (string, error) {
	cmd := exec.Command(delugeConsoleProgram.path, "-c", d.config, "-d", "127.0.0.1", "-p", strconv.Itoa(d.rpc),
		"-U", "localclient", "-P", delugeSecret, command)
	cmd.Env = append(os.Environ(), "HOME="+d.config, "TERM=dumb")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// add gives it a torrent: a file or a magnet link.
func (d *deluge) add(source string) {
	tb := d.process.tb
	tb.Helper()
	out, err := d.console(fmt.Sprintf("add -p %s %s", quoteArg(d.dir), quoteArg(source)))
	if err != nil || !strings.Contains(out, "added") {
		tb.Fatalf("deluge-console add: %v: %s", err, out)
	}
}

// quoteArg quotes an argument for deluge-console, which splits as a shell does.
func quoteArg(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
