package clients

import (
	"bufio"
	"context"
	_ "embed" // the script
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

//go:embed libtorrent.py
var libtorrentScript string

// LibtorrentOptions are the settings of a client; the zero value is one without
// limits.
type LibtorrentOptions struct {
	// UploadRate and DownloadRate in bytes a second, of all peers together;
	// 0 means no limit.
	UploadRate, DownloadRate int
	// NeverUnchoke makes a seeder that keeps all peers choked, and has no
	// allowed-fast pieces for them (BEP 6).
	NeverUnchoke bool
	// PEX has it take part in peer exchange.
	PEX bool
	// IPv6 has it on ::1 alone, not on 127.0.0.1.
	IPv6 bool
	// Newest has it on the libtorrent that scripts/install-partners put into place, in
	// place of Debian's.
	Newest bool
	// Settings are more of libtorrent's settings, by their names in its
	// settings_pack; they win over what this package sets.
	Settings map[string]any
}

// settings gives the options as libtorrent has them.
func (o LibtorrentOptions) settings() map[string]any {
	s := map[string]any{"pex": o.PEX}
	if o.UploadRate > 0 {
		s["upload_rate_limit"] = o.UploadRate
	}
	if o.DownloadRate > 0 {
		s["download_rate_limit"] = o.DownloadRate
	}
	if o.NeverUnchoke {
		s["unchoke_slots_limit"] = 0
		s["allowed_fast_set_size"] = 0
	}
	if o.IPv6 {
		s["listen_interfaces"] = "[::1]:0"
	}
	for k, v := range o.Settings {
		s[k] = v
	}
	return s
}

// Libtorrent is a client on python3-libtorrent, as many others are built on that
// library (qBittorrent, Deluge). It speaks TCP without encryption, and takes
// both. Its methods may be called from goroutines of the test at once.
type Libtorrent struct {
	process *process
	addr    string
	stdin   io.WriteCloser

	mu       sync.Mutex
	lastID   int
	calls    map[int]chan libtorrentAnswer // by request
	torrents int                           // how many it was given
	dead     chan struct{}                 // closed when no more answers come
}

type libtorrentAnswer struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  string          `json:"error"`
}

// StartLibtorrent starts a client that listens.
func StartLibtorrent(tb testing.TB, options LibtorrentOptions) *Libtorrent {
	tb.Helper()
	settings, err := json.Marshal(options.settings())
	if err != nil {
		tb.Fatal(err)
	}
	p := newProcess(tb, pythonProgram, tb.TempDir(), "-W", "ignore", "-c", libtorrentScript, string(settings))
	if options.Newest {
		p.cmd.Env = append(os.Environ(), "PYTHONPATH="+newestLibtorrent())
	}
	l := &Libtorrent{process: p, calls: map[int]chan libtorrentAnswer{}, dead: make(chan struct{})}
	if l.stdin, err = p.cmd.StdinPipe(); err != nil {
		tb.Fatal(err)
	}
	answers, w := io.Pipe()
	p.cmd.Stdout = w
	go l.readAnswers(answers)
	tb.Cleanup(func() {
		w.Close()
		<-l.dead
	})
	p.start()
	go func() {
		<-p.ended
		w.Close()
	}()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	var port int
	l.call(ctx, map[string]any{"op": "port"}, &port)
	if port == 0 {
		tb.Fatal("libtorrent does not listen")
	}
	l.addr = loopback(port)
	if options.IPv6 {
		l.addr = net.JoinHostPort("::1", strconv.Itoa(port))
	}
	return l
}

// Addr gives where it listens, "127.0.0.1:port", or "[::1]:port".
func (l *Libtorrent) Addr() string { return l.addr }

// Kill ends it at once, in the middle of whatever it does, and waits for its end.
func (l *Libtorrent) Kill() { l.process.kill() }

// Seed seeds a payload. It returns when peers are served: after checking all
// hashes, or without any if seedMode, whatever the content is. A client that was
// ever told to do without believes what it downloads too.
func (l *Libtorrent) Seed(p *Payload, seedMode bool) {
	l.process.tb.Helper()
	index := l.add(map[string]any{"torrent": p.Torrent, "dir": p.Dir, "seed_mode": seedMode})
	ctx, cancel := context.WithTimeout(l.process.tb.Context(), workTimeout)
	defer cancel()
	l.wait(ctx, index)
}

// SuperSeed has it super-seed the torrent that it was given last (BEP 16): peers that
// connect from then on are told of one piece at a time.
func (l *Libtorrent) SuperSeed() {
	l.process.tb.Helper()
	l.do(map[string]any{"op": "super_seed", "index": l.last()}, nil)
}

// Download begins to download a .torrent file's content to dir, from peers
// ("host:port") and from what its trackers tell. It seeds afterwards.
func (l *Libtorrent) Download(torrent []byte, dir string, peers ...string) {
	l.process.tb.Helper()
	l.add(map[string]any{"torrent": torrent, "dir": dir, "peers": peers})
}

// DownloadMagnet is Download by a magnet link, so that peers have to send the
// metadata too (BEP 9).
func (l *Libtorrent) DownloadMagnet(magnet, dir string, peers ...string) {
	l.process.tb.Helper()
	l.add(map[string]any{"magnet": magnet, "dir": dir, "peers": peers})
}

// Connect tells it of peers ("host:port") of the torrent that it was given last.
func (l *Libtorrent) Connect(peers ...string) {
	l.process.tb.Helper()
	l.do(map[string]any{"op": "connect", "index": l.last(), "peers": peers}, nil)
}

// LimitUpload bounds what it uploads from now on, in bytes a second; 0 means no limit.
func (l *Libtorrent) LimitUpload(rate int) {
	l.process.tb.Helper()
	l.do(map[string]any{"op": "limit", "rate": rate}, nil)
}

