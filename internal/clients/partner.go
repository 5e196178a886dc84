package clients

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// PartnersVariable names the folder into which scripts/install-partners put the
// clients that Debian does not have.
const PartnersVariable = "BTGW_PARTNERS"

// A Partner is a client that is driven by its command line alone. It has to be
// dialled: it is not told of peers.
type Partner struct {
	process *process
	addr    string
	payload *Payload
	dir     string // where it downloads to
}

// PartnerOptions are the ways in which a partner may be asked to find btgw.
type PartnerOptions struct {
	Encrypted bool // encrypted connections alone
	PEX       bool
	DHT       *DHT // a DHT to join; nil: none
	Magnet    bool // it is given the infohash alone
	WebRTC    bool // WebTorrent has connections by WebRTC too, as in a browser
	// File is the path of the .torrent that it is given in place of the payload's own.
	File string
}

// source is what a partner is told to download.
func (o PartnerOptions) source(p *Payload) string {
	if o.Magnet {
		return (&metainfo.Magnet{Hashes: []metainfo.InfoHash{p.Hash}}).String()
	}
	return cmp.Or(o.File, p.TorrentPath)
}

// partnerProgram is a program that scripts/install-partners puts into place.
func partnerProgram(path ...string) program {
	return program{filepath.Join(append([]string{os.Getenv(PartnersVariable)}, path...)...), "(see scripts/install-partners)"}
}

// Addr gives where it listens for peers, "127.0.0.1:port".
func (p *Partner) Addr() string { return p.addr }

// partnerLook is between two looks at what a partner wrote to disk.
const partnerLook = 200 * time.Millisecond

// WaitFinished waits until all of the payload is on disk, with the right bytes.
// It fails the test when the partner ends before, or ctx does.
func (p *Partner) WaitFinished(ctx context.Context) {
	tb := p.process.tb
	tb.Helper()
	tick := time.NewTicker(partnerLook)
	defer tick.Stop()
	for {
		err := p.payload.compare(p.dir)
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-p.process.ended:
			if err := p.payload.compare(p.dir); err != nil {
				tb.Fatalf("%s ended (%v): %v", p.process.name, p.process.err, err)
			}
			return
		case <-ctx.Done():
			tb.Fatalf("%s is not done: %v: %v", p.process.name, ctx.Err(), err)
		}
	}
}

// says waits until a partner has printed a text.
func (p *Partner) says(text string) {
	tb := p.process.tb
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	until(ctx, tb, p.process, "it said "+text, func() (bool, string) {
		return strings.Contains(p.process.output.String(), text), p.process.output.String()
	})
}

// PartnerVersion is what a partner says of its version; "" where it is not there.
func PartnerVersion(name string) string {
	run := func(p program, args ...string) string {
		out, err := exec.Command(p.path, args...).CombinedOutput()
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(out))
	}
	switch name {
	case "libtorrent":
		return run(pythonProgram, "-c", fmt.Sprintf("import sys; sys.path.insert(0, %q); import libtorrent; print(libtorrent.__version__)", newestLibtorrent()))
	case "webtorrent":
		return run(nodeProgram, "-p", fmt.Sprintf("require(%q).version", filepath.Join(partnerProgram("webtorrent", "node_modules", "webtorrent").path, "package.json")))
	case "rqbit":
		return strings.TrimPrefix(run(rqbitProgram(), "--version"), "rqbit ")
	case "rain": // it does not say it itself
		_, after, _ := strings.Cut(run(program{"go", ""}, "version", "-m", rainProgram().path), "github.com/cenkalti/rain\tv")
		version, _, _ := strings.Cut(after, "\t")
		return version
	case "anacrolix":
		_, after, _ := strings.Cut(run(anacrolixProgram(), "version"), "anacrolix/torrent v")
		version, _, _ := strings.Cut(after, " ")
		return strings.Trim(version, "\")")
	}
	return ""
}

// listens waits until a partner takes connections.
func (p *Partner) listens() {
	tb := p.process.tb
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	until(ctx, tb, p.process, "it listens", func() (bool, string) {
		c, err := net.Dial("tcp", p.addr)
		if err != nil {
			return false, err.Error()
		}
		return c.Close() == nil, ""
	})
}

// newestLibtorrent is the folder of the libtorrent that is newer than Debian's.
func newestLibtorrent() string { return partnerProgram("libtorrent").path }
