package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/netguard"
)

// interopFile is where TestInterop writes its table, all of whose cells it runs
// then: `make interop`. Without it one cell of each client and direction is run.
var interopFile = flag.String("interop", "", "run the whole matrix of interoperability and write its table to this file")

// cellTime bounds one cell: Transmission's tick, libtorrent's first word of other
// peers and a loaded machine are within it.
const cellTime = 4 * time.Minute

// matrixNodes is as many as keep what is announced, so that any of them knows of it
// (BEP 5).
const matrixNodes = 8

// A column is a way in which a client and btgw come together.
type column struct {
	name string
	what string // for the table's legend
	way  way
	// torrent gives btgw the .torrent: else it knows the infohash alone.
	torrent bool
	spec    clients.Spec
	args    []string // btgw's
}

// A way is what of it the client has to know.
type way struct {
	encrypted, magnet, pex, tracker, dht bool

	net *clients.DHT // of the cell, where it is by DHT
}

var single = clients.Spec{Name: "matrix.bin", Seed: 71, PieceLength: 128 << 10, Size: 3<<20 + 77}

var columns = []column{
	{name: "plain TCP", what: "btgw with `--encryption off`, each has the .torrent", torrent: true, spec: single, args: []string{"--encryption=off"}},
	{name: "encryption required", what: "the client speaks and takes encrypted connections alone", way: way{encrypted: true}, spec: single},
	{name: "magnet", what: "the downloader knows the infohash alone", way: way{magnet: true}, spec: single},
	{name: "PEX", what: "they hear of each other from a third peer, which has nothing", way: way{pex: true}, spec: single},
	{name: "tracker", what: "they hear of each other from an HTTP tracker", way: way{tracker: true}, spec: single},
	{name: "v1", what: "several files, pieces across their borders", torrent: true, spec: clients.Spec{
		Name: "matrix of files", Seed: 72, PieceLength: 64 << 10, Version: metainfo.V1,
		Files: []clients.FileSpec{{Path: []string{"a.bin"}, Size: 1<<20 + 5}, {Path: []string{"b", "c.txt"}, Size: 99}, {Path: []string{"b", "d.bin"}, Size: 700_001}},
	}},
	{name: "hybrid's v1 half", what: "v1 and v2 in one", spec: clients.Spec{
		Name: "hybrid.bin", Seed: 73, PieceLength: 64 << 10, Version: metainfo.Hybrid, Size: 2<<20 + 3,
	}},
	{name: "v2", what: "v2 alone, a file of many pieces and a small one; the downloader knows the infohash alone", way: way{magnet: true}, spec: clients.Spec{
		Name: "v2", Seed: 74, PieceLength: 32 << 10, Version: metainfo.V2,
		Files: []clients.FileSpec{{Path: []string{"a.bin"}, Size: 2<<20 + 3}, {Path: []string{"b.bin"}, Size: 20_001}},
	}},
	{name: "DHT", what: "they find each other in a DHT of eight nodes of libtorrent", way: way{dht: true}, spec: single},
}

// A subject is a client in a cell.
type subject struct {
	addr    string
	connect func(addr string)         // nil: it has to be dialled
	wait    func(ctx context.Context) // until it has everything
}

// A kind of client: how it is started as a seeder and as a leecher.
type kind struct {
	name, pkg string
	// partner is what scripts/install-partners calls it; such a client is run in the
	// whole matrix alone.
	partner string
	seed    func(t *testing.T, p *clients.Payload, w way) subject
	leech   func(t *testing.T, p *clients.Payload, dir string, w way) subject
	// limits are the cells that the client cannot do, "column, direction", and why.
	limits map[string]string
}

// The directions.
const (
	down = "btgw downloads"
	up   = "btgw uploads"
)

var kinds = slices.Concat(debian, partners())

