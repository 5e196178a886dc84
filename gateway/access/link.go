package access

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// A Link is what a signed link permits.
type Link struct {
	// Path is the canonical path of what may be read: "/btih/<40 digits>" and the names after it.
	// It is percent-encoded but for unreserved characters (RFC 3986 section 2.3), and has no slash
	// at its end.
	Path string
	// Below permits what is below Path too.
	Below bool
	// Expires is the first second at which the link is worth nothing.
	Expires time.Time
	// Net is the network whose clients may use it; the zero Prefix is everybody's.
	Net netip.Prefix
	// Rate is how many bytes a second all requests by this link have together; 0 is no bound.
	Rate int64
}

// Params are the parameters of a signed link as they came, each as text: what is hashed is this
// text.
type Params struct {
	Expires string // e: seconds since 1970
	Key     string // k: which key
	Sum     string // s: the keyed hash, base64url without padding
	Depth   string // p: how many names after the infohash make the directory that is permitted; "" for one path
	Net     string // i: an address or network, "-" in place of "/"
	Rate    string // r: bytes a second
}

// Set takes one parameter of a query; it reports false for names that are not of a signed link. A
// value that no link of ours can have is left out.
func (p *Params) Set(name, value string) bool {
	at := p.field(name)
	if at == nil {
		return false
	}
	if plain(value) {
		*at = value
	}
	return true
}

// plain reports whether a value has only what numbers, names, sums and addresses are made of: it
// stands in queries, paths and pages as it is.
func plain(value string) bool {
	for i := range len(value) {
		c := value[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' || c == ':') {
			return false
		}
	}
	return value != "" && len(value) <= maxName
}

func (p *Params) field(name string) *string {
	if len(name) != 1 {
		return nil
	}
	switch name[0] {
	case 'e':
		return &p.Expires
	case 'k':
		return &p.Key
	case 's':
		return &p.Sum
	case 'p':
		return &p.Depth
	case 'i':
		return &p.Net
	case 'r':
		return &p.Rate
	}
	return nil
}

// Signed reports whether there is a signature at all.
func (p *Params) Signed() bool { return p.Sum != "" }

// names are the parameters in the order in which they are written.
const names = "ekpirs"

// Query writes the parameters as a query.
func (p *Params) Query() string { return p.join('&') }

// Token writes them as one segment of a path, or the value of a cookie.
func (p *Params) Token() string { return p.join('~') }

func (p *Params) join(between byte) string {
	var out []byte
	for i := range len(names) {
		value := *p.field(names[i : i+1])
		if value == "" {
			continue
		}
		if len(out) > 0 {
			out = append(out, between)
		}
		out = append(append(out, names[i], '='), value...)
	}
	return string(out)
}

// ParseToken reads a token. It reports false for what is none: another parameter, or one twice.
func ParseToken(s string) (p Params, ok bool) {
	if len(s) > MaxToken {
		return Params{}, false
	}
	for part := range strings.SplitSeq(s, "~") {
		name, value, _ := strings.Cut(part, "=")
		at := p.field(name)
		if at == nil || *at != "" || !plain(value) {
			return Params{}, false
		}
		*at = value
	}
	return p, p.Signed()
}

// expires reads e.
func (p *Params) expires() (time.Time, bool) {
	n, ok := decimal(p.Expires)
	return time.Unix(n, 0), ok
}

// rate reads r; without one it is 0.
func (p *Params) rate() (int64, bool) {
	if p.Rate == "" {
		return 0, true
	}
	n, ok := decimal(p.Rate)
	return n, ok && n > 0
}

// net reads i; without one it is the zero Prefix.
func (p *Params) net() (netip.Prefix, bool) {
	if p.Net == "" {
		return netip.Prefix{}, true
	}
	text, bits, ranged := strings.Cut(p.Net, "-")
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		return netip.Prefix{}, false
	}
	n := int64(addr.BitLen())
	if ranged {
		var ok bool
		if n, ok = decimal(bits); !ok || n > int64(addr.BitLen()) {
			return netip.Prefix{}, false
		}
	}
	return netip.PrefixFrom(addr, int(n)), true
}

// decimal reads a number without a sign or leading zeros: a value has one text.
func decimal(s string) (int64, bool) {
	if s == "" || len(s) > 18 || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	n := int64(0)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}

// params writes a link's parameters, but for the key's name and the sum.
func (l *Link) params() (p Params) {
	p.Expires = strconv.FormatInt(l.Expires.Unix(), 10)
	if l.Below {
		p.Depth = strconv.Itoa(max(0, strings.Count(l.Path, "/")-2))
	}
	if l.Net.IsValid() {
		p.Net = l.Net.Addr().String()
		if !l.Net.IsSingleIP() {
			p.Net += "-" + strconv.Itoa(l.Net.Bits())
		}
	}
	if l.Rate > 0 {
		p.Rate = strconv.FormatInt(l.Rate, 10)
	}
	return p
}
