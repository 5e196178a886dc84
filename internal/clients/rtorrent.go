package clients

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// RTorrent is an rtorrent, driven by XML-RPC over SCGI on a socket of its own.
type RTorrent struct {
	process *process
	addr    string
	socket  string
	hashes  []string // of its torrents
	peers   []string // that it was told of
}

// RTorrentOptions are the settings of a client.
type RTorrentOptions struct {
	Encrypted bool // it speaks and takes RC4 alone
	PEX       bool // it takes part in peer exchange
	DHT       *DHT // it takes part in this one; nil: in none
	// UDPTrackers has it ask trackers over UDP too.
	UDPTrackers bool
}

// rTorrentSettings keeps a client to itself and without limits.
const rTorrentSettings = `system.daemon.set = true
session.path.set = %[1]s/session
directory.default.set = %[1]s
network.scgi.open_local = %[2]s
network.port_range.set = %[3]d-%[3]d
network.port_random.set = no
network.bind_address.set = 127.0.0.1
network.local_address.set = 127.0.0.1
network.http.dns_cache_timeout.set = 0
dht.mode.set = %[6]s
dht.port.set = %[3]d
protocol.pex.set = %[4]s
protocol.encryption.set = %[5]s
trackers.use_udp.set = %[7]s
throttle.max_uploads.set = 100
pieces.hash.on_completion.set = no
`

// StartRTorrent starts a client that listens.
func StartRTorrent(tb testing.TB, o RTorrentOptions) *RTorrent {
	tb.Helper()
	// a socket's path has to be short
	dir, err := os.MkdirTemp("", "rt")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	port := FreePort(tb)
	pex, encryption := "no", "allow_incoming,try_outgoing,enable_retry"
	if o.PEX {
		pex = "yes"
	}
	if o.Encrypted {
		encryption = "allow_incoming,try_outgoing,require,require_RC4"
	}
	udp := "no"
	if o.UDPTrackers {
		udp = "yes"
	}
	dht := "disable"
	if o.DHT != nil {
		dht = "on"
	}
	r := &RTorrent{addr: loopback(port), socket: filepath.Join(dir, "rpc")}
	rc := filepath.Join(dir, "rtorrent.rc")
	settings := fmt.Sprintf(rTorrentSettings, dir, r.socket, port, pex, encryption, dht, udp)
	err = errors.Join(os.Mkdir(filepath.Join(dir, "session"), 0o700), os.WriteFile(rc, []byte(settings), 0o600))
	if err != nil {
		tb.Fatal(err)
	}
	r.process = newProcess(tb, rTorrentProgram, dir, "-n", "-o", "import="+rc)
	r.process.cmd.Env = append(os.Environ(), "HOME="+dir, "TERM=dumb")
	r.process.start()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	until(ctx, tb, r.process, "its RPC answered", func() (bool, string) {
		_, err := r.ask(ctx, "system.pid", "")
		return err == nil && !isFree(r.addr), fmt.Sprint(err)
	})
	if o.DHT != nil {
		for _, node := range o.DHT.addrs {
			if _, err := r.ask(ctx, "dht.add_node", rpcString("")+rpcString(node)); err != nil {
				tb.Fatalf("rtorrent: %v", err)
			}
		}
	}
	return r
}

// Addr gives where it listens for peers, "127.0.0.1:port".
func (r *RTorrent) Addr() string { return r.addr }

// Seed seeds a payload with a v1 half. It returns when all is checked and peers
// are served.
func (r *RTorrent) Seed(p *Payload) {
	tb := r.process.tb
	tb.Helper()
	r.Download(p.Torrent, p.Dir)
	ctx, cancel := context.WithTimeout(tb.Context(), workTimeout)
	defer cancel()
	r.WaitFinished(ctx)
}

// nowhere is the URL of a tracker that does not answer: rtorrent takes no torrent
// without a tracker while it has no DHT node.
const nowhere = "http://127.0.0.1:1/announce"

// Download begins to download a .torrent file's content to dir. It seeds
// afterwards.
func (r *RTorrent) Download(torrent []byte, dir string) {
	r.process.tb.Helper()
	parsed, err := metainfo.ParseTorrent(torrent)
	if err != nil {
		r.process.tb.Fatal(err)
	}
	if len(parsed.Trackers) == 0 {
		parsed.Trackers = [][]string{{nowhere}}
	}
	r.add("load.raw_start", rpcBase64(parsed.Encode()), parsed.Info.Hashes()[0], dir)
}

// DownloadMagnet is Download by a magnet link, so that peers have to send the
// metadata too (BEP 9).
func (r *RTorrent) DownloadMagnet(magnet, dir string) {
	r.process.tb.Helper()
	parsed, err := metainfo.ParseMagnet(magnet)
	if err != nil {
		r.process.tb.Fatal(err)
	}
	if len(parsed.Trackers) == 0 {
		parsed.Trackers = []string{nowhere}
	}
	r.add("load.start", rpcString(parsed.String()), parsed.Hashes[0], dir)
}