// debian are the clients that Debian has.
var debian = []kind{
	{name: "libtorrent", pkg: "python3-libtorrent", seed: libtorrentSeed(matrixLibtorrent), leech: libtorrentLeech(matrixLibtorrent)},
	{name: "Transmission", pkg: "transmission-daemon", seed: func(t *testing.T, p *clients.Payload, w way) subject {
		tr := matrixTransmission(t, w)
		tr.Seed(p)
		return subject{addr: tr.Addr()}
	}, leech: func(t *testing.T, p *clients.Payload, dir string, w way) subject {
		tr := matrixTransmission(t, w)
		if w.magnet {
			tr.DownloadMagnet(magnet(p.Hash), dir)
		} else {
			tr.Download(p.Torrent, dir)
		}
		return subject{tr.Addr(), nil, tr.WaitFinished}
	}, limits: noLoopback(noV2(noHybrid("Transmission 3.00 refuses hybrid .torrent files (transmission/transmission#3386)"), "Transmission 3.00"))},
	{name: "aria2", pkg: "aria2", seed: func(t *testing.T, p *clients.Payload, w way) subject {
		return subject{addr: clients.SeedAria2(t, p, aria2Options(t, w)...).Addr()}
	}, leech: func(t *testing.T, p *clients.Payload, dir string, w way) subject {
		source := p.TorrentPath
		if w.magnet {
			source = magnet(p.Hash)
		}
		a := clients.LeechAria2(t, source, dir, aria2Options(t, w)...)
		return subject{a.Addr(), nil, a.WaitFinished}
	}, limits: noV2(noHybrid("aria2 1.36 drops dictionaries with an empty name, so that a hybrid has another infohash (aria2/aria2#1927)"), "aria2 1.36")},
	{name: "qBittorrent", pkg: "qbittorrent-nox", seed: func(t *testing.T, p *clients.Payload, w way) subject {
		q := clients.StartQBittorrent(t, clients.QBittorrentOptions{Encrypted: w.encrypted, PEX: w.pex, DHT: w.dht})
		q.Seed(p)
		return subject{addr: q.Addr()}
	}, leech: func(t *testing.T, p *clients.Payload, dir string, w way) subject {
		q := clients.StartQBittorrent(t, clients.QBittorrentOptions{Encrypted: w.encrypted, PEX: w.pex, DHT: w.dht})
		if w.magnet {
			q.DownloadMagnet(magnet(p.Hash), dir)
		} else {
			q.Download(p.Torrent, dir)
		}
		return subject{q.Addr(), func(a string) { q.Connect(a) }, q.WaitFinished}
	}},
	{name: "rTorrent", pkg: "rtorrent", seed: func(t *testing.T, p *clients.Payload, w way) subject {
		r := clients.StartRTorrent(t, clients.RTorrentOptions{Encrypted: w.encrypted, PEX: w.pex, DHT: w.net})
		r.Seed(p)
		return subject{addr: r.Addr()}
	}, leech: func(t *testing.T, p *clients.Payload, dir string, w way) subject {
		r := clients.StartRTorrent(t, clients.RTorrentOptions{Encrypted: w.encrypted, PEX: w.pex, DHT: w.net})
		if w.magnet {
			r.DownloadMagnet(magnet(p.Hash), dir)
		} else {
			r.Download(p.Torrent, dir)
		}
		return subject{r.Addr(), func(a string) { r.Connect(a) }, r.WaitFinished}
	}, limits: noV2(make(map[string]string), "rTorrent 0.9")},
}

