package gateway

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/gateway/pages"
	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/metainfo"
)

// listingVersion changes when listings of the same torrent come out different
// for a reason that is not in the templates (appendRow, the JSON): it is part of
// their ETag.
const listingVersion = "4"

// listingTypes are the media types of listings, by ?format=.
var listingTypes = map[string]string{
	"html": "text/html; charset=utf-8",
	"json": "application/json",
	"text": "text/plain; charset=utf-8",
	"m3u8": typeHLS,
}

// A listing is one directory as it is about to be written. The root of the
// tree is the torrent: its listing is an overview with all files.
type listing struct {
	info  *metainfo.Info
	hash  metainfo.InfoHash
	node  *metainfo.Node
	path  []string // of node, from the torrent's name
	base  string   // path of the torrent as the client knows it, without a slash at its end
	types mediaTypes

	carry               string          // the hints of the request, which links go on with
	link                metainfo.Magnet // the same
	torrent             bool            // there is a .torrent
	dirQuery, fileQuery string          // of the links to directories and files on the page

	asked  bool   // the query names the form, and links to directories repeat it
	origin string // scheme and host of this server, as the client knows it
}

// listing answers for a directory, from metadata alone. It is as long as the
// torrent wants it to be, so it is never held whole, and yet it has a length.
func (s *Server) listing(v *visit, node *metainfo.Node) {
	c, format := v.c, v.query.format
	h := c.Writer.Header()
	l := &listing{info: v.info, hash: v.target.hash, node: node, path: v.target.path, base: responseOf(c).prefix + v.base,
		types: s.types, origin: s.origin(c), carry: v.query.carry, link: v.query.magnet, asked: format != ""}
	_, l.torrent = s.wholeTorrent(v)
	if format == "" {
		format = listingForm(c.Request.Header)
		h["Vary"] = []string{"Accept, User-Agent"}
		h["Content-Location"] = []string{l.href() + l.carried("?format="+format)}
	}
	h["Etag"] = []string{l.etag(format)}
	h["Cache-Control"] = []string{cacheListing}
	s.setCacheStatus(v, v.knew())
	if s.preconditions(c, l.etag(format)) {
		return
	}
	h["Accept-Ranges"] = []string{"bytes"}
	write, kind := l.writeJSON, listingTypes[format]
	switch format {
	case "html":
		s.headers.page.set(h)
		h["Content-Security-Policy"] = s.policy
		write = l.writeHTML
	case "text":
		write = l.writeText
	case "m3u8":
		h["Content-Disposition"] = []string{contentDisposition(v.query.attachment, cmp.Or(v.query.filename, v.info.Text(cmp.Or(node.Name, v.info.Name))+".m3u8"))}
		write = l.writePlaylist
		h["Vary"] = []string{"User-Agent"}
		if strings.HasPrefix(c.Request.UserAgent(), "VLC/") {
			kind = "audio/x-mpegurl" // as HLS, VLC looks for segments in it and finds nothing
		}
	}
	turn, err := s.turn(v)
	if err != nil {
		s.fail(c, v.target.hash, err)
		return
	}
	defer turn.Leave()
	s.measuredAs(v, turn, http.StatusOK, l.etag(format), kind, write)
}

// preconditions answers for what has this ETag, and the header of which is set, if
// what the request asks of the ETag does (RFC 9110 section 13.2.2).
func (s *Server) preconditions(c *gin.Context, etag string) (answered bool) {
	h := c.Request.Header
	if tags := h["If-Match"]; tags != nil && !httprange.StrongMatch(tags, etag) {
		s.problem(c, preconditionFailed(etag))
		return true
	}
	if httprange.WeakMatch(h["If-None-Match"], etag) {
		s.header(c, http.StatusNotModified)
		return true
	}
	return false
}

// etag names what is written: the torrent, the directory, the form and the
// version of the page.
func (l *listing) etag(format string) string {
	name := pages.Version() + listingVersion + format + l.hash.String() + l.href()
	if format != "json" {
		name += l.origin + " " + l.carry // URLs are in it
	}
	if l.torrent {
		name += "torrent"
	}
	if l.asked {
		name += "asked"
	}
	sum := sha256.Sum256([]byte(name))
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// carried is a query, "" or with its question mark, and the hints of the request after it.
func (l *listing) carried(query string) string {
	switch {
	case l.carry == "":
		return query
	case query == "":
		return "?" + l.carry
	}
	return query + "&" + l.carry
}

// href is the listing's own path.
func (l *listing) href() string { return l.base + escapePath(l.path) + "/" }

// measured answers with what write writes, or the part of it that the request asks
// for. A body of up to spoolBytes is rendered once and kept; a longer one is rendered
// twice, first for its length and then for the client.
func (s *Server) measured(c *gin.Context, etag, contentType string, write func(io.Writer) error) {
	s.measuredAs(&visit{c: c}, nil, http.StatusOK, etag, contentType, write)
}

// measuredAs is measured with any status for the whole. What is dear has the client's turn, which
// pauses while bytes go out, and is rendered once where its length is known.
func (s *Server) measuredAs(v *visit, turn *cpushare.Turn, status int, etag, contentType string, write func(io.Writer) error) {
	c := v.c
	var kept spool
	if n, ok := s.lengths.known.Get(etag); ok && turn != nil {
		kept = spool{n: n, over: true}
	} else if err := write(&kept); err != nil {
		s.log.Error("listing", "error", err)
		s.problem(c, internalError())
		return
	}
	if kept.over && turn != nil && etag != "" {
		s.lengths.known.Add(etag, kept.n)
	}
	r := httprange.Range{Off: 0, N: kept.n}
	if c.Request.Method == http.MethodGet {
		switch ranges, verdict := httprange.Of(c.Request.Header, etag, kept.n); {
		case verdict == httprange.Bad:
			s.problem(c, notSatisfiable(etag, kept.n))
			return
		case len(ranges) == 1: // several are as good as none for a listing
			status, r = http.StatusPartialContent, ranges[0]
			c.Writer.Header()["Content-Range"] = []string{r.ContentRange(kept.n)}
		}
	}
	if !kept.over {
		s.bytes(c, status, contentType, kept.data[r.Off:r.End()])
		return
	}
	h := c.Writer.Header()
	h["Content-Type"] = []string{contentType}
	h["Content-Length"] = []string{strconv.FormatInt(r.N, 10)}
	s.header(c, status)
	if c.Request.Method == http.MethodHead {
		return
	}
	var to io.Writer = s.writer(c)
	if turn != nil {
		to = &pausingWriter{to, turn, v}
	}
	out := bufio.NewWriterSize(to, listingBuffer)
	err := write(&section{to: out, skip: r.Off, n: r.N})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		responseOf(c).reason = reasonClient
		panic(http.ErrAbortHandler)
	}
}

