package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/publish/feeds"
)

// followCmd mirrors what feeds and names offer.
type followCmd struct {
	Source []string `arg:"" help:"The URL of a feed (Atom or RSS with the fields of BEP 36, as a btgw's /feed), or a name that stays (magnet:?xs=urn:btpk:…, /btpk/<key>/<salt>/)."`
	To     string   `required:"" placeholder:"DIR" help:"Where it goes: a folder for each torrent, called by its infohash."`
	Gone   string   `default:"keep" placeholder:"keep|drop" help:"What is done with a torrent that its source does not offer any more (${default}). drop deletes it from DIR when two looks in a row did not find it, and all that is offered now is there."`
	Size   string   `name:"max-size" default:"100GiB" placeholder:"SIZE" help:"How much is mirrored (${default}). What would be more is left out."`
	Number string   `name:"max-number" default:"1000" placeholder:"N" help:"How many torrents are mirrored (${default}), the first of a feed."`
	Every  string   `default:"10m" placeholder:"TIME" help:"How often a feed is looked at (${default}); a name is each minute."`
	makeFlags
	serveCmd
}

// Help is what `btgw follow --help` says beside the flags.
func (*followCmd) Help() string {
	return `It fetches every torrent that a source offers, serves it over HTTP and to peers out of DIR, and goes on looking for what is new.
What is in DIR is resumed after a restart, and repaired where a file is not what it was. Of a new version of a torrent only the files that changed are fetched. --max-download-rate
bounds the rate.`
}

// Run follows until ctx ends.
func (c *followCmd) Run(ctx context.Context, a *app) error {
	f := &follower{dir: c.To, out: a.stderr, hurt: make(map[string]bool)}
	f.drop = a.problems.oneOf("gone", c.Gone, "keep", "drop") == "drop"
	f.maxSize = int64(a.problems.size("max-size", c.Size, 1, maxFollowed))
	f.maxNumber = a.problems.number("max-number", c.Number, 1, maxFollowedNumber)
	f.every = a.problems.duration("every", c.Every)
	for _, text := range c.Source {
		s, err := followed(text)
		if err != nil {
			return withStatus(exitUsage, err)
		}
		if s.name != nil && c.NoDHT != "" {
			return withStatus(exitUsage, errNoDHT)
		}
		f.sources = append(f.sources, s)
	}
	return c.serveCmd.run(ctx, a, &c.makeFlags, &publishing{follower: f, qr: false})
}

const (
	// maxFollowed and maxFollowedNumber bound what --max-size and --max-number may be.
	maxFollowed       = 1 << 20 * GiB
	maxFollowedNumber = 1000
	// followAtOnce is how many torrents are fetched at a time.
	followAtOnce = 4
	// followPatience is how long nothing may come of a torrent before others have its turn.
	followPatience = 2 * time.Minute
	// followName is between two looks at a name, and minFollow the least between two at a feed.
	followName = 30 * time.Second
	minFollow  = time.Second
	// repairAfter is from when a file is found damaged to its repair: the program that writes to it may not be done.
	repairAfter = 3 * time.Second
)

// followedSource is a feed or a name.
type followedSource struct {
	text string
	url  *url.URL // of a feed; nil: it is a name
	name *source
	etag string
	last []feeds.Entry // what it offered at the last look
	wake chan struct{} // something of it is damaged
}

// followed reads what is to be followed.
func followed(text string) (*followedSource, error) {
	if src, ok, err := nameSource(text); ok {
		return &followedSource{text: text, name: src, wake: make(chan struct{}, 1)}, err
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is neither the URL of a feed nor a name that stays", text)
	}
	return &followedSource{text: text, url: u, wake: make(chan struct{}, 1)}, nil
}

// look asks what the source offers now.
func (f *follower) look(ctx context.Context, s *followedSource) ([]feeds.Entry, error) {
	if s.name != nil {
		if err := s.name.resolve(ctx, f.srv.engine.names, followPatience); err != nil {
			return nil, err
		}
		return []feeds.Entry{{Title: s.name.hash.String(), Hash: s.name.hash}}, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.text, nil)
	if err != nil {
		return nil, err
	}
	if s.etag != "" {
		request.Header.Set("If-None-Match", s.etag)
	}
	client := netguard.HTTPClient(f.srv.engine.network)
	client.Transport = &netguard.HTTPTransport{Network: f.srv.engine.network, MaxBody: feeds.MaxLen}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusNotModified:
		return s.last, nil
	case http.StatusOK:
	default:
		return nil, fmt.Errorf("%s: %s", s.text, answer.Status)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	entries, err := feeds.Parse(body, s.url)
	if err == nil {
		s.etag, s.last = answer.Header.Get("Etag"), entries
	}
	return entries, err
}

