package publish

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// A sighting is how an entry of a watched folder was when it was looked at.
type sighting struct {
	fingerprint [32]byte
	calm        bool // it was so twice in a row: nobody is writing to it
	done        bool // it is published as it is, or cannot be
}

// Watch publishes each entry of a folder, and what comes to it, changes in it and goes from it
// from then on. An entry is published when two looks found the same; those whose names begin
// with a dot, and parts of downloads, are left out.
func (p *Publisher) Watch(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if _, err := os.ReadDir(dir); err != nil {
		return err
	}
	p.mu.Lock()
	if p.watched[dir] == nil {
		p.watched[dir] = make(map[string]sighting)
	}
	p.mu.Unlock()
	p.lookAtFolder(dir)
	return nil
}

// renewed stands in Publisher.watched for the folder of what Renew was called for.
const renewed = ""

// Renew has a path that is published made anew, in place of what it was, whenever it has changed and two
// looks found the same.
func (p *Publisher) Renew(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.watched[renewed] == nil {
		p.watched[renewed] = make(map[string]sighting)
	}
	p.watched[renewed][path] = sighting{}
}

func (p *Publisher) lookAtFolders() {
	p.mu.Lock()
	dirs := make([]string, 0, len(p.watched))
	for dir := range p.watched {
		dirs = append(dirs, dir)
	}
	p.mu.Unlock()
	for _, dir := range dirs {
		if dir == renewed {
			p.lookAtRenewed()
			continue
		}
		p.lookAtFolder(dir)
	}
}

// lookAtRenewed publishes anew what has changed.
func (p *Publisher) lookAtRenewed() {
	p.mu.Lock()
	var paths []string
	for path := range p.watched[renewed] {
		paths = append(paths, path)
	}
	p.mu.Unlock()
	for _, path := range paths {
		p.lookAtEntry(renewed, path)
	}
}

// lookAtFolder publishes what is new in a folder and what has changed, and ends what is gone.
func (p *Publisher) lookAtFolder(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		p.log.Warn("a watched folder cannot be read", "path", dir, "err", err)
		return
	}
	there := make(map[string]bool)
	for _, e := range entries {
		if leftOut(e.Name()) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		there[path] = true
		p.lookAtEntry(dir, path)
	}
	for _, pub := range p.List() {
		if filepath.Dir(pub.Path) == dir && !there[pub.Path] {
			if err := p.Remove(pub.Path); err != nil && !errors.Is(err, ErrNotPublished) {
				p.log.Warn("a publication was not ended", "path", pub.Path, "err", err)
			}
		}
	}
	p.mu.Lock()
	for path := range p.watched[dir] {
		if !there[path] {
			delete(p.watched[dir], path)
		}
	}
	p.mu.Unlock()
}

// leftOut reports whether an entry of a watched folder is not to be published.
func leftOut(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".part") || strings.HasSuffix(name, ".!qB") || strings.HasSuffix(name, ".aria2")
}

// lookAtEntry publishes an entry that is as it was at the last look, and is not published so.
func (p *Publisher) lookAtEntry(dir, path string) {
	options := p.cfg.Make
	options.Root = path
	now := sighting{}
	var err error
	if now.fingerprint, err = metainfo.Fingerprint(p.ctx, options); err != nil {
		return // it is empty yet, or on its way out
	}
	p.mu.Lock()
	last, known := p.watched[dir][path]
	now.calm = known && last.fingerprint == now.fingerprint
	now.done = now.calm && last.done
	p.watched[dir][path] = now
	p.mu.Unlock()
	if now.done || !now.calm && !p.kept(path, now.fingerprint) {
		return
	}
	_, err = p.Add(p.ctx, path)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, ErrClosed):
		return
	case err != nil:
		p.log.Warn("an entry of a watched folder is not published", "path", path, "err", err)
	}
	now.calm, now.done = true, true
	p.mu.Lock()
	p.watched[dir][path] = now
	p.mu.Unlock()
}

// kept reports whether an earlier run published a path as it is.
func (p *Publisher) kept(path string, fingerprint [32]byte) bool {
	_, err := p.recall(path, fingerprint)
	return err == nil
}
