package discovery

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"
	"unicode"

	"github.com/btgw/btgw/peer/netguard"
)

// longRun finds what may be a key in a text. One with a digit is taken for one;
// infohashes and peer ids go with it, which is no loss.
var longRun = regexp.MustCompile(`[0-9A-Za-z_%-]{20,}`)

// hidden stands where something is not shown.
const hidden = "***"

// clean makes a tracker's text, or an error about it, fit to be shown: one line
// of at most maxText printable characters, without keys.
func (a *announceURL) clean(text string) string {
	if len(text) > 4*maxText {
		text = text[:4*maxText] // a character is at most 4 bytes
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	for _, secret := range a.secrets {
		text = replaceFold(text, secret, hidden)
	}
	text = longRun.ReplaceAllStringFunc(text, func(run string) string {
		if strings.ContainsAny(run, "0123456789") {
			return hidden
		}
		return run
	})
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText])
	}
	return strings.TrimSpace(text)
}

// replaceFold replaces old in s whatever the case of its ASCII letters, since a
// tracker may echo a key in another.
func replaceFold(s, old, with string) string {
	var sb strings.Builder
	for len(s) >= len(old) {
		if equalFold(s[:len(old)], old) {
			sb.WriteString(with)
			s = s[len(old):]
			continue
		}
		sb.WriteByte(s[0])
		s = s[1:]
	}
	sb.WriteString(s)
	return sb.String()
}

func equalFold(a, b string) bool {
	for i := range len(a) {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		x |= 0x20
		if x != y|0x20 || x < 'a' || x > 'z' {
			return false
		}
	}
	return true
}

// explain returns the reason why an announce failed, fit to be shown to anybody. Beside
// keys it leaves out what the error tells of our side. That is the addresses of our
// sockets, of our name server, and of hosts that a name means inside our network.
func (a *announceURL) explain(err error) string {
	var forbidden *netguard.ForbiddenError
	var dns *net.DNSError
	var op *net.OpError
	var withURL *url.Error
	switch {
	case errors.As(err, &forbidden):
		return "its address is refused: " + forbidden.Reason
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no such host"
	case errors.As(err, &dns):
		return "the name lookup failed"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "no answer in time"
	case errors.As(err, &op):
		err = op.Err
	case errors.As(err, &withURL):
		err = withURL.Err // the rest of it is the URL
	}
	return a.clean(err.Error())
}