// sourceOf finds where an entry's torrent comes from.
func (f *follower) sourceOf(ctx context.Context, s *followedSource, e *feeds.Entry) (*source, error) {
	switch {
	case s.name != nil:
		return &source{hash: e.Hash, hints: s.name.hints}, nil
	case e.Magnet != "":
		return magnetSource(e.Magnet)
	case e.URL != "":
		return fetchTorrent(ctx, e.URL, f.srv.engine.network)
	}
	return &source{hash: e.Hash}, nil
}

// fetch brings a torrent to disk, beginning with what is there, and serves it.
func (f *follower) fetch(ctx context.Context, s *followedSource, e *feeds.Entry) error {
	src, err := f.sourceOf(ctx, s, e)
	if err != nil {
		return err
	}
	return f.fetchFrom(ctx, s, src, e.Key())
}

// fetchFrom is fetch from where the torrent is known to come.
func (f *follower) fetchFrom(ctx context.Context, s *followedSource, src *source, key string) (err error) {
	g := &getter{getCmd: &getCmd{Quiet: true}, engine: f.srv.engine, src: src, timeout: followPatience, stdout: io.Discard, stderr: io.Discard}
	if src.torrent != nil {
		if _, err := f.srv.engine.session.Add(ctx, src.torrent); err != nil {
			return err
		}
	}
	if g.info, err = g.findInfo(ctx); err != nil {
		return err
	}
	id := g.info.ID()
	release, err := f.alone(ctx, id)
	if err != nil {
		return err
	}
	defer release()
	was, err := f.claim(id, key, s.text, g.info.Size())
	if err != nil || was.Whole {
		return err // another source brought it
	}
	g.repair = was.Hurt
	g.Output = f.folder(id)
	if err := os.MkdirAll(g.Output, 0o777); err != nil {
		return err
	}
	node, err := g.info.Lookup([]string{g.info.Name})
	if err == nil {
		err = g.toDisk(ctx, node)
	}
	if err != nil {
		return err
	}
	t := &metainfo.Torrent{Info: g.info, WebSeeds: src.hints.WebSeeds}
	if src.torrent != nil {
		t.Trackers, t.WebSeeds = src.torrent.Trackers, src.torrent.WebSeeds
	}
	for _, tracker := range src.hints.Trackers {
		t.Trackers = append(t.Trackers, []string{tracker})
	}
	wait, cancel := context.WithTimeout(ctx, followPatience)
	defer cancel()
	if err := f.srv.engine.session.AwaitLayers(wait, src.hash, src.hints); err != nil {
		return err
	}
	t.Layers, _ = f.srv.engine.session.Layers(src.hash)
	if err := f.keep(t); err != nil {
		return err
	}
	if err = f.offer(t); err != nil {
		f.doubt(id.String())
	}
	return err
}

// offer serves a torrent all of which is in its folder.
func (f *follower) offer(t *metainfo.Torrent) error {
	id := t.Info.ID()
	_, names, err := localFiles(t.Info, f.folder(id))
	if err != nil {
		return err
	}
	_, err = f.srv.publishing.publisher.Adopt(f.folder(id), t, func(file int) string {
		return filepath.Join(f.folder(id), filepath.FromSlash(names[int32(file)]))
	})
	return err
}

// folder returns the folder of a torrent.
func (f *follower) folder(id metainfo.InfoHash) string { return filepath.Join(f.dir, id.String()) }

// follow looks at a source from time to time, until ctx ends.
func (f *follower) follow(ctx context.Context, s *followedSource) {
	every := max(f.every, minFollow)
	if s.name != nil {
		every = min(every, followName)
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
			timer.Reset(repairAfter)
			continue
		case <-timer.C:
		}
		f.doubtHurt(s.text)
		entries, err := f.look(ctx, s)
		if err != nil && ctx.Err() == nil {
			f.log.Warn("what is followed cannot be looked at", "source", s.text, "error", err)
		}
		if err == nil {
			f.bring(ctx, s, entries)
		}
		f.mend(ctx, s, entries)
		timer.Reset(every)
	}
}

