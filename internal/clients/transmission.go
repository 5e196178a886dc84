package clients

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// Transmission is a transmission-daemon. It takes connections with and without
// encryption; it never dials a loopback address, so that peers have to dial it.
type Transmission struct {
	process *process
	addr    string
	rpc     string

	mu      sync.Mutex
	session string // what its RPC wants to be told against cross-site requests
}

// sessionHeader carries Transmission's session id.
const sessionHeader = "X-Transmission-Session-Id"

// transmissionSeeding is the status of a torrent that is complete and served.
const transmissionSeeding = 6

// StartTransmission starts a daemon that listens. more are settings, by their
// names in its settings.json, that win over what this package sets.
func StartTransmission(tb testing.TB, more ...map[string]any) *Transmission {
	tb.Helper()
	config, downloads := tb.TempDir(), tb.TempDir()
	port, rpc := FreePort(tb), FreePort(tb)
	all := transmissionSettings(port, rpc, downloads)
	for _, m := range more {
		maps.Copy(all, m)
	}
	settings, err := json.Marshal(all)
	if err == nil {
		err = os.WriteFile(filepath.Join(config, "settings.json"), settings, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
	t := &Transmission{
		process: newProcess(tb, transmissionProgram, config, "-f", "-g", config, "--log-error"),
		addr:    loopback(port),
		rpc:     "http://" + loopback(rpc) + "/transmission/rpc",
	}
	// libcurl and its caches look for a home
	t.process.cmd.Env = append(os.Environ(), "HOME="+config)
	t.process.start()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	until(ctx, tb, t.process, "its RPC answered", func() (bool, string) {
		err := t.ask(ctx, "session-get", nil, nil)
		return err == nil, fmt.Sprint(err)
	})
	return t
}

// transmissionSettings keeps a daemon to itself and without limits.
func transmissionSettings(port, rpc int, downloads string) map[string]any {
	return map[string]any{
		"bind-address-ipv4":          "127.0.0.1",
		"bind-address-ipv6":          "::1",
		"peer-port":                  port,
		"peer-port-random-on-start":  false,
		"port-forwarding-enabled":    false,
		"rpc-bind-address":           "127.0.0.1",
		"rpc-port":                   rpc,
		"rpc-whitelist-enabled":      false,
		"rpc-host-whitelist-enabled": false,
		"dht-enabled":                false,
		"lpd-enabled":                false,
		"pex-enabled":                false,
		"utp-enabled":                false,
		"encryption":                 0, // plain is preferred, both are taken
		"download-dir":               downloads,
		"incomplete-dir-enabled":     false,
		"rename-partial-files":       false,
		"trash-can-enabled":          false,
		"download-queue-enabled":     false,
		"seed-queue-enabled":         false,
		"peer-limit-global":          1000,
		"peer-limit-per-torrent":     1000,
		"upload-slots-per-torrent":   1000,
	}
}

// Addr gives where it listens for peers, "127.0.0.1:port".
func (t *Transmission) Addr() string { return t.addr }

// Kill ends it at once, in the middle of whatever it does, and waits for its end.
func (t *Transmission) Kill() { t.process.kill() }

// Seed seeds a payload with a v1 half. It returns when all is checked and peers
// are served.
//
// Transmission gives files other names where they have characters that Windows
// does not take, and wants padding to be there. So it sees the content through
// links, named as it likes.
func (t *Transmission) Seed(p *Payload) {
	tb := t.process.tb
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), workTimeout)
	defer cancel()
	dir := tb.TempDir()
	id := t.add(map[string]any{"metainfo": p.Torrent, "download-dir": dir, "paused": true})
	torrents := t.torrents(ctx, id)
	if len(torrents) != 1 || len(torrents[0].Files) != len(p.Info.Files) {
		tb.Fatalf("transmission sees other files: %+v", torrents)
	}
	for i, file := range torrents[0].Files {
		if err := linkFile(p, &p.Info.Files[i], filepath.Join(dir, file.Name)); err != nil {
			tb.Fatalf("transmission: %v", err)
		}
	}
	for _, method := range []string{"torrent-verify", "torrent-start-now"} {
		if err := t.ask(ctx, method, map[string]any{"ids": []any{id}}, nil); err != nil {
			tb.Fatalf("transmission: %v", err)
		}
	}
	t.wait(ctx, id)
}

// linkFile lets a file of a payload appear at path.
func linkFile(p *Payload, file *metainfo.File, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if !file.Pad {
		return os.Symlink(p.Path(file), path)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return err
	}
	return os.Truncate(path, file.Length)
}

