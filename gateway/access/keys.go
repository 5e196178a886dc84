package access

import (
	"bufio"
	"crypto/hmac"
	"crypto/md5" // what nginx's secure_link computes
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"sync"
)

// Keys are those that sign links, by name. They never change; it is safe for concurrent use.
type Keys struct {
	byName map[string]*key
	first  string
}

// A key makes and checks sums.
type key struct {
	name   string
	secret []byte
	simple bool // nginx's secure_link: an MD5 over the expiry, the path and the secret
	hashes sync.Pool
}

// ParseKeys reads a file of keys. A line is the name of a key, how it signs, and its secret:
//
//	# comment
//	2026-11 hmac-sha256 <32 bytes or more, in base64>
//	nginx   secure-link <a text of 16 bytes or more, without blanks>
//
// The first line signs where none is named. A new key is put in front, and the old one taken out
// once its links have expired: so keys rotate, and no link fails.
func ParseKeys(r io.Reader) (*Keys, error) {
	k := &Keys{byName: make(map[string]*key)}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if err := k.add(strings.Fields(line)); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err) // without the line, which is secret
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if k.first == "" {
		return nil, errors.New("there is no key")
	}
	return k, nil
}

func (k *Keys) add(fields []string) error {
	if len(fields) != 3 {
		return errors.New("a name, hmac-sha256 or secure-link, and a secret are expected")
	}
	made := &key{name: fields[0]}
	switch {
	case !validName(made.name):
		return fmt.Errorf("the name of a key is 1 to %d letters, digits, dots, hyphens and underscores", maxName)
	case k.byName[made.name] != nil:
		return fmt.Errorf("the key %s is there twice", made.name)
	case len(k.byName) == maxKeys:
		return fmt.Errorf("more than %d keys", maxKeys)
	}
	switch fields[1] {
	case "hmac-sha256":
		secret, err := base64.StdEncoding.DecodeString(fields[2])
		if err != nil || len(secret) < minSecret {
			return fmt.Errorf("the secret of %s is not base64 of at least %d bytes, as `openssl rand -base64 %[2]d` prints it", made.name, minSecret)
		}
		made.secret = secret
		made.hashes.New = func() any { return &hasher{hash: hmac.New(sha256.New, secret)} }
	case "secure-link":
		if len(fields[2]) < minText {
			return fmt.Errorf("the secret of %s is shorter than %d bytes", made.name, minText)
		}
		made.secret, made.simple = []byte(fields[2]), true
		made.hashes.New = func() any { return &hasher{hash: md5.New()} }
	default:
		return fmt.Errorf("%q is no way to sign: hmac-sha256 and secure-link are", fields[1])
	}
	k.byName[made.name] = made
	if k.first == "" {
		k.first = made.name
	}
	return nil
}

func validName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_') {
			return false
		}
	}
	return s != "" && len(s) <= maxName
}

// hasher is a hash with room for what goes in and what comes out.
type hasher struct {
	hash       hash.Hash
	text, path []byte
	raw        [sha256.Size]byte
	sum, given [maxSum]byte
}

// sum gives the keyed hash of the first names of a target and of the parameters, in base64url. What
// it returns is the hasher's own.
func (k *key) sum(h *hasher, t *Target, depth int, p *Params) []byte {
	h.text, h.path = h.text[:0], t.appendPath(h.path[:0], depth)
	if k.simple {
		h.text = appendUnescaped(append(h.text, p.Expires...), h.path)
		h.text = append(append(h.text, ' '), k.secret...)
	} else {
		h.text = append(append(append(h.text, version...), '\n'), h.path...)
		for _, field := range [...]string{p.Expires, p.Key, p.Depth, p.Net, p.Rate} {
			h.text = append(append(h.text, '\n'), field...)
		}
	}
	h.hash.Reset()
	h.hash.Write(h.text)
	raw := h.hash.Sum(h.raw[:0])
	out := h.sum[:base64.RawURLEncoding.EncodedLen(len(raw))]
	base64.RawURLEncoding.Encode(out, raw)
	return out
}

// version begins what is hashed.
const version = "btgw link 1"

// appendUnescaped appends a canonical path without its percent-encoding, as nginx has it in $uri.
func appendUnescaped(out, path []byte) []byte {
	for i := 0; i < len(path); i++ {
		if path[i] == '%' && i+2 < len(path) {
			out = append(out, unhex(path[i+1])<<4|unhex(path[i+2]))
			i += 2
		} else {
			out = append(out, path[i])
		}
	}
	return out
}

func unhex(c byte) byte {
	if c >= 'A' {
		return c - 'A' + 10
	}
	return c - '0'
}