// bring fetches what is offered and not there, and lets go what is not offered any more.
func (f *follower) bring(ctx context.Context, s *followedSource, entries []feeds.Entry) {
	offered := make(map[string]bool, len(entries))
	results := make(chan bool, len(entries))
	begun := 0
	for i := range entries {
		e := &entries[i]
		offered[e.Key()] = true
		if f.there(e.Key(), s.text) {
			continue
		}
		select {
		case f.places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		begun++
		f.running.Go(func() {
			err := f.fetch(ctx, s, e)
			<-f.places
			if err != nil && ctx.Err() == nil {
				f.complain(e, err)
			}
			results <- err == nil || errors.Is(err, errLeftOut)
		})
	}
	all := true
	for range begun {
		all = <-results && all
	}
	if ctx.Err() == nil {
		f.letGo(s.text, offered, all)
	}
}

// mend repairs what is damaged of a source that does not offer it now, or does not answer: the .torrent is there.
func (f *follower) mend(ctx context.Context, s *followedSource, offered []feeds.Entry) {
	tried := make(map[string]bool, len(offered))
	for i := range offered {
		tried[offered[i].Key()] = true
	}
	for id, key := range f.damaged(s.text) {
		if ctx.Err() != nil || tried[key] {
			continue
		}
		select {
		case f.places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		t, err := readKept(f.dir, id)
		if err == nil {
			err = f.fetchFrom(ctx, s, &source{hash: t.Info.ID(), torrent: t}, key)
		}
		<-f.places
		if err != nil && ctx.Err() == nil {
			f.complain(&feeds.Entry{Title: id}, err)
		}
	}
}

// complain says why an entry is not mirrored, once for each reason.
func (f *follower) complain(e *feeds.Entry, err error) {
	f.mu.Lock()
	known := f.said[e.Key()] == err.Error()
	if len(f.said) >= feeds.MaxEntries {
		clear(f.said)
	}
	f.said[e.Key()] = err.Error()
	f.mu.Unlock()
	if !known {
		f.log.Warn("not mirrored", "torrent", printable(cmp.Or(e.Title, e.Key())), "error", err)
	}
}

// begin offers what is there, and follows.
func (f *follower) begin(srv *server) error {
	f.srv, f.log = srv, srv.log
	f.places, f.said, f.fetching = make(chan struct{}, followAtOnce), make(map[string]string), make(map[metainfo.InfoHash]chan struct{})
	var err error
	if f.dir, err = filepath.Abs(f.dir); err != nil {
		return err
	}
	if err := os.MkdirAll(f.dir, 0o777); err != nil {
		return err
	}
	if f.kept, err = loadMirror(f.dir); err != nil {
		return fmt.Errorf("%s: %w", mirrorFile, err)
	}
	p := srv.publishing
	p.adding.Go(func() {
		f.offerAll(p.ctx)
		for _, s := range f.sources {
			f.running.Go(func() { f.follow(p.ctx, s) })
		}
		<-p.ctx.Done()
		f.running.Wait()
	})
	return nil
}

// offerAll serves what earlier runs brought. What may be damaged is looked through, and repaired.
func (f *follower) offerAll(ctx context.Context) {
	for _, id := range f.whole() {
		if ctx.Err() != nil {
			return
		}
		t, err := readKept(f.dir, id)
		if err == nil {
			err = f.offer(t)
		}
		if err == nil && f.touched(id) {
			err = errTouched
		}
		if err != nil && ctx.Err() == nil {
			f.log.Warn("a mirrored torrent is not what it was: it is looked through again", "infohash", id, "error", err)
			f.doubt(id)
		}
	}
}

// errTouched is a torrent whose files are there, and were written to.
var errTouched = errors.New("files were written to")

// readKept reads the .torrent beside a folder.
func readKept(dir, id string) (*metainfo.Torrent, error) {
	b, err := os.ReadFile(filepath.Join(dir, id+torrentSuffix))
	if err != nil {
		return nil, err
	}
	return metainfo.ReadTorrent(b, metainfo.MaxTorrentLen)
}

// remove deletes what is there of a torrent.
func (f *follower) remove(id string) error {
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Remove(id + torrentSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return root.RemoveAll(id)
}

const torrentSuffix = ".torrent"
