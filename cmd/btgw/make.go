package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/btgw/btgw/internal/atomicfile"
	"github.com/btgw/btgw/metainfo"
)

// makeFlags say what torrent to make. `make` and `publish` share them.
type makeFlags struct {
	V1          bool     `name:"v1" xor:"version" help:"A torrent of version 1 alone (BEP 3). By default it is a hybrid, for clients of both versions."`
	V2          bool     `name:"v2" xor:"version" help:"A torrent of version 2 alone (BEP 52)."`
	Private     bool     `help:"Have clients ask the trackers alone for peers (BEP 27)."`
	PieceLength string   `placeholder:"SIZE" help:"A power of two from 16KiB to 64MiB. By default as long as gives some 2,000 pieces, half of it for films and music."`
	Tracker     []string `short:"t" placeholder:"URL" sep:"none" help:"A tracker; repeat for one to be asked when those before fail, or write several to be asked alike between commas."`
	WebSeed     []string `short:"w" placeholder:"URL" sep:"none" help:"A web server that has the content (BEP 19); repeat for several."`
	Comment     string   `placeholder:"TEXT" help:"A comment, which is no part of the infohash."`
	Source      string   `placeholder:"TEXT" help:"A text that is part of the infohash: the same content with another source is another torrent."`
	Exclude     []string `short:"x" placeholder:"PATTERN" sep:"none" help:"Leave out what has such a name (*.tmp), or such a path in the folder (/cache, sub/*.log); repeat for several."`
	FollowLinks bool     `help:"Take what symbolic links lead to. By default a link stays a link to another file of the torrent, and one that leads elsewhere is an error."`
	Jobs        int      `short:"j" default:"0" placeholder:"N" help:"How many cores hash; all by default."`
}

// makeCmd makes .torrent files.
type makeCmd struct {
	Path   []string `arg:"" help:"A file or folder; a torrent is made of each."`
	Output string   `short:"o" placeholder:"FILE" help:"Where the .torrent goes: a new name, or a folder that exists; \"-\" is standard output. By default NAME.torrent, here."`
	Name   string   `placeholder:"NAME" help:"The torrent's name; by default that of the file or folder."`
	Force  bool     `short:"f" help:"Write over a .torrent that is there."`
	Quiet  bool     `short:"q" help:"No progress bar."`
	makeFlags
}

// Help is what `btgw make --help` says beside the flags.
func (*makeCmd) Help() string {
	return `The same content and flags make the same .torrent, byte for byte. A file that changes while it is read is an error.

Exit status: 0 done, 1 failed, 2 wrong usage, 5 the .torrent cannot be written, 130 or 143 interrupted (nothing is written).`
}

// Run makes a .torrent of each path.
func (c *makeCmd) Run(ctx context.Context, a *app) error {
	options, err := c.options()
	if err != nil {
		return withStatus(exitUsage, err)
	}
	if len(c.Path) > 1 && (c.Name != "" || c.Output == "-") {
		return withStatus(exitUsage, errors.New("several torrents go neither by one --name nor to standard output"))
	}
	options.Name = c.Name
	if err := checkContent(ctx, c.Path, options); err != nil {
		if errors.As(context.Cause(ctx), new(interruption)) {
			return getStatus(ctx, err)
		}
		return err
	}
	for _, path := range c.Path {
		if err := c.one(ctx, a, path, options); err != nil {
			if errors.As(context.Cause(ctx), new(interruption)) {
				return getStatus(ctx, err)
			}
			return err // what cannot be written said so
		}
	}
	return nil
}

// one makes the torrent of a path, writes it and says what it is.
func (c *makeCmd) one(ctx context.Context, a *app, path string, options metainfo.MakeOptions) error {
	output := io.Discard
	if !c.Quiet {
		output = a.stderr
	}
	options.Root = path
	t, err := makeWithBar(ctx, options, output)
	if err != nil {
		return err
	}
	if c.Output == "-" {
		_, err := a.stdout.Write(t.Encode())
		return withStatus(exitLocal, err)
	}
	name, err := c.write(t)
	if err != nil {
		return withStatus(exitLocal, err)
	}
	i := inspectTorrent(t)
	i.Files = nil
	fmt.Fprintf(a.stdout, "%s\n", printable(name))
	return i.print(a.stdout)
}

