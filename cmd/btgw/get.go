package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// getCmd fetches a file, or all of a torrent, with the engine of `serve` in this process.
type getCmd struct {
	configFlag
	Source  string   `arg:"" name:"source" help:"An infohash, a magnet link, a .torrent file or its URL, the URL of a file at a btgw, or a name that stays (magnet:?xs=urn:btpk:…, /btpk/<key>/<salt>/…)."`
	Path    string   `arg:"" optional:"" help:"A file or folder within the torrent; all of it where none is named."`
	Output  string   `short:"o" placeholder:"FILE" help:"Where it goes: a new name, or a folder that exists; \"-\" is standard output. By default its own name, here."`
	Peer    []string `placeholder:"HOST:PORT" sep:"," help:"A peer that has it; repeat or separate by commas."`
	Tracker []string `placeholder:"URL" sep:"none" help:"A tracker that knows peers; repeat for several."`
	Timeout string   `default:"2m" placeholder:"TIME" help:"Give up when nothing has come for so long (${default})."`
	Quiet   bool     `short:"q" help:"No progress bar. There is none either where standard error is no terminal."`
	Memory  string   `default:"256MiB" placeholder:"SIZE" env:"BTGW_MEMORY" help:"Memory for pieces (${default})."`
	networkFlags
	logFlags
}

// Help is what `btgw get --help` says beside the flags.
func (*getCmd) Help() string {
	return `What arrives is written to FILE.part, which becomes FILE when it is complete; where FILE is long, the name of its part is a
shorter one. A part that is there is resumed: every piece of it is hashed, and only what is missing is fetched.

The btgw whose URL is given is asked as well as peers: for the .torrent, and for the data. Where it is on this machine or in a
private network, --allow-private permits that.

Exit status: 0 done, 1 failed, 2 wrong usage, 3 the torrent has no such path, 4 nobody gave it in time, 5 it could not be
written, 130 or 143 interrupted (what arrived is kept).`
}

// Run fetches.
func (c *getCmd) Run(ctx context.Context, a *app) error {
	p := a.problems
	settings := c.networkFlags.settings(p)
	settings.mapPort = false // it is done before peers come by themselves
	settings.memory = p.size("memory", c.Memory, minMemory, maxMemory)
	timeout := p.duration("timeout", c.Timeout)
	logging := c.logFlags.settings(p)
	if err := p.err(); err != nil {
		return err
	}
	if logging.level == slog.LevelInfo {
		logging.level = slog.LevelWarn // the bar says what a user wants to know
	}
	log := newLogger(logging, a.stderr)

	src, err := parseSource(ctx, c.Source, settings.guard(log))
	if err != nil {
		return getStatus(ctx, err)
	}
	src.hints.Peers = append(src.hints.Peers, c.Peer...)
	src.hints.Trackers = append(src.hints.Trackers, c.Tracker...)
	if err := src.findIn(settings, settings.guard(log), a.stderr); err != nil {
		return err
	}
	e, err := newEngine(settings, log)
	if err != nil {
		return err
	}
	g := &getter{getCmd: c, engine: e, src: src, timeout: timeout, stdout: a.stdout, stderr: a.stderr}
	err = g.run(ctx)
	farewell, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewellTime)
	defer cancel()
	return getStatus(ctx, errors.Join(err, e.close(farewell)))
}

// getStatus chooses the exit status for err.
func getStatus(ctx context.Context, err error) error {
	var (
		unavailable *fetch.UnavailableError
		onDisk      *fs.PathError
		signal      interruption
	)
	switch {
	case err == nil:
		return nil
	case errors.As(context.Cause(ctx), &signal):
		return withStatus(exitSignal+int(signal.signal), signal)
	case errors.As(err, &unavailable), errors.Is(err, context.DeadlineExceeded):
		return withStatus(exitUnavailable, err)
	case errors.Is(err, metainfo.ErrNotFound):
		return withStatus(exitNotFound, err)
	case errors.As(err, &onDisk), errors.Is(err, errLocal):
		return withStatus(exitLocal, err)
	}
	return err
}

// errLocal marks errors of the place that is written to.
var errLocal = errors.New("cannot be written")

// getter is one run of `get`.
type getter struct {
	*getCmd
	engine         *engine
	src            *source
	timeout        time.Duration
	stdout, stderr io.Writer
	repair         bool // files that are there and differ are written over where they do

	info *metainfo.Info
	bar  *progress
}

// run finds the metadata, then fetches what was asked for.
func (g *getter) run(ctx context.Context) error {
	if err := g.src.resolve(ctx, g.engine.names, g.timeout); err != nil {
		return err
	}
	if g.src.torrent != nil {
		if _, err := g.engine.session.Add(ctx, g.src.torrent); err != nil {
			return err
		}
	}
	info, err := g.findInfo(ctx)
	if err != nil {
		return err
	}
	g.info = info
	node, _, err := g.lookup()
	if err != nil {
		return err
	}
	if g.Output == "-" {
		return g.toStdout(ctx, node)
	}
	return g.toDisk(ctx, node)
}