// partners are the clients that are driven by their command line alone: btgw dials them.
func partners() []kind {
	newest := func(t *testing.T, w way) *clients.Libtorrent { return matrixLibtorrentOf(t, w, true) }
	return []kind{
		{name: "Deluge", pkg: "deluged", seed: partner(clients.SeedDeluge), leech: partnerLeech(clients.LeechDeluge), limits: map[string]string{
			"DHT, " + down: delugeDHT, "DHT, " + up: delugeDHT, "v2, " + up: "Deluge 2.0 takes no magnet link of a v2 torrent",
		}},
		{name: "libtorrent", partner: "libtorrent", seed: libtorrentSeed(newest), leech: libtorrentLeech(newest)},
		{name: "WebTorrent (node)", partner: "webtorrent", seed: partner(clients.SeedWebTorrent), leech: partnerLeech(clients.LeechWebTorrent),
			limits: noEncryption(noV2(make(map[string]string), "WebTorrent"), "WebTorrent takes encryption, and has no setting that requires it")},
		{name: "rqbit", partner: "rqbit", seed: partner(clients.SeedRqbit), leech: partnerLeech(clients.LeechRqbit),
			limits: noEncryption(noV2(map[string]string{
				"magnet, " + up: "rqbit takes a magnet link only where a tracker, a DHT or its command line names peers",
				"DHT, " + down:  "rqbit does not announce in the DHT what it has all of",
			}, "rqbit"), "rqbit does not know encryption (MSE)")},
		// With forced encryption it keeps a connection that began in plain, and says nothing on it.
		{name: "rain", partner: "rain", seed: partner(clients.SeedRain), leech: partnerLeech(clients.LeechRain), limits: noV2(map[string]string{
			"DHT, " + down: rainDHT, "DHT, " + up: rainDHT}, "rain")},
		{name: "anacrolix/torrent", partner: "anacrolix", seed: partner(clients.SeedAnacrolix), leech: partnerLeech(clients.LeechAnacrolix),
			limits: noEncryption(map[string]string{"DHT, " + down: anacrolixDHT, "DHT, " + up: anacrolixDHT, "v2, " + down: anacrolixV2, "v2, " + up: anacrolixV2,
				"hybrid's v1 half, " + down: anacrolixHybrid, "hybrid's v1 half, " + up: anacrolixHybrid},
				"anacrolix/torrent's command has no setting that requires encryption")},
	}
}

const (
	delugeDHT       = "Deluge has no setting for the nodes that a DHT begins with"
	rainDHT         = "rain 1.13 finds nobody in a DHT whose nodes are all on 127.0.0.1"
	anacrolixV2     = "anacrolix/torrent's command takes no magnet link of a v2 torrent"
	anacrolixHybrid = "anacrolix/torrent's command takes the file of a hybrid torrent of one file for a folder"
	anacrolixDHT    = "anacrolix/torrent's command has no setting for the nodes that a DHT begins with"
)

func partner(seed func(testing.TB, *clients.Payload, clients.PartnerOptions) *clients.Partner) func(*testing.T, *clients.Payload, way) subject {
	return func(t *testing.T, p *clients.Payload, w way) subject {
		return subject{addr: seed(t, p, partnerOptions(w)).Addr()}
	}
}

func partnerLeech(leech func(testing.TB, *clients.Payload, string, clients.PartnerOptions) *clients.Partner) func(*testing.T, *clients.Payload, string, way) subject {
	return func(t *testing.T, p *clients.Payload, dir string, w way) subject {
		l := leech(t, p, dir, partnerOptions(w))
		return subject{l.Addr(), nil, l.WaitFinished}
	}
}

func partnerOptions(w way) clients.PartnerOptions {
	return clients.PartnerOptions{Encrypted: w.encrypted, PEX: w.pex, DHT: w.net, Magnet: w.magnet}
}

// noEncryption adds that a client cannot be made to encrypt.
func noEncryption(limits map[string]string, why string) map[string]string {
	limits["encryption required, "+down], limits["encryption required, "+up] = why, why
	return limits
}

func noHybrid(why string) map[string]string {
	const hybrid = "hybrid's v1 half, "
	return map[string]string{hybrid + down: why, hybrid + up: why}
}

// noV2 adds that a client knows v1 alone.
func noV2(limits map[string]string, client string) map[string]string {
	why := client + " does not know v2 (BEP 52)"
	limits["v2, "+down], limits["v2, "+up] = why, why
	return limits
}

