package metainfo

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
	"unicode/utf8"
)

// content is what a torrent is made of, in the order of the file tree.
type content struct {
	fsys   fs.FS
	files  []contentFile
	size   int64
	media  int64 // bytes of films and music
	single bool
}

type contentFile struct {
	open       string   // path in fsys
	path       []string // below the torrent's name; nil for a single file
	size       int64
	modified   time.Time
	executable bool
	target     []string // of a symbolic link, below the torrent's name
	root       [hashLenV2]byte
}

// scanner lists content.
type scanner struct {
	*content
	ctx     context.Context
	root    string
	exclude []string
	follow  bool // symbolic links
}

// scanContent lists a file, or a directory's files, by name within each
// directory, which is the order of a file tree's keys.
func scanContent(ctx context.Context, o MakeOptions) (*content, error) {
	s := &scanner{content: &content{fsys: o.FS}, ctx: ctx, root: o.Root, exclude: o.Exclude, follow: o.FollowLinks}
	for _, pattern := range o.Exclude {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("the pattern %q: %w", pattern, err)
		}
	}
	info, err := fs.Stat(o.FS, o.Root) // the user named it: a link is followed
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		err = s.dir(o.Root, []fs.FileInfo{info})
	} else {
		s.single = true
		err = s.add(o.Root, info)
	}
	if err != nil {
		return nil, err
	}
	if s.size == 0 {
		return nil, invalid(o.Root, ReasonNoFiles)
	}
	return s.content, nil
}

// dir lists a directory; above are those that it is in, and itself.
func (s *scanner) dir(name string, above []fs.FileInfo) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if len(above) > MaxDepth {
		return invalidf(name, ReasonLimit, "more than %d directories deep", MaxDepth)
	}
	entries, err := fs.ReadDir(s.fsys, name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		child := path.Join(name, e.Name())
		if s.excluded(child) {
			continue
		}
		if !utf8.ValidString(e.Name()) {
			return notUTF8(child)
		}
		info, err := e.Info()
		if err == nil && s.follow && info.Mode()&fs.ModeSymlink != 0 {
			info, err = fs.Stat(s.fsys, child)
		}
		if err != nil {
			return err
		}
		if !info.IsDir() {
			if err := s.add(child, info); err != nil {
				return err
			}
			continue
		}
		for _, dir := range above {
			if os.SameFile(dir, info) {
				return fmt.Errorf("%s: a link to a directory that it is in", child)
			}
		}
		if err := s.dir(child, append(above, info)); err != nil {
			return err
		}
	}
	return nil
}

// notUTF8 is the error of a name that a torrent cannot have (BEP 3).
func notUTF8(name string) error { return fmt.Errorf("%q: the name is not UTF-8", name) }

// excluded reports whether a pattern matches: one without a slash any name, one
// with a slash the path below the root.
func (s *scanner) excluded(name string) bool {
	for _, pattern := range s.exclude {
		text := path.Base(name)
		if strings.Contains(pattern, "/") {
			text = below(s.root, name)
		}
		if ok, _ := path.Match(strings.TrimPrefix(pattern, "/"), text); ok {
			return true
		}
	}
	return false
}

func (s *scanner) add(name string, info fs.FileInfo) (err error) {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if len(s.files) == MaxFiles {
		return invalidf("files", ReasonLimit, "more than %d", MaxFiles)
	}
	f := contentFile{open: name}
	if !s.single {
		f.path = strings.Split(below(s.root, name), "/")
	}
	switch {
	case info.Mode().IsRegular():
		f.size, f.modified = info.Size(), info.ModTime()
		f.executable = info.Mode()&0o100 != 0
		s.size += f.size
		if isMedia(name) {
			s.media += f.size
		}
		if s.size > MaxSize {
			return invalidf("size", ReasonLimit, "more than %d bytes", int64(MaxSize))
		}
	case info.Mode()&fs.ModeSymlink != 0:
		if f.target, err = s.link(name); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s: neither a file nor a directory", name)
	}
	s.files = append(s.files, f)
	return nil
}

// link reads a symbolic link, whose target has to be below root.
func (s *scanner) link(name string) ([]string, error) {
	text, err := fs.ReadLink(s.fsys, name)
	if err != nil {
		return nil, err
	}
	target := path.Join(path.Dir(name), text)
	if path.IsAbs(text) || target == s.root || below(s.root, target) == "" {
		return nil, fmt.Errorf("%s: the link to %s leads out of the torrent", name, text)
	}
	return strings.Split(below(s.root, target), "/"), nil
}

// readsAt reports whether files can be read anywhere, by the first that is not empty.
func (c *content) readsAt() bool {
	for i := range c.files {
		if c.files[i].size == 0 {
			continue
		}
		return readsAt(c.fsys, c.files[i].open)
	}
	return false
}

// readsAt reports whether a file can be read anywhere; false where it cannot be read.
func readsAt(fsys fs.FS, name string) bool {
	f, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	_, ok := f.(io.ReaderAt)
	return ok
}

// unchanged looks at each file again.
func (c *content) unchanged() error {
	for i := range c.files {
		f := &c.files[i]
		if f.target != nil {
			continue
		}
		info, err := fs.Stat(c.fsys, f.open)
		if err != nil {
			return err
		}
		if info.Size() != f.size || !info.ModTime().Equal(f.modified) {
			return fmt.Errorf("%s: %w", f.open, errChanged)
		}
	}
	return nil
}

// isMedia reports whether a name is that of a film or of music, which is played
// from its start and sought in.
func isMedia(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".ts", ".m2ts", ".mpg", ".mpeg", ".wmv", ".flv", ".ogv",
		".mp3", ".m4a", ".m4b", ".aac", ".flac", ".ogg", ".oga", ".opus", ".wav", ".wma":
		return true
	}
	return false
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