// WaitFinished waits until all that it downloads is complete, checked and
// written. It fails the test when ctx ends before.
func (l *Libtorrent) WaitFinished(ctx context.Context) {
	l.process.tb.Helper()
	for index := range l.last() + 1 {
		l.wait(ctx, index)
	}
}

// LibtorrentStats is what a client tells of a torrent.
type LibtorrentStats struct {
	State        string           `json:"state"`         // as "seeding"
	HasMetadata  bool             `json:"has_metadata"`  // false before a magnet link is resolved
	Progress     float64          `json:"progress"`      // 0 to 1
	Downloaded   int64            `json:"downloaded"`    // bytes of pieces, bad and redundant ones included
	Uploaded     int64            `json:"uploaded"`      // bytes of pieces
	Failed       int64            `json:"failed"`        // bytes of pieces that failed their hash
	Redundant    int64            `json:"redundant"`     // bytes that it had already
	HashFailures int              `json:"hash_failures"` // pieces that failed their hash
	Peers        []LibtorrentPeer `json:"peers"`         // through their handshake, connected now
}

// LibtorrentPeer is a peer that a client is connected to.
type LibtorrentPeer struct {
	Addr       string `json:"addr"`
	Client     string `json:"client"`     // what the peer says it is
	Downloaded int64  `json:"downloaded"` // bytes from it, protocol included
	Uploaded   int64  `json:"uploaded"`   // bytes to it, protocol included
	// UploadOnly reports whether the peer says that it only uploads (BEP 21).
	UploadOnly bool `json:"upload_only"`
}

// Stats tells of the torrent that it was given last.
func (l *Libtorrent) Stats() LibtorrentStats {
	l.process.tb.Helper()
	var s LibtorrentStats
	l.do(map[string]any{"op": "stats", "index": l.last()}, &s)
	return s
}

// Usage tells what the client has used since it started: the time of all its
// threads, and the most memory that it ever had in bytes. Of both a Python
// interpreter is a part: some 0.1 s and 30 MB.
func (l *Libtorrent) Usage() (cpu time.Duration, rss int64) {
	l.process.tb.Helper()
	var u struct {
		CPUSeconds float64 `json:"cpu_seconds"`
		MaxRSSKiB  int64   `json:"max_rss_kib"`
	}
	l.do(map[string]any{"op": "usage"}, &u)
	return time.Duration(u.CPUSeconds * float64(time.Second)), u.MaxRSSKiB << 10
}

// CPU is the time of Usage.
func (l *Libtorrent) CPU() time.Duration {
	l.process.tb.Helper()
	cpu, _ := l.Usage()
	return cpu
}

func (l *Libtorrent) add(torrent map[string]any) (index int) {
	l.process.tb.Helper()
	torrent["op"] = "add"
	l.do(torrent, &index)
	l.mu.Lock()
	l.torrents = max(l.torrents, index+1)
	l.mu.Unlock()
	return index
}

func (l *Libtorrent) last() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.torrents - 1
}

func (l *Libtorrent) wait(ctx context.Context, index int) {
	l.process.tb.Helper()
	l.call(ctx, map[string]any{"op": "wait", "index": index}, nil)
}

// do is call for what is answered at once.
func (l *Libtorrent) do(request map[string]any, result any) {
	l.process.tb.Helper()
	ctx, cancel := context.WithTimeout(l.process.tb.Context(), workTimeout)
	defer cancel()
	l.call(ctx, request, result)
}

// call asks the script for something and waits for its answer.
func (l *Libtorrent) call(ctx context.Context, request map[string]any, result any) {
	tb := l.process.tb
	tb.Helper()
	answer := make(chan libtorrentAnswer, 1)
	if err := l.send(request, answer); err != nil {
		tb.Fatalf("libtorrent: %v: %v", request["op"], err)
	}
	select {
	case a := <-answer:
		if a.Error != "" {
			tb.Fatalf("libtorrent: %v: %s", request["op"], a.Error)
		}
		if result == nil {
			return
		}
		if err := json.Unmarshal(a.Result, result); err != nil {
			tb.Fatalf("libtorrent: %v: %v", request["op"], err)
		}
	case <-ctx.Done():
		tb.Fatalf("libtorrent: %v: %v%s", request["op"], ctx.Err(), l.excuse(request))
	case <-l.dead:
		tb.Fatalf("libtorrent (Debian package %s) ended during %v", l.process.name, request["op"])
	}
}

// send writes a request, whose answer goes to the channel.
func (l *Libtorrent) send(request map[string]any, answer chan libtorrentAnswer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lastID++
	request["id"] = l.lastID
	line, err := json.Marshal(request)
	if err != nil {
		return err
	}
	l.calls[l.lastID] = answer
	_, err = l.stdin.Write(append(line, '\n'))
	return err
}

// excuse returns how far the torrent has come for which a wait failed.
func (l *Libtorrent) excuse(request map[string]any) string {
	if request["op"] != "wait" {
		return ""
	}
	l.process.tb.Helper()
	var s LibtorrentStats
	l.do(map[string]any{"op": "stats", "index": request["index"]}, &s)
	return fmt.Sprintf(": %+v", s)
}

// readAnswers passes every answer to its caller, until the script's output ends.
func (l *Libtorrent) readAnswers(r *io.PipeReader) {
	defer close(l.dead)
	defer r.Close()
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxAnswer)
	for lines.Scan() {
		var a libtorrentAnswer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			fmt.Fprintf(&l.process.output, "%s\n", lines.Bytes())
			continue
		}
		l.mu.Lock()
		answer := l.calls[a.ID]
		delete(l.calls, a.ID)
		l.mu.Unlock()
		if answer != nil {
			answer <- a
		}
	}
}
