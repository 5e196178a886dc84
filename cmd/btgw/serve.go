package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/reload"
)

// serveCmd serves torrents over HTTP until it is told to stop.
type serveCmd struct {
	configFlag
	Listen       string   `default:"127.0.0.1:8080" placeholder:"ADDR" env:"BTGW_LISTEN" help:"Where content is served (${default})."`
	Mode         string   `placeholder:"MODE" env:"BTGW_MODE" help:"The readers that may use it. Without a mode only this machine can: --listen must be a loopback address. open: everybody that reaches it. keys: users (--users, --oidc-issuer). signed: holders of a signed link (--link-keys). allowlist: everybody that reaches it, for what --allowlist has. keys,signed is either of the two. With allowlist besides they read what it has."`
	Host         []string `placeholder:"NAME" sep:"," env:"BTGW_HOST" help:"A name that requests may come to, besides localhost and the address listened on; repeat or separate by commas (*.example.org: all names under one)."`
	AdminListen  string   `default:"127.0.0.1:8081" placeholder:"ADDR" env:"BTGW_ADMIN_LISTEN" help:"Where health, metrics and the API are served (${default}); \"none\" for nowhere."`
	AdminToken   string   `placeholder:"TOKEN" env:"BTGW_ADMIN_TOKEN" help:"What the API, metrics and profiles ask for (Authorization: Bearer TOKEN); needed where --admin-listen is not loopback. Better set by the environment or the file: other users can see a command line."`
	Pprof        toggle   `env:"BTGW_PPROF" help:"Serve profiles at /debug/pprof of the admin listener."`
	CacheDir     string   `default:"${cacheDir}" placeholder:"DIR" env:"BTGW_CACHE_DIR" help:"Where verified pieces are kept (${default})."`
	CacheSize    string   `default:"10GiB" placeholder:"SIZE" env:"BTGW_CACHE_SIZE" help:"How much of them is kept on disk (${default}), as a size or a share of the disk (80%); 0 for none."`
	CacheMinFree string   `default:"1%" placeholder:"SIZE" env:"BTGW_CACHE_MIN_FREE" help:"How much of the disk stays free (${default}), by whatever it is filled: pieces make way."`
	Scrub        string   `default:"1MiB" placeholder:"SIZE" env:"BTGW_SCRUB" help:"How much of that is read again a second, and checked against its hashes, once a week (${default}); 0 for none. It gives way to readers."`
	Memory       string   `default:"256MiB" placeholder:"SIZE" env:"BTGW_MEMORY" help:"Memory for pieces, in flight and kept (${default})."`
	ObjectStore  string   `placeholder:"URL" env:"BTGW_OBJECT_STORE" help:"A bucket that keeps what is read more than once, for all gateways that name it: s3://BUCKET/PREFIX?endpoint=URL&region=NAME. Credentials come from AWS's variables and files. What it sends is verified like a peer's."`
	MaxTorrents  string   `default:"256" placeholder:"N" env:"BTGW_MAX_TORRENTS" help:"How many torrents may be in use at once (${default})."`
	NoMediaHints toggle   `env:"BTGW_NO_MEDIA_HINTS" help:"Do not prefetch a film's index: the last 2 MiB and the first 1 MiB of MP4, MKV, WebM and AVI files that are opened at their start."`
	Publish      []string `placeholder:"PATH" sep:"none" env:"BTGW_PUBLISH" help:"Publish a file or folder, as btgw publish does; repeat for several."`
	fleetFlags
	operatingFlags
	publishFlags
	httpFlags
	networkFlags
	logFlags
}

// Run serves until ctx ends, then drains.
func (c *serveCmd) Run(ctx context.Context, a *app) error {
	return c.run(ctx, a, &makeFlags{}, &publishing{})
}

