package gateway

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/encoding/htmlindex"

	"github.com/btgw/btgw/metainfo"
)

// WebDAV (RFC 4918), as far as reading goes: PROPFIND of a file, a directory, and what is directly in
// one. So rclone, davfs2, players and desktops mount a torrent. All else that WebDAV has would write,
// and is 405.

const methodPropfind = "PROPFIND"

var errDAVBody = errors.New("not a propfind element")

// davNames are the properties that there are, in the order in which they are written.
var davNames = []string{"resourcetype", "displayname", "getcontentlength", "getcontenttype", "getetag", "getlastmodified", "supportedlock", "lockdiscovery"}

// A davResource is a file or directory in an answer.
type davResource struct {
	href, name string
	dir        bool
	size       int64
	kind, etag string // of a file
}

// propfindAbove answers for the directories above torrents, which have nothing in them that is
// listed: clients ask for each on their way.
func (s *Server) propfindAbove(c *gin.Context) {
	ask, p := s.davRequest(c)
	if p != nil {
		s.problem(c, p)
		return
	}
	path := strings.TrimRight(rawPath(c.Request.URL), "/") + "/"
	s.multistatus(&visit{c: c}, func(w *davWriter) error {
		return w.resource(ask, &davResource{href: responseOf(c).prefix + path, name: "btgw", dir: true})
	})
}

// propfind answers for what a path in a torrent names, now that the metadata is known.
func (s *Server) propfind(v *visit) {
	ask, p := s.davRequest(v.c)
	if p != nil {
		s.problem(v.c, p)
		return
	}
	path := v.target.path
	node, err := v.info.Lookup(path)
	switch {
	case err != nil:
		s.lookupOther(v, err)
		return
	case !node.Dir && v.target.slash:
		s.fail(v.c, v.target.hash, metainfo.ErrNotFound)
		return
	}
	if node.File != nil {
		if status := s.denylist.deniedFile(v.info, node.File); status != 0 {
			s.problem(v.c, deny(status))
			return
		}
	}
	s.multistatus(v, func(w *davWriter) error {
		if !ask.noRoot {
			if err := w.resource(ask, s.davResource(v, path, node)); err != nil {
				return err
			}
		}
		if !node.Dir || ask.depth == 0 {
			return nil
		}
		for child := range node.Children() {
			below, at := append(path[:len(path):len(path)], child.Name), &child
			if isSymlink(child) {
				if at, err = v.info.Lookup(below); err != nil || at.Dir {
					continue // it leads nowhere, or to what has a path of its own
				}
			}
			if err := w.resource(ask, s.davResource(v, below, at)); err != nil {
				return err
			}
		}
		return nil
	})
}

// davResource says what is at a path.
func (s *Server) davResource(v *visit, path []string, node *metainfo.Node) *davResource {
	r := &davResource{href: responseOf(v.c).prefix + v.base + escapePath(path), name: v.info.Name, dir: node.Dir, size: node.Size}
	if len(path) > 0 {
		r.name = path[len(path)-1]
	}
	r.name = v.info.Text(r.name)
	if node.Dir {
		r.href += "/"
	} else {
		r.kind, r.etag = s.types.of(r.name), fileETag(v.info, node.File)
	}
	return r
}

// A davAsk is what a PROPFIND asks for.
type davAsk struct {
	depth     int
	noRoot    bool       // of a directory what is in it alone
	namesOnly bool       // <propname/>
	props     []xml.Name // <prop>; nil: all that there are
}

// davRequest reads the head and the body of a PROPFIND.
func (s *Server) davRequest(c *gin.Context) (*davAsk, *problem) {
	ask := new(davAsk)
	switch depth := strings.ToLower(strings.TrimSpace(c.Request.Header.Get("Depth"))); depth {
	case "0":
	case "1":
		ask.depth = 1
	case "1,noroot", "1, noroot": // Windows' Web Folders and Office
		ask.depth, ask.noRoot = 1, true
	case "", "infinity", "infinity,noroot": // it is what a request without Depth means (RFC 4918 section 9.1)
		return nil, infiniteDepth()
	default:
		return nil, badRequest("Depth: 0 or 1 is expected.")
	}
	body := c.Request.Body
	if c.Request.ContentLength == 0 || body == nil {
		return ask, nil
	}
	control := responseOf(c).control
	_ = control.SetReadDeadline(time.Now().Add(readHeaderTimeout))
	data, err := io.ReadAll(io.LimitReader(body, maxDAVBody+1))
	if len(data) > maxDAVBody {
		return nil, tooLargeBody()
	}
	if err == nil {
		goOnAfterBody(c, control)
		err = ask.parse(data)
	}
	if err != nil {
		return nil, badRequest("The body is no propfind element of WebDAV.")
	}
	return ask, nil
}

