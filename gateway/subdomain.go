package gateway

import (
	"encoding/base32"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// With a subdomain host every torrent has an origin of its own:
// http://<base32 infohash>.<host>/<name>/<path>. Scripts of a torrent may run
// there, since nothing else is within their reach. A v1 infohash is 32 digits of
// base32, a v2 one 52; in hexadecimal a v2 one would not fit a DNS label of 63.

// labels writes infohashes as labels: base32 in lower case, without padding.
var labels = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// subdomainHash is the infohash that a Host header names under parent.
func subdomainHash(header, parent string) (metainfo.InfoHash, bool) {
	label, ok := strings.CutSuffix(normalHost(header), "."+parent)
	if parent == "" || !ok {
		return metainfo.InfoHash{}, false
	}
	for _, size := range []int{20, 32} {
		if len(label) == labels.EncodedLen(size) {
			hash, err := anyHash(label)
			return hash, err == nil
		}
	}
	return metainfo.InfoHash{}, false
}

// underSubdomain makes a request to a torrent's own host one for its path.
func underSubdomain(r *http.Request, hash metainfo.InfoHash) *http.Request {
	path := *r // as http.StripPrefix does
	path.URL = new(url.URL)
	*path.URL = *r.URL
	path.URL.RawPath = hash.Path() + rawPath(r.URL)
	path.URL.Path = hash.Path() + r.URL.Path
	return &path
}

// ownOrigin is the URL of a torrent's own host, for a request to the parent.
func (s *Server) ownOrigin(r *http.Request, hash metainfo.InfoHash) string {
	host := labels.EncodeToString(hash.Bytes()) + "." + s.subdomains
	if _, port, err := net.SplitHostPort(s.hostBy(r)); err == nil && strings.Trim(port, "0123456789") == "" {
		host = net.JoinHostPort(host, port)
	}
	return schemeBy(s.proxies, r) + "://" + host
}

// movesToSubdomain reports whether a path of this server has its place on the
// torrent's own host. The bare infohash stays where it is: it may be a file. So does
// a file that is called as what keeps crawlers away there.
func (s *Server) movesToSubdomain(v *visit) bool {
	return s.subdomains != "" && !v.subdomain && v.target.rest != "" && v.target.rest != robotsPath && normalHost(v.c.Request.Host) == s.subdomains
}