// run serves, and publishes torrents that are made as make says.
func (c *serveCmd) run(ctx context.Context, a *app, make *makeFlags, how *publishing) error {
	s := c.settings(a.problems)
	if err := a.problems.err(); err != nil {
		return err
	}
	var err error
	if s.publish.make, err = make.options(); err != nil {
		return withStatus(exitUsage, err)
	}
	if err := s.publish.check(ctx, a.problems, how.given); err != nil {
		return err
	}
	level := new(slog.LevelVar)
	level.Set(s.log.level)
	log := newLoggerAt(s.log, level, a.stderr)
	srv, err := startServer(ctx, s, log, a.stdout)
	if err != nil {
		return err
	}
	srv.level = level
	hangup := onHangup(ctx)
	srv.serving.Go(func() { srv.reloadOn(srv.running, hangup, a) })
	srv.publish(s.publish, a.stdout, a.stderr, how)
	fmt.Fprintln(a.stdout, srv.greeting())
	if len(s.publish.paths) == 0 && len(s.publish.watch) == 0 && how.follower == nil {
		fmt.Fprint(a.stdout, srv.openings(s))
	}
	how.begin(s.publish, srv.failed)
	if how.follower != nil {
		if err := how.follower.begin(srv); err != nil {
			srv.failed <- err
		}
	}
	failure := srv.wait(ctx)
	if failure == nil {
		log.Info("draining", "reason", context.Cause(ctx))
	}
	return errors.Join(failure, srv.stop())
}

// server is a running btgw: telemetry, engine, listeners.
type server struct {
	log       *slog.Logger
	telemetry *telemetry
	engine    *engine
	content   *gateway.Server
	admin     *gateway.Admin
	issuer    *access.Issuer   // nil: no tokens are taken
	accounts  *access.Accounts // nil: there are no users

	mirrors  []*reload.Mirror // of the lists that have URLs
	unlisted bool             // there is no allowlist yet

	tracking   *tracking
	publishing *publishing // nil until publish

	acme               *gateway.ACME   // nil: it gets no certificates
	scheme             string          // of content
	running            context.Context // ends when the server stops
	end                context.CancelFunc
	level              *slog.LevelVar
	drainTime          atomic.Int64 // time.Duration
	accessFile         *accessFile  // nil: none
	contentAt, adminAt net.Listener // adminAt is nil without an admin listener
	serving            sync.WaitGroup
	failed             chan error // a listener's end that nobody asked for
}

// listen takes the sockets that were handed over, and opens those that were not.
func (srv *server) listen(s settings) (err error) {
	srv.contentAt, srv.adminAt, err = inherited()
	if err = errors.Join(err, checkInherited(s, srv.contentAt, srv.adminAt)); err != nil {
		return err
	}
	if srv.contentAt == nil {
		if srv.contentAt, err = net.Listen("tcp", s.listen); err != nil {
			return cannotListen("listen", s.listen, err)
		}
	}
	if srv.adminAt == nil && s.adminListen != "" {
		if srv.adminAt, err = net.Listen("tcp", s.adminListen); err != nil {
			return cannotListen("admin-listen", s.adminListen, err)
		}
	}
	return nil
}

// startServer starts everything in the order in which it depends on each other. An error means that nothing is left running.
func startServer(ctx context.Context, s settings, log *slog.Logger, stdout io.Writer) (_ *server, err error) {
	s.withinDescriptors(descriptorLimit(), log)
	srv := &server{log: log, failed: make(chan error, 3)}
	srv.running, srv.end = context.WithCancel(context.Background())
	srv.drainTime.Store(int64(s.drainTime))
	defer func() {
		if err != nil {
			err = errors.Join(err, srv.stop())
		}
	}()
	// Addresses first: that one is taken is the likeliest thing to be wrong, and the cheapest to find out.
	if err = srv.listen(s); err != nil {
		return nil, err
	}
	accessLog, accessFile, err := openAccessLog(s.accessLog, stdout)
	if err != nil {
		return nil, fmt.Errorf("--access-log: %w", err)
	}
	srv.accessFile = accessFile
	if srv.telemetry, err = newTelemetry(ctx, log); err != nil {
		return nil, err
	}
	srv.tracking = newTracking(s)
	if srv.tracking.tracker != nil {
		s.engine.datagrams = srv.tracking.datagram
	}
	if srv.engine, err = newEngine(s.engine, log); err != nil {
		return nil, err
	}
	srv.tracking.port.Store(int32(srv.engine.host.Port()))
	if err = observe(srv.telemetry.meters, srv.engine, srv.tracking.tracker); err != nil {
		return nil, err
	}
	if err = srv.openLists(ctx, &s); err != nil {
		return nil, err
	}
	if err = srv.build(s, accessLog); err != nil {
		return nil, err
	}
	srv.watch(s.http)
	srv.serve("content", srv.content.Serve, srv.contentAt)
	if srv.acme != nil {
		srv.acme.Manage()
	}
	if srv.adminAt != nil {
		srv.serve("admin", srv.admin.Serve, srv.adminAt)
	}
	return srv, nil
}
