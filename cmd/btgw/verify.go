package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// verifyCmd checks files on disk against a .torrent.
type verifyCmd struct {
	Torrent string `arg:"" name:"file.torrent" help:"A .torrent file, or \"-\" for one on standard input."`
	Dir     string `arg:"" optional:"" default:"." help:"The folder that holds what the torrent names, or that itself; here by default."`
	JSON    bool   `name:"json" help:"Print JSON."`
	Quiet   bool   `short:"q" help:"No progress bar."`
}

// Help is what `btgw verify --help` says beside the flags.
func (*verifyCmd) Help() string {
	return `Files are found under the names that btgw get gives them. What differs is listed, a file a line, with its pieces.

Exit status: 0 everything is there and right, 1 something differs, 2 wrong usage, 130 or 143 interrupted.`
}

// Run checks.
func (c *verifyCmd) Run(ctx context.Context, a *app) error {
	src, err := torrentSource(ctx, c.Torrent, a)
	if err != nil {
		return fmt.Errorf("%s: %w", printable(c.Torrent), err)
	}
	if src.torrent == nil {
		return withStatus(exitUsage, errors.New("only a .torrent says what its files hold"))
	}
	output := io.Discard
	if !c.Quiet {
		output = a.stderr
	}
	return getStatus(ctx, verify(ctx, src.torrent, c.Dir, c.JSON, a.stdout, output))
}

// torrentSource reads a .torrent from a file or standard input, or a magnet link.
func torrentSource(ctx context.Context, text string, a *app) (*source, error) {
	if text == "-" {
		return readSource(a.stdin)
	}
	return parseSource(ctx, text, nil)
}

// verification is the JSON form. Its fields are stable.
type verification struct {
	OK         bool           `json:"ok"`
	Pieces     int            `json:"pieces"`
	GoodPieces int            `json:"good_pieces"`
	Files      []verifiedFile `json:"files"`
}

// verifiedFile is a file of the torrent, padding and links left out.
type verifiedFile struct {
	Path   string             `json:"path"`
	State  metainfo.FileState `json:"state"`
	Length int64              `json:"length"`           // as the torrent has it
	There  int64              `json:"there"`            // bytes on disk; -1 where it is missing
	Pieces []int              `json:"pieces,omitempty"` // those that differ
}

// errDiffers is what makes verify's status 1; it has been said in full by then.
var errDiffers = errors.New("what is on disk is not what the torrent names")

// verify compares files in dir with t and prints what differs to w, a bar to terminal.
func verify(ctx context.Context, t *metainfo.Torrent, dir string, asJSON bool, w, terminal io.Writer) error {
	root, names, err := localFiles(t.Info, dir)
	if err != nil {
		return err
	}
	bar := &byteBar{w: terminal, name: printable(t.Info.Name)}
	result, err := t.Check(ctx, metainfo.CheckOptions{
		FS: root, Name: func(f *metainfo.File) string { return names[f.Index] }, Progress: bar.at,
	})
	bar.close()
	if err != nil {
		return err
	}
	v := verification{OK: result.OK(), Pieces: t.Info.NumPieces(), GoodPieces: result.Pieces, Files: []verifiedFile{}}
	for _, f := range result.Files {
		v.Files = append(v.Files, verifiedFile{
			Path:  path.Join(append([]string{t.Info.Name}, t.Info.Path(f.File)...)...),
			State: f.State, Length: f.File.Length, There: f.Length, Pieces: f.Pieces,
		})
	}
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(v)
	} else {
		err = v.print(w)
	}
	if err == nil && !v.OK {
		err = errDiffers
	}
	return err
}

// print lists what differs, and sums up.
func (v *verification) print(w io.Writer) error {
	good := 0
	for _, f := range v.Files {
		line := ""
		switch f.State {
		case metainfo.FileOK:
			good++
			continue
		case metainfo.FileMissing:
			line = "missing"
		case metainfo.FileLength:
			line = fmt.Sprintf("has %d bytes, not %d", f.There, f.Length)
		case metainfo.FileDiffers:
			line = "differs in " + ranges(f.Pieces)
		case metainfo.FileUnknown:
			line = "cannot be told from its neighbours in " + ranges(f.Pieces)
		}
		if _, err := fmt.Fprintf(w, "%s: %s\n", printable(f.Path), line); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d of %d files and %d of %d pieces are right\n", good, len(v.Files), v.GoodPieces, v.Pieces)
	return err
}

// ranges names pieces, runs of them by their ends.
func ranges(pieces []int) string {
	var parts []string
	for i := 0; i < len(pieces); {
		end := i
		for end+1 < len(pieces) && pieces[end+1] == pieces[end]+1 {
			end++
		}
		if end == i {
			parts = append(parts, fmt.Sprint(pieces[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", pieces[i], pieces[end]))
		}
		i = end + 1
	}
	if len(pieces) == 1 {
		return "piece " + parts[0]
	}
	return "pieces " + strings.Join(parts, ", ")
}

// localFiles finds where the files of a torrent are: below a folder, and there under their own names, or those that `get`
// gave them. dir is what the torrent names, or what holds it.
func localFiles(in *metainfo.Info, dir string) (root fs.FS, names map[int32]string, err error) {
	base := localName(in.Text(in.Name))
	stat, err := os.Stat(dir)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case !stat.IsDir() && in.SingleFile():
		dir, base = filepath.Split(dir)
		dir = cmp.Or(dir, ".")
	case !stat.IsDir():
		return nil, nil, fmt.Errorf("%s is a file, and the torrent is a folder", dir)
	default:
		if _, err := os.Stat(filepath.Join(dir, base)); err != nil && !in.SingleFile() {
			base = "."
		}
	}
	node, err := in.Lookup([]string{in.Name})
	if err != nil {
		return nil, nil, err
	}
	names = make(map[int32]string)
	nameFiles(in, node, base, func(f *metainfo.File, name string) { names[f.Index] = filepath.ToSlash(name) })
	return os.DirFS(dir), names, nil
}

// nameFiles calls do with each file below node and its name on this machine, where name is that of node.
func nameFiles(in *metainfo.Info, node *metainfo.Node, name string, do func(f *metainfo.File, name string)) {
	if !node.Dir {
		do(node.File, name)
		return
	}
	taken := make(map[string]bool, node.Len())
	for child := range node.Children() {
		nameFiles(in, &child, filepath.Join(name, freeName(localName(in.Text(child.Name)), taken)), do)
	}
}
