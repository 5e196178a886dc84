package metainfo

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// askLibtorrent puts requests to libtorrent (Debian's python3-libtorrent) and
// decodes its answers into the values that answers points to.
func askLibtorrent(t *testing.T, requests []map[string]any, answers any) {
	t.Helper()
	in, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/usr/bin/python3", "-W", "ignore", "testdata/ask_libtorrent.py")
	cmd.Stdin = bytes.NewReader(in)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("libtorrent: %v\n%s", err, stderr.String())
	}
	if err := json.Unmarshal(out, answers); err != nil {
		t.Fatalf("libtorrent: %v\n%s", err, out)
	}
}

type ltFile struct {
	Path       string `json:"path"`
	Size       int64  `json:"size"`
	Offset     int64  `json:"offset"`
	Pad        bool   `json:"pad"`
	Executable bool   `json:"executable"`
	Symlink    string `json:"symlink"`
	Root       string `json:"root"`
}

type ltTorrent struct {
	Error       string   `json:"error"`
	V1          string   `json:"v1"`
	V2          string   `json:"v2"`
	Name        string   `json:"name"`
	PieceLength int64    `json:"piece_length"`
	NumPieces   int      `json:"num_pieces"`
	Private     bool     `json:"private"`
	Comment     string   `json:"comment"`
	Trackers    []string `json:"trackers"`
	WebSeeds    []string `json:"web_seeds"`
	Pieces      []string `json:"pieces"`
	Files       []ltFile `json:"files"`
}

// view is what libtorrent would say of t.
func view(t *Torrent) ltTorrent {
	in := t.Info
	v := ltTorrent{
		Name: in.Name, PieceLength: in.PieceLength, NumPieces: in.NumPieces(),
		Private: in.Private, Comment: t.Comment, Trackers: []string{}, WebSeeds: []string{},
		Pieces: []string{},
	}
	if in.HasV1() {
		v.V1 = in.Hashes()[0].String()
		for p := in.pieces; len(p) > 0; p = p[20:] {
			v.Pieces = append(v.Pieces, hex.EncodeToString(p[:20]))
		}
	}
	if in.HasV2() {
		hashes := in.Hashes()
		v.V2 = hex.EncodeToString(hashes[len(hashes)-1].Bytes())
	}
	for _, tier := range t.Trackers {
		v.Trackers = append(v.Trackers, tier...)
	}
	v.WebSeeds = append(v.WebSeeds, t.WebSeeds...)
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad {
			continue // libtorrent invents them for v2
		}
		g := ltFile{
			Path: pathString(append([]string{in.Name}, in.Path(f)...)),
			Size: f.Length, Offset: f.Offset, Executable: f.Executable,
			Root: hex.EncodeToString(rootBytes(in.PiecesRoot(f))),
		}
		if in.Symlink(f) != nil {
			g.Symlink = pathString(append([]string{in.Name}, in.Symlink(f)...))
		}
		v.Files = append(v.Files, g)
	}
	return v
}

// comparable takes out of libtorrent's view what is its own affair: padding,
// the offsets of files without content, the order of trackers in a tier.
func (v ltTorrent) comparable() ltTorrent {
	slices.Sort(v.Trackers)
	files := v.Files
	v.Files = nil
	for _, f := range files {
		if f.Size == 0 {
			f.Offset = 0
		}
		if !f.Pad {
			v.Files = append(v.Files, f)
		}
	}
	return v
}

// writeContent makes a directory with files of many kinds and returns it.
func writeContent(t *testing.T) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "Some content")
	sizes := map[string]int{
		".hidden": 100, "a": 40000, "b/1 MiB": 1 << 20, "b/one more than a piece": 1<<16 + 1,
		"b/c/d/e/deep": 16384, "b/c/empty": 0, "b.txt": 3, "empty": 0, "q?u=o&t#e%41+\"'.bin": 70000,
		"日本語/éé.mkv": 300_000, "z-last": 0,
	}
	for name, n := range sizes {
		content := make([]byte, n)
		rand.Read(content)
		writeFile(t, filepath.Join(root, name), content, 0o644)
	}
	writeFile(t, filepath.Join(root, "run.sh"), []byte("#!/bin/sh\n"), 0o755)
	for link, target := range map[string]string{
		"link": "a", "b/up": "../b.txt", "b/c/sideways": "d/e/deep", "dir-link": "b/c",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func writeFile(t *testing.T, name string, content []byte, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, mode); err != nil {
		t.Fatal(err)
	}
}

