package clients

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// Opentracker is a tracker for HTTP and UDP. Debian's build serves the torrents
// of its whitelist alone.
type Opentracker struct {
	process   *process
	addr      string
	whitelist string
	allowed   []metainfo.InfoHash
	lists     byte // how many whitelists were written
}

// StartOpentracker starts a tracker that serves the given torrents. More can
// follow with Allow, since the torrents may have to know the tracker first.
func StartOpentracker(tb testing.TB, hashes ...metainfo.InfoHash) *Opentracker {
	tb.Helper()
	dir := tb.TempDir()
	port := FreePort(tb)
	args := []string{"-i", "127.0.0.1", "-p", strconv.Itoa(port), "-P", strconv.Itoa(port), "-d", dir, "-w", "whitelist"}
	if os.Geteuid() == 0 {
		args = append(args, "-u", "nobody") // it will not serve as root
	}
	o := &Opentracker{
		process:   newProcess(tb, opentrackerProgram, dir, args...),
		addr:      loopback(port),
		whitelist: filepath.Join(dir, "whitelist"),
	}
	o.allowed = slices.Clone(hashes)
	if err := o.writeWhitelist(); err != nil {
		tb.Fatal(err)
	}
	o.process.start()
	o.awaitAllowed()
	return o
}

// HTTP gives its announce URL.
func (o *Opentracker) HTTP() string { return "http://" + o.addr + "/announce" }

// UDP gives its announce URL (BEP 15).
func (o *Opentracker) UDP() string { return "udp://" + o.addr + "/announce" }

// PID is its process's.
func (o *Opentracker) PID() int { return o.process.cmd.Process.Pid }

// Kill ends it at once and waits for its end.
func (o *Opentracker) Kill() { o.process.kill() }

// Allow serves more torrents. It returns when the tracker takes announces of
// them. Not for concurrent use.
func (o *Opentracker) Allow(hashes ...metainfo.InfoHash) {
	tb := o.process.tb
	tb.Helper()
	o.allowed = append(o.allowed, hashes...)
	err := o.writeWhitelist()
	if err == nil {
		err = o.process.cmd.Process.Signal(syscall.SIGHUP) // read it again
	}
	if err != nil {
		tb.Fatalf("opentracker: %v", err)
	}
	o.awaitAllowed()
}

func (o *Opentracker) writeWhitelist() error {
	o.lists++
	var b strings.Builder
	for _, h := range append(slices.Clone(o.allowed), o.mark()) {
		fmt.Fprintf(&b, "%x\n", h.Wire())
	}
	return os.WriteFile(o.whitelist, []byte(b.String()), 0o644) // it reads it as another user
}

// mark is a torrent that is of the last whitelist alone.
func (o *Opentracker) mark() metainfo.InfoHash { return metainfo.NewV1([20]byte{o.lists}) }

// awaitAllowed waits until the last whitelist is in force: the tracker reads it in
// a thread of its own, and then takes all of it at once.
func (o *Opentracker) awaitAllowed() {
	tb := o.process.tb
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	until(ctx, tb, o.process, "it took its whitelist", func() (bool, string) {
		answer, err := o.announce(ctx, o.mark())
		return err == nil && strings.HasPrefix(answer, "d8:complete"), fmt.Sprintf("%q, %v", answer, err)
	})
}

// announce gives the answer to a client that comes. It says nothing of the
// whitelist to one that stops: that one is always told that all is well.
func (o *Opentracker) announce(ctx context.Context, h metainfo.InfoHash) (string, error) {
	wire := h.Wire()
	query := url.Values{"info_hash": {string(wire[:])}, "peer_id": {"-XX0000-aaaaaaaaaaaa"}, "port": {"1"}}
	// this tracker does not know "+" for a space
	text := strings.ReplaceAll(query.Encode(), "+", "%20")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.HTTP()+"?"+text, http.NoBody)
	if err != nil {
		return "", err
	}
	_, body, err := roundTrip(req)
	return string(body), err
}