// noLoopback adds that a client has no DHT on loopback.
func noLoopback(limits map[string]string) map[string]string {
	const why = "Transmission's DHT takes no address of 127.0.0.0/8 (is_martian in jech/dht's dht.c)"
	limits["DHT, "+down], limits["DHT, "+up] = why, why
	return limits
}

func libtorrentSeed(begin func(*testing.T, way) *clients.Libtorrent) func(*testing.T, *clients.Payload, way) subject {
	return func(t *testing.T, p *clients.Payload, w way) subject {
		l := begin(t, w)
		l.Seed(p, false)
		if w.dht {
			l.JoinDHT(w.net)
		}
		return subject{addr: l.Addr()}
	}
}

func libtorrentLeech(begin func(*testing.T, way) *clients.Libtorrent) func(*testing.T, *clients.Payload, string, way) subject {
	return func(t *testing.T, p *clients.Payload, dir string, w way) subject {
		l := begin(t, w)
		if w.magnet {
			l.DownloadMagnet(magnet(p.Hash), dir)
		} else {
			l.Download(p.Torrent, dir)
		}
		if w.dht {
			l.JoinDHT(w.net)
		}
		return subject{l.Addr(), func(a string) { l.Connect(a) }, l.WaitFinished}
	}
}

func matrixLibtorrent(t *testing.T, w way) *clients.Libtorrent {
	return matrixLibtorrentOf(t, w, false)
}

func matrixLibtorrentOf(t *testing.T, w way, newest bool) *clients.Libtorrent {
	o := clients.LibtorrentOptions{PEX: w.pex, Newest: newest}
	if w.encrypted {
		// pe_forced, pe_rc4
		o.Settings = map[string]any{"in_enc_policy": 0, "out_enc_policy": 0, "allowed_enc_level": 2}
	}
	if w.dht {
		o.Settings = map[string]any{"enable_dht": true}
	}
	return clients.StartLibtorrent(t, o)
}

func matrixTransmission(t *testing.T, w way) *clients.Transmission {
	more := map[string]any{"pex-enabled": w.pex}
	if w.encrypted {
		more["encryption"] = 2
	}
	return clients.StartTransmission(t, more)
}

func aria2Options(t *testing.T, w way) (options []string) {
	if w.encrypted {
		options = append(options, "--bt-require-crypto=true", "--bt-min-crypto-level=arc4")
	}
	if w.pex {
		options = append(options, "--enable-peer-exchange=true")
	}
	if w.dht {
		options = append(options, "--enable-dht=true", "--dht-entry-point="+w.net.Addrs()[0],
			fmt.Sprintf("--dht-listen-port=%d", clients.FreePort(t)), "--dht-file-path="+filepath.Join(t.TempDir(), "dht.dat"))
	}
	return options
}

// TestInterop is the matrix of interoperability: each client, both directions,
// each way of coming together.
func TestInterop(t *testing.T) {
	t.Parallel()
	quick := len(columns) - 1 // the last is the DHT, of which TestDHT is about
	var mu sync.Mutex
	passed := make(map[string]bool)
	t.Run("cells", func(t *testing.T) {
		for i, k := range kinds {
			if *interopFile == "" && k.partner != "" {
				continue
			}
			for j, direction := range []string{down, up} {
				for n, c := range columns {
					if *interopFile == "" && (2*i+j)%quick != n || k.limits[c.name+", "+direction] != "" {
						continue
					}
					t.Run(k.name+k.partner+"/"+direction+"/"+c.name, func(t *testing.T) {
						t.Parallel()
						if direction == down {
							downloads(t, k, c)
						} else {
							uploads(t, k, c)
						}
						mu.Lock()
						passed[k.name+k.partner+direction+c.name] = !t.Failed()
						mu.Unlock()
					})
				}
			}
		}
	})
	if *interopFile != "" {
		if err := os.WriteFile(*interopFile, []byte(interopTable(passed)), 0o644); err != nil {
			t.Error(err)
		}
	}
}