// write puts the .torrent where it belongs, all of it or nothing. The same one is not written again.
func (c *makeCmd) write(t *metainfo.Torrent) (name string, err error) {
	name = c.Output
	if info, err := os.Stat(name); name == "" || err == nil && info.IsDir() || strings.HasSuffix(name, "/") {
		name = filepath.Join(name, localName(t.Info.Name)+".torrent")
	} else if len(c.Path) > 1 {
		return "", fmt.Errorf("%s is no folder, and there are several .torrent files to write", name)
	}
	encoded := t.Encode()
	if old, err := os.ReadFile(name); err == nil && !bytes.Equal(old, encoded) && !c.Force {
		return "", fmt.Errorf("%s exists and is another one: --force writes over it", printable(name))
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return name, atomicfile.WritePath(name, encoded, 0o666)
}

// options checks the flags.
func (f *makeFlags) options() (o metainfo.MakeOptions, err error) {
	o = metainfo.MakeOptions{
		Version: metainfo.Hybrid, Private: f.Private, WebSeeds: f.WebSeed, Comment: f.Comment, Source: f.Source,
		CreatedBy: "btgw", Exclude: f.Exclude, FollowLinks: f.FollowLinks, Workers: f.Jobs,
	}
	switch {
	case f.V1:
		o.Version = metainfo.V1
	case f.V2:
		o.Version = metainfo.V2
	}
	if f.PieceLength != "" {
		length, err := ParseByteSize(f.PieceLength)
		if err != nil {
			return o, fmt.Errorf("--piece-length: %w", err)
		}
		if o.PieceLength = int64(length); length < metainfo.MinPieceLength || length > metainfo.MaxPieceLength || length&(length-1) != 0 {
			return o, fmt.Errorf("--piece-length: %s is not a power of two from 16KiB to 64MiB", f.PieceLength)
		}
	}
	for _, text := range f.Tracker {
		var tier []string
		for url := range strings.SplitSeq(text, ",") {
			if url = strings.TrimSpace(url); !hasScheme(url, "http", "https", "udp", "ws", "wss") {
				return o, fmt.Errorf("--tracker: %q is no URL of a tracker (http, https, udp, ws, wss)", url)
			}
			tier = append(tier, url)
		}
		o.Trackers = append(o.Trackers, tier)
	}
	for _, url := range f.WebSeed {
		if !hasScheme(url, "http", "https") {
			return o, fmt.Errorf("--web-seed: %q is no http or https URL", url)
		}
	}
	if f.Private && len(o.Trackers) == 0 {
		return o, errors.New("--private: without a --tracker nobody finds a peer")
	}
	return o, nil
}

// makeWithBar makes a torrent, with a progress bar on w where that is a terminal.
func makeWithBar(ctx context.Context, options metainfo.MakeOptions, w io.Writer) (*metainfo.Torrent, error) {
	bar := &byteBar{w: w, name: printable(filepath.Base(options.Root))}
	defer bar.close()
	options.Progress = bar.at
	return metainfo.Make(ctx, options)
}

// byteBar is a progress bar that begins with the first byte, when the whole is known.
type byteBar struct {
	w    io.Writer
	name string
	bar  *progress
	done int64
}

// at says how far it is.
func (b *byteBar) at(done, total int64) {
	if b.bar == nil {
		b.bar = newProgress(b.w, b.name, total, nil)
	}
	b.bar.add(done - b.done)
	b.done = done
}

// close leaves the bar as it is.
func (b *byteBar) close() {
	if b.bar != nil {
		b.bar.close()
	}
}

// hasScheme reports whether text is a URL of one of the schemes, with a host.
func hasScheme(text string, schemes ...string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && slices.Contains(schemes, strings.ToLower(u.Scheme))
}
