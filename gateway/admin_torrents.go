package gateway

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// TorrentStatus is a torrent in the answers of /api/v1/torrents.
type TorrentStatus struct {
	fetch.Status
	Path string `json:"path"` // of the torrent on the content server
}

// torrentList is the answer to GET /api/v1/torrents.
type torrentList struct {
	Torrents []TorrentStatus `json:"torrents"`
}

func withPath(status fetch.Status) TorrentStatus {
	return TorrentStatus{status, status.InfoHash.Path() + "/"}
}

// list answers with all torrents in use, by infohash.
func (a *Admin) list(c *gin.Context) {
	list := torrentList{Torrents: []TorrentStatus{}}
	for _, status := range a.cfg.Backend.List() {
		list.Torrents = append(list.Torrents, withPath(status))
	}
	slices.SortFunc(list.Torrents, func(x, y TorrentStatus) int { return cmp.Compare(x.Hash, y.Hash) })
	c.JSON(http.StatusOK, list)
}

// show answers with one.
func (a *Admin) show(c *gin.Context) {
	hash, ok := a.hash(c)
	if !ok {
		return
	}
	status, ok := a.cfg.Backend.Status(hash)
	if !ok {
		a.problem(c, noSuchTorrent())
		return
	}
	c.JSON(http.StatusOK, withPath(status))
}

// remove forgets a torrent, with what is cached of it.
func (a *Admin) remove(c *gin.Context) {
	hash, ok := a.hash(c)
	if !ok {
		return
	}
	switch err := a.cfg.Backend.Remove(c.Request.Context(), hash); {
	case errors.Is(err, fetch.ErrUnknown):
		a.problem(c, noSuchTorrent())
	case err != nil:
		a.fail(c, err)
	default:
		c.Status(http.StatusNoContent)
	}
}

// superSeed has a torrent that nobody else has super-seeded, or no longer.
func (a *Admin) superSeed(c *gin.Context, on bool) {
	hash, ok := a.hash(c)
	if !ok {
		return
	}
	switch err := a.cfg.Backend.SetSuperSeed(hash, on); {
	case errors.Is(err, fetch.ErrUnknown):
		a.problem(c, noSuchTorrent())
	case err != nil:
		a.fail(c, err)
	default:
		c.Status(http.StatusNoContent)
	}
}

// hash reads the infohash of the path, in any form.
func (a *Admin) hash(c *gin.Context) (metainfo.InfoHash, bool) {
	hash, err := anyHash(c.Param("infohash"))
	if err != nil {
		a.problem(c, badRequest("An infohash is expected: 40 hexadecimal digits or 32 characters of base32, or a v2 infohash."))
	}
	return hash, err == nil
}

// add takes a .torrent (application/x-bittorrent, or a file in a form) or a
// magnet link (text, JSON {"magnet": …}, or a field of a form).
func (a *Admin) add(c *gin.Context) {
	// A body gets its time; the deadline is taken back for what follows.
	control := http.NewResponseController(c.Writer)
	c.Request.Body = http.MaxBytesReader(c.Writer, arriving(c.Request.Body, control), MaxTorrentUpload+multipartSlack)
	torrent, magnet, p := readUpload(c.Request)
	_ = control.SetReadDeadline(time.Time{})
	switch {
	case p != nil:
		a.problem(c, p)
	case torrent != nil:
		a.addTorrent(c, torrent)
	default:
		a.addMagnet(c, magnet)
	}
}

func (a *Admin) addTorrent(c *gin.Context, data []byte) {
	turn, err := a.cfg.Work.Enter(c.Request.Context(), netip.Prefix{})
	if err != nil {
		a.fail(c, fetch.ErrBusy)
		return
	}
	torrent, err := metainfo.ReadTorrent(data, metainfo.MaxTorrentLen)
	turn.Leave()
	if err != nil {
		a.fail(c, err)
		return
	}
	_, known := a.cfg.Backend.Status(torrent.Info.ID())
	hash, err := a.cfg.Backend.Add(c.Request.Context(), torrent)
	if err != nil {
		a.fail(c, err)
		return
	}
	code := http.StatusCreated
	if known {
		code = http.StatusOK
	}
	a.added(c, code, hash, nil)
}

// addMagnet starts the search for a torrent's metadata: 201 if it is there
// soon, else 202, and the search goes on.
func (a *Admin) addMagnet(c *gin.Context, link string) {
	m, p := readMagnet(link, a.cfg.CheckAddr)
	if p != nil {
		a.problem(c, p)
		return
	}
	var q query
	q.take(m, a.cfg.CheckAddr)
	hash := m.Hashes[0]
	q.hints.Twin = m.Twin(hash)
	if q.notes != "" {
		c.Header(droppedHeader, q.notes)
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), magnetWait)
	defer cancel()
	_, err := a.cfg.Backend.Info(ctx, hash, q.hints)
	var unavailable *fetch.UnavailableError
	switch {
	case err == nil:
		a.added(c, http.StatusCreated, hash, q.dropped)
	case errors.As(err, &unavailable), errors.Is(err, context.DeadlineExceeded):
		a.added(c, http.StatusAccepted, hash, q.dropped)
	default:
		a.fail(c, err)
	}
}

