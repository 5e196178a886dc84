package conformance

import (
	"bytes"
	"net/url"

	"golang.org/x/net/html"
)

// rawLinks are the links of a page as it has them, but for those of other schemes.
func rawLinks(a *answer) (links []string) {
	doc, err := html.Parse(bytes.NewReader(a.body))
	if err != nil {
		return nil // a reader that fails, which this one does not
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" {
			continue
		}
		for _, attr := range n.Attr {
			if u, err := url.Parse(attr.Val); attr.Key == "href" && err == nil && (u.Scheme == "" || u.Scheme == "http" || u.Scheme == "https") {
				links = append(links, attr.Val)
			}
		}
	}
	return links
}

// links are the paths where the links of a page lead.
func (p *probe) links(a *answer) (paths []string) {
	page := &url.URL{Scheme: p.url.Scheme, Host: p.url.Host, Path: "/"}
	if u, err := page.Parse(a.path); err == nil {
		page = u
	}
	for _, link := range rawLinks(a) {
		if u, err := page.Parse(link); err == nil {
			paths = append(paths, u.EscapedPath())
		}
	}
	return paths
}
