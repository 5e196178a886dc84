package discovery

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// plainHost matches a host and port in the form that is looked up. No text of a
// torrent's author is shown in any other form.
var plainHost = regexp.MustCompile(`^([0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?$`)

// announceURL is a checked announce URL. Its String is safe to show.
type announceURL struct {
	url     *url.URL // scheme http, https or udp; no fragment
	shown   string   // without passkey
	secrets []string // parts that may be a passkey
}

// parseAnnounceURL checks what a torrent or magnet link gives as a tracker. The
// errors do not quote it. With an error the result is nil, or can be shown but
// not used.
func parseAnnounceURL(raw string) (*announceURL, error) {
	if len(raw) > maxURL {
		return nil, fmt.Errorf("a URL over %d bytes", maxURL)
	}
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || !plainHost.MatchString(u.Host) {
		return nil, errors.New("not a URL with a plain host name")
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	u.Fragment, u.RawFragment = "", ""
	a := &announceURL{url: u}
	a.redactParts()
	switch {
	case u.Scheme == "http" || u.Scheme == "https":
		return a, nil
	case u.Scheme != "udp":
		return a, errors.New("the scheme is none of http, https and udp")
	case u.Port() == "":
		return a, errors.New("a udp URL without a port")
	}
	return a, nil
}

// String gives the URL without what may be a passkey.
func (a *announceURL) String() string { return a.shown }

// key identifies the tracker among others of the torrent.
func (a *announceURL) key() string { return a.url.String() }

// redactParts decides what of the URL is shown. Passkeys stand in the query, in
// a path segment or in the user part, so of all these only the names that every
// tracker has are shown.
func (a *announceURL) redactParts() {
	var shown strings.Builder
	shown.WriteString(a.url.Scheme + "://" + a.url.Host)
	for _, segment := range strings.Split(strings.TrimPrefix(a.url.EscapedPath(), "/"), "/") {
		switch segment {
		case "", "announce", "announce.php":
		default:
			a.addSecret(segment)
			segment = hidden
		}
		shown.WriteString("/" + segment)
	}
	a.shown = strings.TrimSuffix(shown.String(), "/")
	if a.url.RawQuery != "" {
		a.shown += "?" + hidden
		a.addSecret(a.url.RawQuery)
		for _, pair := range strings.Split(a.url.RawQuery, "&") {
			_, value, found := strings.Cut(pair, "=")
			if !found {
				value = pair
			}
			a.addSecret(value)
		}
	}
	if a.url.User != nil {
		a.addSecret(a.url.User.Username())
		password, _ := a.url.User.Password()
		a.addSecret(password)
	}
}

// addSecret notes a part as it stands and as it is meant. Very short ones are
// no keys, and hiding them would garble every text.
func (a *announceURL) addSecret(s string) {
	const shortest = 6
	if len(s) >= shortest {
		a.secrets = append(a.secrets, s)
	}
	if plain, err := url.QueryUnescape(s); err == nil && plain != s && len(plain) >= shortest {
		a.secrets = append(a.secrets, plain)
	}
}

// literal gives the host as an IP address, if it is one.
func (a *announceURL) literal() (netip.Addr, bool) {
	addr, err := netip.ParseAddr(a.url.Hostname())
	return addr, err == nil
}

// hostPort gives the address of a udp tracker.
func (a *announceURL) hostPort() string { return net.JoinHostPort(a.url.Hostname(), a.url.Port()) }
