package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/publish/names"
)

// namedAgain is between two tries to find what a name stands for: the DHT may know no node yet.
const namedAgain = time.Second

// nameSource reads a name that stays (BEP 46): magnet:?xs=urn:btpk:<key>&s=<salt>, urn:btpk:<key>, /btpk/<key>/<salt>/<path>
// of any btgw, or <key>/<salt>/<path>. False means that text is something else.
func nameSource(text string) (s *source, isName bool, err error) {
	if n, err := names.ParseMagnet(text); err == nil {
		_, query, _ := strings.Cut(text, "?")
		s := &source{name: &n}
		if m, err := metainfo.ParseHints(query); err == nil {
			s.hints, s.want = hintsOf(m, metainfo.InfoHash{}), m.Select
		}
		return s, true, nil
	}
	lower := strings.ToLower(text)
	if strings.HasPrefix(lower, "magnet:") && strings.Contains(lower, "xs=urn:btpk:") && !strings.Contains(lower, "xt=urn:bt") {
		return nil, true, names.ErrName
	}
	if key, ok := strings.CutPrefix(lower, "urn:btpk:"); ok {
		n, err := names.Parse(key, "")
		return &source{name: &n}, true, err
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, false, nil
	}
	rest, marked := strings.CutPrefix(u.EscapedPath(), "/btpk/")
	if !marked {
		rest = u.EscapedPath()
		key, _, _ := strings.Cut(rest, "/")
		if _, err := names.Parse(key, ""); err != nil || u.Host != "" || u.Scheme != "" {
			return nil, false, nil
		}
		if _, err := os.Stat(text); err == nil {
			return nil, false, nil
		}
	}
	s, err = nameAndPath(strings.Split(rest, "/"))
	if err == nil && u.RawQuery != "" {
		var m *metainfo.Magnet
		if m, err = metainfo.ParseHints(u.RawQuery); err == nil {
			s.hints, s.want = hintsOf(m, metainfo.InfoHash{}), m.Select
		}
	}
	return s, true, err
}

// nameAndPath reads the segments of a path: a key, a salt, and what is below.
func nameAndPath(segments []string) (*source, error) {
	for i, escaped := range segments {
		segment, err := url.PathUnescape(escaped)
		if err != nil {
			return nil, err
		}
		segments[i] = segment
	}
	salt := ""
	if len(segments) > 1 {
		salt = segments[1]
	}
	n, err := names.Parse(segments[0], salt)
	if err != nil {
		return nil, err
	}
	return &source{name: &n, path: withoutDots(segments[min(2, len(segments)):])}, nil
}

// errNoDHT is a name where nobody can be asked for it.
var errNoDHT = errors.New("names are found in the DHT: leave --no-dht out, and name nodes by --dht-bootstrap if the public ones are out of reach")

// resolve finds out what the source's name stands for now, for as long as timeout.
func (s *source) resolve(ctx context.Context, book *names.Book, timeout time.Duration) error {
	if s.name == nil {
		return nil
	}
	if book == nil {
		return withStatus(exitUsage, errNoDHT)
	}
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for {
		target, err := book.Resolve(within, *s.name, names.Ask{})
		if err == nil {
			s.hash = target.Hash
			return nil
		}
		select {
		case <-within.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return withStatus(exitUnavailable, fmt.Errorf("nobody in the DHT said what %s stands for", s.name.Path()))
		case <-time.After(namedAgain):
		}
	}
}
