package gateway

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/metainfo"
)

// openPath takes the input of a page's box (POST, a form). Its field uri has a magnet link, an infohash,
// or a URL of this server or of a .torrent; or the form has a .torrent as a file. The answer sends to
// the page about the torrent. Pages of other sites cannot use it.
const openPath = "/-/open"

func opens(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(rawPath(r.URL), openPath)
}

// mayUpload refuses who may not have a .torrent taken: a signed link is for a torrent that is known. Nothing is
// fetched for a user who may not add any, nor where a list says what is served: it cannot be asked before.
func (s *Server) mayUpload(r *http.Request, fetched bool) *problem {
	if !s.uploads || s.users == nil && s.links != nil {
		return noUploads()
	}
	if s.users == nil {
		return s.mayFetch(fetched)
	}
	switch user, p := s.users.find(r.Context(), r.Header.Get("Authorization")); {
	case p != nil:
		return p
	case user == nil:
		return keyNeeded(r.Header.Get("Authorization") != "")
	case user.NoAdd && fetched:
		return mayNotAdd()
	}
	return s.mayFetch(fetched)
}

// mayFetch refuses URLs where a list says what is served.
func (s *Server) mayFetch(fetched bool) *problem {
	if fetched && s.allowlist != nil {
		return &problem{status: http.StatusForbidden, slug: "no-uploads", title: "No URLs are fetched here",
			detail: "The operator of this server serves a list of torrents, and a URL does not say which torrent it leads to. The .torrent file itself, a magnet link or an infohash does."}
	}
	return nil
}

// openBox answers a POST to openPath.
func (s *Server) openBox(c *gin.Context) {
	r := c.Request
	switch {
	case r.Header["Sec-Fetch-Site"] == nil && r.Header["Origin"] == nil:
		s.problem(c, noSite())
		return
	case !sameOrigin(r):
		s.problem(c, otherSite())
		return
	}
	res := responseOf(c)
	// Who may not have a .torrent taken may send a link: no more than that is read.
	most, refused := int64(MaxTorrentUpload), s.mayUpload(r, false)
	if refused != nil {
		most = maxMagnetBytes
	}
	r.Body = http.MaxBytesReader(c.Writer, arriving(r.Body, res.control), most+multipartSlack)
	torrent, text, p := readBox(r)
	_ = res.control.SetReadDeadline(time.Time{})
	switch {
	case refused != nil && (torrent != nil || p != nil && p.status == http.StatusRequestEntityTooLarge):
		p = refused
	case p != nil:
	case torrent != nil:
		p = s.openTorrent(c, torrent)
	default:
		p = s.openText(c, text)
	}
	if p != nil {
		if r.ProtoMajor == 1 {
			c.Writer.Header().Set("Connection", "close") // what is left of the body is not read
		}
		s.problem(c, p)
	}
}

// arriving is a body that has uploadTimeout for each read of it, and uploadMost for all.
func arriving(body io.ReadCloser, control *http.ResponseController) io.ReadCloser {
	return &arrivingBody{body, control, time.Now().Add(uploadMost)}
}

type arrivingBody struct {
	io.ReadCloser
	control *http.ResponseController
	end     time.Time
}

// Read implements io.Reader.
func (b *arrivingBody) Read(p []byte) (int, error) {
	deadline := time.Now().Add(uploadTimeout)
	if deadline.After(b.end) {
		deadline = b.end
	}
	_ = b.control.SetReadDeadline(deadline) // the read fails if it cannot
	return b.ReadCloser.Read(p)
}

// readBox reads the form: a file, or the text of the field uri.
func readBox(r *http.Request) (torrent []byte, text string, p *problem) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, "", &problem{status: http.StatusUnsupportedMediaType, slug: "unsupported-media-type", title: "Unsupported media type",
			detail: "A form (multipart/form-data) with a field uri, or a .torrent as the file torrent, is expected."}
	}
	form := multipart.NewReader(r.Body, params["boundary"])
	for {
		part, err := form.NextPart()
		if err != nil {
			if p := tooLarge(err); p != nil {
				return nil, "", p
			}
			break
		}
		switch part.FormName() {
		case "torrent":
			body, p := readBody(part)
			if p != nil && p.status == http.StatusRequestEntityTooLarge {
				return nil, "", p
			}
			if len(body) > 0 { // a form without a file has an empty one
				return body, "", nil
			}
		case "uri":
			body, _ := readBody(part)
			text = strings.TrimSpace(string(body))
		}
	}
	if text == "" {
		return nil, "", badRequest("A magnet link, an infohash, the URL of a .torrent or a .torrent file is expected.")
	}
	return nil, text, nil
}

// noUploads is the refusal of what --mode does not allow.
func noUploads() *problem {
	return &problem{status: http.StatusForbidden, slug: "no-uploads", title: "No .torrent files are taken here",
		detail: "The operator of this server has switched uploads off. A magnet link or an infohash does."}
}