// A section is n bytes of what is written to it, after skip others.
type section struct {
	to      io.Writer
	skip, n int64
}

// Write takes all of p.
func (s *section) Write(p []byte) (int, error) {
	from := min(s.skip, int64(len(p)))
	to := min(from+s.n, int64(len(p)))
	s.skip, s.n = s.skip-from, s.n-(to-from)
	if _, err := s.to.Write(p[from:to]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// A spool keeps what is written to it until that is too much, and counts it
// all.
type spool struct {
	data []byte
	n    int64
	over bool
}

// Write never fails.
func (s *spool) Write(p []byte) (int, error) {
	s.n += int64(len(p))
	if s.n > spoolBytes {
		s.data, s.over = nil, true
	} else {
		s.data = append(s.data, p...)
	}
	return len(p), nil
}

// walk calls visit for what the listing shows, in natural order: the entries of
// a directory, or for the torrent's root everything that is below. path is
// valid until visit returns.
func (l *listing) walk(visit func(node metainfo.Node, path []string) error) error {
	return walkNodes(*l.node, l.room(), len(l.path) == 0, visit)
}

// room is the listing's path with room for what is below.
func (l *listing) room() []string {
	return append(make([]string, 0, len(l.path)+metainfo.MaxDepth+1), l.path...)
}

func walkNodes(dir metainfo.Node, path []string, deep bool, visit func(metainfo.Node, []string) error) error {
	for node := range dir.Children() {
		below := append(path, node.Name)
		if err := visit(node, below); err != nil {
			return err
		}
		if deep && node.Dir {
			if err := walkNodes(node, below, deep, visit); err != nil {
				return err
			}
		}
	}
	return nil
}

// torrentFile answers with a .torrent made from the metadata. It has no
// trackers: those of an uploaded torrent may carry a passkey, and hints never
// change a body.
func (s *Server) torrentFile(v *visit) {
	t, ok := s.wholeTorrent(v)
	if !ok && v.cachedOnly {
		s.fail(v.c, v.target.hash, errNotCached)
		return
	}
	if !ok && s.awaitLayers != nil {
		err := s.awaitLayers(v.deadline, v.target.hash, s.hints(v))
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			s.fail(v.c, v.target.hash, err)
			return
		}
		t, ok = s.wholeTorrent(v)
	}
	if !ok {
		s.problem(v.c, &problem{status: http.StatusServiceUnavailable, slug: "layers-unknown", title: "Piece layers not known",
			retryAfter: retryUnavailable, hash: v.target.hash.String(),
			detail: "A .torrent of this v2 torrent needs the hashes of its pieces, and they have not been fetched."})
		return
	}
	h := v.c.Writer.Header()
	etag := `"` + v.target.hash.String() + `-torrent"`
	h["Etag"] = []string{etag}
	h["Cache-Control"] = []string{cacheListing}
	if s.preconditions(v.c, etag) {
		return
	}
	h["Content-Disposition"] = []string{contentDisposition(true, v.info.Text(v.info.Name)+".torrent")}
	h["Accept-Ranges"] = []string{"bytes"}
	if s.torrentHints != nil {
		s.torrentHints(t)
	}
	turn, err := s.turn(v)
	if err != nil {
		s.fail(v.c, v.target.hash, err)
		return
	}
	defer turn.Leave()
	body := t.Encode()
	s.measuredAs(v, turn, http.StatusOK, etag, "application/x-bittorrent", func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
}

// wholeTorrent makes the torrent of a .torrent; false where there is too little for one.
func (s *Server) wholeTorrent(v *visit) (*metainfo.Torrent, bool) {
	t := &metainfo.Torrent{Info: v.info}
	if s.layers != nil && v.info.HasV2() {
		t.Layers, _ = s.layers(v.target.hash)
	}
	return t, hasLayers(v.info, t.Layers)
}

// hasLayers reports whether layers are all that a .torrent has to hold: those
// of every v2 file that is longer than a piece (BEP 52).
func hasLayers(info *metainfo.Info, layers metainfo.PieceLayers) bool {
	if !info.HasV2() {
		return true
	}
	for i := range info.Files {
		f := &info.Files[i]
		if !f.Pad && f.Length > info.PieceLength && layers[info.PiecesRoot(f)] == nil {
			return false
		}
	}
	return true
}
