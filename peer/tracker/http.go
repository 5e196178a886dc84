package tracker

import (
	"encoding/hex"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/btgw/btgw/metainfo/bencode"
)

// Announce answers a GET of /announce: query is the URL's, from the client's address. Whatever
// goes wrong is a "failure reason" (BEP 3).
func (t *Tracker) Announce(query string, from netip.Addr) []byte {
	a, err := parseAnnounce(query, from)
	if err != nil {
		t.counts.refused.Add(1)
		return failure(err.Error())
	}
	if !t.allowed(a.hash) {
		return failure("this torrent is not tracked here")
	}
	r := t.take(a, maxWant, maxWant)
	ip := from.Unmap().AsSlice()
	d := map[string]any{
		"complete": r.seeds, "incomplete": r.leechers, "external ip": string(ip),
		"interval": int(Interval / time.Second), "min interval": int(MinInterval / time.Second), "peers": string(r.v4),
	}
	if len(r.v6) > 0 || from.Is6() {
		d["peers6"] = string(r.v6)
	}
	return encode(d)
}

// Scrape answers a GET of /scrape (BEP 48): the torrents that query names, and no others.
func (t *Tracker) Scrape(query string) []byte {
	files := map[string]any{}
	named := 0
	err := parameters(query, func(key, value string) error {
		if key != "info_hash" {
			return nil
		}
		if named++; named > maxScrape {
			return errors.New("at most " + strconv.Itoa(maxScrape) + " torrents at once")
		}
		hash, err := parseHash(value)
		if err != nil {
			return err
		}
		if c, ok := t.scrape(hash); ok {
			files[string(hash[:])] = map[string]any{"complete": c.seeds, "downloaded": c.downloaded, "incomplete": c.leechers}
		}
		return nil
	})
	if err == nil && named == 0 {
		err = errors.New("name torrents by info_hash")
	}
	if err != nil {
		t.counts.refused.Add(1)
		return failure(err.Error())
	}
	return encode(map[string]any{"files": files})
}

func failure(reason string) []byte { return encode(map[string]any{"failure reason": reason}) }

func encode(d map[string]any) []byte {
	b, _ := bencode.Append(nil, d) // all values are of kinds that it knows
	return b
}

// Errors of queries.
var (
	errQuery = errors.New("the query is malformed or too long")
	errHash  = errors.New("info_hash has 20 bytes")
	errPort  = errors.New("port is a number from 1 to 65535")
	errFrom  = errors.New("the client's address is not known")
)

// parseAnnounce reads the query of an announce. Where the peer is, is where it comes from:
// addresses in the query (ip, ipv4, ipv6) are not looked at.
func parseAnnounce(query string, from netip.Addr) (*announce, error) {
	a := &announce{want: defaultWant}
	port, named := uint64(0), false
	left := "" // not known: it is no seed
	err := parameters(query, func(key, value string) (err error) {
		switch key {
		case "info_hash":
			a.hash, err = parseHash(value)
			named = true
		case "port":
			if port, err = strconv.ParseUint(value, 10, 16); err != nil {
				err = errPort
			}
		case "left":
			left = value
		case "event":
			a.started, a.stopped, a.completed = value == "started", value == "stopped", value == "completed"
		case "numwant", "num want":
			if n, err := strconv.ParseInt(value, 10, 32); err == nil && n >= 0 {
				a.want = int(min(n, maxWant))
			}
		}
		return err
	})
	from = from.Unmap().WithZone("")
	switch {
	case err != nil:
		return nil, err
	case !named:
		return nil, errHash
	case port == 0:
		return nil, errPort
	case !from.IsValid():
		return nil, errFrom
	}
	a.seed = left == "0"
	a.from = netip.AddrPortFrom(from, uint16(port))
	return a, nil
}

// parseHash takes the raw bytes of an infohash, or its hexadecimal form.
func parseHash(value string) (hash [20]byte, err error) {
	switch len(value) {
	case len(hash):
		copy(hash[:], value)
		return hash, nil
	case 2 * len(hash):
		if _, err := hex.Decode(hash[:], []byte(value)); err == nil {
			return hash, nil
		}
	}
	return hash, errHash
}

// parameters calls take for each parameter of a query, unescaped.
func parameters(query string, take func(key, value string) error) error {
	if len(query) > maxQuery {
		return errQuery
	}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		value, err := unescape(value)
		if err != nil {
			return err
		}
		if err := take(key, value); err != nil {
			return err
		}
	}
	return nil
}

// unescape decodes %XX, and + as a blank.
func unescape(s string) (string, error) {
	if !strings.ContainsAny(s, "%+") {
		return s, nil
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '+':
			b = append(b, ' ')
		case '%':
			if i+2 >= len(s) {
				return "", errQuery
			}
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil {
				return "", errQuery
			}
			b = append(b, byte(n))
			i += 2
		default:
			b = append(b, c)
		}
	}
	return string(b), nil
}