// Download begins to download a .torrent file's content to dir, from any peer that
// dials it. It seeds afterwards.
func (t *Transmission) Download(torrent []byte, dir string) {
	t.process.tb.Helper()
	t.add(map[string]any{"metainfo": torrent, "download-dir": dir})
}

// DownloadMagnet is Download by a magnet link, so that peers have to send the
// metadata too (BEP 9).
func (t *Transmission) DownloadMagnet(magnet, dir string) {
	t.process.tb.Helper()
	t.add(map[string]any{"filename": magnet, "download-dir": dir})
}

// WaitFinished waits until all that it downloads is complete, and served. It
// fails the test when ctx ends before.
func (t *Transmission) WaitFinished(ctx context.Context) {
	t.process.tb.Helper()
	t.wait(ctx, nil)
}

// Uploaded gives the bytes of pieces that it has sent to peers, of all torrents.
func (t *Transmission) Uploaded() int64 {
	t.process.tb.Helper()
	ctx, cancel := context.WithTimeout(t.process.tb.Context(), readyTimeout)
	defer cancel()
	var sum int64
	for _, torrent := range t.torrents(ctx, nil) {
		sum += torrent.UploadedEver
	}
	return sum
}

// add gives it a torrent and returns what RPCs name it by.
func (t *Transmission) add(arguments map[string]any) (id any) {
	tb := t.process.tb
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	var added struct {
		Torrent struct {
			HashString string `json:"hashString"`
		} `json:"torrent-added"`
	}
	if err := t.ask(ctx, "torrent-add", arguments, &added); err != nil {
		tb.Fatalf("transmission: adding a torrent: %v", err)
	}
	if added.Torrent.HashString == "" {
		tb.Fatal("transmission has the torrent already")
	}
	return added.Torrent.HashString
}

// wait waits until a torrent, or all if id is nil, is seeding.
func (t *Transmission) wait(ctx context.Context, id any) {
	t.process.tb.Helper()
	until(ctx, t.process.tb, t.process, "seeding", func() (bool, string) {
		torrents := t.torrents(ctx, id)
		for _, torrent := range torrents {
			if torrent.Error != 0 && torrent.PercentDone < 1 {
				t.process.tb.Fatalf("transmission: %s", torrent.ErrorString)
			}
			if torrent.Status != transmissionSeeding || torrent.PercentDone < 1 {
				return false, fmt.Sprintf("%+v", torrent)
			}
		}
		return len(torrents) > 0, "no torrent"
	})
}

// transmissionTorrent is what the RPC tells of a torrent.
type transmissionTorrent struct {
	Status       int     `json:"status"`
	PercentDone  float64 `json:"percentDone"`
	Error        int     `json:"error"`
	ErrorString  string  `json:"errorString"`
	UploadedEver int64   `json:"uploadedEver"`
	Files        []struct {
		Name string `json:"name"`
	} `json:"files"`
}

// torrents tells of one torrent, or of all if id is nil; of none when ctx has
// ended.
func (t *Transmission) torrents(ctx context.Context, id any) []transmissionTorrent {
	t.process.tb.Helper()
	arguments := map[string]any{"fields": []string{"status", "percentDone", "error", "errorString", "uploadedEver", "files"}}
	if id != nil {
		arguments["ids"] = []any{id}
	}
	var list struct {
		Torrents []transmissionTorrent `json:"torrents"`
	}
	if err := t.ask(ctx, "torrent-get", arguments, &list); err != nil && ctx.Err() == nil {
		t.process.tb.Fatalf("transmission: %v", err)
	}
	return list.Torrents
}

var errSession = errors.New("no session id")

// ask calls a method of the RPC. The first answer of all names the session id
// that it wants to be told.
func (t *Transmission) ask(ctx context.Context, method string, arguments, result any) error {
	err := t.tryAsk(ctx, method, arguments, result)
	if errors.Is(err, errSession) {
		err = t.tryAsk(ctx, method, arguments, result)
	}
	return err
}

func (t *Transmission) tryAsk(ctx context.Context, method string, arguments, result any) error {
	t.mu.Lock()
	header := http.Header{sessionHeader: {t.session}}
	t.mu.Unlock()
	resp, body, err := post(ctx, t.rpc, header, map[string]any{"method": method, "arguments": arguments})
	if err != nil {
		return err
	}
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusConflict:
		t.mu.Lock()
		t.session = resp.Header.Get(sessionHeader)
		t.mu.Unlock()
		return errSession
	default:
		return statusError(resp, body)
	}
	var answer struct {
		Result    string          `json:"result"`
		Arguments json.RawMessage `json:"arguments"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	if answer.Result != "success" {
		return fmt.Errorf("%s: %s", method, answer.Result)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer.Arguments, result)
}
