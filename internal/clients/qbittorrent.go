package clients

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// QBittorrent is a qbittorrent-nox, driven by its web API. It takes connections
// with and without encryption.
type QBittorrent struct {
	process *process
	addr    string
	api     string
}

// QBittorrentOptions are the settings of a client.
type QBittorrentOptions struct {
	Encrypted bool // it speaks and takes encrypted connections alone
	PEX       bool // it takes part in peer exchange
	DHT       bool // it looks for peers in the DHT of which its .torrents name nodes
}

// qBittorrentSettings keeps a client to itself and without limits.
const qBittorrentSettings = `[BitTorrent]
Session\Port=%d
Session\Interface=lo
Session\InterfaceAddress=127.0.0.1
Session\BTProtocol=TCP
Session\DHTEnabled=%t
Session\LSDEnabled=false
Session\PeXEnabled=%t
Session\Encryption=%d
Session\QueueingSystemEnabled=false
Session\MultiConnectionsPerIp=true
Session\SSRFMitigation=false

[LegalNotice]
Accepted=true

[Network]
PortForwardingEnabled=false

[Preferences]
WebUI\Address=127.0.0.1
WebUI\Port=%d
WebUI\LocalHostAuth=false
`

// StartQBittorrent starts a client that listens.
func StartQBittorrent(tb testing.TB, o QBittorrentOptions) *QBittorrent {
	tb.Helper()
	profile := tb.TempDir()
	port, api := FreePort(tb), FreePort(tb)
	encryption := 0 // both
	if o.Encrypted {
		encryption = 1
	}
	config := filepath.Join(profile, "qBittorrent", "config")
	err := os.MkdirAll(config, 0o700)
	if err == nil {
		settings := fmt.Sprintf(qBittorrentSettings, port, o.DHT, o.PEX, encryption, api)
		err = os.WriteFile(filepath.Join(config, "qBittorrent.conf"), []byte(settings), 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
	q := &QBittorrent{
		process: newProcess(tb, qBittorrentProgram, profile, "--profile="+profile),
		addr:    loopback(port),
		api:     "http://" + loopback(api) + "/api/v2/",
	}
	q.process.cmd.Env = append(os.Environ(), "HOME="+profile)
	q.process.start()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	until(ctx, tb, q.process, "its API answered", func() (bool, string) {
		_, err := q.get(ctx, "app/version")
		return err == nil, fmt.Sprint(err)
	})
	until(ctx, tb, q.process, "it listened", func() (bool, string) {
		nc, err := net.Dial("tcp", q.addr) // to look whether the port is free would take it for a moment
		if err != nil {
			return false, err.Error()
		}
		return true, fmt.Sprint(nc.Close())
	})
	return q
}

// Addr gives where it listens for peers, "127.0.0.1:port".
func (q *QBittorrent) Addr() string { return q.addr }

// Seed seeds a payload. It returns when all is checked and peers are served.
func (q *QBittorrent) Seed(p *Payload) {
	tb := q.process.tb
	tb.Helper()
	q.Download(p.Torrent, p.Dir)
	ctx, cancel := context.WithTimeout(tb.Context(), workTimeout)
	defer cancel()
	q.WaitFinished(ctx)
}

// Download begins to download a .torrent file's content to dir. It seeds
// afterwards.
func (q *QBittorrent) Download(torrent []byte, dir string) {
	q.process.tb.Helper()
	q.add(dir, func(form *multipart.Writer) error {
		part, err := form.CreateFormFile("torrents", "a.torrent")
		if err != nil {
			return err
		}
		_, err = part.Write(torrent)
		return err
	})
}

// DownloadMagnet is Download by a magnet link, so that peers have to send the
// metadata too (BEP 9).
func (q *QBittorrent) DownloadMagnet(magnet, dir string) {
	q.process.tb.Helper()
	q.add(dir, func(form *multipart.Writer) error { return form.WriteField("urls", magnet) })
}

// Connect tells it of peers ("host:port") of all its torrents.
func (q *QBittorrent) Connect(peers ...string) {
	tb := q.process.tb
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	for _, t := range q.torrents(ctx) {
		form := url.Values{"hashes": {t.Hash}, "peers": {strings.Join(peers, "|")}}
		if _, err := q.post(ctx, "torrents/addPeers", "application/x-www-form-urlencoded", strings.NewReader(form.Encode())); err != nil {
			tb.Fatalf("qbittorrent: %v", err)
		}
	}
}

// WaitFinished waits until all that it downloads is complete, and served. It
// fails the test when ctx ends before.
func (q *QBittorrent) WaitFinished(ctx context.Context) {
	q.process.tb.Helper()
	until(ctx, q.process.tb, q.process, "seeding", func() (bool, string) {
		torrents := q.torrents(ctx)
		for _, t := range torrents {
			if t.Progress < 1 || t.State != "uploading" && t.State != "stalledUP" {
				return false, fmt.Sprintf("%+v", t)
			}
		}
		return len(torrents) > 0, "no torrent"
	})
}

// qBittorrentTorrent is what the API tells of a torrent.
type qBittorrentTorrent struct {
	Hash     string  `json:"hash"`
	State    string  `json:"state"`
	Progress float64 `json:"progress"`
}

// torrents tells of all torrents; of none when ctx has ended.
func (q *QBittorrent) torrents(ctx context.Context) (list []qBittorrentTorrent) {
	q.process.tb.Helper()
	body, err := q.get(ctx, "torrents/info")
	if err == nil {
		err = json.Unmarshal(body, &list)
	}
	if err != nil && ctx.Err() == nil {
		q.process.tb.Fatalf("qbittorrent: %v", err)
	}
	return list
}

// add gives it a torrent, whose source the caller writes, and waits until it
// has it.
func (q *QBittorrent) add(dir string, source func(*multipart.Writer) error) {
	tb := q.process.tb
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), readyTimeout)
	defer cancel()
	before := len(q.torrents(ctx))
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	err := source(form)
	for _, field := range [][2]string{{"savepath", dir}, {"autoTMM", "false"}, {"paused", "false"}} {
		if err == nil {
			err = form.WriteField(field[0], field[1])
		}
	}
	if err == nil {
		err = form.Close()
	}
	if err == nil {
		_, err = q.post(ctx, "torrents/add", form.FormDataContentType(), &body)
	}
	if err != nil {
		tb.Fatalf("qbittorrent: adding a torrent: %v", err)
	}
	until(ctx, tb, q.process, "it had the torrent", func() (bool, string) { return len(q.torrents(ctx)) > before, "" })
}

func (q *QBittorrent) get(ctx context.Context, method string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, q.api+method, nil)
	if err != nil {
		return nil, err
	}
	return q.do(req)
}

func (q *QBittorrent) post(ctx context.Context, method, kind string, body io.Reader) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, q.api+method, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", kind)
	return q.do(req)
}

func (q *QBittorrent) do(req *http.Request) ([]byte, error) {
	resp, body, err := roundTrip(req)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = statusError(resp, body)
	}
	return body, err
}
