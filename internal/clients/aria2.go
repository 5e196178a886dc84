package clients

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Aria2 is an aria2 that seeds or leeches one torrent. It finds peers by
// trackers, or is dialled.
type Aria2 struct {
	process *process
	addr    string
	rpc     string // "" where it has none
}

// aria2Args keeps an aria2 to itself. It ends when this process does.
func aria2Args(dir string) []string {
	return []string{
		"--no-conf=true", "--no-netrc=true", "--dir=" + dir,
		"--stop-with-process=" + strconv.Itoa(os.Getpid()),
		"--show-console-readout=false", "--summary-interval=0", "--enable-color=false",
		"--console-log-level=notice", "--async-dns=false", "--disable-ipv6=true",
		"--file-allocation=none", "--allow-overwrite=true", "--auto-file-renaming=false",
	}
}

// torrentArgs makes it a peer that listens on a port.
func torrentArgs(port int) []string {
	return []string{
		"--listen-port=" + strconv.Itoa(port), "--interface=127.0.0.1",
		"--enable-dht=false", "--enable-dht6=false",
		"--enable-peer-exchange=false", "--bt-enable-lpd=false",
		"--bt-max-peers=0", "--bt-tracker-interval=" + strconv.Itoa(aria2Interval),
		"--check-integrity=true",
	}
}

// SeedAria2 seeds a payload. It returns when all is checked and peers are served.
// options are more of aria2's ("--bt-require-crypto=true").
func SeedAria2(tb testing.TB, p *Payload, options ...string) *Aria2 {
	tb.Helper()
	port, rpc := FreePort(tb), FreePort(tb)
	args := append(aria2Args(p.Dir), torrentArgs(port)...)
	args = append(args, "--enable-rpc=true", "--rpc-listen-port="+strconv.Itoa(rpc), "--seed-ratio=0.0")
	args = append(append(args, options...), p.TorrentPath)
	a := &Aria2{
		process: newProcess(tb, aria2Program, tb.TempDir(), args...),
		addr:    loopback(port),
		rpc:     "http://" + loopback(rpc) + "/jsonrpc",
	}
	a.process.start()
	ctx, cancel := context.WithTimeout(tb.Context(), workTimeout)
	defer cancel()
	until(ctx, tb, a.process, "seeding", func() (bool, string) {
		d, err := a.active(ctx)
		return err == nil && d.Seeder == "true" && d.Completed == d.Total, fmt.Sprintf("%+v, %v", d, err)
	})
	return a
}

// LeechAria2 begins to download a torrent to dir, from peers that its trackers
// tell and from those that dial it. source is a .torrent file's path or a magnet
// link. It ends when it is done, without seeding. options are more of aria2's
// ("--max-download-limit=1M"), without a port. It returns once those that dial it
// are let in, or it has ended: btgw does not dial for long who is not there.
func LeechAria2(tb testing.TB, source, dir string, options ...string) *Aria2 {
	tb.Helper()
	return LeechAria2At(tb, FreePort(tb), source, dir, options...)
}

// LeechAria2At is LeechAria2 at a port.
func LeechAria2At(tb testing.TB, port int, source, dir string, options ...string) *Aria2 {
	tb.Helper()
	args := append(aria2Args(dir), torrentArgs(port)...)
	args = append(args, "--seed-time=0")
	args = append(args, options...)
	a := &Aria2{process: newProcess(tb, aria2Program, tb.TempDir(), append(args, source)...), addr: loopback(port)}
	a.process.start()
	for end := time.Now().Add(readyTimeout); !a.listens(); time.Sleep(pollInterval) {
		if time.Now().After(end) {
			tb.Fatalf("aria2 does not listen after %v", readyTimeout)
		}
	}
	return a
}

// listens tells whether peers can connect to it, or it has ended.
func (a *Aria2) listens() bool {
	select {
	case <-a.process.ended:
		return true
	default:
	}
	c, err := net.Dial("tcp", a.addr)
	if err == nil {
		c.Close()
	}
	return err == nil
}

// Aria2HTTP downloads a URL to the file out, over n connections (at most 16) that
// ask for ranges. It returns when all is there. options are more of aria2's, as
// for LeechAria2.
func Aria2HTTP(tb testing.TB, url string, n int, out string, options ...string) {
	tb.Helper()
	args := append(aria2Args(filepath.Dir(out)), "--out="+filepath.Base(out),
		"--split="+strconv.Itoa(n), "--max-connection-per-server="+strconv.Itoa(n), "--min-split-size=1M",
		"--max-tries=1", "--follow-torrent=false", "--remote-time=false")
	args = append(args, options...)
	p := newProcess(tb, aria2Program, tb.TempDir(), append(args, url)...)
	p.start()
	ctx, cancel := context.WithTimeout(tb.Context(), workTimeout)
	defer cancel()
	(&Aria2{process: p}).WaitFinished(ctx)
}

// Addr gives where it listens for peers, "127.0.0.1:port".
func (a *Aria2) Addr() string { return a.addr }

// Kill ends it at once, in the middle of whatever it does, and waits for its end.
func (a *Aria2) Kill() { a.process.kill() }

// WaitFinished waits until a leecher is done and has ended. It fails the test
// when that went wrong, or when ctx ends before.
func (a *Aria2) WaitFinished(ctx context.Context) {
	tb := a.process.tb
	tb.Helper()
	select {
	case <-a.process.ended:
		if a.process.err != nil {
			tb.Fatalf("aria2: %v", a.process.err)
		}
	case <-ctx.Done():
		tb.Fatalf("aria2 is not done: %v", ctx.Err())
	}
}

// aria2Download is what the RPC tells of a download.
type aria2Download struct {
	Status    string `json:"status"`
	Seeder    string `json:"seeder"` // "true" or "false"
	Completed string `json:"completedLength"`
	Total     string `json:"totalLength"`
}

// active tells of the only download.
func (a *Aria2) active(ctx context.Context) (aria2Download, error) {
	resp, body, err := post(ctx, a.rpc, http.Header{}, map[string]any{
		"jsonrpc": "2.0", "id": "1", "method": "aria2.tellActive", "params": []any{},
	})
	if err != nil {
		return aria2Download{}, err
	}
	if resp.StatusCode != http.StatusOK {
		return aria2Download{}, statusError(resp, body)
	}
	var answer struct {
		Result []aria2Download `json:"result"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return aria2Download{}, err
	}
	if len(answer.Result) == 0 {
		return aria2Download{}, errors.New("no download")
	}
	return answer.Result[0], nil
}
