package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// demoCmd shows btgw at work with no network but loopback: a tracker, seeders with made-up content, and a gateway.
type demoCmd struct {
	Once    bool   `help:"Fetch through HTTP, check every byte, print what was measured, and exit: 0 if all was right, else 1."`
	Listen  string `default:"127.0.0.1:0" placeholder:"ADDR" help:"Where content is served; any free port by default."`
	Seeders int    `default:"4" placeholder:"N" help:"How many seeders (${default})."`
	Size    string `default:"64MiB" placeholder:"SIZE" help:"The size of the large file (${default})."`
	Rate    string `default:"0" placeholder:"SIZE" help:"What each seeder sends a second at most; 0, the default, is as fast as it goes."`
	Log     toggle `hidden:"" help:"Log at debug."`
}

// Bounds of the demo's flags.
const (
	maxSeeders  = 32
	minDemoSize = 1 * MiB
	maxDemoSize = 4 * GiB // what a WAV file's header can say
)

// Run builds the swarm, then checks it or waits for the end.
func (c *demoCmd) Run(ctx context.Context, a *app) error {
	p := a.problems
	size := p.size("size", c.Size, minDemoSize, maxDemoSize-1)
	rate := p.size("rate", c.Rate, 0, maxDemoSize)
	listen := p.listenAddr("listen", c.Listen)
	if !loopback(listen) {
		p.add("listen", errors.New("the demo stays on loopback"))
	}
	if c.Seeders < 1 || c.Seeders > maxSeeders {
		p.add("seeders", fmt.Errorf("%d is not between 1 and %d", c.Seeders, maxSeeders))
	}
	level := slog.LevelWarn
	if p.bool("log", c.Log) {
		level = slog.LevelDebug
	}
	if err := p.err(); err != nil {
		return err
	}
	log := newLogger(logSettings{level: level, format: "text"}, a.stderr)
	d, err := startDemo(ctx, demoConfig{listen: listen, seeders: c.Seeders, size: int64(size), rate: int64(rate)}, log)
	if err != nil {
		return err
	}
	d.print(a)
	if c.Once {
		err = d.check(ctx, a.stdout)
	} else {
		fmt.Fprintln(a.stdout, "\nCtrl-C ends it.")
		err = d.gateway.wait(ctx)
	}
	return errors.Join(err, d.stop())
}

// demoConfig sizes the demo.
type demoConfig struct {
	listen  string
	seeders int
	size    int64 // of the large file
	rate    int64 // of a seeder, in bytes a second; 0 is no bound
}

// demo is a whole swarm in this process: each part is a real one, on sockets of loopback.
type demo struct {
	tracker  *http.Server
	announce string // its URL
	large    *demoTorrent
	mixed    *demoTorrent
	seeders  []*demoSeeder
	gateway  *server
	cacheDir string
}

// startDemo starts the parts. An error means that none is left running.
func startDemo(ctx context.Context, c demoConfig, log *slog.Logger) (_ *demo, err error) {
	d := &demo{}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.stop())
		}
	}()
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d.announce = "http://" + at.Addr().String() + "/announce"
	if d.large, err = makeDemoTorrent(ctx, "tone.wav", []demoFile{{nil, c.size, newTone(c.size)}}, d.announce); err == nil {
		d.mixed, err = makeDemoTorrent(ctx, "btgw demo", demoFiles(), d.announce)
	}
	if err != nil {
		return nil, errors.Join(err, at.Close())
	}
	d.tracker = &http.Server{
		Handler:           newDemoTracker(append(d.large.Info.Hashes(), d.mixed.Info.Hashes()...)),
		ReadHeaderTimeout: time.Second,
	}
	go d.tracker.Serve(at) // ends when the tracker is closed
	for range c.seeders {
		seeder, err := newDemoSeeder([]*demoTorrent{d.large, d.mixed}, c.rate, log)
		if err != nil {
			return nil, err
		}
		d.seeders = append(d.seeders, seeder)
	}
	if d.cacheDir, err = os.MkdirTemp("", "btgw-demo-"); err != nil {
		return nil, err
	}
	d.gateway, err = startServer(ctx, d.settings(c.listen), log, io.Discard)
	return d, err
}

// settings are serve's, with everything that is kept in a folder of its own.
func (d *demo) settings(listen string) settings {
	return settings{
		listen: listen, adminListen: "127.0.0.1:0", drainTime: demoDrainTime,
		engine: engineSettings{
			cacheDir: d.cacheDir, cacheSize: diskAmount{size: GiB}, memory: 256 * MiB, peerListen: "127.0.0.1:0", allowPrivate: true,
		},
	}
}

// stop ends everything, the gateway first, and removes the cache.
func (d *demo) stop() error {
	var errs []error
	if d.gateway != nil {
		errs = append(errs, d.gateway.stop())
	}
	ctx, cancel := context.WithTimeout(context.Background(), farewellTime)
	defer cancel()
	for _, s := range d.seeders {
		errs = append(errs, s.close(ctx))
	}
	if d.tracker != nil {
		errs = append(errs, d.tracker.Close())
	}
	if d.cacheDir != "" {
		errs = append(errs, os.RemoveAll(d.cacheDir))
	}
	return errors.Join(errs...)
}

// url is the URL of a path of a torrent (segments below its name), with the demo's tracker as the hint.
func (d *demo) url(t *demoTorrent, below ...string) string {
	u := d.gateway.url() + t.Info.ID().Path() + "/" + url.PathEscape(t.Info.Name)
	for _, segment := range below {
		u += "/" + url.PathEscape(segment)
	}
	return u + "?tr=" + url.QueryEscape(d.announce)
}

// magnet is the link that names a torrent and the demo's tracker.
func (d *demo) magnet(t *demoTorrent) string {
	return (&metainfo.Magnet{Hashes: t.Info.Hashes()[:1], Name: t.Info.Name, Trackers: []string{d.announce}}).String()
}

// print shows what there is and what to try.
func (d *demo) print(a *app) {
	fmt.Fprintf(a.stdout, `A swarm on loopback: a tracker, %d seeders, two torrents; nothing leaves this machine.

one file, %s, that plays:
  curl -O '%s'
  curl -r 1000000-1999999 -o part '%s'
several files, as a page and for a program:
  %s
  curl '%s&format=json'
by magnet link, to the listing:
  curl -L '%s/magnet?uri=%s'
without HTTP:
  btgw get --allow-private '%s'
health and metrics:
  curl http://%s/metrics
`,
		len(d.seeders), ByteSize(d.large.Info.Size()),
		d.url(d.large), d.url(d.large),
		d.url(d.mixed, ""), d.url(d.mixed, ""),
		d.gateway.url(), url.QueryEscape(d.magnet(d.large)), d.magnet(d.large),
		d.gateway.adminAt.Addr())
}