// parse reads the body of a PROPFIND (RFC 4918 section 14.20); none asks for all.
func (a *davAsk) parse(data []byte) error {
	text := strings.TrimPrefix(string(data), "\ufeff") // a byte order mark, which encoding/xml takes for text
	if strings.TrimSpace(text) == "" {
		return nil
	}
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = true // and no entity but XML's own five is known
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		set, err := htmlindex.Get(label)
		if err != nil {
			return nil, errDAVBody
		}
		return set.NewDecoder().Reader(in), nil
	}
	var path []xml.Name
	for found := false; ; {
		token, err := d.Token()
		if err == io.EOF && found {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			found = true
			if path = append(path, e.Name); len(path) > maxDAVDepth {
				return errDAVBody
			}
			if err := a.element(path); err != nil {
				return err
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.Directive: // a document type, which could have entities
			return errDAVBody
		}
	}
}

// element takes the element that a path ends with.
func (a *davAsk) element(path []xml.Name) error {
	name := path[len(path)-1]
	switch len(path) {
	case 1:
		if name != (xml.Name{Space: "DAV:", Local: "propfind"}) {
			return errDAVBody
		}
	case 2:
		switch name {
		case xml.Name{Space: "DAV:", Local: "propname"}:
			a.namesOnly = true
		case xml.Name{Space: "DAV:", Local: "prop"}:
			a.props = []xml.Name{}
		}
	case 3:
		if path[1] != (xml.Name{Space: "DAV:", Local: "prop"}) {
			return nil
		}
		if len(a.props) == maxDAVProps {
			return errDAVBody
		}
		a.props = append(a.props, name)
	}
	return nil
}

// multistatus answers with what write writes, in a 207.
func (s *Server) multistatus(v *visit, write func(*davWriter) error) {
	v.c.Writer.Header()["Cache-Control"] = []string{cacheNone}
	v.c.Writer.Header().Del("Allow") // the router's, which takes PROPFIND for what is not allowed
	turn, err := s.turn(v)
	if err != nil {
		s.fail(v.c, v.target.hash, err)
		return
	}
	defer turn.Leave()
	s.measuredAs(v, turn, http.StatusMultiStatus, "", "application/xml; charset=utf-8", func(w io.Writer) error {
		return writeMultistatus(w, write)
	})
}

func writeMultistatus(w io.Writer, write func(*davWriter) error) error {
	out := &davWriter{bufio.NewWriterSize(w, listingBuffer)}
	_, _ = out.WriteString(xml.Header + `<D:multistatus xmlns:D="DAV:">` + "\n") // errors stay with the buffer until Flush
	if err := write(out); err != nil {
		return err
	}
	_, _ = out.WriteString("</D:multistatus>\n")
	return out.Flush()
}

// A davWriter writes the responses of a multistatus.
type davWriter struct{ *bufio.Writer }

// resource writes the response for one resource. Its href has only characters that stand for
// themselves in XML (escapePath).
func (w *davWriter) resource(ask *davAsk, r *davResource) error {
	_, _ = w.WriteString("<D:response><D:href>" + r.href + "</D:href><D:propstat><D:prop>")
	var missing []xml.Name
	if ask.props == nil {
		for _, name := range davNames {
			w.property(r, name, ask.namesOnly)
		}
	}
	for _, name := range ask.props {
		if name.Space != "DAV:" || !w.property(r, name.Local, false) {
			missing = append(missing, name)
		}
	}
	_, _ = w.WriteString("</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>")
	if len(missing) > 0 {
		_, _ = w.WriteString("<D:propstat><D:prop>")
		for _, name := range missing {
			_, _ = w.WriteString("<" + name.Local + ` xmlns="`)
			_ = xml.EscapeText(w, []byte(name.Space))
			_, _ = w.WriteString(`"/>`)
		}
		_, _ = w.WriteString("</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>")
	}
	_, err := w.WriteString("</D:response>\n")
	return err
}

// property writes one property of a resource, or its name alone, and reports whether it has it.
func (w *davWriter) property(r *davResource, name string, nameOnly bool) bool {
	value := ""
	switch {
	case name == "resourcetype":
		if r.dir {
			value = "<D:collection/>"
		}
	case name == "displayname":
		value = xmlText(showName(r.name))
	case name == "getlastmodified": // content has no date, and some clients take what has none for missing
		value = "Thu, 01 Jan 1970 00:00:00 GMT"
	case name == "supportedlock", name == "lockdiscovery": // no lock is given
	case r.dir:
		return false
	case name == "getcontentlength":
		value = strconv.FormatInt(r.size, 10)
	case name == "getcontenttype":
		value = xmlText(r.kind)
	case name == "getetag":
		value = xmlText(r.etag)
	default:
		return false
	}
	if nameOnly || value == "" {
		_, _ = w.WriteString("<D:" + name + "/>")
	} else {
		_, _ = w.WriteString("<D:" + name + ">" + value + "</D:" + name + ">")
	}
	return true
}

func xmlText(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s)) // a Builder never fails
	return out.String()
}