// Connect tells it of peers ("host:port") of all its torrents.
func (r *RTorrent) Connect(peers ...string) {
	tb := r.process.tb
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	r.peers = append(r.peers, peers...)
	until(ctx, tb, r.process, "it was told of its peers", func() (bool, string) {
		err := r.tell(ctx)
		return err == nil, fmt.Sprint(err)
	})
}

// tell names all peers once more.
func (r *RTorrent) tell(ctx context.Context) error {
	for _, hash := range r.hashes {
		for _, peer := range r.peers {
			if _, err := r.ask(ctx, "add_peer", rpcString(hash)+rpcString(peer)); err != nil {
				return err
			}
		}
	}
	return nil
}

// WaitFinished waits until all that it downloads is complete, and served. It
// fails the test when ctx ends before.
func (r *RTorrent) WaitFinished(ctx context.Context) {
	r.process.tb.Helper()
	told := time.Now()
	until(ctx, r.process.tb, r.process, "seeding", func() (bool, string) {
		// It forgets its peers when a magnet link is resolved: the torrent goes and
		// comes again, and there may be none for a moment.
		if time.Since(told) >= rTorrentInterval {
			told = time.Now()
			if err := r.tell(ctx); err != nil {
				return false, err.Error()
			}
		}
		for _, hash := range r.hashes {
			for _, state := range [][2]string{{"d.complete", "1"}, {"d.hashing", "0"}, {"d.is_active", "1"}, {"d.is_meta", "0"}} {
				if got, err := r.ask(ctx, state[0], rpcString(hash)); err != nil || got != state[1] {
					return false, fmt.Sprintf("%s %q, %v", state[0], got, err)
				}
			}
		}
		return true, ""
	})
}

// add gives it a torrent and waits until it is started.
func (r *RTorrent) add(method, source string, hash metainfo.InfoHash, dir string) {
	tb := r.process.tb
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	if _, err := r.ask(ctx, method, rpcString("")+source+rpcString("d.directory.set="+dir)); err != nil {
		tb.Fatalf("rtorrent: adding a torrent: %v", err)
	}
	wire := hash.Wire()
	name := fmt.Sprintf("%X", wire[:])
	r.hashes = append(r.hashes, name)
	until(ctx, tb, r.process, "it had the torrent", func() (bool, string) {
		got, err := r.ask(ctx, "d.is_open", rpcString(name))
		return err == nil && got == "1", fmt.Sprintf("%q, %v", got, err)
	})
}

func rpcString(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return "<param><value><string>" + b.String() + "</string></value></param>"
}

func rpcBase64(b []byte) string {
	return "<param><value><base64>" + base64.StdEncoding.EncodeToString(b) + "</base64></value></param>"
}

// ask calls a method of the XML-RPC, and returns its answer as text. It waits at most
// rTorrentTimeout for it, not until the end of the test: the caller may ask again.
func (r *RTorrent) ask(ctx context.Context, method, params string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, rTorrentTimeout)
	defer cancel()
	var d net.Dialer
	nc, err := d.DialContext(ctx, "unix", r.socket)
	if err != nil {
		return "", err
	}
	defer nc.Close()
	if end, ok := ctx.Deadline(); ok {
		if err := nc.SetDeadline(end); err != nil {
			return "", err
		}
	}
	body := "<?xml version=\"1.0\"?><methodCall><methodName>" + method + "</methodName><params>" + params + "</params></methodCall>"
	header := fmt.Sprintf("CONTENT_LENGTH\x00%d\x00SCGI\x001\x00", len(body))
	if _, err := fmt.Fprintf(nc, "%d:%s,%s", len(header), header, body); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(io.LimitReader(nc, maxAnswer))
	if err != nil {
		return "", fmt.Errorf("%s: %w", method, err)
	}
	_, document, _ := bytes.Cut(answer, []byte("\r\n\r\n"))
	return rpcAnswer(method, document)
}

func rpcAnswer(method string, document []byte) (string, error) {
	var answer struct {
		Value struct {
			I4     string `xml:"i4"`
			I8     string `xml:"i8"`
			String string `xml:"string"`
		} `xml:"params>param>value"`
		Fault *struct {
			Text string `xml:",innerxml"`
		} `xml:"fault"`
	}
	if err := xml.Unmarshal(document, &answer); err != nil {
		return "", fmt.Errorf("%s: %w", method, err)
	}
	if answer.Fault != nil {
		return "", fmt.Errorf("%s: %s", method, answer.Fault.Text)
	}
	return answer.Value.I4 + answer.Value.I8 + answer.Value.String, nil
}
