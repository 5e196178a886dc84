package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/btgw/btgw/metainfo"
)

// inspectCmd shows what a .torrent or a magnet link holds, without any network.
type inspectCmd struct {
	Source string `arg:"" name:"file.torrent|magnet" help:"A .torrent file, \"-\" for one on standard input, a magnet link, or a name that stays (magnet:?xs=urn:btpk:…)."`
	JSON   bool   `name:"json" help:"Print JSON."`
	Verify string `placeholder:"DIR" help:"Check the files in DIR against it, as btgw verify does."`
}

// inspection is the JSON form. Its fields are stable.
type inspection struct {
	Name        string             `json:"name"`
	PublicKey   string             `json:"public_key,omitempty"` // of a name that stays (BEP 46)
	Salt        string             `json:"salt,omitempty"`       // likewise
	InfoHashV1  string             `json:"infohash_v1,omitempty"`
	InfoHashV2  string             `json:"infohash_v2,omitempty"`
	Path        string             `json:"path"`   // the URL path at a gateway
	Magnet      string             `json:"magnet"` // the link that names it
	Size        int64              `json:"size,omitempty"`
	PieceLength int64              `json:"piece_length,omitempty"`
	Pieces      int                `json:"pieces,omitempty"`
	Private     bool               `json:"private,omitempty"`
	Files       []inspectedFile    `json:"files,omitempty"`
	Trackers    [][]string         `json:"trackers,omitempty"` // tiers
	WebSeeds    []string           `json:"web_seeds,omitempty"`
	Nodes       []string           `json:"nodes,omitempty"`
	Sources     []string           `json:"sources,omitempty"` // xs and as of a magnet link: URLs of the .torrent
	Dropped     []metainfo.Dropped `json:"dropped,omitempty"` // of a magnet link: parameters that are of no use
	Peers       []string           `json:"peers,omitempty"`   // x.pe of a magnet link
	Select      [][2]int           `json:"select,omitempty"`  // so of a magnet link: ranges of file indices, ends included
	Comment     string             `json:"comment,omitempty"`
	CreatedBy   string             `json:"created_by,omitempty"`
	Created     *time.Time         `json:"created,omitempty"`
	Layers      *inspectedLayers   `json:"piece_layers,omitempty"`
}

// inspectedFile is a file of the torrent, padding included.
type inspectedFile struct {
	Path       string `json:"path"`
	Length     int64  `json:"length"`
	Offset     int64  `json:"offset"`
	PiecesRoot string `json:"pieces_root,omitempty"`
	Pad        bool   `json:"pad,omitempty"`
	Executable bool   `json:"executable,omitempty"`
	Hidden     bool   `json:"hidden,omitempty"`
	Symlink    string `json:"symlink,omitempty"`
}

// inspectedLayers counts the piece layers of a v2 torrent: files longer than a piece need one each.
type inspectedLayers struct {
	Have int `json:"have"`
	Need int `json:"need"`
}

