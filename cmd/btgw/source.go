package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/publish/names"
)

// source is what the first argument of `get` and `inspect` names.
type source struct {
	hash    metainfo.InfoHash
	hints   fetch.Hints
	path    []string          // within the torrent, where a gateway's URL names one
	want    []metainfo.Range  // the files that a link selects (BEP 53); nil for all
	torrent *metainfo.Torrent // where a .torrent was read
	magnet  *metainfo.Magnet  // where it is a magnet link
	name    *names.Name       // where it is a name: hash is what it stands for, once that is known (resolve)
}

// findable says whether anything tells where peers are, or web servers that have it.
func (s *source) findable() bool {
	h := &s.hints
	return len(h.Trackers)+len(h.Peers)+len(h.WebSeeds)+len(h.Torrents) > 0 ||
		s.torrent != nil && len(s.torrent.Trackers)+len(s.torrent.WebSeeds) > 0
}

// parseSource reads an infohash, a magnet link, a name that stays, the URL of a file at a btgw, the URL of a .torrent, or the name of one.
// network fetches the .torrent of a URL; where it is nil only what needs no network is taken.
func parseSource(ctx context.Context, text string, network netguard.Network) (*source, error) {
	if src, ok, err := nameSource(text); ok {
		return src, err
	}
	switch {
	case strings.HasPrefix(strings.ToLower(text), "http://"), strings.HasPrefix(strings.ToLower(text), "https://"):
		return urlSource(ctx, text, network)
	}
	if _, err := os.Stat(text); err == nil {
		return fileSource(text)
	}
	src, err := magnetSource(text)
	var invalid *metainfo.InvalidError
	switch {
	case err == nil:
		return src, nil
	case errors.As(err, &invalid) && invalid.Field != "magnet": // it is a magnet link
		return nil, err
	}
	return nil, fmt.Errorf("%q is no infohash (40 hex or 32 base32 digits, or a v2 multihash), no name of a public key, no magnet link, no URL, and there is no such file", text)
}

// magnetSource reads a magnet link as it was pasted, or an infohash.
func magnetSource(text string) (*source, error) {
	m, err := metainfo.ParseMagnet(text)
	if err != nil {
		return nil, err
	}
	return sourceOf(m), nil
}

func sourceOf(m *metainfo.Magnet) *source {
	return &source{hash: m.Hashes[0], hints: hintsOf(m, m.Hashes[0]), want: m.Select, magnet: m}
}

// hintsOf takes the hints of a magnet link, or of a query that carries the same, to the torrent of an infohash. The zero
// one is not known yet.
func hintsOf(m *metainfo.Magnet, hash metainfo.InfoHash) fetch.Hints {
	return fetch.Hints{Twin: m.Twin(hash), Trackers: m.Trackers, Peers: m.Peers, WebSeeds: m.WebSeeds, Torrents: m.Sources(), Name: m.Name}
}

// fileSource reads a .torrent, or a magnet link, from a file.
func fileSource(name string) (*source, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readSource(f)
}

// readSource reads a .torrent of at most metainfo.MaxTorrentLen bytes, or a magnet link in its place.
func readSource(r io.Reader) (*source, error) {
	raw, err := io.ReadAll(io.LimitReader(r, metainfo.MaxTorrentLen+1))
	if err != nil {
		return nil, err
	}
	t, m, err := metainfo.ReadAnswer(raw, metainfo.MaxTorrentLen)
	switch {
	case err != nil:
		return nil, err
	case m != nil:
		return sourceOf(m), nil
	}
	return &source{hash: t.Info.ID(), torrent: t, hints: fetch.Hints{Name: t.Info.Name}}, nil
}

// urlSource reads the URL of a file at any btgw: /btih/<infohash>/<path> or /btmh/<multihash>/<path>, with the hints of the
// query. A prefix may come before it. That btgw is a hint too; it is not asked yet. Any other URL is that of a .torrent, which
// is fetched.
func urlSource(ctx context.Context, text string, network netguard.Network) (*source, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	for _, form := range []string{"/btih/", "/btmh/"} {
		if prefix, rest, ok := strings.Cut(u.EscapedPath(), form); ok { // below a prefix, maybe
			src, err := gatewaySource(form, rest, u.RawQuery)
			if err == nil {
				src.askGateway(u, prefix+src.hash.Path()+"/")
			}
			return src, err
		}
	}
	if network == nil {
		return nil, errors.New("a URL is not read here: fetch it first")
	}
	return fetchTorrent(ctx, text, network)
}

// gatewaySource takes the URL of a file at a btgw apart; rest is what follows form, escaped.
func gatewaySource(form, rest, query string) (*source, error) {
	segments := strings.Split(rest, "/")
	parse := metainfo.ParseInfoHash
	if form == "/btmh/" {
		parse = metainfo.ParseMultihash
	}
	hash, err := parse(segments[0])
	if err != nil {
		return nil, fmt.Errorf("%q after %s is no infohash: %w", printable(segments[0]), form, err)
	}
	hints, err := metainfo.ParseHints(query)
	if err != nil {
		return nil, err
	}
	s := &source{hash: hash, hints: hintsOf(hints, hash), want: hints.Select}
	for _, escaped := range segments[1:] {
		segment, err := url.PathUnescape(escaped)
		if err != nil {
			return nil, err
		}
		s.path = append(s.path, segment)
	}
	s.path = withoutDots(s.path)
	return s, nil
}

// askGateway has the btgw of a URL asked for the .torrent, and for the data as a web seed (BEP 19). at is the torrent's
// escaped path there.
func (s *source) askGateway(u *url.URL, at string) {
	base := (&url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host}).String() + at
	s.hints.WebSeeds = append([]string{base}, s.hints.WebSeeds...)
	s.hints.Torrents = append([]string{base + "?format=torrent"}, s.hints.Torrents...)
}

// fetchTorrent gets a .torrent over HTTP, through the dialer that everything uses and by no proxy, within the bounds of netguard.HTTPClient.
func fetchTorrent(ctx context.Context, text string, network netguard.Network) (*source, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, text, nil)
	if err != nil {
		return nil, err
	}
	client := netguard.HTTPClient(network)
	client.Transport = &netguard.HTTPTransport{Network: network, MaxBody: metainfo.MaxTorrentLen}
	client.CheckRedirect = netguard.UntilMagnet(client.CheckRedirect)
	answer, err := client.Do(request)
	if err != nil {
		return nil, sayPrivate(err)
	}
	defer answer.Body.Close()
	if link := netguard.MagnetLink(answer); link != "" {
		return magnetSource(link)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", text, answer.Status)
	}
	src, err := readSource(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", text, err)
	}
	return src, nil
}
