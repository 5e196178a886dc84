package metainfo

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// content is what a torrent is made of, in the order of the file tree.
type content struct {
	fsys   fs.FS
	files  []contentFile
	size   int64
	single bool
}

type contentFile struct {
	open       string   // path in fsys
	path       []string // below the torrent's name; nil for a single file
	size       int64
	executable bool
	target     []string // of a symbolic link, below the torrent's name
	root       [hashLenV2]byte
}

// scanContent lists a file, or a directory's files. fs.WalkDir goes by name
// within each directory, which is the order of a file tree's keys.
func scanContent(ctx context.Context, fsys fs.FS, root string) (*content, error) {
	c := &content{fsys: fsys}
	err := fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.IsDir() {
			return nil
		}
		if name == root {
			c.single = true
		}
		if len(c.files) == MaxFiles {
			return invalidf("files", ReasonLimit, "more than %d", MaxFiles)
		}
		return c.add(root, name, e)
	})
	if err != nil {
		return nil, err
	}
	if c.size == 0 {
		return nil, invalid(root, ReasonNoFiles)
	}
	return c, nil
}

func (c *content) add(root, name string, e fs.DirEntry) error {
	f := contentFile{open: name}
	if !c.single {
		f.path = strings.Split(below(root, name), "/")
	}
	info, err := e.Info()
	if c.single && err == nil && info.Mode()&fs.ModeSymlink != 0 {
		info, err = fs.Stat(c.fsys, name) // the user named it: follow it
	}
	if err != nil {
		return err
	}
	switch {
	case info.Mode().IsRegular():
		f.size = info.Size()
		f.executable = info.Mode()&0o100 != 0
		c.size += f.size
		if c.size > MaxSize {
			return invalidf("size", ReasonLimit, "more than %d bytes", int64(MaxSize))
		}
	case info.Mode()&fs.ModeSymlink != 0:
		if f.target, err = c.link(root, name); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s: neither a file nor a directory", name)
	}
	c.files = append(c.files, f)
	return nil
}

// link reads a symbolic link, whose target has to be below root.
func (c *content) link(root, name string) ([]string, error) {
	text, err := fs.ReadLink(c.fsys, name)
	if err != nil {
		return nil, err
	}
	target := path.Join(path.Dir(name), text)
	if path.IsAbs(text) || target == root || below(root, target) == "" {
		return nil, fmt.Errorf("%s: the link to %s leads out of the torrent", name, text)
	}
	return strings.Split(below(root, target), "/"), nil
}

// below returns name relative to root, "" where it is not below root.
func below(root, name string) string {
	if root == "." {
		if name == ".." || strings.HasPrefix(name, "../") {
			return ""
		}
		return name
	}
	rest, ok := strings.CutPrefix(name, root+"/")
	if !ok {
		return ""
	}
	return rest
}
