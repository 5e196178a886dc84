package e2e

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// TestMagnet finds libtorrent by what a tracker says, over HTTP and over UDP,
// and a peer that the link itself names.
func TestMagnet(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "of a magnet.bin", Seed: 31, Size: 5<<20 + 1})
	for _, c := range []struct {
		name string
		link func(t *testing.T) string
	}{
		{"HTTP tracker", func(t *testing.T) string { return tracked(t, p, (*clients.Opentracker).HTTP) }},
		{"UDP tracker", func(t *testing.T) string { return tracked(t, p, (*clients.Opentracker).UDP) }},
		{"peer", func(t *testing.T) string {
			l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			l.Seed(p, false)
			return p.Magnet(l.Addr())
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			link := c.link(t)
			g := start(t, options{})
			for _, query := range []string{"uri=" + url.QueryEscape(link), strings.TrimPrefix(link, "magnet:?")} {
				overview := g.get(g.url + "/magnet?" + query)
				at, hints, _ := strings.Cut(overview.url, "?")
				if overview.status != http.StatusOK || at != g.url+p.Hash.Path()+"/" || hints == "" {
					t.Fatalf("%s led to %s: %d", query, overview.url, overview.status)
				}
				g.wants(t, p, "?"+hints)
			}
		})
	}
}

// tracked lets libtorrent seed a payload and announce it to an opentracker, by
// one of its URLs, and makes a link with that.
func tracked(t *testing.T, p *clients.Payload, announceURL func(*clients.Opentracker) string) string {
	t.Helper()
	tr := clients.StartOpentracker(t, p.Hash)
	at := announceURL(tr)
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(withTrackers(t, p, at), false)
	await(t, "libtorrent has announced itself", func() bool { return seedersAt(t, tr, p.Hash) == 1 })
	return magnet(p.Hash, at)
}

// seedersAt asks a tracker how many seeders it knows (BEP 48).
func seedersAt(t *testing.T, tr *clients.Opentracker, ih metainfo.InfoHash) int {
	t.Helper()
	wire := ih.Wire()
	scrape := strings.Replace(tr.HTTP(), "/announce", "/scrape", 1) + "?info_hash=" + url.PathEscape(string(wire[:]))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(scrape)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(body, []byte("8:completei"))
	digits, _, _ := bytes.Cut(rest, []byte("e"))
	n, _ := strconv.Atoi(string(digits)) // a torrent that it does not know is not listed
	return n
}

// withTrackers is a payload whose .torrent names trackers.
func withTrackers(t *testing.T, p *clients.Payload, urls ...string) *clients.Payload {
	t.Helper()
	torrent, err := metainfo.ParseTorrent(p.Torrent)
	if err != nil {
		t.Fatal(err)
	}
	torrent.Trackers = [][]string{urls}
	with := *p
	with.Torrent = torrent.Encode()
	return &with
}

// TestTorrentByAPI gives btgw the .torrent, whose tracker it asks: no hint is in
// any URL.
func TestTorrentByAPI(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		version metainfo.Version
		private bool
		form    bool
	}{
		{"v1", metainfo.V1, false, false},
		{"in a form", metainfo.V1, false, true},
		{"private", metainfo.V1, true, false},
		{"v2", metainfo.V2, false, false},
		{"hybrid", metainfo.Hybrid, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tr := newTracker(t)
			p := clients.MakePayload(t, clients.Spec{
				Name: "uploaded", Seed: 32, PieceLength: 64 << 10, Version: c.version, Private: c.private, Trackers: []string{tr.url()},
				Files: []clients.FileSpec{{Path: []string{"1.bin"}, Size: 2<<20 + 3}, {Path: []string{"2.bin"}, Size: 70_001}, {Path: []string{"3"}, Size: 5}},
			})
			l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			l.Seed(p, false)
			await(t, "libtorrent has announced itself", func() bool { return tr.knows(l.Addr()) })
			g := start(t, options{})
			if status := g.upload(t, p.Torrent, c.form); status != http.StatusCreated {
				t.Fatalf("POST: %d", status)
			}
			g.wants(t, p, "")
			for _, ih := range p.Info.Hashes() {
				if st := g.status(ih); !st.HaveInfo || st.PiecesHave != st.Pieces {
					t.Errorf("by %s: %+v", ih, st)
				}
			}
			if status := g.upload(t, p.Torrent, c.form); status != http.StatusOK {
				t.Errorf("a second POST: %d", status)
			}
		})
	}
}

// upload posts a .torrent, as it is or as a file in a form.
func (g *btgw) upload(t *testing.T, torrent []byte, form bool) (status int) {
	t.Helper()
	body, kind := bytes.NewBuffer(torrent), "application/x-bittorrent"
	if form {
		body = &bytes.Buffer{}
		w := multipart.NewWriter(body)
		part, err := w.CreateFormFile("torrent", "a.torrent")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(torrent)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		kind = w.FormDataContentType()
	}
	resp, err := g.http.Post(g.admin+"/api/v1/torrents", kind, body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestV2 gets a v2 torrent by its infohash and a peer alone: files of one piece,
// which need no piece layers.
func TestV2(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{
		Name: "version two", Seed: 33, PieceLength: 1 << 20, Version: metainfo.V2,
		Files: []clients.FileSpec{{Path: []string{"1.bin"}, Size: 1 << 20}, {Path: []string{"2.bin"}, Size: 70_001}, {Path: []string{"3"}, Size: 0}},
	})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	g.wants(t, p, hints(nil, l.Addr()))
}
