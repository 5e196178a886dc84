package e2e

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// published has a btgw publish files, each as a torrent of a version.
func published(t *testing.T, version metainfo.Version, files int, args ...string) (g *btgw, all []*clients.Payload) {
	t.Helper()
	if version == metainfo.V1 {
		args = append(args, "--v1")
	}
	for i := range files {
		p := clients.MakePayload(t, clients.Spec{Name: "published.bin", Seed: 180 + uint64(i), Size: 3<<20 + 5, Version: version})
		args, all = append(args, p.Path(&p.Info.Files[0])), append(all, p)
	}
	return start(t, options{run: "publish", args: args}), all
}

// handedOut is the .torrent that btgw hands out of what it publishes.
func handedOut(t *testing.T, g *btgw, p *clients.Payload) *metainfo.Torrent {
	t.Helper()
	var file answer
	await(t, "it is published", func() bool {
		file = g.get(g.url + p.Hash.Path() + "/?format=torrent")
		return file.status == http.StatusOK
	})
	given, err := metainfo.ParseTorrent(file.body)
	if err != nil {
		t.Fatal(err)
	}
	return given
}

// only writes a .torrent with a tracker or a web seed, and nothing else that tells of peers.
func only(t *testing.T, p *clients.Payload, tracker, webSeed string) (path string, file []byte) {
	t.Helper()
	whole, err := metainfo.ParseTorrent(p.Torrent)
	if err != nil {
		t.Fatal(err)
	}
	one := &metainfo.Torrent{Info: p.Info, Layers: whole.Layers}
	if tracker != "" {
		one.Trackers = [][]string{{tracker}}
	}
	if webSeed != "" {
		one.WebSeeds = []string{webSeed}
	}
	path, file = filepath.Join(t.TempDir(), "only.torrent"), one.Encode()
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, file
}

// A finder gets a payload to dir by a .torrent, or by the magnet link that says the same.
type finder func(t *testing.T, ctx context.Context, g *btgw, p *clients.Payload, path string, file []byte, magnet, dir string)

// findersOf are clients of torrents of a version. Those of v1 know no hybrids, and Transmission is found itself.
func findersOf(version metainfo.Version) map[string]finder {
	if version == metainfo.V1 {
		return map[string]finder{
			"Transmission": transmissionIsFound,
			"aria2 by magnet": func(t *testing.T, ctx context.Context, g *btgw, p *clients.Payload, path string, file []byte, magnet, dir string) {
				if strings.Contains(magnet, "tr=http") { // without a DHT it asks no tracker over UDP
					clients.LeechAria2(t, magnet, dir).WaitFinished(ctx)
					return
				}
				clients.LeechAria2(t, magnet, dir, "--enable-dht=true", "--dht-listen-port="+strconv.Itoa(clients.FreePort(t)), "--dht-file-path="+filepath.Join(t.TempDir(), "dht")).WaitFinished(ctx)
			},
		}
	}
	return map[string]finder{
		"libtorrent by magnet": func(t *testing.T, ctx context.Context, g *btgw, p *clients.Payload, path string, file []byte, magnet, dir string) {
			l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			l.DownloadMagnet(magnet, dir)
			l.WaitFinished(ctx)
		},
		"libtorrent": func(t *testing.T, ctx context.Context, g *btgw, p *clients.Payload, path string, file []byte, magnet, dir string) {
			l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			l.Download(file, dir)
			l.WaitFinished(ctx)
		},
		"rTorrent": func(t *testing.T, ctx context.Context, g *btgw, p *clients.Payload, path string, file []byte, magnet, dir string) {
			r := clients.StartRTorrent(t, clients.RTorrentOptions{UDPTrackers: true})
			r.Download(file, dir)
			r.WaitFinished(ctx)
		},
		"Deluge": func(t *testing.T, ctx context.Context, g *btgw, p *clients.Payload, path string, file []byte, magnet, dir string) {
			clients.LeechDeluge(t, p, dir, clients.PartnerOptions{File: path}).WaitFinished(ctx)
		},
	}
}