// TestReadsLibtorrents parses what libtorrent makes, and compares all that both
// understand of it, and every piece with the content.
func TestReadsLibtorrents(t *testing.T) {
	root := writeContent(t)
	single := filepath.Join(root, "日本語", "éé.mkv")
	var requests []map[string]any
	for _, path := range []string{root, single} {
		for version := V1; version <= Hybrid; version++ {
			for _, pieceLength := range []int{16 << 10, 64 << 10, 1 << 20} {
				requests = append(requests, map[string]any{
					"kind": "make", "path": path, "version": version, "piece_length": pieceLength,
					"trackers":  []string{"http://tracker.example/announce", "udp://tracker.example:6969"},
					"web_seeds": []string{"http://seed.example/"}, "nodes": []any{[]any{"router.example", 6881}},
					"private": pieceLength == 16<<10,
				})
			}
		}
	}
	var made []struct{ Torrent string }
	askLibtorrent(t, requests, &made)
	loads := make([]map[string]any, len(made))
	for i, m := range made {
		loads[i] = map[string]any{"kind": "load", "torrent": m.Torrent}
	}
	var theirs []ltTorrent
	askLibtorrent(t, loads, &theirs)
	for i, m := range made {
		raw, _ := hex.DecodeString(m.Torrent)
		tor, err := ParseTorrent(raw)
		if err != nil {
			t.Fatalf("%v: %v", requests[i], err)
		}
		if d := cmp.Diff(theirs[i].comparable(), view(tor).comparable()); d != "" {
			t.Errorf("%v: libtorrent - btgw +\n%s", requests[i], d)
		}
		if d := cmp.Diff([]string{"router.example:6881"}, tor.Nodes); d != "" {
			t.Error(d)
		}
		content := os.DirFS(filepath.Dir(requests[i]["path"].(string)))
		checkPieces(t, tor, content)
	}
}

// TestLibtorrentReadsOurs has libtorrent load what Make makes, in all versions,
// and make the same of the same content: of a single file, where the format
// leaves no choice, the infohashes are equal.
func TestLibtorrentReadsOurs(t *testing.T) {
	root := writeContent(t)
	var ours []*Torrent
	var loads, makes []map[string]any
	for _, path := range []string{root, filepath.Join(root, "日本語", "éé.mkv")} {
		for version := V1; version <= Hybrid; version++ {
			for _, pieceLength := range []int64{16 << 10, 64 << 10, 1 << 20} {
				tor, err := Make(context.Background(), MakeOptions{
					Root: path, Version: version, PieceLength: pieceLength, Comment: "ours",
					Trackers: [][]string{{"http://a.example/announce"}, {"udp://b.example:1"}},
					WebSeeds: []string{"http://seed.example/"},
				})
				if err != nil {
					t.Fatal(err)
				}
				ours = append(ours, tor)
				loads = append(loads, map[string]any{"kind": "load", "torrent": hex.EncodeToString(tor.Encode())})
				makes = append(makes, map[string]any{"kind": "make", "path": path, "version": version, "piece_length": pieceLength})
			}
		}
	}
	var theirs []ltTorrent
	askLibtorrent(t, loads, &theirs)
	var made []struct{ Torrent string }
	askLibtorrent(t, makes, &made)
	for i, tor := range ours {
		if d := cmp.Diff(theirs[i].comparable(), view(tor).comparable()); d != "" {
			t.Errorf("%v: libtorrent - btgw +\n%s", makes[i], d)
		}
		raw, _ := hex.DecodeString(made[i].Torrent)
		same, err := ParseTorrent(raw)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(same.Layers, tor.Layers); d != "" {
			t.Errorf("%v: layers: libtorrent - btgw +\n%s", makes[i], d)
		}
		// libtorrent writes the targets of links from the link's directory,
		// BEP 47 wants them from the root: those torrents differ.
		if tor.Info.SingleFile() && same.Info.ID() != tor.Info.ID() {
			t.Errorf("%v: infohash %s, libtorrent makes %s", makes[i], tor.Info.ID(), same.Info.ID())
		}
		checkPieces(t, tor, os.DirFS(filepath.Dir(makes[i]["path"].(string))))
	}
}