// downloads has btgw download from the client alone.
func downloads(t *testing.T, k kind, c column) {
	p, tr := matrixPayload(t, &c)
	from := k.seed(t, p, c.way)
	g := start(t, options{args: c.args})
	if c.torrent {
		g.upload(t, p.Torrent, false)
	}
	at := hints(nil, from.addr)
	switch {
	case c.way.tracker:
		await(t, "the client has announced itself", func() bool { return tr.knows(from.addr) })
		at = hints([]string{tr.url()})
	case c.way.pex:
		at = hints(nil, matrixHub(t, p, from.addr))
	case c.way.dht:
		await(t, "the client is announced in the DHT", func() bool { return inDHT(t, c.way.net, p.Hash, from.addr) })
		at = ""
	}
	g.wantsRange(t, p, files(p)[0], 0, 99, at)
	// Before we have everything: some seeds leave us then.
	if encrypted := g.status(p.Hash).Swarm.Encrypted > 0; encrypted != c.way.encrypted {
		t.Errorf("an encrypted connection: %v", encrypted)
	}
	g.wants(t, p, at)
	if st := g.status(p.Hash); st.HashFailures != 0 || st.Swarm.Banned != 0 {
		t.Errorf("%d pieces failed, %d bans", st.HashFailures, st.Swarm.Banned)
	}
}

// uploads has the client download from btgw, which has everything and is the only
// one that uploads.
func uploads(t *testing.T, k kind, c column) {
	p, tr := matrixPayload(t, &c)
	source := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	bare := *p
	if c.way.tracker {
		bare = *withTrackers(t, p) // the source is not to be found
	}
	source.Seed(&bare, false)
	g := start(t, options{args: c.args})
	if c.torrent {
		g.upload(t, p.Torrent, false)
	}
	dir := t.TempDir()
	var to subject
	if !c.way.dht {
		// It is there before btgw has everything: btgw dials whom a reader of what it has names
		// for two minutes after it got the last of it, and on a busy machine some take longer to
		// start.
		to = k.leech(t, p, dir, c.way)
	}
	g.wants(t, p, hints(nil, source.Addr()))
	source.Kill()
	if c.way.dht {
		await(t, "btgw is announced in the DHT", func() bool { return inDHT(t, c.way.net, p.Hash, g.peer) })
		to = k.leech(t, p, dir, c.way)
	}
	url := func(h string) string { return g.urlOf(p, files(p)[0], h) }
	switch {
	case c.way.tracker:
		// A tracker that a reader names is asked while it waits, and all is here: so the
		// .torrent names it.
		await(t, "the client has announced itself", func() bool { return tr.knows(to.addr) })
		g.upload(t, p.Torrent, false)
	case c.way.pex:
		matrixHub(t, p, to.addr, g.peer)
	case c.way.dht:
	case to.connect == nil:
		g.get(url(hints(nil, to.addr)))
	default:
		to.connect(g.peer)
	}
	ctx, cancel := context.WithTimeout(t.Context(), cellTime)
	defer cancel()
	to.wait(ctx)
	p.CheckCopy(t, dir)
	if st := g.status(p.Hash); st.Uploaded < st.Size {
		t.Errorf("btgw uploaded %d bytes of %d", st.Uploaded, st.Size)
	}
}

// matrixPayload makes a cell's content, and what the two find each other by, which c
// learns of.
func matrixPayload(t *testing.T, c *column) (*clients.Payload, *tracker) {
	spec := c.spec
	if c.way.dht {
		c.way.net = clients.StartDHT(t, matrixNodes)
		c.args = append(slices.Clone(c.args), "--dht-bootstrap="+strings.Join(c.way.net.Addrs()[:3], ","))
		p := clients.MakePayload(t, spec)
		p.Torrent = c.way.net.Named(p)
		return p, nil
	}
	if !c.way.tracker {
		return clients.MakePayload(t, spec), nil
	}
	tr := newTracker(t)
	spec.Trackers = []string{tr.url()}
	return clients.MakePayload(t, spec), tr
}