// openTorrent takes a .torrent and sends to it.
func (s *Server) openTorrent(c *gin.Context, data []byte) *problem {
	torrent, err := metainfo.ReadTorrent(data, metainfo.MaxTorrentLen)
	if err != nil {
		return problemOf(err)
	}
	return s.openParsed(c, torrent)
}

func (s *Server) openParsed(c *gin.Context, torrent *metainfo.Torrent) *problem {
	for _, hash := range torrent.Info.Hashes() {
		if _, p := s.permit(c.Request, responseOf(c), &target{hash: hash, text: hash.String()}, plain); p != nil {
			return p
		}
	}
	if status := s.denylist.denied(torrent.Info, nil); status != 0 {
		return deny(status)
	}
	hash, err := s.backend.Add(c.Request.Context(), torrent)
	if err != nil {
		return problemOf(err)
	}
	s.opened(c, hash.Path()+"/?view=1")
	return nil
}

// openText reads what was typed or pasted, and sends to it.
func (s *Server) openText(c *gin.Context, text string) *problem {
	if len(text) > maxMagnetBytes {
		return badRequest("At most %d bytes are taken.", maxMagnetBytes)
	}
	if location, ok := s.pageOf(text); ok {
		s.opened(c, location)
		return nil
	}
	if u, err := url.Parse(text); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return s.openURL(c, u)
	}
	_, p := readMagnet(text, s.check)
	return p
}

// pageOf is the page, on this server, of a magnet link, an infohash or a URL of a gateway like this.
func (s *Server) pageOf(text string) (location string, ok bool) {
	if u, err := url.Parse(text); err == nil && (u.Scheme == "" || u.Scheme == "http" || u.Scheme == "https") {
		path := rawPath(u)
		for _, form := range []string{"/btih/", "/btmh/"} {
			i := strings.Index(path, form)
			if i < 0 {
				continue
			}
			if t, p := parseTarget(path[i:]); p == nil {
				rest := t.rest
				if rest == "" {
					rest = "/"
				}
				location = t.base() + rest + "?view=1"
				if q, p := s.queries.of(u.RawQuery); p == nil && q.carry != "" {
					location += "&" + q.carry
				}
				return string(appendEscaped(nil, location, printable)), true
			}
		}
	}
	m, p := readMagnet(text, s.check)
	if p != nil {
		return "", false
	}
	return pageOfMagnet(m), true
}

// pageOfMagnet is the page, on this server, of a magnet link.
func pageOfMagnet(m *metainfo.Magnet) string {
	location := m.Hashes[0].Path() + "/?view=1"
	if query := m.QueryFor(m.Hashes[0]); query != "" {
		location += "&" + query
	}
	return location
}

// openURL fetches the .torrent at a URL, or the magnet link that is there in its place.
func (s *Server) openURL(c *gin.Context, u *url.URL) *problem {
	if p := s.mayUpload(c.Request, true); p != nil {
		return p
	}
	if s.document == nil {
		return noUploads()
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), openTime)
	defer cancel()
	select {
	case s.opening <- struct{}{}:
		defer func() { <-s.opening }()
	default:
		return &problem{status: http.StatusServiceUnavailable, slug: "busy", title: "Too busy", retryAfter: retryBusy, refused: refusedBusy,
			detail: "As many URLs are being fetched as this server allows."}
	}
	var from netip.Prefix
	if client := responseOf(c).client; !client.Local {
		from = client.Prefix
	}
	data, err := s.document(ctx, u.String(), from, metainfo.MaxTorrentLen)
	if err != nil {
		if c.Request.Context().Err() != nil {
			panic(http.ErrAbortHandler)
		}
		s.log.Debug("no .torrent at a URL", "error", err)
		return &problem{status: http.StatusBadGateway, slug: "no-torrent", title: "No .torrent there",
			detail: "The URL did not give a .torrent in time: it cannot be reached, may not be contacted from here, or answers with something else."}
	}
	torrent, magnet, err := metainfo.ReadAnswer(data, metainfo.MaxTorrentLen)
	switch {
	case err != nil:
		return &problem{status: http.StatusUnprocessableEntity, slug: "no-torrent", title: "No .torrent there", detail: "What is at the URL is no .torrent: " + err.Error() + "."}
	case magnet != nil:
		usable(magnet, s.check)
		s.opened(c, pageOfMagnet(magnet))
		return nil
	}
	return s.openParsed(c, torrent)
}

// opened sends to a page: by 303, so that loading it again does not post again.
func (s *Server) opened(c *gin.Context, location string) {
	s.redirectTo(c, http.StatusSeeOther, responseOf(c).prefix+location, cacheNone)
}
