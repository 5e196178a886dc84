package discovery

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/btgw/btgw/metainfo/bencode"
	"github.com/btgw/btgw/peer/contact"
)

// scrapeURL gives where a tracker is asked how many peers a torrent has (BEP 48);
// false where its announce URL does not say that it can be.
func scrapeURL(announce *url.URL) (*url.URL, bool) {
	dir, name := path.Split(announce.EscapedPath())
	rest, ok := strings.CutPrefix(name, "announce")
	if !ok {
		return nil, false
	}
	scrape, err := announce.Parse(dir + "scrape" + rest)
	if err != nil {
		return nil, false
	}
	scrape.User, scrape.RawQuery = announce.User, announce.RawQuery
	return scrape, true
}

// scrape asks an HTTP tracker how many seeders and leechers a torrent has; -1
// each where it does not say.
func (c *httpClient) scrape(ctx context.Context, infoHash [20]byte, ask contact.Ask) (seeders, leechers int, err error) {
	seeders, leechers = -1, -1
	u, ok := scrapeURL(c.url)
	if !ok {
		return seeders, leechers, nil
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += "info_hash=" + escapeBytes(infoHash[:])
	scraper := *c
	scraper.place = contact.Place(u.String())
	err = scraper.get(ctx, u, ask, func(status int, body []byte) (err error) {
		if status != http.StatusOK {
			return fmt.Errorf("HTTP status %d", status)
		}
		seeders, leechers, err = parseScrape(body, infoHash)
		return err
	})
	return seeders, leechers, err
}

// parseScrape reads the answer to a scrape: a dictionary of torrents.
func parseScrape(b []byte, infoHash [20]byte) (seeders, leechers int, err error) {
	p := answerParser{s: bencode.NewScanner(b), a: answer{seeders: -1, leechers: -1}}
	p.s.Lax = true
	counts := func(key []byte) error {
		switch string(key) {
		case "complete":
			return p.count(&p.a.seeders)
		case "incomplete":
			return p.count(&p.a.leechers)
		}
		return nil
	}
	err = p.s.Dict(func(key []byte) error {
		if string(key) != "files" || p.s.Kind() != bencode.Dict {
			return nil
		}
		return p.s.Dict(func(key []byte) error {
			if string(key) != string(infoHash[:]) || p.s.Kind() != bencode.Dict {
				return nil
			}
			return p.s.Dict(counts)
		})
	})
	if err != nil {
		return -1, -1, err
	}
	return p.a.seeders, p.a.leechers, nil
}

// scrape asks a tracker that answered an announce without counting peers, unless it is
// being asked. UDP trackers always count.
func (t *Trackers) scrape(tr *tracker, e *endpoint) {
	c, ok := e.client.(*httpClient)
	if !ok {
		return
	}
	t.mu.Lock()
	if e.unscrape != nil || !t.usable(tr) {
		t.mu.Unlock()
		return
	}
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	e.unscrape = cancel
	ask := contact.Ask{Clients: t.payers(tr), Torrent: t.cfg.InfoHash}
	t.mu.Unlock()
	seeders, leechers, err := c.scrape(ctx, t.cfg.InfoHash, ask)
	t.mu.Lock()
	defer t.mu.Unlock()
	e.unscrape = nil
	if err != nil {
		t.log.Debug("scrape failed", "tracker", tr.url.String(), "err", tr.url.explain(err))
		return
	}
	e.seeders, e.leechers = seeders, leechers
}