// matrixHub connects with peers and tells each of the others (BEP 11). It wants
// nothing and has nothing. It returns where it listens. Its address is another
// than btgw's: Transmission and rTorrent have one connection with an address.
func matrixHub(t *testing.T, p *clients.Payload, peers ...string) string {
	t.Helper()
	h, err := peer.NewHost(peer.HostConfig{Network: elsewhere{netguard.New(netguard.Policy{AllowPrivate: true})}, Listen: "127.0.0.2:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close(context.Background()) })
	s, err := h.NewSwarm(peer.SwarmConfig{Hashes: p.Info.Hashes(), Info: p.Info, Demand: bystander{}, Supply: bystander{}})
	if err != nil {
		t.Fatal(err)
	}
	s.AddHostPorts(book.SourceUser, peers...)
	s.SetWanted(true)
	await(t, "the hub is connected", func() bool { return s.Stats().Connected == len(peers) })
	return fmt.Sprintf("127.0.0.2:%d", h.Port())
}

// elsewhere dials from 127.0.0.2.
type elsewhere struct{ netguard.Network }

func (elsewhere) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	return d.DialContext(ctx, network, address)
}

// bystander wants nothing and has nothing.
type bystander struct{}

func (bystander) Join(*peer.Conn) peer.Download { return bystander{} }
func (bystander) Update([]peer.Event)           {}
func (bystander) Place(metainfo.Block) []byte   { return nil }
func (bystander) Leave()                        {}
func (bystander) Have() metainfo.Bitfield       { return nil }
func (bystander) Open(int) (peer.Lease, error)  { return nil, errors.New("nothing here") }

// interopTable is the matrix as a document.
func interopTable(passed map[string]bool) string {
	var b strings.Builder
	b.WriteString("# Interoperability\n\n`make interop` writes this page. It runs every cell on loopback and checks the SHA-256 of all that came. The clients are\n" +
		"those of Debian, and newer ones that `scripts/install-partners` gets from PyPI, npm, crates.io and as Go modules. ↓: btgw downloads from the client alone; ↑: the client downloads from btgw alone. Each way\n" +
		"is a column of `internal/e2e/matrix_test.go`; a quick form of it is part of `make test`.\n\n|")
	for _, c := range columns {
		fmt.Fprintf(&b, " | %s", c.name)
	}
	b.WriteString(" |\n|" + strings.Repeat("---|", len(columns)+1) + "\n")
	var notes []string
	for _, k := range kinds {
		version := packageVersion(k.pkg)
		if k.partner != "" {
			version = clients.PartnerVersion(k.partner)
		}
		fmt.Fprintf(&b, "| %s %s", k.name, version)
		for _, c := range columns {
			b.WriteString(" |")
			for _, d := range []string{down, up} {
				arrow := map[string]string{down: "↓", up: "↑"}[d]
				switch limit := k.limits[c.name+", "+d]; {
				case limit != "":
					if !slices.Contains(notes, limit) {
						notes = append(notes, limit)
					}
					fmt.Fprintf(&b, " %s (%d)", arrow, slices.Index(notes, limit)+1)
				case passed[k.name+k.partner+d+c.name]:
					b.WriteString(" " + arrow + " yes")
				default:
					b.WriteString(" " + arrow + " **no**")
				}
			}
		}
		b.WriteString(" |\n")
	}
	b.WriteString("\n")
	for i, note := range notes {
		fmt.Fprintf(&b, "%d. %s\n", i+1, note)
	}
	for _, c := range columns {
		fmt.Fprintf(&b, "- **%s**: %s.\n", c.name, c.what)
	}
	return b.String()
}

// packageVersion is the version of a Debian package, without Debian's own part.
func packageVersion(pkg string) string {
	out, err := exec.Command("dpkg-query", "-W", "-f=${Version}", pkg).Output()
	if err != nil {
		return ""
	}
	version, _, _ := strings.Cut(string(out), "-")
	return version
}
