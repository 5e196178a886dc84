package gateway

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/btgw/btgw/metainfo"
)

// TorrentListing is the JSON of a torrent's root (?format=json), and
// DirectoryListing that of a directory. Both are stable: fields may be added.
// Names are shown as UTF-8, with U+FFFD for what is not; href is exact.
type TorrentListing struct {
	InfoHash    string      `json:"infohash,omitempty"`    // v1, 40 hexadecimal digits
	InfoHashV2  string      `json:"infohash_v2,omitempty"` // v2, base32 as in URLs
	Name        string      `json:"name"`
	Href        string      `json:"href"`         // canonical path of the torrent, with a slash at its end
	Size        int64       `json:"size"`         // bytes of all files
	PieceLength int64       `json:"piece_length"` // bytes
	Pieces      int         `json:"pieces"`
	Private     bool        `json:"private"`
	Files       []FileEntry `json:"files"` // every file, in natural order
}

// FileEntry is one file of a torrent, at whatever depth.
type FileEntry struct {
	Path    []string `json:"path"` // from the torrent's name
	Size    int64    `json:"size"` // bytes; of a symbolic link, of the file where it points
	Href    string   `json:"href"` // absolute path, percent-encoded
	Type    string   `json:"type"` // media type
	Symlink bool     `json:"symlink,omitempty"`
	Target  []string `json:"target,omitempty"` // of a symbolic link: the path where it points, from the torrent's name
}

// DirectoryListing is one directory of a torrent.
type DirectoryListing struct {
	Path    []string         `json:"path"` // from the torrent's name
	Href    string           `json:"href"` // canonical path, with a slash at its end
	Size    int64            `json:"size"` // bytes of all files below
	Files   int              `json:"files"`
	Entries []DirectoryEntry `json:"entries"` // in natural order
}

// DirectoryEntry is a file or directory in a directory.
type DirectoryEntry struct {
	Name    string   `json:"name"`
	Dir     bool     `json:"dir"`
	Size    int64    `json:"size"`            // bytes; of all files below for a directory; of a symbolic link, of what is where it points
	Files   int      `json:"files,omitempty"` // how many are below a directory
	Href    string   `json:"href"`            // absolute path, percent-encoded; a directory's ends with a slash
	Type    string   `json:"type,omitempty"`  // media type of a file
	Symlink bool     `json:"symlink,omitempty"`
	Target  []string `json:"target,omitempty"` // of a symbolic link: the path where it points, from the torrent's name
}

// writeJSON writes the document, entry by entry.
func (l *listing) writeJSON(w io.Writer) error {
	var head any = DirectoryListing{Path: l.path, Href: l.href(), Size: l.node.Size, Files: l.node.Files, Entries: []DirectoryEntry{}}
	entry := l.directoryEntry
	if len(l.path) == 0 {
		head, entry = l.torrentListing(), l.fileEntry
	}
	// Both documents end with their list, so that the entries can be written
	// into it one at a time.
	frame, err := json.Marshal(head)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, listingBuffer)
	_, _ = out.Write(frame[:len(frame)-len("]}")]) // errors stay with the buffer until Flush
	separator := "\n"
	err = l.walk(func(node metainfo.Node, path []string) error {
		e := entry(node, path)
		if e == nil {
			return nil
		}
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		_, _ = out.WriteString(separator)
		_, err = out.Write(line)
		separator = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	_, _ = out.WriteString("\n]}\n")
	return out.Flush()
}

func (l *listing) torrentListing() TorrentListing {
	in := l.info
	t := TorrentListing{Name: in.Text(in.Name), Href: l.href(), Size: in.Size(), PieceLength: in.PieceLength,
		Pieces: in.NumPieces(), Private: in.Private, Files: []FileEntry{}}
	for _, hash := range in.Hashes() {
		if hash.IsV2() {
			t.InfoHashV2 = hash.String()
		} else {
			t.InfoHash = hash.String()
		}
	}
	return t
}

// fileEntry is nil for a directory: the torrent's listing has files alone.
func (l *listing) fileEntry(node metainfo.Node, path []string) any {
	if node.Dir {
		return nil
	}
	_, size := l.shape(node, path)
	return FileEntry{Path: l.texts(path), Size: size, Href: l.base + escapePath(path), Type: l.types.of(node.Name),
		Symlink: isSymlink(node), Target: l.linkTarget(node)}
}

func (l *listing) directoryEntry(node metainfo.Node, path []string) any {
	e := DirectoryEntry{Name: l.info.Text(node.Name), Dir: node.Dir, Size: node.Size, Href: l.base + escapePath(path)}
	if node.Dir {
		e.Files = node.Files
		e.Href += "/"
	} else {
		_, e.Size = l.shape(node, path)
		e.Type, e.Symlink, e.Target = l.types.of(node.Name), isSymlink(node), l.linkTarget(node)
	}
	return e
}

// texts are the names of a path as people read them. JSON has no others: bytes that are not
// UTF-8 would be lost.
func (l *listing) texts(path []string) []string {
	if !l.info.Encoded() {
		return path
	}
	texts := make([]string, len(path))
	for i, name := range path {
		texts[i] = l.info.Text(name)
	}
	return texts
}

// linkTarget returns the path that a symbolic link points to; nil for anything else.
func (l *listing) linkTarget(node metainfo.Node) []string {
	if !isSymlink(node) {
		return nil
	}
	return append([]string{l.info.Name}, l.info.Symlink(node.File)...)
}

func isSymlink(node metainfo.Node) bool { return node.File != nil && node.File.Link }
