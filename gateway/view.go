package gateway

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/gateway/pages"
)

// ?view=1 is a page about what is at a path: a player of what plays, else the torrent. It comes at
// once, before anything of the torrent is known. ?view=events is what such a page hears while it is open.

// viewEvents is the value of ?view= for events.
const viewEvents = "events"

// view answers for a path with ?view=. The metadata is not waited for.
func (s *Server) view(v *visit) {
	c, t := v.c, &v.target
	if c.Request.Method == methodPropfind {
		s.problem(c, badRequest("Query parameter view: a page for browsers, which PROPFIND does not know."))
		return
	}
	if v.info, v.known = s.backend.Known(t.hash); v.known {
		if status := s.denylist.denied(v.info, t.path); status != 0 {
			s.problem(c, deny(status))
			return
		}
		if node, err := v.info.Lookup(t.path); s.hideCacheState {
			// what is in it is as unknown as the torrent
		} else if len(t.path) > 0 && (err != nil || !node.Dir && t.slash) {
			s.lookupOther(v, err)
			return
		} else if len(t.path) > 0 && node.Dir && !t.slash {
			s.redirect(c, http.StatusFound, "", v.base+t.rest+"/", cacheNone)
			return
		}
	}
	if s.hideCacheState {
		v.info, v.known = nil, false // the page is as that of any torrent, and hears the rest when it would have been found
	}
	if v.query.view == viewEvents {
		s.events(v)
		return
	}
	if t.rest == "" {
		s.redirect(c, http.StatusFound, "", v.base+"/", cacheNone)
		return
	}
	if v.subdomain { // scripts of the torrent's own run there
		s.redirect(c, http.StatusFound, schemeBy(s.proxies, c.Request)+"://"+s.parentHost(c.Request), t.hash.Path()+t.rest, cacheNone)
		return
	}
	page := s.viewPage(v)
	if !t.slash && page.Media == "" { // nothing that a page plays
		location := page.Self + page.Query
		s.redirectTo(c, http.StatusFound, location, cacheNone)
		return
	}
	s.showApp(c, page)
}

// viewPage is the page for a path.
func (s *Server) viewPage(v *visit) pages.App {
	t, prefix := &v.target, responseOf(v.c).prefix
	page := pages.App{Page: "torrent", Root: upFrom(v.c), Hash: t.text, Base: prefix + t.base() + "/", Self: prefix + t.base() + escapePath(t.path), Known: v.known}
	if v.query.carry != "" {
		page.Query = "?" + v.query.carry
	}
	names := v.shownPath()
	page.Title = showName(v.query.hints.Name)
	if v.known {
		page.Title = showName(v.info.Text(v.info.Name))
	}
	if len(names) > 0 {
		path, _ := json.Marshal(names) // strings
		page.Path, page.Title = string(path), names[len(names)-1]
	}
	if page.Title == "" {
		page.Title = "Torrent " + t.text
	}
	back := "?view=1"
	if v.query.carry != "" {
		back += "&" + v.query.carry
	}
	for i, name := range names[:max(len(names)-1, 0)] {
		if i == 0 {
			page.Crumbs = append(page.Crumbs, pages.Crumb{Name: name, Href: page.Base + back})
			continue
		}
		page.Crumbs = append(page.Crumbs, pages.Crumb{Name: name, Href: prefix + t.base() + escapePath(t.path[:i+1]) + "/" + back})
	}
	if len(names) == 1 && !t.slash {
		page.Crumbs = append(page.Crumbs, pages.Crumb{Name: "Torrent", Href: page.Base + back})
	}
	if t.slash {
		if len(t.path) > 0 {
			page.Self += "/"
		} else {
			page.Self = page.Base
		}
		hints := strings.Replace(page.Query, "?", "&", 1)
		page.Plain = page.Self + "?format=html" + hints
		if v.known {
			page.Listing = page.Base + "?format=json" + hints
		}
		return page
	}
	kind := s.types.of(t.path[len(t.path)-1])
	page.Type = kind
	switch {
	case strings.HasPrefix(kind, "audio/") && playable(kind):
		page.Page, page.Media = "player", "audio"
	case playable(kind):
		page.Page, page.Media = "player", "video"
	}
	page.Source = page.Self + page.Query
	page.Native = kind != "video/x-matroska" && kind != "video/mp2t"
	return page
}

// shownPath is the path of a request as people read it.
func (v *visit) shownPath() []string {
	names := make([]string, len(v.target.path))
	for i, name := range v.target.path {
		if v.known {
			name = v.info.Text(name)
		}
		names[i] = showName(name)
	}
	return names
}

// viewFirst sends a browser that is to show a directory to the page about it, which needs no
// metadata. What programs get is the listing.
func (s *Server) viewFirst(v *visit) bool {
	if v.query.view != "" || v.query.format != "" || v.query.attachment || v.subdomain || !v.target.slash || !navigates(v.c.Request.Header) {
		return false
	}
	location := responseOf(v.c).prefix + v.base + v.target.rest + "?view=1"
	if raw := v.c.Request.URL.RawQuery; raw != "" {
		location += "&" + string(appendEscaped(nil, raw, printable))
	}
	v.c.Writer.Header()["Vary"] = []string{varyNavigation}
	s.redirectTo(v.c, http.StatusFound, location, cacheNone)
	return true
}

// parentHost is the host under which torrents have hosts of their own, with the port of a request.
func (s *Server) parentHost(r *http.Request) string {
	if i := strings.LastIndexByte(r.Host, ':'); i >= 0 && strings.Trim(r.Host[i+1:], "0123456789") == "" {
		return s.subdomains + r.Host[i:]
	}
	return s.subdomains
}

// startApp answers / for a person.
func (s *Server) startApp(c *gin.Context, example string) {
	s.showApp(c, pages.App{Page: "start", Title: "btgw", Root: "./", Start: startPage(example)})
}
