package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"rsc.io/qr"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/publish"
)

// publishFlags say what is published, by `publish` and `serve`.
type publishFlags struct {
	Watch     []string `placeholder:"DIR" sep:"none" env:"BTGW_WATCH" help:"Publish each entry of DIR, and what comes to it, changes in it and goes from it; repeat for several."`
	Track     string   `default:"own" placeholder:"WHICH" env:"BTGW_TRACK" help:"The torrents for which it is a tracker, at /announce and on the peer port's UDP: own are those that it publishes (${default}), open all, off none. Else a file of infohashes, one a line, read anew when it changes."`
	Name      string   `placeholder:"NAME" env:"BTGW_NAME" help:"A name that stays while the content changes, found in the DHT by a key of yours. What is published is made anew when it changes, and the name stands for that then. It is printed as a URL and a link."`
	PublicURL string   `placeholder:"URL" env:"BTGW_PUBLIC_URL" help:"How others reach --listen, as https://get.example.org: links, and the web seed and trackers of what is published, begin with it. By default where it listens."`
}

// publishCmd publishes and serves.
type publishCmd struct {
	Path []string `arg:"" optional:"" help:"A file or folder; a torrent is made of each."`
	NoQR bool     `name:"no-qr" help:"Print no QR code. None is printed either where standard output is no terminal."`
	makeFlags
	serveCmd
}

// Help is what `btgw publish --help` says beside the flags.
func (*publishCmd) Help() string {
	return `It makes the torrent, serves it over HTTP and to peers out of the files where they are, and prints how others get it. Nothing
is copied. A file that changes is not offered any more. What was hashed once is not hashed again at the next start, unless names,
lengths or times of change differ.`
}

// Run publishes until ctx ends.
func (c *publishCmd) Run(ctx context.Context, a *app) error {
	if len(c.Path)+len(c.Watch)+len(c.Publish) == 0 {
		return withStatus(exitUsage, errors.New("nothing to publish: name a file or folder, or --watch a folder"))
	}
	c.Publish = append(c.Publish, c.Path...)
	return c.serveCmd.run(ctx, a, &c.makeFlags, &publishing{qr: !c.NoQR, fatal: true, given: c.Publish})
}

// publishSettings is what is published and how.
type publishSettings struct {
	paths, watch []string // absolute
	missing      []error  // what is wrong with the paths, as far as a look at each tells
	make         metainfo.MakeOptions
	track        string
	name         string     // "" for none
	list         *trackList // nil: track says it
	base         string     // the URL of the content server, without a slash at its end; "" for where it listens
}

// settings checks what is to be published.
func (f *publishFlags) settings(p *problems, paths []string) (s publishSettings) {
	for _, list := range []struct {
		name     string
		from     []string
		to       *[]string
		mustBeIn bool
	}{{"publish", paths, &s.paths, false}, {"watch", f.Watch, &s.watch, true}} {
		for _, path := range list.from {
			abs, err := filepath.Abs(path)
			info, statErr := os.Stat(path)
			switch {
			case err != nil:
				p.add(list.name, err)
			case statErr != nil && list.mustBeIn:
				p.add(list.name, statErr)
			case statErr != nil:
				s.missing = append(s.missing, contentError(path, statErr))
			case list.mustBeIn && !info.IsDir():
				p.add(list.name, fmt.Errorf("%s is no folder", path))
			}
			*list.to = append(*list.to, abs)
		}
	}
	s.name = f.Name
	switch s.track = f.Track; s.track {
	case "own", "open", "off":
	default:
		var err error
		s.list, err = openTrackList(f.Track)
		p.add("track", err)
	}
	if f.PublicURL != "" {
		u, err := url.Parse(f.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
			p.add("public-url", fmt.Errorf("%q is not the http or https URL of a server", f.PublicURL))
		}
		s.base = strings.TrimRight(f.PublicURL, "/")
	}
	return s
}

// check refuses all paths of which nothing can be published: every one of those that `publish` was given, before anything is
// begun. `serve` refuses those that are not there, and tells of others as it comes to them.
func (s *publishSettings) check(ctx context.Context, p *problems, given []string) error {
	if given == nil {
		for _, err := range s.missing {
			p.add("publish", err)
		}
		return p.err()
	}
	err := checkContent(ctx, given, s.make)
	if err != nil && len(s.missing) > 0 {
		return withStatus(exitUsage, err)
	}
	return getStatus(ctx, err)
}

// publishing is what a server publishes.
type publishing struct {
	publisher *publish.Publisher
	base      string
	announce  [][]string // our own tracker, in tiers
	peerPort  int
	out       io.Writer
	qr        bool // print QR codes
	log       *slog.Logger
	named     *named    // nil: without a name
	fatal     bool      // what cannot be published ends the server
	given     []string  // the paths as they were given, where they are checked before the start
	follower  *follower // nil: nothing is followed
	adding    sync.WaitGroup
	bars      *publishBars
	ctx       context.Context // ends with stop
	stop      context.CancelFunc
}