// findInfo waits for the metadata, and says on a terminal what it waits for.
func (g *getter) findInfo(ctx context.Context) (*metainfo.Info, error) {
	found := searching(g.terminal(), func() string {
		status, _ := g.engine.session.Status(g.src.hash)
		s := status.Swarm
		return fmt.Sprintf("looking for the torrent: %s asked, %d failed; %s known, %d connected",
			plural(s.TrackersAsked, "tracker"), s.TrackersFailed, plural(s.Known, "peer"), s.Connected)
	})
	defer found()
	var info *metainfo.Info
	err := g.patiently(ctx, func(ctx context.Context) (err error) {
		info, err = g.engine.session.Info(ctx, g.src.hash, g.src.hints)
		return err
	})
	if twin := g.src.hints.Twin; err == nil && !twin.IsZero() && !slices.Contains(info.Hashes(), twin) {
		fmt.Fprintf(g.stderr, "btgw: left out: %s is not an infohash of this torrent\n", twin.URN())
	}
	return info, err
}

// patiently waits for the time-out, and on for as long as something of what is waited for
// comes in each.
func (g *getter) patiently(ctx context.Context, wait func(ctx context.Context) error) error {
	var last fetch.Progress
	for {
		within, cancel := context.WithTimeout(ctx, g.timeout)
		err := wait(within)
		cancel()
		var late *fetch.UnavailableError
		if err == nil || !errors.As(err, &late) || late.Bad || ctx.Err() != nil {
			return err
		}
		came := late.Progress
		if came.Gained <= 0 || last.Size > 0 && came.Torrent == last.Torrent && came.Left() >= last.Left() {
			return err
		}
		last = came
	}
}

// terminal returns the writer that shows progress.
func (g *getter) terminal() io.Writer {
	if g.Quiet {
		return io.Discard
	}
	return g.stderr
}

// lookup finds what the arguments name: a path from the torrent's name on, or below it. It returns that path too. A path whose names
// are there in another form of Unicode leads to them.
func (g *getter) lookup() (*metainfo.Node, []string, error) {
	segments := g.src.path
	if g.Path != "" {
		segments = withoutDots(strings.Split(g.Path, "/"))
	}
	named := append([]string{g.info.Name}, segments...)
	if len(segments) == 0 {
		node, err := g.info.Lookup(named)
		return node, named, err
	}
	for _, at := range [][]string{segments, named} {
		if node, err := g.info.Lookup(at); err == nil {
			return node, at, nil
		}
	}
	for _, at := range [][]string{segments, named} {
		if at, ok := g.info.Equivalent(at); ok {
			if node, err := g.info.Lookup(at); err == nil {
				return node, at, nil
			}
		}
	}
	return nil, nil, fmt.Errorf("%s: %w", printable(path.Join(segments...)), metainfo.ErrNotFound)
}

// withoutDots takes empty segments and dot segments out of a path within a torrent: no name is one of them. A ".." that leads out of
// the torrent stays, and names nothing.
func withoutDots(segments []string) (kept []string) {
	for _, s := range segments {
		switch {
		case s == "", s == ".":
		case s == ".." && len(kept) > 0 && kept[len(kept)-1] != "..":
			kept = kept[:len(kept)-1]
		default:
			kept = append(kept, s)
		}
	}
	return kept
}

// toStdout writes one file to standard output, in order.
func (g *getter) toStdout(ctx context.Context, node *metainfo.Node) error {
	if node.Dir {
		return withStatus(exitUsage, fmt.Errorf("%s is a folder: name one file of it for standard output", printable(node.Name)))
	}
	g.bar = g.newBar(node.Name, node.File.Length)
	defer g.bar.close()
	if node.File.Length == 0 {
		return nil
	}
	return g.copy(ctx, node.File, span{0, node.File.Length}, g.stdout)
}

// job is a file that goes to disk.
type job struct {
	file       *metainfo.File
	name, part string // below the destination's root: where it is when it is whole, and until then
}

// toDisk fetches a file, or every file of a folder one after the other.
func (g *getter) toDisk(ctx context.Context, node *metainfo.Node) error {
	dest, err := newDestination(g.Output, g.info.Text(node.Name))
	if err != nil {
		return errors.Join(errLocal, err)
	}
	defer dest.root.Close()
	jobs := g.jobs(nil, node, dest.name)
	if node.Dir {
		if err := dest.root.MkdirAll(dest.name, 0o777); err != nil {
			return err
		}
	}
	var size int64
	for _, j := range jobs {
		size += j.file.Length
	}
	g.bar = g.newBar(node.Name, size)
	defer g.bar.close()
	for _, j := range jobs {
		if err := g.fetchFile(ctx, dest.root, j); err != nil {
			return err
		}
	}
	return nil
}

