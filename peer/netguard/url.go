package netguard

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// dialAddress checks that u is something to fetch and gives its host:port.
func dialAddress(u *url.URL) (string, error) {
	port := u.Port()
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("scheme %.16q is neither http nor https", u.Scheme)
	case u.Opaque != "" || u.Hostname() == "":
		return "", errors.New("a URL without a host")
	case port == "" && u.Scheme == "http":
		port = "80"
	case port == "":
		port = "443"
	}
	return net.JoinHostPort(u.Hostname(), port), nil
}

// escapeQuery percent-encodes what may not stand in a request line, so that no
// query, ours or a redirect's, can end it early: net/url lets spaces and bytes
// above 127 pass. What is encoded already stays as it is.
func escapeQuery(raw string) string {
	const hex = "0123456789ABCDEF"
	var sb strings.Builder
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' {
			sb.WriteByte(c)
			continue
		}
		sb.WriteByte('%')
		sb.WriteByte(hex[c>>4])
		sb.WriteByte(hex[c&15])
	}
	return sb.String()
}