// publish makes what publishes. Nothing is printed or published before begin, but what is asked for by the API.
func (srv *server) publish(s publishSettings, out io.Writer, terminal io.Writer, p *publishing) {
	p.log = srv.log
	p.base, p.peerPort, p.out, p.qr = cmp.Or(s.base, srv.url()), srv.engine.host.Port(), out, p.qr && isTerminal(out)
	dir := ""
	if srv.engine.dir != "" {
		dir = filepath.Join(srv.engine.dir, publishedDir)
	}
	p.bars = &publishBars{w: terminal}
	if s.track != "off" {
		p.announce = append(p.announce, []string{p.base + "/announce"}, []string{"ws" + strings.TrimPrefix(p.base, "http") + "/announce"})
		if u, err := url.Parse(p.base); err == nil && p.peerPort != 0 {
			p.announce = append(p.announce, []string{"udp://" + net.JoinHostPort(u.Hostname(), strconv.Itoa(p.peerPort)) + "/announce"})
		}
	}
	p.publisher = publish.New(publish.Config{
		Session: srv.engine.session, Make: s.make, Dir: dir, Progress: p.bars.at, Changed: p.say, Log: srv.log,
	})
	p.ctx, p.stop = context.WithCancel(context.Background())
	srv.publishing = p
	if err := srv.openNamed(s, p); err != nil {
		srv.failed <- err
	}
	srv.tracking.publishing.Store(p)
	p.adding.Go(func() { srv.tracking.call(p.ctx, p.publisher, srv.engine.session) })
}

// begin publishes what is named, one by one, on a goroutine.
func (p *publishing) begin(s publishSettings, failed chan<- error) {
	if p.named != nil && p.named.made {
		fmt.Fprintf(p.out, "A key for names was made. Keep this line where nobody else sees it: who has it has the names.\n  %s\n", p.named.backup)
	}
	p.adding.Go(func() {
		for _, path := range s.paths {
			_, err := p.publisher.Add(p.ctx, path)
			p.bars.end()
			switch {
			case err == nil || p.ctx.Err() != nil:
			case p.fatal:
				failed <- fmt.Errorf("%s is not published: %w", printable(path), err)
				return
			default:
				p.log.Error("not published", "path", path, "error", err)
			}
			if err == nil && p.named != nil && path == p.named.path {
				p.publisher.Renew(path)
			}
		}
		for _, dir := range s.watch {
			if err := p.publisher.Watch(dir); err != nil && p.ctx.Err() == nil {
				p.log.Error("not watched", "path", dir, "error", err)
			}
		}
	})
}

// close ends publishing, and waits for that.
func (p *publishing) close() {
	p.stop()
	p.publisher.Close()
	p.adding.Wait()
	if p.named != nil {
		p.named.keeper.Close()
	}
}

// say prints how others get what is published now.
func (p *publishing) say(pub publish.Publication) {
	if p.follower != nil {
		p.follower.changed(pub)
	}
	if pub.State != publish.StateServed {
		return // the log says why
	}
	in := pub.Torrent.Info
	page := p.base + in.ID().Path() + "/"
	fmt.Fprintf(p.out, "published %s\n  page    %s\n  magnet  %s\n  curl    %s\n", printable(pub.Path), page, p.magnet(pub.Torrent), p.curl(in))
	p.setName(pub.Path, in)
	if p.qr {
		if code, err := qr.Encode(page, qr.L); err == nil {
			fmt.Fprint(p.out, drawQR(code))
		}
	}
}

// magnet is a link by which clients find the torrent here: at our peer port, and as a web seed. It names one infohash.
func (p *publishing) magnet(t *metainfo.Torrent) string {
	m := metainfo.Magnet{Hashes: []metainfo.InfoHash{t.Info.ID()}, Name: t.Info.Name, WebSeeds: append([]string{p.base + t.Info.ID().Path() + "/"}, t.WebSeeds...)}
	for _, tier := range append(p.announce, t.Trackers...) {
		m.Trackers = append(m.Trackers, tier...)
	}
	if u, err := url.Parse(p.base); err == nil && p.peerPort != 0 && !t.Info.Private {
		m.Peers = []string{net.JoinHostPort(u.Hostname(), strconv.Itoa(p.peerPort))}
	}
	return m.String()
}

// hints adds to a .torrent what its magnet link says, if it is published here.
func (srv *server) hints(t *metainfo.Torrent) {
	p := srv.tracking.publishing.Load()
	if p == nil || !p.publisher.Publishes(t.Info.ID().Wire()) {
		return
	}
	t.Trackers = append(t.Trackers, p.announce...)
	t.WebSeeds = append(t.WebSeeds, p.base+t.Info.ID().Path()+"/")
}

// curl is a command line that gets all of it.
func (p *publishing) curl(in *metainfo.Info) string {
	if in.SingleFile() {
		return "curl -OJ '" + p.base + in.ID().Path() + "'"
	}
	return "curl '" + p.base + in.ID().Path() + "/?format=tar' | tar x"
}

// publishBars draws a progress bar for what is being hashed.
type publishBars struct {
	w    io.Writer
	mu   sync.Mutex
	path string
	bar  *byteBar
}

// at says how far the hashing of a path is.
func (b *publishBars) at(path string, done, total int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar == nil || b.path != path {
		b.endLocked()
		b.path, b.bar = path, &byteBar{w: b.w, name: printable(filepath.Base(path))}
	}
	b.bar.at(done, total)
	if done == total {
		b.endLocked()
	}
}

// end leaves the bar that is drawn as it is.
func (b *publishBars) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.endLocked()
}

func (b *publishBars) endLocked() {
	if b.bar != nil {
		b.bar.close()
		b.bar = nil
	}
}

// drawQR draws a code with two modules a character, light on dark as terminals mostly are, with a margin of four.
func drawQR(code *qr.Code) string {
	const margin = 4
	light := func(x, y int) bool { return !code.Black(x-margin, y-margin) }
	var b strings.Builder
	for y := 0; y < code.Size+2*margin; y += 2 {
		for x := range code.Size + 2*margin {
			switch top, bottom := light(x, y), light(x, y+1) || y+1 >= code.Size+2*margin; {
			case top && bottom:
				b.WriteRune('█')
			case top:
				b.WriteRune('▀')
			case bottom:
				b.WriteRune('▄')
			default:
				b.WriteRune(' ')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