// TestSameInfohashAsLibtorrent makes torrents of a directory without links.
func TestSameInfohashAsLibtorrent(t *testing.T) {
	root := writeContent(t)
	for _, link := range []string{"link", "b/up", "b/c/sideways", "dir-link"} {
		if err := os.Remove(filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, version := range []Version{V2, Hybrid} {
		var made []struct{ Torrent string }
		askLibtorrent(t, []map[string]any{{"kind": "make", "path": root, "version": version, "piece_length": 32 << 10}}, &made)
		raw, _ := hex.DecodeString(made[0].Torrent)
		theirs, err := ParseTorrent(raw)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := Make(context.Background(), MakeOptions{Root: root, Version: version, PieceLength: 32 << 10})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(theirs.Info.Raw()), string(ours.Info.Raw())); d != "" {
			t.Errorf("version %d: libtorrent - btgw +\n%s", version, d)
		}
	}
}

// TestMagnetAsLibtorrent compares magnet links.
func TestMagnetAsLibtorrent(t *testing.T) {
	const (
		v1 = "0123456789abcdef0123456789abcdef01234567"
		v2 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	)
	links := []string{
		"magnet:?xt=urn:btih:" + v1,
		"magnet:?xt=urn:btmh:1220" + v2,
		"magnet:?xt=urn:btih:" + v1 + "&xt=urn:btmh:1220" + v2 + "&dn=a+b%20c&tr=udp%3A%2F%2Ft.example%3A80&x.pe=1.2.3.4:5&x.pe=[2001:db8::1]:6&ws=http%3A%2F%2Fs.example%2F",
		"magnet:?xt.1=urn:btih:" + strings.ToUpper(v1) + "&tr.1=http%3A%2F%2Ft.example%2Fa&tr.2=http%3A%2F%2Ft.example%2Fb",
		"magnet:?dn=x&xt=urn:btih:AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH",
	}
	type parts struct {
		V1       string   `json:"v1"`
		V2       string   `json:"v2"`
		Name     string   `json:"name"`
		Trackers []string `json:"trackers"`
		WebSeeds []string `json:"web_seeds"`
		Peers    []string `json:"peers"`
	}
	requests := make([]map[string]any, len(links))
	for i, uri := range links {
		requests[i] = map[string]any{"kind": "magnet", "uri": uri}
	}
	var theirs []parts
	askLibtorrent(t, requests, &theirs)
	for i, uri := range links {
		m, err := ParseMagnet(uri)
		if err != nil {
			t.Fatalf("%s: %v", uri, err)
		}
		ours := parts{Name: m.Name, Trackers: append([]string{}, m.Trackers...), WebSeeds: append([]string{}, m.WebSeeds...), Peers: []string{}}
		for _, p := range m.Peers {
			ours.Peers = append(ours.Peers, strings.NewReplacer("[", "", "]", "").Replace(p))
		}
		for _, h := range m.Hashes {
			if h.IsV2() {
				ours.V2 = hex.EncodeToString(h.Bytes())
			} else {
				ours.V1 = h.String()
			}
		}
		if d := cmp.Diff(theirs[i], ours); d != "" {
			t.Errorf("%s: libtorrent - btgw +\n%s", uri, d)
		}
	}
}