// added answers with the status of what was added.
func (a *Admin) added(c *gin.Context, code int, hash metainfo.InfoHash, dropped []metainfo.Dropped) {
	c.Header("Location", "/api/v1/torrents/"+hash.String())
	status, ok := a.cfg.Backend.Status(hash)
	if !ok {
		status = fetch.Status{InfoHash: hash, Hash: hash.String()}
	}
	c.JSON(code, addedTorrent{withPath(status), dropped})
}

// addedTorrent is the answer to a POST.
type addedTorrent struct {
	TorrentStatus
	Dropped []metainfo.Dropped `json:"dropped,omitempty"` // hints of a magnet link that were left out
}

// fail answers with what an error of the backend means.
func (a *Admin) fail(c *gin.Context, err error) {
	p := problemOf(err)
	if p.status == http.StatusInternalServerError {
		a.log.Error("admin request failed", "error", err)
	}
	a.problem(c, p)
}

func noSuchTorrent() *problem {
	return &problem{status: http.StatusNotFound, slug: "no-such-torrent", title: "No such torrent",
		detail: "No torrent with this infohash is in use."}
}

// gzipped is the begin of gzip data.
var gzipped = []byte("\x1f\x8b")

// readUpload reads the body of a POST: a .torrent or a magnet link, one of
// them. What curl sends without a Content-Type of its own is told apart by how
// it begins.
func readUpload(r *http.Request) (torrent []byte, magnet string, p *problem) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	if kind == "multipart/form-data" {
		return readForm(multipart.NewReader(r.Body, params["boundary"]))
	}
	body, p := readBody(r.Body)
	if p != nil {
		return nil, "", p
	}
	text := strings.TrimSpace(string(body[:min(len(body), maxMagnetBytes+1)]))
	switch kind {
	case "application/x-bittorrent":
		return body, "", nil
	case "text/plain":
		return nil, text, nil
	case "application/json":
		var doc struct {
			Magnet string `json:"magnet"`
		}
		if err := json.Unmarshal(body, &doc); err != nil || doc.Magnet == "" {
			return nil, "", badRequest(`A JSON object is expected: {"magnet": "magnet:?xt=…"}.`)
		}
		return nil, doc.Magnet, nil
	case "application/gzip", "application/x-gzip":
		return body, "", nil
	case "", "application/octet-stream", "application/x-www-form-urlencoded":
		if bytes.HasPrefix(body, gzipped) || len(body) > 1 && body[0] == 'd' && '0' <= body[1] && body[1] <= '9' {
			return body, "", nil
		}
		if link := linkIn(text, "magnet"); link != "" {
			return nil, link, nil
		}
	}
	return nil, "", &problem{status: http.StatusUnsupportedMediaType, slug: "unsupported-media-type", title: "Unsupported media type",
		detail: "A .torrent (application/x-bittorrent, or a file in multipart/form-data) or a magnet link (text/plain, or application/json) is expected."}
}

// readForm takes the first file, or the field "magnet".
func readForm(form *multipart.Reader) (torrent []byte, magnet string, p *problem) {
	for {
		part, err := form.NextPart()
		if err != nil {
			if p := tooLarge(err); p != nil {
				return nil, "", p
			}
			return nil, "", badRequest("A form with a .torrent file, or a field magnet, is expected.")
		}
		switch {
		case part.FileName() != "" || part.FormName() == "torrent":
			torrent, p = readBody(part)
			return torrent, "", p
		case part.FormName() == "magnet":
			text, p := readBody(io.LimitReader(part, maxMagnetBytes))
			return nil, strings.TrimSpace(string(text)), p
		}
	}
}

// readBody reads all, up to MaxTorrentUpload.
func readBody(r io.Reader) ([]byte, *problem) {
	body, err := io.ReadAll(io.LimitReader(r, MaxTorrentUpload+1))
	switch {
	case err != nil && tooLarge(err) == nil:
		return nil, badRequest("The body did not arrive whole.")
	case err != nil || len(body) > MaxTorrentUpload:
		return nil, tooLargeProblem()
	case len(body) == 0:
		return nil, badRequest("The body is empty: a .torrent or a magnet link is expected.")
	}
	return body, nil
}

func tooLarge(err error) *problem {
	var tooMany *http.MaxBytesError
	if errors.As(err, &tooMany) {
		return tooLargeProblem()
	}
	return nil
}

func tooLargeProblem() *problem {
	return &problem{status: http.StatusRequestEntityTooLarge, slug: "too-large", title: "Too large",
		detail: fmt.Sprintf("A .torrent of at most %d MB is taken.", MaxTorrentUpload/1_000_000)}
}
