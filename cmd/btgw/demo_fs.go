package main

import (
	"context"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// makeDemoTorrent makes the torrent of files: a single-file one where the only file has no path.
func makeDemoTorrent(ctx context.Context, name string, files []demoFile, announce string) (*demoTorrent, error) {
	return makeDemoTorrentOf(ctx, metainfo.Hybrid, name, files, announce)
}

// makeDemoTorrentOf makes a torrent of a version.
func makeDemoTorrentOf(ctx context.Context, version metainfo.Version, name string, files []demoFile, announce string) (*demoTorrent, error) {
	tree := &demoDir{name: ".", entries: map[string]*demoDir{}}
	for i := range files {
		tree.add(append([]string{name}, files[i].path...), &files[i])
	}
	t, err := metainfo.Make(ctx, metainfo.MakeOptions{
		FS: tree, Root: name, Name: name, Version: version, Trackers: [][]string{{announce}},
		Comment: "Made up by btgw demo.", CreatedBy: "btgw demo",
	})
	if err != nil {
		return nil, err
	}
	return &demoTorrent{Torrent: t, files: files}, nil
}

// demoDir is a file or a folder of a file system of made-up files: an fs.FS of its own, and the fs.FileInfo and fs.DirEntry
// of itself.
type demoDir struct {
	name    string
	file    *demoFile           // nil for a folder
	entries map[string]*demoDir // of a folder
}

// add puts a file at a path.
func (d *demoDir) add(path []string, f *demoFile) {
	child := d.entries[path[0]]
	if child == nil {
		child = &demoDir{name: path[0], entries: map[string]*demoDir{}}
		d.entries[path[0]] = child
	}
	if len(path) == 1 {
		child.file = f
		return
	}
	child.add(path[1:], f)
}

// Open finds a file or folder.
func (d *demoDir) Open(name string) (fs.File, error) {
	at := d
	for segment := range strings.SplitSeq(path.Clean(name), "/") {
		if segment == "." {
			continue
		}
		if at = at.entries[segment]; at == nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
	}
	open := &openDemo{demoDir: at}
	if at.file != nil {
		open.Reader = at.file.reader()
	}
	return open, nil
}

// Name, Size, Mode, ModTime, IsDir and Sys make it an fs.FileInfo; Type and Info an fs.DirEntry.

func (d *demoDir) Name() string               { return d.name }
func (d *demoDir) ModTime() time.Time         { return time.Time{} }
func (d *demoDir) IsDir() bool                { return d.file == nil }
func (d *demoDir) Sys() any                   { return nil }
func (d *demoDir) Type() fs.FileMode          { return d.Mode().Type() }
func (d *demoDir) Info() (fs.FileInfo, error) { return d, nil }

func (d *demoDir) Size() int64 {
	if d.file == nil {
		return 0
	}
	return d.file.size
}

func (d *demoDir) Mode() fs.FileMode {
	if d.file == nil {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// openDemo is an open file or folder.
type openDemo struct {
	*demoDir
	io.Reader
}

func (o *openDemo) Stat() (fs.FileInfo, error) { return o.demoDir, nil }
func (o *openDemo) Close() error               { return nil }

// ReadDir lists a folder, in one go.
func (o *openDemo) ReadDir(int) ([]fs.DirEntry, error) {
	var list []fs.DirEntry
	for _, e := range o.entries {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}
