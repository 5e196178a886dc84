package gateway

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/metainfo"
)

// A query is what the parameters of a content URL ask for. Hints say where the
// swarm may be found; the rest says in what form the answer goes out. It is shared by
// all requests with the same query, and never changed.
type query struct {
	hints      fetch.Hints
	dropped    []metainfo.Dropped // hints that are of no use
	notes      string             // the same as a header value
	link       access.Params      // of a signed link
	carry      string             // the hints and the signed link as a query, for links to go on with
	magnet     metainfo.Magnet    // the hints; its topics are other infohashes of the torrent
	format     string             // "", or a name of ?format= in lower case
	view       string             // "1" for a page about it, "events" for what that hears; "" for the thing itself
	attachment bool               // ?download=1
	filename   string             // ?filename=, "" for the file's own name
}

// checkAddr reports why an address may not be contacted, nil if it may.
type checkAddr func(netip.AddrPort) error

// parseQuery reads the raw query of a content URL. Parameters that it does not know
// are left alone. A hint that is malformed, forbidden or one too many is left out and
// noted, without its value: trackers carry passkeys. The parameters of signed links are
// such where links are signed.
func parseQuery(raw string, check checkAddr, signed bool) (*query, *problem) {
	q := &query{}
	var hints []string
	for pair := range strings.SplitSeq(raw, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if signed && q.link.Set(key, value) {
			continue
		}
		if mine, err := q.set(metainfo.UnescapeQuery(key), metainfo.UnescapeQuery(value)); err != nil {
			return nil, badRequest("Query parameter %s: %v.", key, err)
		} else if !mine && pair != "" {
			hints = append(hints, pair)
		}
	}
	q.carry = q.link.Query()
	if len(hints) == 0 {
		return q, nil
	}
	m, err := metainfo.ParseHints(strings.Join(hints, "&"))
	if err != nil {
		return nil, badRequest("A query of at most %d bytes is taken.", metainfo.MaxMagnetLen)
	}
	q.take(m, check)
	return q, nil
}

// set takes in a parameter that is no hint; mine is false of all others.
func (q *query) set(key, value string) (mine bool, err error) {
	switch key {
	case "format":
		q.format = strings.ToLower(value)
	case "view":
		if value == "1" || value == viewEvents {
			q.view = value
		}
	case "filename":
		if len(value) > maxFilename {
			return true, fmt.Errorf("at most %d bytes", maxFilename)
		}
		q.filename = value
	case "download":
		q.attachment, err = parseSwitch(value)
	default:
		return false, nil
	}
	return true, err
}

// take takes in hints as far as they may be used.
func (q *query) take(m *metainfo.Magnet, check checkAddr) {
	usable(m, check)
	q.magnet = *m
	q.magnet.Dropped = nil
	q.dropped, q.notes = m.Dropped, dropNotes(m.Dropped)
	if hints := q.magnet.QueryFor(metainfo.InfoHash{}); hints != "" {
		q.carry = strings.TrimPrefix(q.carry+"&"+hints, "&")
	}
	q.hints = fetch.Hints{Trackers: spoken(m.Trackers), Peers: m.Peers, WebSeeds: m.WebSeeds, Torrents: m.Sources(), Name: m.Name}
}

// usable leaves those hints in a link that may be used here: of addresses that may be
// contacted, and not too many.
func usable(m *metainfo.Magnet, check checkAddr) {
	drop := func(param, reason string) {
		if len(m.Dropped) < metainfo.MaxDropped {
			m.Dropped = append(m.Dropped, metainfo.Dropped{Param: param, Reason: reason})
		}
	}
	for _, list := range []struct {
		param string
		urls  *[]string
		most  int
	}{
		{"tr", &m.Trackers, maxHintTrackers}, {"ws", &m.WebSeeds, maxHintWebSeeds},
		{"xs", &m.ExactSources, maxHintSources}, {"as", &m.AcceptableSources, maxHintSources},
	} {
		*list.urls = chosen(*list.urls, list.most, func(u string) error { return checkURL(u, check) }, func(reason string) { drop(list.param, reason) })
	}
	m.Peers = chosen(m.Peers, maxHintPeers, func(peer string) error {
		host, port, err := net.SplitHostPort(peer)
		if err != nil {
			return err
		}
		return checkHost(host, port, check)
	}, func(reason string) { drop("x.pe", reason) })
	m.Name = cutName(m.Name, maxHintName)
}

// chosen are the hints of a list that pass a check, the first of them.
func chosen(list []string, most int, check func(string) error, drop func(reason string)) (passed []string) {
	for _, hint := range list {
		if err := check(hint); err != nil {
			drop(err.Error())
		} else if len(passed) == most {
			drop(fmt.Sprintf("more than %d", most))
			break
		} else {
			passed = append(passed, hint)
		}
	}
	return passed
}

// spoken are the trackers whose protocol is spoken here. Others are handed on: a page
// that speaks WebTorrent may use them.
func spoken(trackers []string) (ours []string) {
	for _, u := range trackers {
		if !strings.HasPrefix(u, "ws://") && !strings.HasPrefix(u, "wss://") {
			ours = append(ours, u)
		}
	}
	return ours
}

// dropNotes writes what was left out as a header value.
func dropNotes(dropped []metainfo.Dropped) string {
	var notes []string
	for _, d := range dropped {
		notes = append(notes, d.Param+" ("+d.Reason+")")
	}
	return strings.Join(notes, ", ")
}

// checkURL refuses a URL whose host can be told to be none that may be contacted.
func checkURL(raw string, check checkAddr) error {
	u, err := url.Parse(raw)
	if err != nil {
		return err
	}
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https", u.Scheme == "wss":
		port = "443"
	default:
		port = "80"
	}
	return checkHost(u.Hostname(), port, check)
}

// checkHost refuses what can be refused without a look-up: the one dialer for
// everything checks what a name resolves to.
func checkHost(host, port string, check checkAddr) error {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return fmt.Errorf("the port is not between 1 and 65535")
	}
	ip, err := netip.ParseAddr(host)
	if name := normalHost(host); name == "localhost" || strings.HasSuffix(name, ".localhost") {
		ip, err = netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	if err != nil || check == nil {
		return nil
	}
	if err := check(netip.AddrPortFrom(ip.Unmap(), uint16(n))); err != nil {
		return fmt.Errorf("the address is not allowed here (private, loopback or reserved)")
	}
	return nil
}

func parseSwitch(value string) (bool, error) {
	switch strings.ToLower(value) {
	case "", "1", "true", "yes":
		return true, nil
	case "0", "false", "no":
		return false, nil
	}
	return false, fmt.Errorf("1 or 0 is expected")
}

// cutName bounds a name to so many bytes, at the end of a character.
func cutName(name string, most int) string {
	if len(name) <= most {
		return name
	}
	for most > 0 && !utf8.RuneStart(name[most]) {
		most--
	}
	return name[:most]
}