// Run prints the inspection; what is refused is an error of one line.
func (c *inspectCmd) Run(ctx context.Context, a *app) error {
	if c.Verify != "" {
		return (&verifyCmd{Torrent: c.Source, Dir: c.Verify, JSON: c.JSON}).Run(ctx, a)
	}
	s, err := torrentSource(ctx, c.Source, a)
	if err == nil && s.name == nil && s.torrent == nil && (s.magnet == nil || s.magnet.Query() == "" && !strings.Contains(strings.ToLower(c.Source), "magnet")) {
		err = errors.New("an infohash alone says nothing: inspect a .torrent or a magnet link")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", printable(c.Source), err)
	}
	result := inspectMagnet(s.magnet)
	if s.name != nil {
		result = inspectName(s)
	}
	if s.torrent != nil {
		result = inspectTorrent(s.torrent)
	}
	if c.JSON {
		encoder := json.NewEncoder(a.stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(result)
	}
	return result.print(a.stdout)
}

// inspectMagnet says what a magnet link says; nil gives nil.
func inspectMagnet(m *metainfo.Magnet) *inspection {
	if m == nil {
		return nil
	}
	i := &inspection{Name: m.Name, WebSeeds: m.WebSeeds, Peers: m.Peers, Magnet: m.String()}
	i.setHashes(m.Hashes)
	i.Size = m.Size
	for _, r := range m.Select {
		i.Select = append(i.Select, [2]int{r.First, r.Last})
	}
	i.Sources, i.Dropped = m.Sources(), m.Dropped
	for _, tracker := range m.Trackers {
		i.Trackers = append(i.Trackers, []string{tracker}) // a tier each (BEP 9)
	}
	return i
}

// inspectName says what a name says: what it stands for only the DHT knows.
func inspectName(s *source) *inspection {
	i := &inspection{Name: s.hints.Name, PublicKey: s.name.KeyText(), Salt: s.name.Salt, Path: s.name.Path() + "/", Magnet: s.name.Magnet(),
		WebSeeds: s.hints.WebSeeds, Peers: s.hints.Peers}
	for _, tracker := range s.hints.Trackers {
		i.Trackers = append(i.Trackers, []string{tracker})
	}
	return i
}

// inspectTorrent says everything that a .torrent says.
func inspectTorrent(t *metainfo.Torrent) *inspection {
	in := t.Info
	i := &inspection{
		Name: in.Name, Size: in.Size(), PieceLength: in.PieceLength, Pieces: in.NumPieces(), Private: in.Private,
		Trackers: t.Trackers, WebSeeds: t.WebSeeds, Nodes: t.Nodes, Comment: t.Comment, CreatedBy: t.CreatedBy,
	}
	i.setHashes(in.Hashes())
	magnet := metainfo.Magnet{Hashes: []metainfo.InfoHash{in.ID()}, Name: in.Name}
	for _, tier := range t.Trackers {
		magnet.Trackers = append(magnet.Trackers, tier...)
	}
	i.Magnet = magnet.String()
	if t.CreationDate != 0 {
		created := time.Unix(t.CreationDate, 0).UTC()
		i.Created = &created
	}
	i.setFiles(in)
	if in.HasV2() {
		i.Layers = &inspectedLayers{Have: len(t.Layers), Need: layersNeeded(in)}
	}
	return i
}

// setHashes fills the infohashes in and the path of the first.
func (i *inspection) setHashes(hashes []metainfo.InfoHash) {
	for _, h := range hashes {
		if i.Path == "" {
			i.Path = h.Path() + "/"
		}
		if h.IsV2() {
			i.InfoHashV2 = h.String()
		} else {
			i.InfoHashV1 = h.String()
		}
	}
}

// setFiles lists the files in the torrent's order.
func (i *inspection) setFiles(in *metainfo.Info) {
	for n := range in.Files {
		f := &in.Files[n]
		file := inspectedFile{
			Path: path.Join(append([]string{in.Name}, in.Path(f)...)...), Length: f.Length, Offset: f.Offset,
			Pad: f.Pad, Executable: f.Executable, Hidden: f.Hidden, Symlink: strings.Join(in.Symlink(f), "/"),
		}
		if root := in.PiecesRoot(f); root != ([32]byte{}) {
			file.PiecesRoot = fmt.Sprintf("%x", root)
		}
		i.Files = append(i.Files, file)
	}
}

// layersNeeded counts the different files that are longer than a piece (BEP 52: others need no layer).
func layersNeeded(in *metainfo.Info) int {
	roots := make(map[[32]byte]bool)
	for i := range in.Files {
		if f := &in.Files[i]; f.Length > in.PieceLength && !f.Pad {
			roots[in.PiecesRoot(f)] = true
		}
	}
	return len(roots)
}

// print writes the inspection for a person.
func (i *inspection) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(table, "%s\t%s\n", name, printable(value))
		}
	}
	row("name", cmp.Or(i.Name, "(not in the link)"))
	row("public key", i.PublicKey)
	row("salt", printable(i.Salt))
	row("infohash v1", i.InfoHashV1)
	row("infohash v2", i.InfoHashV2)
	row("URL path", i.Path)
	if i.Size > 0 {
		row("size", fmt.Sprintf("%d bytes (%s)", i.Size, ByteSize(i.Size)))
	}
	if i.Pieces > 0 {
		row("pieces", fmt.Sprintf("%d of %s", i.Pieces, ByteSize(i.PieceLength)))
	}
	if i.Private {
		row("private", "yes (BEP 27)")
	}
	if i.Layers != nil {
		row("piece layers", fmt.Sprintf("%d of %d", i.Layers.Have, i.Layers.Need))
	}
	for n, tier := range i.Trackers {
		row(fmt.Sprintf("trackers, tier %d", n+1), strings.Join(tier, " "))
	}
	row("web seeds", strings.Join(i.WebSeeds, " "))
	row("sources", strings.Join(i.Sources, " "))
	for _, d := range i.Dropped {
		row("left out", d.Param+": "+d.Reason)
	}
	row("DHT nodes", strings.Join(i.Nodes, " "))
	row("peers", strings.Join(i.Peers, " "))
	for _, r := range i.Select {
		row("selects", fmt.Sprintf("files %d to %d", r[0], r[1]))
	}
	row("comment", i.Comment)
	row("created by", i.CreatedBy)
	if i.Created != nil {
		row("created", i.Created.Format(time.RFC3339))
	}
	row("magnet", i.Magnet)
	if err := table.Flush(); err != nil {
		return err
	}
	return i.printFiles(w)
}

// printFiles lists the files with their sizes; marks say what is odd about one. Padding is listed, and is no file.
func (i *inspection) printFiles(w io.Writer) error {
	if len(i.Files) == 0 {
		return nil
	}
	files := 0
	for _, f := range i.Files {
		if !f.Pad {
			files++
		}
	}
	fmt.Fprintf(w, "\n%d files:\n", files)
	for _, f := range i.Files {
		mark := ""
		for _, m := range []struct {
			on   bool
			text string
		}{{f.Pad, "padding"}, {f.Executable, "executable"}, {f.Hidden, "hidden"}, {f.Symlink != "", "-> " + f.Symlink}} {
			if m.on {
				mark += "  " + m.text
			}
		}
		if _, err := fmt.Fprintf(w, "%14d  %s%s\n", f.Length, printable(f.Path), printable(mark)); err != nil {
			return err
		}
	}
	return nil
}

// printable makes text from a stranger safe to show on a terminal: what is not a graphic character is escaped.
func printable(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "\\u%04x", r)
		}
	}
	return b.String()
}
