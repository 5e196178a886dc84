package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/discovery/dht"
	"github.com/btgw/btgw/publish/names"
)

// nameCmd is for the key that names are signed with.
type nameCmd struct {
	Export nameExportCmd `cmd:"" help:"Print the private key of the names as a line, to be kept elsewhere."`
	Import nameImportCmd `cmd:"" help:"Take the key from such a line, on standard input."`
}

// nameDirFlag says where the key is.
type nameDirFlag struct {
	CacheDir string `default:"${cacheDir}" placeholder:"DIR" env:"BTGW_CACHE_DIR" help:"The folder of the btgw that publishes (${default})."`
}

func (f *nameDirFlag) dir() string { return filepath.Join(f.CacheDir, namesDir) }

type nameExportCmd struct{ nameDirFlag }

// Run prints the key.
func (c *nameExportCmd) Run(_ context.Context, a *app) error {
	key, err := names.LoadKey(c.dir())
	switch {
	case err != nil:
		return err
	case key == nil:
		return fmt.Errorf("there is no key in %s: btgw publish --name makes one", c.dir())
	}
	_, err = fmt.Fprintln(a.stdout, names.Backup(key))
	return err
}

type nameImportCmd struct{ nameDirFlag }

// Run reads a line and keeps its key.
func (c *nameImportCmd) Run(_ context.Context, a *app) error {
	lines := bufio.NewScanner(a.stdin)
	lines.Scan()
	key, err := names.ParseBackup(lines.Text())
	if err != nil {
		return withStatus(exitUsage, err)
	}
	return names.ImportKey(c.dir(), key)
}

// named is the name of what is published.
type named struct {
	salt   string
	path   string // of the publication
	keeper *names.Keeper
	made   bool   // the key is new
	backup string // of it
}

// checkName refuses a name that is none, or that nobody could find.
func (s *publishSettings) checkName(p *problems, e engineSettings) {
	switch {
	case s.name == "":
	case s.name == names.NoSalt, len(s.name) > dht.MaxSalt, strings.ContainsFunc(s.name, unicode.IsControl), strings.Trim(s.name, ".") == "":
		p.add("name", fmt.Errorf("%q is no name: at most %d bytes, and more than dots or a hyphen alone", s.name, dht.MaxSalt))
	case len(s.paths) != 1:
		p.add("name", errors.New("a name is for one file or folder"))
	case !e.dht:
		p.add("name", errors.New("names are found in the DHT: leave --no-dht out, and listen for peers on more than 127.0.0.1 or name nodes by --dht-bootstrap"))
	case e.cacheDir == "":
		p.add("name", errors.New("the key is kept in --cache-dir, and --cache-size 0 keeps nothing"))
	}
}

// openNamed makes what is published known under a name.
func (srv *server) openNamed(s publishSettings, p *publishing) error {
	if s.name == "" {
		return nil
	}
	dir := filepath.Join(srv.engine.dir, namesDir)
	key, made, err := names.EnsureKey(dir)
	if err != nil {
		return fmt.Errorf("the key of the names: %w", err)
	}
	keeper, err := names.OpenKeeper(srv.engine.host.DHT(), srv.engine.names, key, dir, srv.log)
	if err != nil {
		return fmt.Errorf("the names of earlier runs: %w", err)
	}
	p.named = &named{salt: s.name, path: s.paths[0], keeper: keeper, made: made, backup: names.Backup(key)}
	return nil
}

// set has the name stand for what is published at its path now, and prints how it is found.
func (p *publishing) setName(path string, in *metainfo.Info) {
	if p.named == nil || path != p.named.path {
		return
	}
	if err := p.named.keeper.Set(p.named.salt, in.ID()); err != nil {
		p.log.Error("the name does not stand for what is published", "path", path, "err", err)
		return
	}
	n := p.named.keeper.Name(p.named.salt)
	fmt.Fprintf(p.out, "  name    %s/\n          %s\n", p.base+n.Path(), n.Magnet())
}
