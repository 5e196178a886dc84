package conformance

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// A multistatus is the body of a 207 (RFC 4918 section 14.16), as far as rules look at it.
type multistatus struct {
	XMLName   xml.Name `xml:"DAV: multistatus"`
	Responses []struct {
		Href  string `xml:"DAV: href"`
		Stats []struct {
			Status string `xml:"DAV: status"`
			Prop   struct {
				Collection *struct{} `xml:"DAV: resourcetype>collection"`
				Length     string    `xml:"DAV: getcontentlength"`
				ETag       string    `xml:"DAV: getetag"`
				Quota      *struct{} `xml:"DAV: quota-used-bytes"`
			} `xml:"DAV: prop"`
		} `xml:"DAV: propstat"`
	} `xml:"DAV: response"`
}

func webDAVRules() []Rule {
	const section = "RFC 4918 9.1"
	find := func(p *probe, path, depth, body string) (*answer, error) {
		r := request{method: "PROPFIND", path: path, body: body}
		if depth != "" {
			r.lines = []string{"Depth: " + depth}
		}
		return p.one(r)
	}
	status := func(id, what string, want int, path func(*probe) string, depth, body string) Rule {
		return Rule{ID: id, Source: section, What: what, check: func(p *probe) error {
			a, err := find(p, path(p), depth, body)
			return first(err, func() error { return a.wants(want) })
		}}
	}
	read := func(id, what string, path func(*probe) string, depth, body string, check func(*probe, *multistatus) error) Rule {
		return Rule{ID: id, Source: section, What: what, check: func(p *probe) error {
			a, err := find(p, path(p), depth, body)
			if err := first(err, func() error { return a.wants(207) }); err != nil {
				return err
			}
			doc := new(multistatus)
			if err := xml.Unmarshal(a.body, doc); err != nil {
				return err
			}
			if len(doc.Responses) == 0 || len(doc.Responses[0].Stats) == 0 {
				return errors.New("no response with properties")
			}
			return check(p, doc)
		}}
	}
	file := func(p *probe) string { return p.file }
	root := below("/")
	const allprop = `<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>`
	rules := []Rule{
		{ID: "dav-options", Source: "RFC 4918 10.1", What: "OPTIONS says that there is WebDAV, class 1", check: func(p *probe) error {
			a, err := p.do(http.MethodOptions, p.hash+"/")
			return first(err, func() error { return errors.Join(a.has("DAV", "1"), a.has("Allow", "PROPFIND")) })
		}},
		read("dav-file", "a file: its length and ETag are those of GET", file, "0", "", func(p *probe, doc *multistatus) error {
			r := doc.Responses[0]
			if prop := r.Stats[0].Prop; len(doc.Responses) != 1 || r.Href != p.prefix+p.file || prop.Collection != nil || prop.Length != fmt.Sprint(p.size()) || prop.ETag != p.etag {
				return fmt.Errorf("%+v", r)
			}
			return nil
		}),
		read("dav-file-depth", "a file has nothing below", file, "1", allprop, func(_ *probe, doc *multistatus) error {
			if len(doc.Responses) != 1 {
				return fmt.Errorf("%d responses", len(doc.Responses))
			}
			return nil
		}),
		read("dav-root", "the torrent is a collection", root, "0", allprop, func(p *probe, doc *multistatus) error {
			if r := doc.Responses[0]; len(doc.Responses) != 1 || r.Href != p.prefix+p.hash+"/" || r.Stats[0].Prop.Collection == nil {
				return fmt.Errorf("%+v", r)
			}
			return nil
		}),
		read("dav-children", "Depth: 1 has what is directly in it, and no more", root, "1", "", func(p *probe, doc *multistatus) error {
			if len(doc.Responses) != 2 || !strings.HasPrefix(p.prefix+p.file, doc.Responses[1].Href) {
				return fmt.Errorf("%+v", doc.Responses)
			}
			return nil
		}),
		read("dav-props", "properties that there are not are 404 in a propstat of their own", file, "0",
			`<propfind xmlns="DAV:"><prop><quota-used-bytes/><getcontentlength/></prop></propfind>`, func(p *probe, doc *multistatus) error {
				stats := doc.Responses[0].Stats
				if len(stats) != 2 || stats[0].Prop.Length != fmt.Sprint(p.size()) || stats[0].Prop.ETag != "" || stats[1].Prop.Quota == nil || !strings.Contains(stats[1].Status, " 404 ") {
					return fmt.Errorf("%+v", stats)
				}
				return nil
			}),
		{ID: "dav-infinity", Source: section, What: "Depth: infinity is 403, with the precondition", check: func(p *probe) error {
			a, err := find(p, p.hash+"/", "infinity", "")
			return first(err, func() error {
				if !strings.Contains(string(a.body), "propfind-finite-depth") {
					return fmt.Errorf("%.100s", a.body)
				}
				return a.wants(403)
			})
		}},
		status("dav-no-depth", "no Depth is infinity", 403, root, "", ""),
		status("dav-depth-bad", "another Depth is 400", 400, root, "2", ""),
		status("dav-missing", "a path that does not exist is 404", 404, below("/no/such/file"), "1", ""),
		status("dav-body-bad", "a body that is no propfind is 400", 400, file, "0", "<x"),
		status("dav-body-entity", "a document type is 400: it could have entities", 400, file, "0", `<!DOCTYPE x [<!ENTITY e "y">]><propfind xmlns="DAV:"><prop>&e;</prop></propfind>`),
	}
	for _, method := range []string{"PUT", "MKCOL", "PROPPATCH", "LOCK", "MOVE"} {
		rules = append(rules, Rule{ID: "dav-" + method, Source: "RFC 9110 15.5.6", What: method + " is 405: nothing can be written", check: func(p *probe) error {
			a, err := p.do(method, p.hash+"/x", "Content-Length: 0")
			return first(err, func() error { return errors.Join(a.wants(405), a.has("Allow", "GET", "PROPFIND")) })
		}})
	}
	return rules
}