// TestPublishedIsFoundByTrackerAlone has clients get what btgw published, and nothing tells them of it but its tracker, over HTTP
// and UDP: by a magnet link, and by a .torrent. Each has a torrent of its own, since libtorrent by default knows one peer of an
// address.
func TestPublishedIsFoundByTrackerAlone(t *testing.T) {
	t.Parallel()
	for _, version := range []metainfo.Version{metainfo.V1, metainfo.Hybrid} {
		finders := findersOf(version)
		g, all := published(t, version, 2*len(finders), "--no-dht")
		for client, get := range finders {
			for i, scheme := range []string{"http", "udp"} {
				p := all[i]
				if scheme == "udp" && client == "Deluge" {
					continue // as libtorrent does
				}
				t.Run(scheme+"/"+client, func(t *testing.T) {
					t.Parallel()
					ctx, cancel := context.WithTimeout(t.Context(), leechTime) // of its own: it may have to wait for its turn
					defer cancel()
					given := handedOut(t, g, p)
					if page := g.url + p.Hash.Path() + "/"; len(given.Trackers) != 3 || len(given.WebSeeds) != 1 || given.WebSeeds[0] != page {
						t.Fatalf("trackers %q, web seeds %q", given.Trackers, given.WebSeeds)
					}
					tracker := given.Trackers[2*i][0]
					if !strings.HasPrefix(tracker, scheme+":") {
						t.Fatalf("trackers %q", given.Trackers)
					}
					path, file := only(t, p, tracker, "")
					// By one infohash, as publish prints it: by both libtorrent gives up hybrids now and then (arvidn/libtorrent#8393).
					magnet := (&metainfo.Magnet{Hashes: []metainfo.InfoHash{p.Hash}, Trackers: []string{tracker}}).String()
					dir := t.TempDir()
					get(t, ctx, g, p, path, file, magnet, dir)
					p.CheckCopy(t, dir)
				})
			}
			all = all[2:]
		}
	}
}

// transmissionIsFound has Transmission announce at btgw's tracker. It dials no address of 127.0.0.0/8: a seed that comes to the
// tracker later hears of it there, and dials it.
func transmissionIsFound(t *testing.T, ctx context.Context, g *btgw, p *clients.Payload, _ string, file []byte, _, dir string) {
	tr := clients.StartTransmission(t)
	tr.Download(file, dir)
	_, port, err := net.SplitHostPort(tr.Addr())
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	compact := binary.BigEndian.AppendUint16([]byte{127, 0, 0, 1}, uint16(number))
	hash := p.Hash.Wire()
	// Whoever asks takes no connections at port 9, and is a seed, to whom leechers are told.
	ask := g.url + "/announce?port=9&left=0&compact=1&numwant=200&info_hash=" + url.QueryEscape(string(hash[:])) + "&peer_id=-XX0000-012345678901"
	for !bytes.Contains(g.get(ask).body, compact) {
		select {
		case <-time.After(10 * pollTime):
		case <-ctx.Done():
			t.Fatal("it does not announce")
		}
	}
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Download(file, p.Dir)
	tr.WaitFinished(ctx)
}

// TestPublishedIsFoundByWebSeedAlone has clients get what btgw published by a .torrent that names its URL, and no tracker.
func TestPublishedIsFoundByWebSeedAlone(t *testing.T) {
	t.Parallel()
	g, all := published(t, metainfo.Hybrid, 1, "--no-dht", "--track=off")
	p := all[0]
	path, file := only(t, p, "", handedOut(t, g, p).WebSeeds[0])
	t.Run("libtorrent", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), leechTime)
		defer cancel()
		dir := t.TempDir()
		l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
		l.Download(file, dir)
		l.WaitFinished(ctx)
		p.CheckCopy(t, dir)
	})
	t.Run("aria2", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), leechTime)
		defer cancel()
		dir := t.TempDir()
		clients.LeechAria2(t, path, dir).WaitFinished(ctx)
		p.CheckCopy(t, dir)
	})
}

// TestPublishedIsFoundByDHTAlone has a client with an infohash and a DHT, and nothing else, get what btgw published.
func TestPublishedIsFoundByDHTAlone(t *testing.T) {
	t.Parallel()
	nodes := clients.StartDHT(t, 10)
	g, all := published(t, metainfo.Hybrid, 1, "--track=off", "--dht-bootstrap="+strings.Join(nodes.Addrs()[:3], ","))
	p := all[0]
	await(t, "it is announced", func() bool { return inDHT(t, nodes, p.Hash, g.peer) })
	ctx, cancel := context.WithTimeout(t.Context(), leechTime)
	defer cancel()
	dir := t.TempDir()
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{Settings: map[string]any{"enable_dht": true}})
	l.DownloadMagnet((&metainfo.Magnet{Hashes: p.Info.Hashes()}).String(), dir)
	l.JoinDHT(nodes)
	l.WaitFinished(ctx)
	p.CheckCopy(t, dir)
}
