package fetch

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/contact"
)

// A .torrent may be had from web servers too: where a link says so (xs and as), and
// beside the content of a web seed. They are asked while peers are, for as long as
// somebody waits for the metadata whose link named them. What comes has to have the
// infohash.

// sources are the URLs that a torrent was looked for at; its lock guards them.
type sources struct {
	asked []string // at most maxSources
}

// race asks what a link names for the .torrent, until ctx ends, stop is called, or one gave
// it. Each URL is asked once, or again where nobody was left to wait for its answer.
func (t *Torrent) race(ctx context.Context, h Hints) (stop func()) {
	var urls []string
	if t.s.web != nil {
		urls = sourcesOf(h)
	}
	if t.s.objects == nil && len(urls) == 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	unhook := context.AfterFunc(t.ctx, cancel)
	ask := func(name string, source func() bool) {
		t.claim(name, func() {
			if !source() && ctx.Err() != nil {
				t.unclaim(name)
			}
		})
	}
	if t.s.objects != nil {
		ask(objectSource, func() bool { return t.fromObjects(ctx, h) })
	}
	for _, u := range urls {
		ask(u, func() bool { return t.source(ctx, u, h) })
	}
	return func() {
		unhook()
		cancel()
	}
}

// claim runs ask on a goroutine of the torrent if the URL was not asked yet.
func (t *Torrent) claim(u string, ask func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || len(t.sources.asked) == maxSources || slices.Contains(t.sources.asked, u) {
		return
	}
	t.sources.asked = append(t.sources.asked, u)
	t.done.Go(ask)
}

func (t *Torrent) unclaim(u string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sources.asked = slices.DeleteFunc(t.sources.asked, func(asked string) bool { return asked == u })
}

// source asks one URL, and reports whether it gave the metadata.
func (t *Torrent) source(ctx context.Context, raw string, h Hints) bool {
	if !t.enterSource(ctx) {
		return false
	}
	defer t.leaveSource()
	ask := contact.Ask{Clients: clientsOf(h), Torrent: t.hash.Wire(), Reader: true}
	body, err := t.s.web.Document(ctx, raw, ask, maxSourceLen)
	if err != nil {
		t.log.Debug("no .torrent from a source", "error", err)
		return false
	}
	parsed, err := t.s.parse(ctx, h.Client, int64(len(body)))
	if err != nil {
		return false
	}
	mt, err := metainfo.ReadTorrent(body, maxSourceLen)
	parsed()
	return err == nil && slices.Contains(mt.Info.Hashes(), t.hash) && t.learn(mt)
}

// enterSource waits for a place among those who ask a source; leaveSource gives it back.
func (t *Torrent) enterSource(ctx context.Context) bool {
	select {
	case t.s.sourcing <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (t *Torrent) leaveSource() { <-t.s.sourcing }

// learn takes in a .torrent with the right infohash, unless the metadata are known by now.
func (t *Torrent) learn(mt *metainfo.Torrent) bool {
	if t.resolving.Load() {
		return false
	}
	<-t.begun
	t.onInfo(mt.Info, nil)
	<-t.resolved
	if t.refused == nil {
		t.takeLayers(mt.Layers)
	}
	return true
}

// clientsOf returns the clients that cause a contact: none, if this process itself
// does.
func clientsOf(h Hints) []netip.Prefix {
	if !h.Client.IsValid() {
		return nil
	}
	return []netip.Prefix{h.Client}
}

// sourcesOf are the URLs that may have a torrent's .torrent, the likeliest first.
func sourcesOf(h Hints) (urls []string) {
	add := func(u string) {
		if len(urls) < maxSources && !slices.Contains(urls, u) {
			urls = append(urls, u)
		}
	}
	for _, u := range h.Torrents {
		add(u)
	}
	for _, seed := range h.WebSeeds {
		u, err := url.Parse(seed)
		if err != nil || u.RawQuery != "" || u.Scheme != "http" && u.Scheme != "https" {
			continue
		}
		u.Fragment, u.RawFragment = "", ""
		dir := strings.HasSuffix(u.Path, "/")
		if path := strings.TrimRight(u.EscapedPath(), "/"); path != "" {
			add(u.Scheme + "://" + u.Host + path + ".torrent") // beside the file, or the folder
		}
		if dir && h.Name != "" {
			at, name := u.Scheme+"://"+u.Host+u.EscapedPath(), url.PathEscape(h.Name)
			add(at + name + ".torrent")
			add(at + name + "/" + name + "_archive.torrent") // as archive.org has it
		}
	}
	return urls
}
