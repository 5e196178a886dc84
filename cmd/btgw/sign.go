package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/reload"
)

// signCmd makes a signed link.
type signCmd struct {
	URL      string `arg:"" name:"url" help:"What may be read: a URL of the gateway, or its path (/btih/<infohash>/<name>)."`
	LinkKeys string `required:"" placeholder:"FILE" env:"BTGW_LINK_KEYS" help:"The file of keys that the gateway has too."`
	Key      string `placeholder:"NAME" help:"Which of them signs; by default the first."`
	Expires  string `default:"24h" placeholder:"TIME" help:"How long the link holds (${default}; 90m)."`
	Prefix   bool   `help:"Permit what is below it too: a directory, or the whole torrent."`
	IP       string `name:"ip" placeholder:"NET" help:"Whose it is: an address, or a network (192.0.2.0/24)."`
	Rate     string `placeholder:"SIZE" help:"How many bytes a second all its requests have together (8MiB)."`
	Form     string `default:"query" placeholder:"FORM" help:"query: after the path; path: /s/<token>/ in front of it, which the relative links of playlists keep; cookie: a Set-Cookie line (${default})."`
}

// Run prints the link.
func (c *signCmd) Run(_ context.Context, a *app) error {
	p := a.problems
	u, err := url.Parse(c.URL)
	p.add("url", err)
	l := access.Link{Below: c.Prefix, Expires: time.Now().Add(p.duration("expires", c.Expires))}
	if c.Rate != "" {
		l.Rate = int64(p.size("rate", c.Rate, 1, 1<<40))
	}
	if c.IP != "" {
		l.Net, err = network(c.IP)
		p.add("ip", err)
	}
	form := p.oneOf("form", c.Form, "query", "path", "cookie")
	keys, err := reload.Open(c.LinkKeys, access.MaxKeyFile, access.ParseKeys)
	p.add("link-keys", err)
	if err := p.err(); err != nil {
		return err
	}
	prefix, path, err := contentPath(u)
	if err != nil {
		p.add("url", err)
		return p.err()
	}
	if l.Path, err = gateway.CanonicalPath(path); err != nil {
		p.add("url", err)
		return p.err()
	}
	params, err := keys.Load().Sign(l, c.Key)
	if err != nil {
		p.add("key", err)
		return p.err()
	}
	_, err = fmt.Fprintln(a.stdout, written(u, prefix, path, form, &params))
	return err
}

// keyCmd makes a key.
type keyCmd struct {
	Name string `arg:"" help:"Whose it is."`
}

// Run prints the key, which is kept nowhere, and the line for the file of users.
func (c *keyCmd) Run(_ context.Context, a *app) error {
	key := rand.Text()
	line := fmt.Sprintf("%s sha256:%x", c.Name, sha256.Sum256([]byte(key)))
	if _, err := access.UserParser(bytesOf)(strings.NewReader(line)); err != nil {
		return withStatus(exitUsage, err)
	}
	_, err := fmt.Fprintf(a.stdout, "%s\n%s\n", key, line)
	return err
}

// contentPath splits a URL's path in what is before /btih/ or /btmh/, and the rest.
func contentPath(u *url.URL) (prefix, path string, err error) {
	path = u.EscapedPath()
	for _, root := range []string{"/btih/", "/btmh/"} {
		if i := strings.Index(path, root); i >= 0 {
			return path[:i], path[i:], nil
		}
	}
	return "", "", errors.New("it has no /btih/<infohash> or /btmh/<v2 infohash>")
}

// written is the link in its form.
func written(u *url.URL, prefix, path, form string, p *access.Params) string {
	origin := ""
	if u.Host != "" {
		origin = u.Scheme + "://" + u.Host
	}
	query := u.RawQuery
	switch form {
	case "cookie":
		// The path of the torrent: a cookie goes with what is below. What it permits is in it.
		torrent := strings.Join(strings.SplitN(path, "/", 4)[:3], "/")
		cookie := "Set-Cookie: " + gateway.LinkCookie + "=" + p.Token() + "; Path=" + prefix + torrent + "; HttpOnly; SameSite=Lax"
		if u.Scheme == "https" {
			cookie += "; Secure"
		}
		return cookie
	case "path":
		prefix += gateway.LinkPrefix + p.Token()
	default:
		query = strings.TrimPrefix(query+"&"+p.Query(), "&")
	}
	if query != "" {
		query = "?" + query
	}
	return origin + prefix + path + query
}

// network reads an address or a network.
func network(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(addr.WithZone(""), addr.BitLen()), nil
	}
	n, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("%q is neither an address nor a network: write 192.0.2.1 or 192.0.2.0/24", s)
	}
	return n.Masked(), nil
}
