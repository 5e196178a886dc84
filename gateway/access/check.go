package access

import (
	"crypto/subtle"
	"errors"
	"net/netip"
	"time"
)

// Why a link is refused. A link that was never signed by a key of ours is told nothing but that.
var (
	ErrForged  = errors.New("the signature is not one of this link")
	ErrExpired = errors.New("the link has expired")
	ErrNet     = errors.New("the link is another address's")
	ErrUnknown = errors.New("there is no such key") // of Sign
	ErrSimple  = errors.New("a key of secure-link signs one path until a time, and nothing else")
)

// Bounds.
const (
	// MaxToken is the longest token, in bytes.
	MaxToken = 512

	maxName   = 64
	maxKeys   = 256
	maxSum    = 43 // an HMAC-SHA256 in base64url
	minSecret = 32
	minText   = 16

	// MaxKeyFile is the longest file of keys or users, in bytes.
	MaxKeyFile = 1 << 20

	maxUserKeys      = 8192
	maxAuthorization = 512 // bytes of what follows the scheme

	// maxUserRequests is the most requests a second that a user's limit may say, and requestBurst
	// for how many seconds of them at once there is room.
	maxUserRequests = 1_000_000
	requestBurst    = 4
	// MaxPace is the most bytes that a rate lets out at once; minPace is the least.
	MaxPace = 256 << 10
	minPace = 4 << 10
)

// A Target is what a request asks for: the canonical path of a torrent, and the names after it,
// unescaped. Escape appends a name as a segment of a canonical path.
type Target struct {
	Torrent string
	Names   []string
	Escape  func(out []byte, name string) []byte
}

// appendPath appends the canonical path with its first n names.
func (t *Target) appendPath(out []byte, n int) []byte {
	out = append(out, t.Torrent...)
	for _, name := range t.Names[:n] {
		out = t.Escape(append(out, '/'), name)
	}
	return out
}

// A Grant is what a link that holds permits.
type Grant struct {
	Expires time.Time
	Rate    int64 // bytes a second of all requests by the link together; 0: no bound
	Bound   bool  // to an address: no shared cache may keep the answer
}

// Check reports what parameters permit a client for a target, at a time: ErrForged, ErrExpired or
// ErrNet. It takes the same time whatever byte of a sum is wrong, allocates nothing, and is safe
// for concurrent use.
func (k *Keys) Check(p *Params, t *Target, client netip.Addr, now time.Time) (Grant, error) {
	key := k.byName[p.Key]
	depth, inside := p.depth(t)
	if key == nil || !inside || len(p.Sum) > maxSum || key.simple && !p.simple() {
		return Grant{}, ErrForged
	}
	h := key.hashes.Get().(*hasher)
	defer key.hashes.Put(h)
	sum := key.sum(h, t, depth, p)
	if len(sum) != len(p.Sum) || subtle.ConstantTimeCompare(sum, append(h.given[:0], p.Sum...)) != 1 {
		return Grant{}, ErrForged
	}
	return p.grant(client, now)
}

// grant reads parameters that are ours, by their sum.
func (p *Params) grant(client netip.Addr, now time.Time) (Grant, error) {
	expires, ok := p.expires()
	rate, okRate := p.rate()
	net, okNet := p.net()
	switch {
	case !ok || !okRate || !okNet:
		return Grant{}, ErrForged // whoever has the key wrote nonsense
	case !now.Before(expires):
		return Grant{}, ErrExpired
	case net.IsValid() && !net.Contains(client.Unmap().WithZone("")):
		return Grant{}, ErrNet
	}
	return Grant{Expires: expires, Rate: rate, Bound: net.IsValid()}, nil
}

// depth is how many names of a target the link covers; inside is false where it has fewer.
func (p *Params) depth(t *Target) (n int, inside bool) {
	if p.Depth == "" {
		return len(t.Names), true
	}
	d, ok := decimal(p.Depth)
	return int(d), ok && d <= int64(len(t.Names))
}

// simple reports whether there is nothing that a key of secure-link does not sign.
func (p *Params) simple() bool { return p.Depth == "" && p.Net == "" && p.Rate == "" }

// Sign makes the parameters of a link, by the key of this name; "" is the first.
func (k *Keys) Sign(l Link, name string) (Params, error) {
	if name == "" {
		name = k.first
	}
	key := k.byName[name]
	if key == nil {
		return Params{}, ErrUnknown
	}
	p := l.params()
	p.Key = name
	if key.simple && !p.simple() {
		return Params{}, ErrSimple
	}
	h := key.hashes.Get().(*hasher)
	defer key.hashes.Put(h)
	p.Sum = string(key.sum(h, &Target{Torrent: l.Path}, 0, &p))
	return p, nil
}
