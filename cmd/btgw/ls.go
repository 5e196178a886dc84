package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// lsCmd lists what a torrent holds.
type lsCmd struct {
	configFlag
	Source    string   `arg:"" name:"source" help:"An infohash, a magnet link, a .torrent file or its URL, the URL of a file or folder at a btgw, or a name that stays (magnet:?xs=urn:btpk:…, /btpk/<key>/<salt>/…)."`
	Path      string   `arg:"" optional:"" help:"A file or folder within the torrent."`
	Long      bool     `short:"l" help:"Sizes too, and what is executable or a link."`
	Recursive bool     `short:"R" help:"What is in folders too."`
	JSON      bool     `name:"json" help:"Print JSON."`
	Peer      []string `placeholder:"HOST:PORT" sep:"," help:"A peer that has it; repeat or separate by commas."`
	Tracker   []string `placeholder:"URL" sep:"none" help:"A tracker that knows peers; repeat for several."`
	Timeout   string   `default:"2m" placeholder:"TIME" help:"Give up when the swarm has said nothing for so long (${default})."`
	Quiet     bool     `short:"q" help:"Do not say what is waited for. Nothing is said either where standard error is no terminal."`
	networkFlags
	logFlags
}

// Help is what `btgw ls --help` says beside the flags.
func (*lsCmd) Help() string {
	return `A .torrent needs no network; else the list comes from the swarm, without any content.

Exit status: 0 done, 1 failed, 2 wrong usage, 3 the torrent has no such path, 4 nobody gave it in time, 130 or 143 interrupted.`
}

// Run lists.
func (c *lsCmd) Run(ctx context.Context, a *app) error {
	settings := c.networkFlags.settings(a.problems)
	settings.mapPort, settings.memory = false, minMemory
	timeout := a.problems.duration("timeout", c.Timeout)
	logging := c.logFlags.settings(a.problems)
	if err := a.problems.err(); err != nil {
		return err
	}
	if logging.level == slog.LevelInfo {
		logging.level = slog.LevelWarn
	}
	log := newLogger(logging, a.stderr)
	src, err := parseSource(ctx, c.Source, settings.guard(log))
	if err != nil {
		return getStatus(ctx, err)
	}
	src.hints.Peers = append(src.hints.Peers, c.Peer...)
	src.hints.Trackers = append(src.hints.Trackers, c.Tracker...)
	g := &getter{getCmd: &getCmd{Path: c.Path, Quiet: c.Quiet}, src: src, timeout: timeout, stderr: a.stderr}
	if src.torrent != nil {
		g.info = src.torrent.Info
	} else if g.info, err = c.ask(ctx, g, settings, log); err != nil {
		return getStatus(ctx, err)
	}
	node, at, err := g.lookup()
	if err != nil {
		return getStatus(ctx, err)
	}
	return c.print(a.stdout, g.info, node, at)
}

// ask has the swarm say what the torrent holds.
func (c *lsCmd) ask(ctx context.Context, g *getter, settings engineSettings, log *slog.Logger) (info *metainfo.Info, err error) {
	if err := g.src.findIn(settings, settings.guard(log), g.stderr); err != nil {
		return nil, err
	}
	if g.engine, err = newEngine(settings, log); err != nil {
		return nil, err
	}
	if err = g.src.resolve(ctx, g.engine.names, g.timeout); err == nil {
		info, err = g.findInfo(ctx)
	}
	farewell, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(farewellTime, time.Second))
	defer cancel()
	return info, errors.Join(err, g.engine.close(farewell))
}

// listed is an entry in the JSON form. Its fields are stable.
type listed struct {
	Path       string `json:"path"` // from the torrent's name on
	Dir        bool   `json:"dir,omitempty"`
	Size       int64  `json:"size"`            // of all that is in a folder
	Files      int    `json:"files,omitempty"` // in a folder, and those within it
	URL        string `json:"url"`             // at a gateway: path and nothing else
	Executable bool   `json:"executable,omitempty"`
	Symlink    string `json:"symlink,omitempty"` // what a link leads to, below the torrent's name

	short string // its name, below what was asked for
}

// print lists a folder's entries, or a file.
func (c *lsCmd) print(w io.Writer, in *metainfo.Info, node *metainfo.Node, at []string) error {
	list := []listed{}
	if node.Dir {
		list = c.folder(list, in, node, at, "")
	} else {
		list = append(list, entry(in, node, at, at[len(at)-1]))
	}
	if c.JSON {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(list)
	}
	for _, e := range list {
		if err := c.line(w, e); err != nil {
			return err
		}
	}
	return nil
}

// folder appends the entries of a folder.
func (c *lsCmd) folder(list []listed, in *metainfo.Info, node *metainfo.Node, at []string, above string) []listed {
	for child := range node.Children() {
		place := append(at[:len(at):len(at)], child.Name)
		list = append(list, entry(in, &child, place, above+child.Name))
		if child.Dir && c.Recursive {
			list = c.folder(list, in, &child, place, above+child.Name+"/")
		}
	}
	return list
}

// entry says what a node is; at is its path.
func entry(in *metainfo.Info, node *metainfo.Node, at []string, short string) listed {
	e := listed{Path: strings.Join(at, "/"), Dir: node.Dir, Size: node.Size, URL: in.ID().Path(), short: short}
	for _, segment := range at {
		e.URL += "/" + url.PathEscape(segment)
	}
	if node.Dir {
		e.Files = node.Files
		e.URL += "/"
		e.short += "/"
		return e
	}
	e.Executable = node.File.Executable
	if node.File.Link {
		e.Symlink = strings.Join(in.Symlink(node.File), "/")
	}
	return e
}

// line prints an entry for a person.
func (c *lsCmd) line(w io.Writer, e listed) error {
	if !c.Long {
		_, err := fmt.Fprintln(w, printable(e.short))
		return err
	}
	mark := ""
	switch {
	case e.Symlink != "":
		mark = "  -> " + e.Symlink
	case e.Executable:
		mark = "  executable"
	case e.Dir:
		mark = fmt.Sprintf("  %d files", e.Files)
	}
	_, err := fmt.Fprintf(w, "%14d  %s%s\n", e.Size, printable(e.short), printable(mark))
	return err
}