// jobs lists the files below node; name is where node goes.
func (g *getter) jobs(list []job, node *metainfo.Node, name string) []job {
	if !node.Dir {
		if node.File.Link {
			fmt.Fprintf(g.stderr, "btgw: left out: %s is a link to another file of the torrent\n", printable(name))
			return list
		}
		if !g.selected(int(node.File.Index)) {
			return list
		}
		return append(list, job{file: node.File, name: name, part: filepath.Join(filepath.Dir(name), partName(filepath.Base(name), nil))})
	}
	taken := make(map[string]bool, node.Len())
	names := make([]string, node.Len())
	children := slices.Collect(node.Children())
	for i, child := range children {
		names[i] = freeName(localName(g.info.Text(child.Name)), taken)
	}
	for i, child := range children {
		before := len(list)
		list = g.jobs(list, &child, filepath.Join(name, names[i]))
		if !child.Dir && len(list) > before {
			list[before].part = filepath.Join(name, partName(names[i], taken))
		}
	}
	return list
}

// selected says whether a file is among those that are wanted: all of what a path names, else what the link selects.
func (g *getter) selected(index int) bool {
	if g.Path != "" || len(g.src.path) > 0 || g.src.want == nil {
		return true
	}
	for _, r := range g.src.want {
		if r.First <= index && index <= r.Last {
			return true
		}
	}
	return false
}

// fetchFile brings one file to disk, beginning with what is there.
func (g *getter) fetchFile(ctx context.Context, root *os.Root, j job) error {
	layers, err := g.layers(ctx, root, j)
	if err != nil {
		return err
	}
	if g.repair {
		j.part = j.name // it has its place already: what is wrong is written over
	} else if done, err := complete(root, j.name, g.info, layers, j.file); err != nil {
		return errors.Join(errLocal, err)
	} else if done {
		g.bar.skip(j.file.Length)
		return nil
	}
	part, err := openPart(root, j.name, j.part)
	if err != nil {
		return err
	}
	gaps, err := part.missing(g.info, layers, j.file)
	if err != nil {
		part.close()
		return err
	}
	g.bar.skip(j.file.Length - total(gaps))
	for _, gap := range gaps {
		if err := g.copy(ctx, j.file, gap, io.NewOffsetWriter(part.file, gap.off)); err != nil {
			part.close()
			return err
		}
	}
	return part.finish(j.file.Length)
}

// layers returns the torrent's piece layers that are needed to verify a file's bytes on
// disk. If there are any bytes, it waits for the layers of a v2 torrent.
func (g *getter) layers(ctx context.Context, root *os.Root, j job) (metainfo.PieceLayers, error) {
	_, whole := root.Stat(j.name)
	_, part := root.Stat(j.part)
	if whole == nil || part == nil {
		wait, cancel := context.WithTimeout(ctx, g.timeout)
		defer cancel()
		if err := g.engine.session.AwaitLayers(wait, g.src.hash, g.src.hints); err != nil {
			return nil, err
		}
	}
	layers, _ := g.engine.session.Layers(g.src.hash)
	return layers, nil
}

// copy fetches a range of a file to w. It fails when nothing came for the time-out.
func (g *getter) copy(ctx context.Context, f *metainfo.File, s span, w io.Writer) error {
	content, err := g.engine.session.Open(ctx, g.src.hash, g.src.hints, f, s.off, s.n)
	if err != nil {
		return err
	}
	defer content.Close()
	for {
		err := g.patiently(ctx, content.Wait)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := content.WriteNext(w)
		g.bar.add(n)
		if err != nil {
			return errors.Join(errLocal, err)
		}
	}
}

// newBar starts the progress bar.
func (g *getter) newBar(name string, size int64) *progress {
	return newProgress(g.terminal(), printable(cmp.Or(name, g.info.Name)), size, func() swarmState {
		status, _ := g.engine.session.Status(g.src.hash)
		return swarmState{peers: status.Swarm.Connected, waiting: waitingFor(&status)}
	})
}

// waitingFor says what a download waits for while nothing comes, as the page of a torrent does.
func waitingFor(status *fetch.Status) string {
	switch s := &status.Swarm; {
	case s.Connected == 0 && slices.ContainsFunc(status.WebSeeds, func(w fetch.WebSeedStatus) bool { return !w.Failing() }):
		return "data from web seeds"
	case s.Connected == 0 && s.Known == 0 && s.Dialing == 0:
		return "peers to be found"
	case s.Connected == 0:
		return "a peer to connect to"
	case status.Unchoked == 0:
		return "one that has it to let us download"
	default:
		return "data"
	}
}
